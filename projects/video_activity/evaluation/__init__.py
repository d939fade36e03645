"""What classifiers are worth on groups that they have not seen."""
