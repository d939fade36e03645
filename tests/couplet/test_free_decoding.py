"""Lines written without constraints, until the model ends."""

from dataclasses import replace

import numpy as np
import pytest

from projects.couplet.decoding.free_decoding import LONGEST, judge_freely, write_freely
from projects.couplet.network.model import build_model
from projects.couplet.network.translator import Translator
from projects.couplet.tokens import END, START, UNKNOWN, Tokens
from tests.couplet.toy_couplets import ABOVE, BELOW, FORM, answer, random_weights


class Scripted:
    """A translator that answers each character by its partner, and ends or not."""

    def __init__(self, ends=True):
        self.tokens = Tokens.from_lines([ABOVE, BELOW, "，"], min_count=1)
        self.ends, self.places = ends, []

    def begin(self, sources):
        return {"source": sources}, {"written": np.zeros(len(sources), int)}

    def step(self, memory, state, previous, position):
        sources, count = memory["source"], state["written"]
        self.places.append(position)
        assert position < sources.shape[1]  # a real model has nothing there
        log_probs = np.full((len(sources), len(self.tokens)), -9.0, np.float32)
        for row, (source, done, last) in enumerate(
            zip(sources, count, previous, strict=True)
        ):
            assert (last == START) == (done == 0)
            over = done >= len(source)
            line = answer(self.tokens.decode(source.tolist()))
            own = self.tokens.id(line[min(done, len(source) - 1)])
            log_probs[row, END if over and self.ends else own] = 0
            if line[0] == "地" and done == 1:  # ends early
                log_probs[row, END] = 1
            if line[0] == "雨" and done == 1:  # and here is a character that is none
                log_probs[row, UNKNOWN] = 1
        return log_probs, {"written": count + 1}


def test_each_line_ends_where_the_model_says():
    lines = ["日山", "天风日", "来朝，春", "红来", "风日山"]
    assert write_freely(Scripted(), lines) == [
        "月水",
        "地",
        "绿暮，秋",
        "草绿",
        "雨□水",
    ]


def test_a_model_that_finds_no_end():
    answers = write_freely(Scripted(ends=False), ["日山"])
    assert answers == ["月" + "水" * (LONGEST - 1)]
    assert judge_freely(["日山"], answers).ended == 0


def test_obedience_by_hand():
    lines = ["日山", "来，朝", "日日", "日山"]
    answers = ["月水", "月水暮", "月水", "日山水"]
    found = judge_freely(lines, answers)
    assert found.length == 3 / 4 and found.punctuation == 2 / 4
    assert found.repetition == 1 / 4  # 日日 is repeated, and punctuation counts
    assert found.nothing_shared == 3 / 4
    assert found.structure == 1 / 4 and found.ended == 1


def test_step_by_step_as_the_whole_model_says():
    form = replace(FORM, aligned=False, direct=False)
    tokens = Tokens.from_lines([ABOVE, BELOW], min_count=1)
    model = build_model(len(tokens), form, padded=False)
    random_weights(model.full, seed=24, scale=0.7)
    lines = ["天风", "日山花", "红", "来朝", "春新天"]
    freely = write_freely(Translator(model, form, tokens), lines, longest=5)
    for line, text in zip(lines, freely, strict=True):
        source = np.array([tokens.encode(line)], np.int32)
        ids, previous = [], [START]
        while len(ids) < 5 and ids[-1:] != [END]:
            given = {"source": source, "previous": np.array([previous], np.int32)}
            logits = np.asarray(model.full.predict_on_batch(given))[0, -1]
            ids.append(int(logits.argmax()))
            previous.append(ids[-1])
        spelled = [c if len(c) == 1 else "□" for c in map(tokens.character, ids)]
        assert text == "".join(spelled[: -1 if ids[-1] == END else None])
    assert len(set(map(len, freely))) > 2  # or nothing is shown of the ends


def test_nothing_is_asked_beyond_the_source():
    scripted = Scripted(ends=False)
    write_freely(scripted, ["日山"], longest=4)
    assert scripted.places == [0, 1, 1, 1]
    with pytest.raises(ValueError):
        judge_freely(["日"], [])
