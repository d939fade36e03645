"""The language model of poems: two LSTMs that see what stands above each character."""

import keras

from common.lstm import FusedLSTM
from projects.couplet.poems.corpus import NUM_ABOVE


def build_model(
    num_tokens: int, embedding_dim: int, units: int, dropout: float = 0.0
) -> keras.Model:
    """Build the model.

    Args:
        num_tokens: Number of ids.
        embedding_dim: Numbers per character, in one matrix before and behind.
        units: Of each LSTM.
        dropout: Share of numbers set to zero before, between and behind the LSTMs.

    Returns:
        A model, not compiled, from {"tokens": ids (batch, time), "above": ids (batch,
        time, `NUM_ABOVE`)}, both int32, to logits (batch, time, `num_tokens`).
    """
    layers = keras.layers
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    above = keras.Input((None, NUM_ABOVE), dtype="int32", name="above")
    embedding = layers.ReversibleEmbedding(
        num_tokens,
        embedding_dim,
        embeddings_initializer=keras.initializers.RandomNormal(
            stddev=embedding_dim**-0.5
        ),
        name="characters",
    )
    over = layers.Reshape((-1, NUM_ABOVE * embedding_dim))(embedding(above))
    seen = layers.Concatenate()([embedding(tokens), over])
    seen = layers.Dropout(dropout)(seen)
    mixed = layers.Dense(embedding_dim, name="mixed")(seen)
    # Evened out, or the first hundred steps go by until the LSTMs see anything.
    known = layers.LayerNormalization(name="evened")(mixed)
    hidden = FusedLSTM(units, return_sequences=True, name="first")(known)
    hidden = layers.Dropout(dropout)(hidden)
    hidden = FusedLSTM(units, return_sequences=True, name="second")(hidden)
    hidden = layers.Dropout(dropout)(hidden)
    # What stands above also speaks directly: a partner needs no memory.
    hidden = layers.Concatenate()([hidden, known])
    features = layers.Dense(embedding_dim, name="features")(hidden)
    logits = embedding(features, reverse=True)
    return keras.Model({"tokens": tokens, "above": above}, logits, name="poems")
