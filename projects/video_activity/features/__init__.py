"""Features: what a clip looks like and how it moves, as numbers per frame."""
