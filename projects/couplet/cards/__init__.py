"""What can be told of an answer, on a terminal, as a picture, as a page."""
