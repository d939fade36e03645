"""The writer of second lines: constraints, search, judges and choice in one place."""

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from projects.couplet.decoding.beam_search import Hypothesis, beam_search
from projects.couplet.decoding.constraints import Alphabet, Constraints
from projects.couplet.decoding.diversity import choose_different
from projects.couplet.decoding.judges import Judges, Verdict, Weights
from projects.couplet.decoding.request import Request
from projects.couplet.lines import antithesis
from projects.couplet.lines.antithesis import Antithesis
from projects.couplet.lines.characters import check_line, is_han
from projects.couplet.lines.spelling import Spelling
from projects.couplet.lines.tones import Tones
from projects.couplet.lines.traditional import to_simplified
from projects.couplet.network.translator import Translator
from projects.couplet.tokens import UNKNOWN, Tokens

SHIPPED = Path(__file__).parent / "pretrained" / "couplet"
_ROWS = 512  # beams of all lines in one search: more only cost memory


@dataclass(frozen=True)
class Answer:
    """One second line.

    Attributes:
        text: The line.
        log_prob: Nats, of the line given the first one.
        reverse_log_prob: Nats, of the first line given this one; None from a model
            that never learned it.
        fluency: Nats per character, of the line by itself; None likewise.
        score: What ranks the answers of one line.
    """

    text: str
    log_prob: float
    reverse_log_prob: float | None
    fluency: float | None
    score: float


