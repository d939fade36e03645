"""What a line is: its characters, tones and rules."""
