"""What of an encoder-decoder is handed to other programs: encoder, and one step."""

import numpy as np

from common.exporting import Part
from projects.couplet.network.translator import Arrays, Translator
from projects.couplet.tokens import BLANK, END, NUM_SPECIAL, START, START_REVERSED

_OTHER_LINES, _LONGER = 3, 2  # of a second trial


def exported_parts(translator: Translator, lines: int, length: int) -> list[Part]:
    """Return encoder and decoder step, with lines of random characters as examples.

    Args:
        translator: The trained model.
        lines: In the first trial.
        length: Characters of each line there.
    """
    random = np.random.default_rng(0)
    sizes = [(lines, length), (_OTHER_LINES, length + _LONGER)]
    sources = [
        random.integers(NUM_SPECIAL, len(translator.tokens), size).astype(np.int32)
        for size in sizes
    ]
    special = {
        "start": START,
        "start_reversed": START_REVERSED,
        "end": END,
        "blank": BLANK,
        "first_character": NUM_SPECIAL,
    }
    encode = {
        "source": "(lines, characters): ids, all lines of one length",
        "encoded": "(lines, characters, units): for every step",
        "ids": special,
    }
    step = {
        "source, encoded, fixed": "as the encoder took and gave them",
        "previous": "(lines, 1): the characters written last, at first `start`",
        "here": "(lines, 1): the characters of the source at this step",
        "encoded_here": "(lines, 1, units): of `encoded` at this step",
        "state_...": "zeros at first, then `next_state_...` of the step before",
        "log_probs": "(lines, ids): of each next character, nats",
        "ids": special,
    }
    first_steps = [_first_step(translator, source) for source in sources]
    given = [{"source": source} for source in sources]
    return [
        Part("encode", translator.model.encode, given, encode),
        Part("step", translator.model.step, first_steps, step),
    ]


def _first_step(translator: Translator, source: np.ndarray) -> Arrays:
    memory, state = translator.begin(source)
    starts = np.full(len(source), START, np.int32)
    return translator.step_inputs(memory, state, starts, 0)
