"""A small exam of our own, so that vectors of any English text can be scored offline.

Pairs of words that stand in one relation; each two pairs of a section make two
questions: array is to arrays as index is to (indices?). Words that a corpus does not
know are left out of the count. It is small: a point of per cent is a few questions.
"""

from itertools import permutations

from projects.word2vec.scoring import Exam

_PAIRS = {
    "gram-plural": "array arrays, axis axes, class classes, column columns, dimension"
    " dimensions, element elements, error errors, example examples, file files,"
    " function functions, method methods, number numbers, object objects, point"
    " points, result results, value values, word words, year years, city cities",
    "gram-third-person": "allow allows, call calls, compute computes, contain contains,"
    " create creates, define defines, describe describes, include includes, make makes,"
    " provide provides, raise raises, require requires, return returns, use uses",
    "gram-participle": "apply applied, base based, call called, compute computed,"
    " convert converted, create created, define defined, display displayed, give given,"
    " pass passed, remove removed, replace replaced, support supported, use used",
    "gram-ing": "call calling, compute computing, contain containing, create creating,"
    " follow following, load loading, make making, read reading, return returning,"
    " start starting, train training, use using, write writing",
    "gram-comparative": "fast faster, few fewer, great greater, high higher, large"
    " larger, long longer, low lower, old older, short shorter, small smaller, strong"
    " stronger",
    "opposites": "first last, greater less, high low, horizontal vertical, input"
    " output, large small, left right, lower upper, maximum minimum, negative positive,"
    " open close, start end, top bottom, true false, valid invalid, before after",
    "numbers": "one first, two second, three third, four fourth, five fifth",
}


def make_small_exam() -> Exam:
    """Return all questions, about 1,200, as one test called "own analogies"."""
    sections = {}
    for name, text in _PAIRS.items():
        pairs = [tuple(pair.split()) for pair in text.split(",")]
        sections[name] = [(a, b, c, d) for (a, b), (c, d) in permutations(pairs, 2)]
    return Exam({"own analogies": sections}, {})
