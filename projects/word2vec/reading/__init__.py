"""Reading text of any size and kind: files, characters, words, chunks of words."""
