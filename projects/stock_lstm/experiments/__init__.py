"""Claims of the lecture about the stock forecaster, put to the test."""
