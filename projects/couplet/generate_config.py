"""The options of `generate.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option, select
from common.errors import UserError
from common.run_options import QuietOptions
from projects.couplet.decoding.request import TONES, Request
from projects.couplet.lines.characters import is_han

TABLES = (".csv", ".tsv", ".jsonl")  # what `--file` can be answered in
_QUESTIONS = "a first line, --file or --from-nothing"


@dataclass(frozen=True)
class GenerateConfig(QuietOptions):
    """What `generate.py` was asked for; the names of a request are its own."""

    line: str | None = option(
        None, "first line (上联) to be answered, as 风云三尺剑", positional=True
    )

    # What the second line should be.
    candidates: int = option(Request.candidates, "second lines to write, 1 to 50")
    pattern: str = option(
        Request.pattern, "characters to keep, as 明月___; _ stands for any"
    )
    forbidden: str = option(Request.forbidden, "characters that must not be written")
    acrostic: str = option(
        Request.acrostic, "characters that begin the clauses (嵌字); _ skips one"
    )
    tones: str = option(
        Request.tones,
        "soft prefers tones opposed to the first line's, strict writes no others, off"
        " does not look at them",
        choices=TONES,
    )
    beam: int = option(
        Request.beam,
        "lines that the search follows at once, 1 to 256; half as many take half the"
        " time, as 8 for --file with one candidate",
    )
    diversity: float = option(
        Request.diversity, "what it costs to repeat another candidate's character, nats"
    )
    tone_penalty: float = option(
        Request.tone_penalty, "what soft tones cost for each one not opposed, nats"
    )
    seed: int = option(Request.seed, "of what is drawn by chance: --from-nothing")

    # Instead of a line.
    file: Path | None = option(
        None, "text file of first lines, one in a row; -: what is piped in"
    )
    skip_bad: bool = option(False, "leave out rows of --file that cannot be answered")
    from_nothing: bool = option(
        False, "write both lines; --candidates says how many couplets"
    )
    theme: str = option("", "what --from-nothing is about, as 春")
    length: int = option(7, "characters of a line from nothing", choices=(5, 7))
    first_char: str = option("", "how a first line from nothing begins, as 山")

    # The answer.
    explain: bool = option(
        False, "tell all of each answer, and write pictures and a page into --output"
    )
    output: Path | None = option(
        None,
        "folder of --explain (none: answers/<first line>), or table of --file, which"
        f" ends with {', '.join(TABLES)} (none: the terminal)",
    )
    overwrite: bool = option(False, "replace what is there")
    json: bool = option(False, "answer in JSON, a line for each first line")

    # The models.
    run_dir: Path | None = option(
        None, "run of train.py; none: the model that comes along"
    )
    poet: Path | None = option(
        None,
        "folder of a model of poems (`poet` in a run), for --from-nothing; none: the"
        " one that comes along",
    )

    def __post_init__(self) -> None:
        """Refuse no question, two at once, and what does not belong to the one."""
        asked = [self.line is not None, self.file is not None, self.from_nothing]
        if sum(asked) != 1:
            received = "none of them" if not any(asked) else "more than one"
            raise UserError(
                f"Expected {_QUESTIONS}. Received: {received}. Try: generate.py"
                " 风云三尺剑"
            )
        _ = self.request  # has rules of its own
        self._check_company()
        for name in ("theme", "first_char"):
            wrong = [char for char in getattr(self, name) if not is_han(char)]
            if wrong or (name == "first_char" and len(self.first_char) > 1):
                many = "one Chinese character" if name == "first_char" else "Chinese"
                raise UserError(
                    f"Expected --{name.replace('_', '-')} to be {many}. Received:"
                    f" {getattr(self, name)!a}. Leave out all else."
                )

    @property
    def request(self) -> Request:
        """What the writer is asked for."""
        return select(Request, self)

    def _check_company(self) -> None:
        """Refuse options beside a question that has no use for them."""
        alone = {
            "--file": ("skip_bad",),
            "--from-nothing": ("theme", "first_char", "poet"),
        }
        given = {"--file": self.file is not None, "--from-nothing": self.from_nothing}
        for question, names in alone.items():
            for name in names:
                if getattr(self, name) and not given[question]:
                    _refuse_company(name, f"only with {question}")
        if self.line is None and self.pattern:
            _refuse_company("pattern", "only with one first line")
        if self.file is not None and self.explain:
            _refuse_company("explain", "without --file")
        if self.output and not (self.explain or self.file):
            _refuse_company("output", "only with --explain or --file")
        if self.output and self.file and self.output.suffix not in TABLES:
            raise UserError(
                f"Expected --output to end with {', '.join(TABLES)}. Received:"
                f" {self.output}. Rename it."
            )


def _refuse_company(name: str, expected: str) -> None:
    flag = f"--{name.replace('_', '-')}"
    raise UserError(
        f"Expected {flag} {expected}. Received: it beside another. Leave one out."
    )
