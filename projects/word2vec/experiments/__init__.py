"""Claims of the lecture about word vectors, put to the test."""
