"""The page and its JSON calls."""
