"""Trials of what the programs stand and what their parts are worth."""
