"""LSTM stock forecaster: next-day price, range or volume from daily bars."""
