"""A poet without training: random weights, real characters, made-up tones."""

import functools

import numpy as np

from projects.couplet.lines.tones import Tones
from projects.couplet.poems.corpus import clauses_of
from projects.couplet.poems.novelty import KnownClauses
from projects.couplet.poems.poet import Poet
from projects.couplet.poems.steps import PoemSteps, weight_shapes
from projects.couplet.poems.themes import Themes
from projects.couplet.tokens import Tokens

# Two level rhymes of ten, one oblique one: few enough to be read over.
RHYMES = {
    ("上平声", "一东"): "东同铜桐筒童僮瞳中衷",
    ("下平声", "七阳"): "阳杨扬香乡光昌堂章张",
    ("去声", "一送"): "送梦凤洞众瓮弄贡冻痛栋控粽仲讽空",
}
HAN = "".join(RHYMES.values())
EITHER = "空"  # level as 一东, oblique as 一送
_LEVEL = {char for (part, _), chars in RHYMES.items() for char in chars if "平" in part}
SIDES = {"平": _LEVEL | {EITHER}, "仄": set(HAN) - _LEVEL}


def make_poems(count, seed=0):
    """Return poems of random characters, as long as real ones."""
    generator = np.random.default_rng(seed)
    poems = []
    for length in generator.choice([5, 7], size=count):
        clauses = ["".join(generator.choice(list(HAN), length)) for _ in range(4)]
        poems.append("{}，{}。{}，{}。".format(*clauses))
    return poems


@functools.cache
def make_tones():
    groups = {}
    for group, chars in RHYMES.items():
        for char in chars:
            groups.setdefault(char, set()).add(group)
    groups[EITHER].add(("上平声", "一东"))
    return Tones({char: frozenset(found) for char, found in groups.items()})


@functools.cache
def make_poet(dim=6, units=5, seed=0):
    poems = make_poems(60)
    tokens = Tokens.from_lines(poems, min_count=1)
    generator = np.random.default_rng(seed)
    weights = [
        generator.normal(0, 0.6, shape)
        for shape in weight_shapes(len(tokens), dim, units)
    ]
    clauses = {clause for poem in poems for clause in clauses_of(poem)}
    return Poet(
        tokens,
        PoemSteps.of(weights),
        KnownClauses.of(clauses),
        Themes.of(poems, tokens),
        make_tones(),
    )
