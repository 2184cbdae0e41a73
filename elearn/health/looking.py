"""Look at the installation: disk, database, copies, journal, runner, jobs, errors, keys."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select, text

from elearn import clock, failures, marks, schema, signing, slow_statements
from elearn.announcements import desk as announcing
from elearn.content.publishing import TELL_OF_VERSION
from elearn.database import db
from elearn.health import desk, states, verifying
from elearn.health.states import Line, State
from elearn.journal import seal
from elearn.journal.models import Event, Seal
from elearn.learning import endings
from elearn.marks import MarkKind
from elearn.people.models import Notice
from elearn.programme import reminders

SHOWN_DAYS = 7
# Jobs whose work ends in inboxes.
TELLING = (
    TELL_OF_VERSION,
    endings.TELL_OF_ENDINGS,
    reminders.DAILY,
    reminders.NOW,
    announcing.ANNOUNCE,
)


class Look(NamedTuple):
    """Everything, the order being that of the page."""

    lines: list[Line]

    @property
    def state(self) -> State:
        return states.worst(self.lines)


def look() -> Look:
    """How the installation is now; what a database with an older schema can tell, if it has one."""
    size, wal = _sizes()
    free, total = _disk()
    first = [
        states.disk(free, total, size),
        states.database(size, wal),
        states.schema(schema.present(), schema.newest()),
    ]
    return Look(first + _kept() if first[-1].state is State.GOOD else first)


def _kept() -> list[Line]:
    """What the tables tell."""
    now_ms = clock.now_ms()
    return [
        _backup(),
        _verified(),
        _sealed(),
        _keys(),
        _runner(),
        states.jobs(*desk.due(now_ms), len(desk.failed()), now_ms),
        _notices(),
        _slow(),
        _errors(),
    ]


def _folder() -> Path:
    """Where the disk matters most: beside a SQLite file, else where the program stands."""
    url = db.engine.url
    if url.get_backend_name() == "sqlite" and url.database:
        above = Path(url.database).resolve().parents
        return next(folder for folder in above if folder.exists())
    return Path(__file__).resolve().parent


def _disk() -> tuple[int, int]:
    usage = shutil.disk_usage(_folder())
    return usage.free, usage.total


def _sizes() -> tuple[int, int | None]:
    """Bytes of the database, and of its log written ahead on SQLite."""
    url = db.engine.url
    if url.get_backend_name() != "sqlite":
        size = db.session.scalar(text("SELECT pg_database_size(current_database())"))
        return int(size or 0), None
    path = str(url.database)
    return _size(path) or 0, _size(f"{path}-wal")


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return 0


def _backup() -> Line:
    left = marks.newest(MarkKind.BACKUP)
    size = left.values.get("bytes") if left else None
    return states.backup(left.at_ms if left else None, clock.now_ms(), size)


def _verified() -> Line:
    left = marks.newest(MarkKind.VERIFIED)
    line = states.verified(
        left.at_ms if left else None, clock.now_ms(), left.values if left else {}
    )
    return Line(line.key, line.state, line.reason, {**line.facts, "running": verifying.percent()})


def _sealed() -> Line:
    last = seal.newest()
    after = last.event_id if last else 0
    waiting = select(func.count()).select_from(Event).where(Event.id > after)
    at_ms, number = (last.sealed_ms, last.number) if last else (None, 0)
    return states.sealed(at_ms, clock.now_ms(), number, db.session.scalar(waiting) or 0)


def _keys() -> Line:
    ring = signing.ring()
    public = ring.public()
    held = {key.id for key in public}
    named = db.session.scalars(select(Seal.key_id).distinct())
    missing = sorted(set(named) - held)
    newest = {"id": public[0].id, "since_ms": public[0].since_ms} if public else {}
    return states.keys({**newest, "number": len(public)}, missing, ring.exposed())


def _runner() -> Line:
    left = marks.newest(MarkKind.RUNNER)
    now_ms = clock.now_ms()
    return states.runner(left.at_ms if left else None, now_ms, is_busy=desk.is_busy(now_ms))


def _notices() -> Line:
    day_ago = clock.now_ms() - clock.DAY_MS
    sent = select(func.count()).select_from(Notice).where(Notice.created_ms > day_ago)
    return states.notices(db.session.scalar(sent) or 0, desk.waiting_of(TELLING))


def _slow() -> Line:
    found = slow_statements.since(clock.today() - timedelta(days=SHOWN_DAYS - 1))
    return states.slow(len(found), found[0].slowest_ms if found else 0)


def _errors() -> Line:
    found = failures.since(clock.today() - timedelta(days=SHOWN_DAYS - 1))
    times = sum(each.times for each in found)
    last_ms = max((each.last_ms for each in found), default=None)
    return states.errors(len(found), times, last_ms, clock.now_ms())
