"""The encoder-decoder: its form, its training, its use."""
