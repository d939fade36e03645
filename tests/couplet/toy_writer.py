"""A writer without a model: it answers from a small book of partners."""

from dataclasses import dataclass, field

import numpy as np

from projects.couplet.decoding.request import Request
from projects.couplet.lines.characters import is_han
from projects.couplet.lines.tones import Tones

PARTNERS = dict(zip("风云三尺剑山", "花鸟一床书水", strict=True))
OTHERS = "秋月寒江晓阁晴窗画卷松"  # no character of a line and its answer are the same
KNOWN = frozenset("".join([*PARTNERS, *PARTNERS.values(), OTHERS]))
# 入声 is known of these alone; all others are read as today.
TONES = Tones({c: frozenset({("入声", "某")}) for c in "尺一"})


@dataclass(frozen=True)
class ToyAnswer:
    text: str
    score: float
    fluency: float = -4.5
    log_prob: float = -9.0
    reverse_log_prob: float = -8.0


class ToyAntithesis:
    """Partners of the book face each other; no other character is known."""

    def strengths(self, first: str, second: str) -> list[float | None]:
        pairs = zip(first, second, strict=True)
        return [2.5 if PARTNERS.get(a) == b else None for a, b in pairs]


@dataclass
class ToyWriter:
    """What `writer.Writer` promises."""

    attends: bool = True
    asked: list[tuple[str, Request]] = field(default_factory=list)
    tones: Tones = TONES
    antithesis: ToyAntithesis | None = field(default_factory=ToyAntithesis)

    def answer(self, line: str, request: Request | None = None) -> list[ToyAnswer]:
        request = request or Request()
        self.asked.append((line, request))
        return [self._write(line, number) for number in range(request.candidates)]

    def answer_many(self, lines, request: Request | None = None):
        return [self.answer(line, request) for line in lines]

    def attention(self, first: str, seconds) -> list[np.ndarray] | None:
        share = 0.6 * np.eye(len(first)) + 0.4 / len(first)
        return [share for _ in seconds] if self.attends else None

    def unknown(self, line: str) -> list[str]:
        return [c for c in line if is_han(c) and c not in KNOWN]

    def _write(self, line: str, number: int) -> ToyAnswer:
        chars = [PARTNERS.get(c, OTHERS[-1]) if is_han(c) else c for c in line]
        if number:
            chars[0] = OTHERS[number - 1]
        return ToyAnswer("".join(chars), -1.0 - number / 2)
