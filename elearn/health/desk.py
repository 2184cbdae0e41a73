"""Jobs that wait or were given up: how many, which, and what an administrator does about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select, update

from elearn import clock
from elearn.database import db, rows
from elearn.errors import NotFound
from elearn.jobs import Job, JobState
from elearn.people import audit

RETRIED = "job:retried"
DROPPED = "job:dropped"
SHOWN = 50


class FailedJob(NamedTuple):
    """A job that was given up; ``error`` is the kind of its last error, without its message."""

    id: int
    kind: str
    tries: int
    ended_ms: int
    error: str


_GIVEN_UP = select(Job.id, Job.kind, Job.tries, Job.ended_ms, Job.error).where(
    Job.state == JobState.FAILED
)


def failed() -> Sequence[FailedJob]:
    """The jobs that were given up, the latest first."""
    found = rows(_GIVEN_UP.order_by(Job.ended_ms.desc(), Job.id.desc()).limit(SHOWN))
    return [_failed(row) for row in found]


def failed_one(job_id: int) -> FailedJob:
    """A job that was given up. Raises NotFound."""
    found = rows(_GIVEN_UP.where(Job.id == job_id))
    if not found:
        raise NotFound
    return _failed(found[0])


def _failed(row: Any) -> FailedJob:
    return FailedJob(row.id, row.kind, row.tries, row.ended_ms, _kind_of(row.error))


def _kind_of(error: str) -> str:
    """The last line of a traceback up to its message, which may name people."""
    last = (error.strip().splitlines() or [""])[-1]
    return last.split(":", 1)[0].rsplit(".", 1)[-1]


def due(now_ms: int) -> tuple[int, int | None]:
    """How many jobs wait though their time has come, and since when the oldest does."""
    waits = (Job.state == JobState.WAITING) & (Job.after_ms <= now_ms)
    row = db.session.execute(select(func.count(), func.min(Job.after_ms)).where(waits)).one()
    return row[0], row[1]


def is_busy(now_ms: int) -> bool:
    """Whether a runner holds a job and has shown itself within its lease."""
    held = (Job.state == JobState.RUNNING) & (Job.lease_until_ms > now_ms)
    return db.session.scalar(select(Job.id).where(held).limit(1)) is not None


def waiting_of(kinds: Iterable[str]) -> int:
    """How many jobs of some kinds are due or under way."""
    states = (JobState.WAITING, JobState.RUNNING)
    is_due = Job.state.in_(states) & (Job.after_ms <= clock.now_ms())
    return db.session.scalar(select(func.count()).where(is_due, Job.kind.in_(list(kinds)))) or 0


def retry(actor_id: int, job_id: int) -> None:
    """Let a job that was given up be tried again from the first try. Raises NotFound."""
    kind = _held(job_id)
    again = {"state": JobState.WAITING, "tries": 0, "after_ms": clock.now_ms(), "ended_ms": None}
    db.session.execute(update(Job).where(Job.id == job_id).values(again))
    audit.record(actor_id, RETRIED, None, about=kind)


def drop(actor_id: int, job_id: int) -> None:
    """Take a job that was given up from the list; its work is left undone. Raises NotFound."""
    kind = _held(job_id)
    db.session.execute(delete(Job).where(Job.id == job_id))
    audit.record(actor_id, DROPPED, None, about=kind)


def _held(job_id: int) -> str:
    given_up = (Job.id == job_id) & (Job.state == JobState.FAILED)
    kind = db.session.scalar(select(Job.kind).where(given_up).with_for_update())
    if kind is None:
        raise NotFound
    return kind
