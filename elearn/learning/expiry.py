"""How long a completion counts, and from when its course may be taken again. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

MONTHS_A_YEAR = 12


class Validity(StrEnum):
    """What a day makes of a completion."""

    VALID = "valid"
    ENDING = "ending"  # still counts, and its course may be taken again
    EXPIRED = "expired"  # stands in the record, counts for no assignment
    RENEWED = "renewed"  # a later round of the course was completed since


def last_day(completed_on: date, months: int) -> date | None:
    """The last day (WIB) on which a completion counts; None without a limit of months.

    The same day of the month so much later, or the month's last day where there is no such day:
    a month after 31 January is the last of February.
    """
    if not months:
        return None
    years, month = divmod(completed_on.month - 1 + months, MONTHS_A_YEAR)
    year, month = completed_on.year + years, month + 1
    return date(year, month, min(completed_on.day, monthrange(year, month)[1]))


def renewable_from(completed_on: date, expires_on: date, days: int) -> date:
    """The first day of a renewal: so many days before the end, never in the first half."""
    half = (expires_on - completed_on) // 2
    return max(expires_on - timedelta(days=days), completed_on + half)


def validity(
    completed_on: date, expires_on: date | None, on: date, days: int, *, renewed: bool = False
) -> Validity:
    """What a day makes of a completion; ``days`` before its end it may be renewed."""
    if renewed:
        return Validity.RENEWED
    if expires_on is None:
        return Validity.VALID
    if expires_on < on:
        return Validity.EXPIRED
    may_be_renewed = renewable_from(completed_on, expires_on, days) <= on
    return Validity.ENDING if may_be_renewed else Validity.VALID


def due_notice(expires_on: date, on: date, days: Sequence[int]) -> int | None:
    """Which notice is due: the least of the days before the end that has come; None too early.

    A day that the runner slept through is made good later; one that is passed is not told again.
    """
    left = (expires_on - on).days
    return min((each for each in days if left <= each), default=None)
