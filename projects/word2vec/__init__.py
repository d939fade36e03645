"""Word vectors: skip-gram and CBOW, trained at the speed of matrix products."""
