"""How JP count in a calendar year and in a contract year. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, Protocol

# SIASN's number of E-Learning: the one kind with a limit a day.
ELEARNING = "16"


class CreditedHours(Protocol):
    """What the rules ask of an entry. ``active_days`` is empty where the days are not known."""

    @property
    def kind(self) -> str: ...
    @property
    def jp(self) -> int: ...
    @property
    def active_days(self) -> Sequence[date]: ...


@dataclass(frozen=True)
class DailyLimit:
    """What the limit a day makes of the year's e-learning."""

    earned: int
    active_days: int
    per_day: int

    @property
    def countable(self) -> int:
        return min(self.earned, self.per_day * self.active_days)


class Period(NamedTuple):
    """A first and a last day, both included."""

    start: date
    end: date


def daily_limit(entries: Iterable[CreditedHours], per_day: int) -> DailyLimit:
    """The limit over all e-learning of a year whose days are known."""
    limited = [entry for entry in entries if is_limited(entry)]
    days = {day for entry in limited for day in entry.active_days}
    return DailyLimit(sum(entry.jp for entry in limited), len(days), per_day)


def is_limited(entry: CreditedHours) -> bool:
    """Whether the limit a day applies; learning elsewhere brings no days to count."""
    return entry.kind == ELEARNING and len(entry.active_days) > 0


def countable(entries: Sequence[CreditedHours], per_day: int) -> int:
    """JP of one year after the limit a day on e-learning; other kinds count as they are."""
    others = sum(entry.jp for entry in entries if not is_limited(entry))
    return others + daily_limit(entries, per_day).countable


def allotted(entries: Sequence[CreditedHours], per_day: int) -> list[int]:
    """What each entry of one year counts, in the order of its end: their sum is ``countable``.

    The limit is one of the year, so the earlier e-learning counts first.
    """
    left = daily_limit(entries, per_day).countable
    shares = []
    for entry in entries:
        share = min(entry.jp, left) if is_limited(entry) else entry.jp
        left -= share if is_limited(entry) else 0
        shares.append(share)
    return shares


def contract_year(start: date, today: date) -> Period:
    """The year of a contract that a day falls in; the first one for days before it began.

    A contract from 29 February begins its later years on 1 March where there is no such day.
    """
    begun = today.year - start.year
    if anniversary(start, begun) > today:
        begun -= 1
    begun = max(begun, 0)
    return Period(anniversary(start, begun), anniversary(start, begun + 1) - timedelta(days=1))


def contract_period(start: date, end: date | None, today: date) -> Period:
    """The contract year of a day, within the contract: its last one once it is over."""
    last = max(end or date.max, start)
    period = contract_year(start, min(today, last))
    return Period(period.start, min(period.end, last))


def anniversary(start: date, years: int) -> date:
    """The day on which a contract has lasted so many years."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)
