"""The slowest statements of each day, without their values: noted in memory, written now and then.

A statement is timed until its first rows come (the whole of it where it is ``Prepared``): what a
long export waits for its reader does not count.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import Flask, current_app
from sqlalchemy import Date, String, Text, delete, func, select, tuple_, update
from sqlalchemy.orm import Mapped, mapped_column

from elearn import clock, database
from elearn.database import Model, aside, db, insert_new, rows, transaction

log = logging.getLogger(__name__)
# A list of parameters is one statement, however long it is.
LIST = re.compile(r"\((?:[?]|%s|%\(\w+\)s)(?:::\w+)?(?:, (?:[?]|%s|%\(\w+\)s)(?:::\w+)?)+\)")
LONGEST_TEXT = 4000
MOST_HELD = 50  # different ones in a process between two writings
MOST_A_DAY = 20
KEEP_DAYS = 14
REST_SECONDS = 10.0  # between two writings of a process


class SlowStatement(Model):
    """How often one statement was slow on a WIB day."""

    __tablename__ = "slow_statement"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    digest: Mapped[str] = mapped_column(String(16), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    times: Mapped[int]
    slowest_ms: Mapped[int]
    last_ms: Mapped[int]


class Slow(NamedTuple):
    """A slow statement over some days."""

    text: str
    times: int
    slowest_ms: int
    last_ms: int


@dataclass
class _Seen:
    times: int = 0
    slowest_ms: int = 0


class Noted:
    """What this process saw and has not written yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[str, _Seen] = {}
        self._written = -REST_SECONDS

    def note(self, text: str, seconds: float) -> None:
        """Remember a statement that took so long."""
        with self._lock:
            if text in self._seen or len(self._seen) < MOST_HELD:
                seen = self._seen.setdefault(text, _Seen())
                seen.times += 1
                seen.slowest_ms = max(seen.slowest_ms, round(seconds * 1000))

    def take(self) -> dict[str, _Seen]:
        """What is to be written now; nothing while the last writing is too near."""
        if not self._seen:
            return {}
        with self._lock:
            if time.monotonic() - self._written < REST_SECONDS:
                return {}
            seen, self._seen, self._written = self._seen, {}, time.monotonic()
        return seen


def init_app(app: Flask) -> None:
    """Note slow statements, but for tests, whose machine may be slow."""
    app.extensions["slow_statements"] = noted = Noted()
    if app.testing:
        return
    with app.app_context():
        database.tell_slow(db.engine, noted.note)
    app.teardown_appcontext(lambda _error: write())


def write() -> None:
    """Write what was noted, in a context of its own; a busy database is left alone."""
    seen = current_app.extensions["slow_statements"].take()
    if not seen:
        return
    try:
        with aside(), transaction():
            for text, one in seen.items():
                _add(shortened(text), one)
    except Exception:  # never worth failing what it measures
        log.warning("slow statements could not be written", exc_info=True)


def shortened(text: str) -> str:
    """A statement as it is kept: on one line, lists of parameters as one."""
    return LIST.sub("(...)", " ".join(text.split()))[:LONGEST_TEXT]


def _add(text: str, seen: _Seen) -> None:
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    today, now_ms = clock.today(), clock.now_ms()
    row: dict[str, Any] = {"day": today, "digest": digest, "text": text, "last_ms": now_ms}
    if insert_new(SlowStatement, [{**row, "times": seen.times, "slowest_ms": seen.slowest_ms}]):
        return
    same = (SlowStatement.day == today) & (SlowStatement.digest == digest)
    more = {"times": SlowStatement.times + seen.times, "last_ms": now_ms}
    db.session.execute(update(SlowStatement).where(same).values(more))
    slower = same & (SlowStatement.slowest_ms < seen.slowest_ms)
    db.session.execute(update(SlowStatement).where(slower).values(slowest_ms=seen.slowest_ms))


def since(day: date) -> Sequence[Slow]:
    """The statements that were slow since a WIB day, the slowest first."""
    slowest = func.max(SlowStatement.slowest_ms)
    wanted = (
        select(
            SlowStatement.text,
            func.sum(SlowStatement.times),
            slowest,
            func.max(SlowStatement.last_ms),
        )
        .where(SlowStatement.day >= day)
        .group_by(SlowStatement.digest, SlowStatement.text)
        .order_by(slowest.desc())
        .limit(MOST_A_DAY)
    )
    return [Slow(text, int(times), most, last) for text, times, most, last in rows(wanted)]


def prune() -> None:
    """Keep the slowest of each day, and those for ``KEEP_DAYS``."""
    first = clock.today() - timedelta(days=KEEP_DAYS)
    db.session.execute(delete(SlowStatement).where(SlowStatement.day < first))
    order = SlowStatement.slowest_ms.desc()
    rank = func.row_number().over(partition_by=SlowStatement.day, order_by=order)
    ranked = select(SlowStatement.day, SlowStatement.digest, rank.label("rank")).subquery()
    beyond = select(ranked.c.day, ranked.c.digest).where(ranked.c.rank > MOST_A_DAY)
    key = tuple_(SlowStatement.day, SlowStatement.digest)
    db.session.execute(delete(SlowStatement).where(key.in_(beyond)))