@dataclass(frozen=True, eq=False)
class Writer:
    """Answers first lines.

    Attributes:
        translator: The trained model.
        tones: How characters are read.
        antithesis: How well characters face each other; None without its table.
    """

    translator: Translator
    tones: Tones
    antithesis: Antithesis | None = None

    @classmethod
    def load(cls, folder: Path | None = None) -> "Writer":
        """Load the model of a run directory; None: the one that comes along.

        Raises:
            UserError: There is no model, or its files are broken.
        """
        translator = Translator.load(folder or SHIPPED)
        table = Antithesis.load() if antithesis.SHIPPED.is_file() else None
        return cls(translator, Tones.load(), table)

    @property
    def tokens(self) -> Tokens:
        """The characters of the model."""
        return self.translator.tokens

    @cached_property
    def alphabet(self) -> Alphabet:
        """The characters with their tones, looked up once."""
        return Alphabet(self.tokens, self.tones)

    @cached_property
    def judges(self) -> Judges:
        """What ranks hypotheses beside the search."""
        return Judges(self.translator, Weights.of(self.translator.skills))

    def unknown(self, line: str) -> list[str]:
        """Return the characters that the model does not know, each once."""
        simple = zip(line, to_simplified(line), strict=True)
        strange = [c for c, s in simple if is_han(c) and self.tokens.id(s) == UNKNOWN]
        return list(dict.fromkeys(strange))

    def answer(self, line: str, request: Request | None = None) -> list[Answer]:
        """Return second lines, the best first.

        Args:
            line: The first line, simplified or traditional; answered alike.
            request: The wishes.

        Raises:
            UserError: The line is none that can be answered, or a wish contradicts
                a rule.
        """
        return self.answer_many([line], request)[0]

    def answer_many(
        self, lines: Sequence[str], request: Request | None = None
    ) -> list[list[Answer]]:
        """Answer lines in batches of one length.

        Args:
            lines: As for `answer`.
            request: The wishes for each of them.
        """
        request = request or Request()
        tasks = [_Task.of(line, request, self.alphabet) for line in lines]
        answers: list[list[Answer]] = [[] for _ in tasks]
        for numbers in _batches(tasks, max(1, _ROWS // request.width)):
            found = self._write([tasks[number] for number in numbers], request)
            for number, choice in zip(numbers, found, strict=True):
                answers[number] = choice
        return answers

    def score(self, first: str, second: str) -> Answer:
        """Judge a pair of lines of one length as if the second were an answer."""
        sources, targets = (
            self._ids([to_simplified(check_line(line))]) for line in (first, second)
        )
        verdicts = self.judges.judge(sources, targets)
        verdict = self.judges.tell_fluency(verdicts, sources, targets)[0]
        return Answer(second, *dataclasses.astuple(verdict))

    def attention(self, first: str, seconds: Sequence[str]) -> list[np.ndarray] | None:
        """Tell where the model looks while it writes second lines for a first one.

        Returns:
            For each second line, for each of its characters the shares in the first
            line, float32, (length, length), rows sum to 1; None for a model without
            attention.
        """
        targets = self._ids([to_simplified(line) for line in seconds])
        sources = np.repeat(self._ids([to_simplified(first)]), len(seconds), axis=0)
        shares = self.translator.look(sources, targets)
        return None if shares is None else list(shares)

    def _ids(self, lines: Sequence[str]) -> np.ndarray:
        return np.array([self.tokens.encode(line) for line in lines], np.int32)

    def _write(self, tasks: list["_Task"], request: Request) -> list[list[Answer]]:
        """Search, judge and choose, for lines of one length."""
        sources = self._ids([task.spelling.simple for task in tasks])
        found = beam_search(
            self.translator,
            sources,
            [task.constraints for task in tasks],
            beam=request.width,
            groups=request.groups,
            diversity=request.diversity,
        )
        counts = np.array([len(hypotheses) for hypotheses in found])
        rows = np.repeat(np.arange(len(tasks)), counts)
        targets = np.array([h.ids for each in found for h in each], np.int32)
        known = np.array([h.token_log_probs for each in found for h in each])
        forward = np.where(targets == UNKNOWN, 0, known).sum(axis=1)
        verdicts = iter(self.judges.judge(sources[rows], targets, forward))
        chosen = [
            task.choose(hypotheses, list(itertools.islice(verdicts, len(hypotheses))))
            for task, hypotheses in zip(tasks, found, strict=True)
        ]
        flat = [choice for choices in chosen for choice in choices]
        rows = np.repeat(np.arange(len(tasks)), list(map(len, chosen)))
        targets = np.array([hypothesis.ids for hypothesis, *_ in flat], np.int32)
        given = [verdict for *_, verdict in flat]
        told = self.judges.tell_fluency(given, sources[rows], targets)
        answers = (
            Answer(text, *dataclasses.astuple(verdict))
            for (_, text, _), verdict in zip(flat, told, strict=True)
        )
        return [list(itertools.islice(answers, len(choices))) for choices in chosen]


@dataclass(frozen=True)
class _Task:
    """A line to be answered.

    Attributes:
        spelling: The line.
        constraints: What may answer it.
        candidates: How many answers are wanted.
        wished: How the user wrote simplified characters that he asked for.
    """

    spelling: Spelling
    constraints: Constraints
    candidates: int
    wished: dict[str, str]

    @classmethod
    def of(cls, line: str, request: Request, alphabet: Alphabet) -> "_Task":
        spelling = Spelling.of(check_line(line))
        texts = request.pattern + request.acrostic
        wished = dict(zip(to_simplified(texts), texts, strict=True))
        simple = _simplify(request, set(spelling.given) - set(spelling.distinct))
        constraints = Constraints.for_line(spelling.distinct, simple, alphabet)
        return cls(spelling, constraints, request.candidates, wished)

    def choose(
        self, hypotheses: list[Hypothesis], verdicts: list[Verdict]
    ) -> list[tuple[Hypothesis, str, Verdict]]:
        """Return the best that really differ, with their texts."""
        scores = [
            # The penalties of tones count for the judges too.
            verdict.score + hypothesis.score - hypothesis.log_prob
            for verdict, hypothesis in zip(verdicts, hypotheses, strict=True)
        ]
        chosen = choose_different(
            [hypothesis.ids for hypothesis in hypotheses],
            scores,
            count=self.candidates,
            num_free=int(self.constraints.free.sum()),
        )
        return [
            (
                hypotheses[n],
                self.spelling.write(
                    self.constraints.text(hypotheses[n].ids), self.wished
                ),
                dataclasses.replace(verdicts[n], score=scores[n]),
            )
            for n in chosen
        ]


def _simplify(request: Request, forbidden: Iterable[str]) -> Request:
    """Return the wishes in simplified characters, and forbid some more."""
    names = ("pattern", "forbidden", "acrostic")
    texts: dict[str, Any] = {
        name: to_simplified(getattr(request, name)) for name in names
    }
    both = {*texts["forbidden"], *request.forbidden, *forbidden}
    texts["forbidden"] = "".join(sorted(both))
    return dataclasses.replace(request, **texts)


def _batches(tasks: Sequence[_Task], most: int) -> Iterator[list[int]]:
    """Yield the numbers of tasks of one length, at most so many at once."""
    by_length: dict[int, list[int]] = {}
    for number, task in enumerate(tasks):
        by_length.setdefault(len(task.constraints), []).append(number)
    for numbers in by_length.values():
        for begin in range(0, len(numbers), most):
            yield numbers[begin : begin + most]
