"""Once a week: supervisors are told of direct reports with something overdue or soon due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from elearn import clock, settings
from elearn.assignments import assigned as assignments
from elearn.assignments import rule as rules
from elearn.assignments.rule import Stage
from elearn.database import transaction
from elearn.jobs import Slot, Work
from elearn.people import notices, supervisors
from elearn.people.notices import NoticeKind
from elearn.programme import reminders
from elearn.settings import Switch

WEEKLY = "tell_supervisors"  # a job
SETTING = "weekly_team_notice"
# 1 January 1970 was a Thursday: a week begins on Monday at 07.00 WIB.
SLOT = Slot(WEEKLY, 7 * clock.DAY_MS, after_ms=4 * clock.DAY_MS)


def run(_work: Work) -> None:
    """A job: one notice a week to each supervisor, and only where there is something to tell."""
    today = clock.today()
    if not (settings.value(SETTING, today.year) and settings.is_on(Switch.TEAM)):
        return
    year, week, _day = today.isocalendar()
    told = sorted(_counted(_pressing(), supervisors.everybody()).items())
    for start in range(0, len(told), reminders.BATCH):
        with transaction():
            for supervisor_id, counts in told[start : start + reminders.BATCH]:
                notices.notify(
                    supervisor_id,
                    NoticeKind.TEAM_PRESSED,
                    f"team:{year}-W{week:02}",
                    overdue=counts[Stage.OVERDUE],
                    soon=counts[Stage.SOON],
                )


def _pressing() -> dict[int, Stage]:
    """The worst there is of each person who has something overdue or soon due."""
    today = clock.today()
    worst: dict[int, Stage] = {}
    for each in assignments.open_ones():
        for person_id, due, _given in reminders.missing(each):
            match rules.stage(due, each.rule.grace_days, today):
                case Stage.OVERDUE:
                    worst[person_id] = Stage.OVERDUE
                case Stage.SOON | Stage.GRACE:
                    worst.setdefault(person_id, Stage.SOON)
    return worst


def _counted(
    pressing: Mapping[int, Stage], supervisor_of: Mapping[int, int]
) -> dict[int, Counter[Stage]]:
    """How many direct reports of each supervisor have something of which kind."""
    found: dict[int, Counter[Stage]] = {}
    for person_id, stage in pressing.items():
        if person_id in supervisor_of:
            found.setdefault(supervisor_of[person_id], Counter())[stage] += 1
    return found
