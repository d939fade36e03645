"""The options of `poem.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.run_options import DataOptions


@dataclass(frozen=True)
class PoemConfig(DataOptions):
    """What `poem.py` was asked for."""

    form: str = option(
        "七绝", "form of the verse", choices=("五绝", "七绝", "五律", "七律")
    )
    theme: str = option("", "characters; what goes with them is preferred")
    first_char: str = option("", "what the poem begins with")
    acrostic: str = option("", "what its clauses begin with, as 春夏秋冬; _ skips one")
    tones: str = option(
        "strict",
        "strict: no wrong tone or rhyme; soft: few; off: nobody looks",
        choices=("strict", "soft", "off"),
    )
    temperature: float = option(
        0.7, "low: what is probable; high: what is not", minimum=0.05, maximum=2
    )
    count: int = option(1, "how many poems", minimum=1, maximum=100)
    seed: int = option(0, "another seed, another poem", minimum=0, maximum=2**31)
    ngram: int = option(
        0,
        "also the text of an n-gram model of this order, counted now from the poems;"
        " 0: none",
        minimum=0,
        maximum=5,
    )
    poet: Path | None = option(
        None, "a run of train_poems.py; none: the one that comes along"
    )
    json: bool = option(False, "answer in JSON, a line for each poem")
