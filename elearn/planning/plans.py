"""What a sheet would change, before anything is changed: new, the same as before, or wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from elearn.planning.sheet_lines import Line

# What one change was, as JSON: whoever made it can take it back.
Done = list[Any]


class Change(NamedTuple):
    """A row that changes something: what, from what to what."""

    number: int
    what: str
    before: str
    after: str


@dataclass
class Plan:
    """What the rows of a sheet would do; each deed, once done, tells what it did."""

    new: list[Change] = field(default_factory=list)
    same: list[int] = field(default_factory=list)
    wrong: list[Line] = field(default_factory=list)
    deeds: list[Callable[[], list[Done]]] = field(default_factory=list)

    @property
    def may_be_applied(self) -> bool:
        return bool(self.new) and not self.wrong


def wrong_of(lines: Sequence[Line]) -> list[Line]:
    """The rows that need mending."""
    return [line for line in lines if line.problems]
