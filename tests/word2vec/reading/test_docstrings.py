"""Docstrings are found without running anything, and lose their markup."""

import gc
import pydoc_data
import warnings
from pathlib import Path

import pytest

from projects.word2vec.reading.docstrings import (
    find_docstrings,
    find_topics,
    to_prose,
)

LONG = "is long enough to be worth reading, at last"
SOURCE = f'''
"""The module {LONG}."""
raise SystemExit  # never run
CSS = """An assigned string {LONG}."""
class A:
    r"""The class {LONG} \\d."""
    def f(self):
        """The method {LONG}."""
        def inner(): """The inner function {LONG}."""
        return """A returned string {LONG}."""
    if True:
        async def g(self):
            """The coroutine {LONG}."""
    """An attribute {LONG}."""
def short(): """Too short."""
add_newdoc("a.b", "c", """A new doc {LONG}.""")
add_newdoc("a.b", "d", ("e", """A nested doc {LONG}."""))
execute("""An SQL query {LONG}.""")
'''


def test_docstrings_are_found_in_their_order():
    found = [
        text.removesuffix(f" {LONG}.") for text in find_docstrings(SOURCE.encode())
    ]
    assert [text.split(" is long")[0] for text in found] == [
        "The module",
        "The class",
        "The method",
        "The inner function",
        "The coroutine",
        "An attribute",
        "A new doc",
        "A nested doc",
    ]


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"x = 1",
        b'def f(:\n    """' + LONG.encode() + b'"""',
        b'"""' + LONG.encode() + b'"""\0',
        b'"""' + LONG.encode() + b'"""\n' + b"\xff",
        b'"""' + LONG.encode() + b'"""\n' + b"(" * 5000,
        b"print '''" + LONG.encode() + b"'''",
    ],
)
def test_nothing_comes_out_of_what_cannot_be_parsed(source):
    assert list(find_docstrings(source)) == []
    assert gc.isenabled()


def test_faults_in_the_code_of_others_are_not_told(recwarn):
    warnings.simplefilter("always")
    source = f'"""The module {LONG}."""\nx = "\\d"\ny = 1 is 1\n'.encode()
    assert len(list(find_docstrings(source))) == 1
    assert list(recwarn) == []


def test_the_topics_of_the_standard_library_are_found():
    source = Path(pydoc_data.__path__[0], "topics.py").read_bytes()
    texts = list(find_topics(source))
    assert len(texts) > 50
    assert any("context manager" in text for text in texts)


NUMPY = """Compute the mean
    over an axis.

    .. versionadded:: 1.0
       Gone with its text.

    Parameters
    ----------
    a : array_like, optional
        Numbers of the :class:`~numpy.ndarray`, see `numpy.mean`, e.g. its
        :math:`\\bar{x}` or $x^2$ at https://example.org/mean.

    Notes
    =====
    .. note:: Mind this.

       It stays.

    ====  =====
    +---+-----+

    It is made available by an import::

        import this

    and ends.

    .. code-block:: python

        code = gone

    Examples
    --------
    >>> mean([1])
    1
    >>> for i in x:
    ...     pass

    The end.
    """
GOOGLE = """Applies it.

    Args:
        x: A tensor of
            floats.
        name: Its name.

    Returns:
        Another tensor.

    ```python
    code = gone

    more = gone
    ```
    - first item
    - second
    """


@pytest.mark.parametrize(
    ("docstring", "paragraphs"),
    [
        (
            NUMPY,
            [
                "Compute the mean over an axis.",
                "a : array_like, optional",
                "Numbers of the `ndarray`, see `mean`, e.g. its or at",
                "Mind this.",
                "It stays.",
                "It is made available by an import:",
                "and ends.",
                "The end.",
            ],
        ),
        (
            GOOGLE,
            [
                "Applies it.",
                "x: A tensor of floats.",
                "name: Its name.",
                "Another tensor.",
                "- first item",
                "- second",
            ],
        ),
    ],
)
def test_markup_is_taken_out(docstring, paragraphs):
    found = [" ".join(text.split()) for text in to_prose(docstring).split("\n\n")]
    assert found == paragraphs


def test_plain_prose_stays():
    prose = "One sentence. Another one,\nwith two lines.\n\nA new paragraph: the last."
    assert to_prose(prose) == prose


@pytest.mark.parametrize("filler", ["a.", "`", ":a", "<", "$", "- ", "\n", "=\n", "::"])
def test_hostile_docstrings_take_no_time(filler):
    to_prose("a " + filler * 20_000)
