"""The check of the journal as a job: every night, or when it is asked for; its result is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import islice

from sqlalchemy import select

from elearn import clock, jobs, marks
from elearn.database import aside, db, transaction
from elearn.jobs import Job, JobState, Slot, Work
from elearn.marks import MarkKind
from elearn.people import audit, notices
from elearn.people.holding import held
from elearn.people.models import Person
from elearn.people.notices import NoticeKind
from elearn.people.permissions import Role
from elearn.proofs import verification
from elearn.reports.rollup_check import Check

VERIFY = "verify"  # the kind of job
ASKED = "journal:verification_asked"
AT_TWO = (24 - 7 + 2) * 3_600_000  # 02.00 WIB, in milliseconds after the day's beginning in UTC
NIGHTLY = Slot(VERIFY, clock.DAY_MS, AT_TWO)
MOST_PROBLEMS = 1000
NAMED = 20
SECONDS_BETWEEN = 5.0  # two reports of progress
STANDS = (JobState.WAITING, JobState.RUNNING)


def ask(actor_id: int) -> None:
    """Ask for a check now; one that waits or runs is enough."""
    if percent() is None:
        jobs.enqueue(VERIFY, f"{VERIFY}:asked:{clock.now_ms()}")
        audit.record(actor_id, ASKED, None)


def percent() -> int | None:
    """How far the check that waits or runs is; None when there is none."""
    is_due = Job.state.in_(STANDS) & (Job.after_ms <= clock.now_ms())
    wanted = select(Job.progress_percent).where(Job.kind == VERIFY, is_due)
    return db.session.scalar(wanted.order_by(Job.progress_percent.desc()).limit(1))


def run(work: Work) -> None:
    """Check everything and keep the result; who is an administrator is told of problems."""
    began, total = time.monotonic(), verification.total()
    with closing(verification.findings(_reporter(work, total), counted=[Check])) as findings:
        found = list(islice(findings, MOST_PROBLEMS))
    with transaction():
        marks.leave(
            MarkKind.VERIFIED,
            problems=len(found),
            named=[str(finding) for finding in found[:NAMED]],
            rows=total,
            took_ms=round((time.monotonic() - began) * 1000),
        )
        if found:
            key = f"verified:{work.id}"
            notices.notify_all(_admins(), NoticeKind.JOURNAL_UNSOUND, key, count=len(found))


def _admins() -> Sequence[int]:
    roles = held()
    wanted = select(Person.id).join(roles, roles.c.person_id == Person.id).distinct()
    return db.session.scalars(wanted.where(Person.active, roles.c.role == Role.ADMIN)).all()


def _reporter(work: Work, total: int) -> Callable[[int], None]:
    """Tells how far the check is, aside of the snapshot it reads."""
    done, told = 0, time.monotonic()

    def advance(rows: int) -> None:
        nonlocal done, told
        done += rows
        if time.monotonic() - told >= SECONDS_BETWEEN:
            told = time.monotonic()
            with aside():
                work.report(min(99, 100 * done // max(total, 1)))

    return advance
