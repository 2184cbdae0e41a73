"""The only source of time. Stored times are integers: milliseconds since 1970, UTC."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")
DAY_MS = 86_400_000
WIB_MS = 7 * 3_600_000
EPOCH_DAY = date(1970, 1, 1).toordinal()
_set_ms: ContextVar[int | None] = ContextVar("set_ms", default=None)


def now_ms() -> int:
    """Milliseconds since 1970 UTC."""
    fixed = _set_ms.get()
    return time.time_ns() // 1_000_000 if fixed is None else fixed


def now() -> datetime:
    """The present moment in WIB."""
    return from_ms(now_ms())


def today() -> date:
    """The present calendar day in WIB."""
    return now().date()


def from_ms(moment_ms: int) -> datetime:
    """The moment as a WIB datetime."""
    return datetime.fromtimestamp(moment_ms / 1000, WIB)


def to_ms(moment: datetime) -> int:
    """An aware datetime as milliseconds UTC."""
    return round(moment.timestamp() * 1000)


def day_of(moment_ms: int) -> date:
    """The WIB calendar day a moment falls on."""
    return date.fromordinal(EPOCH_DAY + (moment_ms + WIB_MS) // DAY_MS)


def year_of(moment_ms: int) -> int:
    """The WIB calendar year a moment falls in."""
    return from_ms(moment_ms).year


def date_from_iso(text: str) -> date:
    """A calendar day written as 2026-11-24."""
    return date.fromisoformat(text)


def day_asked(text: str) -> date | None:
    """The calendar day of an address; None for anything else."""
    try:
        return date_from_iso(text)
    except ValueError:
        return None


def start_of_day_ms(day: date) -> int:
    """The first millisecond of a WIB day."""
    return to_ms(datetime(day.year, day.month, day.day, tzinfo=WIB))


def start_of_year_ms(year: int) -> int:
    """The first millisecond of a WIB year."""
    return start_of_day_ms(date(year, 1, 1))


@contextmanager
def set_to(moment_ms: int) -> Iterator[None]:
    """Hold the clock at a moment: for the demo seed and for tests."""
    token = _set_ms.set(moment_ms)
    try:
        yield
    finally:
        _set_ms.reset(token)
