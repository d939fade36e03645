"""Claims of the lecture about couplets and poems, put to the test."""
