"""What the runner does: the handlers of jobs, and the work that comes round by the clock."""

from __future__ import annotations

import time

from elearn import clock, failures, jobs, marks, slow_statements, staged
from elearn.agency import contract_ends
from elearn.announcements import desk, telling
from elearn.certification import intake, packages
from elearn.competency import issuing, register
from elearn.content.publishing import TELL_OF_VERSION
from elearn.dashboard import reading
from elearn.database import transaction
from elearn.health import verifying
from elearn.jobs import Handler, Slot, Work
from elearn.journal import seal
from elearn.learning import announcements, endings, quizzes, regrade
from elearn.marks import MarkKind
from elearn.people import brake, refusals
from elearn.privacy import copies, retention
from elearn.programme import reminders, team_notices
from elearn.reports import rollups
from elearn.roster import imports as roster
from elearn.roster import running as roster_jobs

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
KEEP_JOBS_MS = 7 * clock.DAY_MS
BEAT_SECONDS = 30.0


class Pulse:
    """What the runner does between jobs: shows that it lives, and writes what was slow."""

    def __init__(self) -> None:
        self._shown = -BEAT_SECONDS

    def __call__(self) -> None:
        if time.monotonic() - self._shown >= BEAT_SECONDS:
            with transaction():
                marks.renew(MarkKind.RUNNER)
            self._shown = time.monotonic()
        slow_statements.write()


def tidy(work: Work) -> None:
    """Forget ended jobs, old failed sign-in tries, unconfirmed uploads, old imports and counts."""
    jobs.prune(clock.now_ms() - KEEP_JOBS_MS)
    with transaction():
        brake.prune()
        staged.prune()
        roster.prune()
        marks.prune()
        failures.prune()
        slow_statements.prune()
    retention.let_go_roster_rows()
    work.report(100)


HANDLERS: dict[str, Handler] = {
    "close_attempts": quizzes.close_overdue,
    "tidy": tidy,
    issuing.NUMBER_JOB: register.give_waiting,
    seal.SEAL: seal.run,
    packages.PACKAGE_JOB: packages.prepare,
    intake.SIGNED_JOB: intake.take,
    copies.COPY_JOB: copies.prepare,
    refusals.REFUSALS_JOB: refusals.tell_totals,
    retention.RETENTION_JOB: retention.run,
    regrade.REGRADE: regrade.run,
    roster.LOOK_JOB: roster_jobs.look,
    roster.APPLY_JOB: roster_jobs.apply,
    roster.UNDO_JOB: roster_jobs.undo,
    TELL_OF_VERSION: announcements.tell_of_version,
    endings.TELL_OF_ENDINGS: endings.tell,
    contract_ends.TELL_OF_CONTRACTS: contract_ends.tell,
    reminders.DAILY: reminders.run,
    reminders.NOW: reminders.run_now,
    team_notices.WEEKLY: team_notices.run,
    rollups.ROLLUPS: rollups.run,
    reading.GAUGES: reading.run,
    verifying.VERIFY: verifying.run,
    desk.ANNOUNCE: telling.tell,
}
SLOTS = (
    Slot("close_attempts", MINUTE_MS),
    Slot(rollups.ROLLUPS, MINUTE_MS),
    Slot(reading.GAUGES, HOUR_MS),
    Slot("tidy", HOUR_MS),
    Slot(refusals.REFUSALS_JOB, refusals.QUARTER_MS),
    Slot(seal.SEAL, clock.DAY_MS),
    Slot(endings.TELL_OF_ENDINGS, clock.DAY_MS),
    Slot(contract_ends.TELL_OF_CONTRACTS, clock.DAY_MS),
    Slot(reminders.DAILY, clock.DAY_MS),
    team_notices.SLOT,
    verifying.NIGHTLY,
)
