"""What a sheet would change, before anything is changed: new, the same as before, or wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from elearn.errors import Conflict
from elearn.people import audit
from elearn.planning.sheet_lines import Line


class Change(NamedTuple):
    """A row that changes something: what, from what to what."""

    number: int
    what: str
    before: str
    after: str


@dataclass
class Plan:
    """What the rows of a sheet would do; ``apply`` does the changes and returns how many."""

    new: list[Change] = field(default_factory=list)
    same: list[int] = field(default_factory=list)
    wrong: list[Line] = field(default_factory=list)
    deeds: list[Callable[[], None]] = field(default_factory=list)

    @property
    def may_be_applied(self) -> bool:
        return bool(self.new) and not self.wrong


def apply(actor_id: int, kind: str, plan: Plan) -> int:
    """Do what was looked at, all of it, in the caller's transaction. Raises Conflict."""
    if not plan.may_be_applied:
        raise Conflict("changed_since")
    for deed in plan.deeds:
        deed()
    audit.record(actor_id, "sheet:imported", None, setting=kind, rows=len(plan.new))
    return len(plan.new)


def wrong_of(lines: Sequence[Line]) -> list[Line]:
    """The rows that need mending."""
    return [line for line in lines if line.problems]
