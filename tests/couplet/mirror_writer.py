"""A writer that answers each character by one of its own, which no other has."""

from dataclasses import dataclass, field

from projects.couplet.decoding.request import Request
from tests.couplet.toy_writer import ToyAnswer

UNKNOWN = "香"
SILENT, COPYING = "东", "凤"  # what a line may begin with


def answer(line: str) -> str:
    return "".join(chr(ord(char) - 0x4E00 + 0x20000) for char in line)


@dataclass
class MirrorWriter:
    """What `write_couplets` asks of a writer.

    Attributes:
        copied: What it answers to lines that begin with `COPYING`.
        asked: The lines of each question, and how they were asked.
    """

    copied: str = ""
    asked: list[tuple[list[str], Request]] = field(default_factory=list)

    def unknown(self, line: str) -> list[str]:
        return [char for char in line if char == UNKNOWN]

    def answer_many(self, lines, request):
        self.asked.append((lines, request))
        return [self._answer(line) for line in lines]

    def _answer(self, line: str) -> list[ToyAnswer]:
        if line[0] == SILENT:
            return []
        copied = self.copied and line[0] == COPYING
        return [ToyAnswer(self.copied if copied else answer(line), -1.0)]
