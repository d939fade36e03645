"""Four applied projects; each folder is self-contained above `common`."""
