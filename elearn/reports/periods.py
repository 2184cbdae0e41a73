"""Parts of a year that figures can be asked for: half-years, quarters, months. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import NamedTuple

WHOLE = ""
MONTHS = 12
SPANS = {WHOLE: (1, MONTHS)}
SPANS |= {f"s{half}": (6 * half - 5, 6 * half) for half in (1, 2)}
SPANS |= {f"q{quarter}": (3 * quarter - 2, 3 * quarter) for quarter in (1, 2, 3, 4)}
SPANS |= {f"m{month:02}": (month, month) for month in range(1, MONTHS + 1)}


class Period(NamedTuple):
    """Whole months of a year; both are included."""

    year: int
    first: int
    last: int

    @property
    def part(self) -> str:
        """Its word; the whole year for months that have none together."""
        months = (self.first, self.last)
        return next((word for word, span in SPANS.items() if span == months), WHOLE)

    @property
    def since(self) -> date:
        return date(self.year, self.first, 1)

    @property
    def until(self) -> date:
        return date(self.year, self.last, monthrange(self.year, self.last)[1])

    @property
    def keys(self) -> tuple[int, int]:
        """The first and last month as 202611."""
        return 100 * self.year + self.first, 100 * self.year + self.last

    def of_year_before(self, today: date) -> Period:
        """The same months a year ago; of a year that is not over, those that have begun."""
        last = min(self.last, today.month) if self.year == today.year else self.last
        return Period(self.year - 1, self.first, max(last, self.first))


def of(year: int, part: str) -> Period:
    """A part of a year by its word; the whole year for any other word."""
    return Period(year, *SPANS.get(part, SPANS[WHOLE]))
