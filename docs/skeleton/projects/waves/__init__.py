"""Forecast the next height of a wave."""
