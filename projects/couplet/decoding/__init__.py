"""From a model to second lines that obey rules and wishes."""
