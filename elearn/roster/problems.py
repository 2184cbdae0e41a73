"""What is wrong in a row, and in which column; a reason is a stable word. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

MAX_SHOWN = 60
# What HR should look at, though the row is taken.
WARNINGS = frozenset(
    {"unusual_age", "appointed_young", "status_differs", "class_unknown", "holds_role", "own"}
)


class Problem(NamedTuple):
    """``column`` is the heading of the template, ``value`` what stood in the cell."""

    column: str
    reason: str
    value: str = ""

    @property
    def is_warning(self) -> bool:
        return self.reason in WARNINGS


class Refused(Exception):
    """A cell that cannot be taken as it is."""

    def __init__(self, reason: str, value: str = "") -> None:
        super().__init__(reason)
        self.reason, self.value = reason, value


def shown(cell: object) -> str:
    """A cell as people see it, cut to what a message can hold."""
    if isinstance(cell, float):
        return f"{cell:.15g}".replace(".", ",")
    return " ".join(str(cell).split())[:MAX_SHOWN]


def stops(problems: Iterable[Problem]) -> bool:
    """Whether a row cannot be taken."""
    return any(not problem.is_warning for problem in problems)


def packed(problems: Sequence[Problem]) -> str:
    """Problems as they are stored."""
    return json.dumps(problems, ensure_ascii=False) if problems else ""


def unpacked(text: str) -> list[Problem]:
    """Problems as they were stored."""
    return [Problem(*values) for values in json.loads(text)] if text else []
