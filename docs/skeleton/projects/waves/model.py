"""The net."""

import keras


def build_model(context_length: int, units: int) -> keras.Model:
    """Return a compiled net: a window of heights, shape (context_length, 1), to one."""
    inputs = keras.Input((context_length, 1))
    outputs = keras.layers.Dense(1)(keras.layers.LSTM(units)(inputs))
    model = keras.Model(inputs, outputs)
    model.compile(optimizer="adam", loss="mse")
    return model
