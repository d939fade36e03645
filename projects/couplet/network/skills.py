"""What a model has learned besides answering first lines."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Skills:
    """The lessons of a training that others must know of.

    Attributes:
        reverse: To write the first line for the second.
        blank: To write second lines whose first line is not told.
        end: To end by itself.
    """

    reverse: bool = True
    blank: bool = True
    end: bool = False

    def to_dict(self) -> dict[str, bool]:
        """Return the values by name."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Skills":
        """Read what `to_dict` wrote; what is missing was not learned."""
        names = (field.name for field in dataclasses.fields(cls))
        return cls(**{name: values.get(name) is True for name in names})
