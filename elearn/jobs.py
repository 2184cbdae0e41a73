"""Long and timed work: a job row, claimed by lease, done by the runner (`elearn work`)."""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from threading import Event as Flag
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, Index, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from elearn import clock
from elearn.database import Model, db, insert_new, transaction
from elearn.errors import DomainError, Unavailable

log = logging.getLogger(__name__)

LEASE_MS = 60_000
MAX_TRIES = 5
POLL_SECONDS = 1.0
ERROR_LENGTH = 2000


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Model):
    """One piece of work. The same key is one job."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'running', 'done', 'failed')", name="state"),
        Index("ix_job_free", "state", "after_ms"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[JobState] = mapped_column(String(10))
    after_ms: Mapped[int]
    lease_until_ms: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    progress_percent: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    created_ms: Mapped[int]
    ended_ms: Mapped[int | None]


@dataclass(frozen=True)
class Work:
    """A claimed job as its handler sees it."""

    id: int
    kind: str
    body: dict[str, Any]
    tries: int = 1

    def report(self, percent: int) -> None:
        """Show progress and prolong the lease."""
        self.note({"progress_percent": percent, "lease_until_ms": clock.now_ms() + LEASE_MS})

    def note(self, values: dict[str, Any]) -> None:
        """Write to the job's row, unless another runner has taken it over since."""
        mine = (Job.id == self.id) & (Job.tries == self.tries)
        with transaction() as session:
            session.execute(update(Job).where(mine).values(values))


Handler = Callable[[Work], None]


@dataclass(frozen=True)
class Slot:
    """Timed work: once in every ``every_ms`` since 1970, by whichever runner comes first.

    ``after_ms`` moves the beginning of each slot: a day begins at 07.00 WIB without it.
    """

    kind: str
    every_ms: int
    after_ms: int = 0

    def key(self, now_ms: int) -> str:
        """The key of the job of the present slot."""
        return f"{self.kind}:{(now_ms - self.after_ms) // self.every_ms}"


def enqueue(kind: str, key: str, after_ms: int | None = None, **values: Any) -> bool:
    """Ask for work inside the caller's transaction; the same key is one job. True if it is new."""
    now_ms = clock.now_ms()
    row = {
        "key": key,
        "kind": kind,
        "body": json.dumps(values, sort_keys=True),
        "state": JobState.WAITING,
        "after_ms": now_ms if after_ms is None else after_ms,
        "lease_until_ms": 0,
        "tries": 0,
        "progress_percent": 0,
        "error": "",
        "created_ms": now_ms,
    }
    return insert_new(Job, [row]) == 1


class Standing(NamedTuple):
    """How far a job is; one that was pruned or never asked for stands at 0."""

    percent: int
    has_failed: bool
    is_known: bool = True


def standing(key: str) -> Standing:
    """How far the job with a key is."""
    wanted = select(Job.progress_percent, Job.state).where(Job.key == key)
    row = db.session.execute(wanted).first()
    return (
        Standing(row.progress_percent, row.state == JobState.FAILED)
        if row
        else Standing(0, False, False)
    )


def claim(now_ms: int) -> Work | None:
    """Take the next free job; a runner on each node is safe: each job is taken once."""
    abandoned = (Job.state == JobState.RUNNING) & (Job.lease_until_ms < now_ms)
    ready = (Job.state == JobState.WAITING) & (Job.after_ms <= now_ms)
    free = (
        select(Job.id)
        .where(ready | abandoned)
        .order_by(Job.after_ms, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        update(Job)
        .where(Job.id == free)
        .values(state=JobState.RUNNING, lease_until_ms=now_ms + LEASE_MS, tries=Job.tries + 1)
        .returning(Job.id, Job.kind, Job.body, Job.tries)
        .execution_options(synchronize_session=False)
    )
    with transaction() as session:
        row = session.execute(taken).one_or_none()
    return Work(row.id, row.kind, json.loads(row.body), row.tries) if row else None


def open_slots(slots: tuple[Slot, ...], now_ms: int) -> None:
    """Make the jobs of the present time slots, unless another runner has."""
    known = {slot.key(now_ms): slot for slot in slots}
    there = set(db.session.scalars(select(Job.key).where(Job.key.in_(known))))
    missing = {key: slot for key, slot in known.items() if key not in there}
    if missing:
        with transaction():
            for key, slot in missing.items():
                enqueue(slot.kind, key)


def run_one(handlers: Mapping[str, Handler]) -> bool:
    """Do one job. Returns False when there was none."""
    work = claim(clock.now_ms())
    if work is None:
        return False
    handler = handlers.get(work.kind)
    if handler is None or work.tries > MAX_TRIES:
        _end(work, JobState.FAILED, "given up" if handler else f"no handler for {work.kind}")
        return True
    try:
        handler(work)
    except Unavailable:
        db.session.rollback()
        _end(work, JobState.WAITING, "the database was busy")
    except Exception:  # a runner outlives any job; the failure is kept in its row
        log.exception("job %s (%s) failed", work.id, work.kind)
        _retry_or_fail(work, traceback.format_exc())
    else:
        _end(work, JobState.DONE, "")
    return True


def _retry_or_fail(work: Work, error: str) -> None:
    db.session.rollback()
    _end(work, JobState.FAILED if work.tries >= MAX_TRIES else JobState.WAITING, error)


def _end(work: Work, state: JobState, error: str) -> None:
    now_ms = clock.now_ms()
    ended = state in {JobState.DONE, JobState.FAILED}
    work.note(
        {
            "state": state,
            "error": error[-ERROR_LENGTH:],
            "after_ms": now_ms + (0 if ended else LEASE_MS),
            "ended_ms": now_ms if ended else None,
            "progress_percent": 100 if state is JobState.DONE else 0,
        }
    )


def prune(older_than_ms: int) -> None:
    """Forget work that ended well before the given moment."""
    old = (Job.state == JobState.DONE) & (Job.ended_ms < older_than_ms)
    with transaction() as session:
        session.execute(delete(Job).where(old))


def work_until(
    stop: Flag,
    handlers: Mapping[str, Handler],
    slots: tuple[Slot, ...],
    between: Callable[[], None] = lambda: None,
) -> None:
    """The runner's loop: open the time slots, do what is free, rest a second.

    ``between`` is called in each round and after each job.
    """
    while not stop.is_set():
        try:
            between()
            open_slots(slots, clock.now_ms())
            while not stop.is_set() and run_one(handlers):
                between()
        except DomainError:
            log.warning("the database is not available to the runner")
            time.sleep(POLL_SECONDS)
        finally:
            db.session.remove()
        stop.wait(POLL_SECONDS)
