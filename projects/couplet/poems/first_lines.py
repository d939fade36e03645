"""First lines of couplets out of nothing, by the language model of poems."""

from dataclasses import replace

from common.errors import UserError
from projects.couplet.lines.tones import LEVEL
from projects.couplet.poems.clause_writing import ClauseWriter, Manner
from projects.couplet.poems.forms import Clause, first_line_tones
from projects.couplet.poems.poet import Poet
from projects.couplet.poems.writing import make_poems

_DRAFTS = 4  # written for each line that is wanted


def write_first_lines(
    poet: Poet,
    *,
    length: int = 7,
    theme: str = "",
    first_char: str = "",
    tones: str = "soft",
    temperature: float = 0.7,
    count: int = 8,
    seed: int = 0,
) -> list[str]:
    """Write first lines (上联) of couplets.

    Unless tones are off, a line ends on an oblique tone, and its second, fourth and
    sixth tones alternate. It stands in no poem that the model has read.

    Args:
        poet: Who writes.
        length: Characters of a line, 5 or 7.
        theme: Characters; those that go with them are preferred.
        first_char: What the lines begin with; "" leaves it free.
        tones: "strict" sets the other tones too; "soft"; "off".
        temperature: See `sampling.draw`.
        count: How many lines.
        seed: Of chance.

    Returns:
        Different lines, the more probable first, but those behind whose end may be
        read level, too, unless tones are off; fewer than `count` where there is not
        enough choice.

    Raises:
        UserError: A wish is unknown to the model or out of range.
    """
    if length not in (5, 7):
        raise UserError(
            "A line out of nothing must have 5 or 7 characters, as those of Tang poems."
            f" Received: {length}."
        )
    manner = Manner(tones, temperature, theme, seed)
    heads = {0: poet.id(first_char)} if first_char else {}
    patterns = first_line_tones(length, strict=tones == "strict")
    if tones == "soft":  # what these patterns set is the least
        manner = replace(manner, tones="strict")
    plans = [[Clause(pattern, rhymes=False, mark="，")] for pattern in patterns]
    plans = [plans[i % len(plans)] for i in range(_DRAFTS * count)]
    writer = ClauseWriter(poet, plans, heads, manner)
    writer.write_all()
    lines = list(dict.fromkeys(poem.text[:-1] for poem in make_poems(writer)))
    if tones != "off":  # an end that may be level as well is read so too easily
        lines.sort(key=lambda line: poet.tones.of(line[-1]).may_be(LEVEL))
    return lines[:count]
