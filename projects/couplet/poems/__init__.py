"""A language model that writes Tang poems and first lines."""
