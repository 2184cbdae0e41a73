"""How many of a group fall short, without telling of groups under five. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from elearn.reports import small_groups

STEPS = 5
WHOLE = 100
EDGE = 20  # an all-alike group is told as at most or at least so many percent from the end


class Count(NamedTuple):
    """Assessed people of a group, and those of them whose level falls short."""

    assessed: int = 0
    short: int = 0

    def plus(self, other: Count) -> Count:
        return Count(self.assessed + other.assessed, self.short + other.short)


class Cell(NamedTuple):
    """A share in whole percent and its step of five; ``bound`` is "≥" or "≤" for all alike."""

    percent: int
    step: int
    bound: str = ""


@dataclass(frozen=True)
class Row:
    """A group with its cells; None where nobody was assessed or the group may not be told."""

    key: int
    label: str
    cells: tuple[Cell | None, ...]
    hidden: tuple[bool, ...]


def rows(
    labels: Mapping[int, str], codes: Sequence[str], counts: Mapping[tuple[int, str], Count]
) -> list[Row]:
    """A row for each group; what would tell of a small one by difference is hidden as well."""
    hidden = {
        code: small_groups.hidden(
            {key: counts.get((key, code), Count()).assessed for key in labels}
        )
        for code in codes
    }
    return [
        Row(
            key,
            label,
            tuple(
                None if key in hidden[code] else cell(counts.get((key, code), Count()))
                for code in codes
            ),
            tuple(key in hidden[code] for code in codes),
        )
        for key, label in labels.items()
    ]


def cell(count: Count) -> Cell | None:
    """The share of a group that may be told; None for nobody or fewer than five."""
    if count.assessed < small_groups.SMALLEST:
        return None
    if count.short == count.assessed:
        return Cell(WHOLE - EDGE, STEPS - 1, "≥")
    if not count.short:
        return Cell(EDGE, 0, "≤")
    percent = round(WHOLE * count.short / count.assessed)
    return Cell(percent, min(STEPS * count.short // count.assessed, STEPS - 1))
