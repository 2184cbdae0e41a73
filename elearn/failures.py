"""Errors nobody foresaw, counted by kind and day under the code that the error page shows.

What is kept is the kind of error and the place in our source, no message and no value: those may
hold personal data and stand in the server's log alone, beside the same code.
"""

from __future__ import annotations

import hashlib
import logging
import traceback
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Date, String, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from elearn import clock
from elearn.database import Model, aside, db, insert_new, rows, transaction

log = logging.getLogger(__name__)
PACKAGE = Path(__file__).resolve().parent
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another
GROUP = 4
KEEP_DAYS = 30
LONGEST_KIND, LONGEST_PLACE = 80, 200


class Failure(Model):
    """How often one kind of error happened on a WIB day."""

    __tablename__ = "failure"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    code: Mapped[str] = mapped_column(String(9), primary_key=True)
    kind: Mapped[str] = mapped_column(String(LONGEST_KIND))
    place: Mapped[str] = mapped_column(String(LONGEST_PLACE))
    times: Mapped[int]
    last_ms: Mapped[int]


class Counted(NamedTuple):
    """One kind of error over some days."""

    code: str
    kind: str
    place: str
    times: int
    last_ms: int


def note(error: BaseException, endpoint: str) -> str:
    """Log an error and count it; its code. Works, though uncounted, without a database.

    Opens a transaction of its own in a context of its own: the one around may be what failed.
    """
    kind = type(error).__name__[:LONGEST_KIND]
    place = _place(error, endpoint)
    code = _code(kind, place)
    log.error("unexpected error %s at %s", code, endpoint, exc_info=error)
    try:
        with aside(), transaction():
            _count(code, kind, place)
    except Exception:  # what could not be counted stands in the log
        log.exception("the error %s could not be counted", code)
    return code


def _place(error: BaseException, endpoint: str) -> str:
    """The endpoint, and the last line of ours on the way to the error."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if PACKAGE in Path(frame.filename).parents]
    if not own:
        return endpoint[:LONGEST_PLACE]
    name = Path(own[-1].filename).relative_to(PACKAGE.parent).as_posix()
    return f"{endpoint} {name}:{own[-1].lineno} {own[-1].name}"[:LONGEST_PLACE]


def _code(kind: str, place: str) -> str:
    """The same for the same error: two groups of letters that can be read out on the telephone."""
    number = int.from_bytes(hashlib.sha256(f"{kind} {place}".encode()).digest())
    letters = ""
    for _ in range(2 * GROUP):
        number, at = divmod(number, len(LETTERS))
        letters += LETTERS[at]
    return f"{letters[:GROUP]}-{letters[GROUP:]}"


def _count(code: str, kind: str, place: str) -> None:
    now_ms, today = clock.now_ms(), clock.today()
    row: dict[str, Any] = {"day": today, "code": code, "kind": kind, "place": place}
    if insert_new(Failure, [{**row, "times": 1, "last_ms": now_ms}]):
        return
    same = update(Failure).where(Failure.day == today, Failure.code == code)
    db.session.execute(same.values(times=Failure.times + 1, last_ms=now_ms))


def since(day: date) -> Sequence[Counted]:
    """What has happened since a WIB day by kind, the latest first."""
    last_ms = func.max(Failure.last_ms)
    wanted = (
        select(Failure.code, Failure.kind, Failure.place, func.sum(Failure.times), last_ms)
        .where(Failure.day >= day)
        .group_by(Failure.code, Failure.kind, Failure.place)
        .order_by(last_ms.desc(), Failure.code)
    )
    return [Counted(code, kind, place, int(n), at) for code, kind, place, n, at in rows(wanted)]


def prune() -> None:
    """Forget what is older than ``KEEP_DAYS``."""
    first = clock.today() - timedelta(days=KEEP_DAYS)
    db.session.execute(delete(Failure).where(Failure.day < first))
