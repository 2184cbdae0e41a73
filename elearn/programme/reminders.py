"""Telling people what is asked of them: one notice a day however many courses, each told once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, false, or_, true

from elearn import clock, jobs, settings
from elearn.assignments import assigned as assignments
from elearn.assignments.assigned import Assigned
from elearn.assignments.models import Assignment
from elearn.database import rows, snapshot, transaction
from elearn.jobs import Work
from elearn.learning import asked
from elearn.learning.asked import Standing
from elearn.people import audit, notices, units
from elearn.people.actors import Actor
from elearn.people.models import Person
from elearn.people.notices import NoticeKind

DAILY, NOW = "remind_of_assignments", "remind_now"  # jobs
REMINDED = "assignment:reminded"  # in the audit log
DAYS = "assignment_reminder_days"
BATCH = 200
# Days that the runner may have slept through and that are made good.
MADE_GOOD = 2
MONDAY = 0
Found = TypeVar("Found")
OPEN = (Standing.NOT_BEGUN, Standing.UNDER_WAY, Standing.OVERDUE)


class Item(NamedTuple):
    """A course to be reminded of, and its due day."""

    assignment_id: int
    title: str
    due: date


class Telling(NamedTuple):
    """What one person is told of one day."""

    person_id: int
    day: date


def run(_work: Work) -> None:
    """A job, once a day: remind people, and on Mondays tell HR how many are overdue."""
    today = clock.today()
    found = assignments.open_ones()
    for items, tellings in _together(_due(found, today)).items():
        for some in _portions(tellings):
            with transaction():
                _tell(items, some)
    if today.weekday() == MONDAY:
        _tell_hr(found, today)


def _portions(found: Sequence[Found]) -> Iterator[Sequence[Found]]:
    for start in range(0, len(found), BATCH):
        yield found[start : start + BATCH]


def _due(found: Sequence[Assigned], today: date) -> dict[Telling, list[Item]]:
    """Who is to be told what: by person and by the day on which it became due to be told."""
    steps = frozenset(settings.value(DAYS, today.year))
    held: dict[Telling, list[Item]] = defaultdict(list)
    for each in found:
        for person_id, due, given in missing(each):
            item = Item(each.id, each.title, due)
            for day in _days(today):
                if day >= given and (day == given or (due - day).days in steps):
                    held[Telling(person_id, day)].append(item)
    return held


def _days(today: date) -> Iterator[date]:
    for before in range(MADE_GOOD, -1, -1):
        yield today - timedelta(days=before)


def missing(
    each: Assigned, scope: ColumnElement[bool] | None = None
) -> Iterator[tuple[int, date, date]]:
    """Who has not done it: the person, their due day, and from when it is asked of them."""
    query, standing = asked.standings(each, Person.id)
    wanted = query.where(standing.in_([*OPEN]))
    first = max(each.rule.starts_on, clock.day_of(each.made_ms))
    with snapshot():
        found = rows(wanted if scope is None else wanted.where(scope))
    for row in found:
        came_on = clock.day_of(row.came_ms)
        yield row.id, each.rule.due(came_on), max(first, came_on)


def _together(held: dict[Telling, list[Item]]) -> dict[tuple[Item, ...], list[Telling]]:
    """Those who are told the same, so that they are told in one statement."""
    grouped: dict[tuple[Item, ...], list[Telling]] = defaultdict(list)
    for telling, items in held.items():
        grouped[tuple(sorted(items, key=lambda item: (item.due, item.title)))].append(telling)
    return grouped


def _tell(items: Sequence[Item], tellings: Iterable[Telling]) -> None:
    by_day: dict[date, list[int]] = defaultdict(list)
    for telling in tellings:
        by_day[telling.day].append(telling.person_id)
    for day, people in by_day.items():
        _notify(people, f"asked:{day.isoformat()}", items)


def _notify(people: Iterable[int], key: str, items: Sequence[Item]) -> None:
    notices.notify_all(
        people,
        NoticeKind.COURSES_ASKED,
        key,
        courses=[{"title": item.title, "due": clock.start_of_day_ms(item.due)} for item in items],
    )


# --- HR, once a week


def _tell_hr(found: Sequence[Assigned], today: date) -> None:
    """Each who holds HR for a unit is told how many are overdue there and below."""
    overdue: Counter[int] = Counter()
    for each in found:
        for path, figures in asked.by_unit(each, true()).items():
            overdue[units.path_ids(path)[-1]] += figures.overdue
    by_hr: Counter[int] = Counter()
    for unit_id in +overdue:
        for hr_id in units.hr_ids_of(unit_id):
            by_hr[hr_id] += overdue[unit_id]
    with transaction():
        for hr_id, people in sorted(by_hr.items()):
            key = f"overdue:{today.isoformat()}"
            notices.notify(hr_id, NoticeKind.COURSES_OVERDUE, key, count=people)


# --- at once, by HR


def ask_now(actor: Actor, each: Assigned) -> bool:
    """Ask for a reminder to everybody of the actor's branch who has not done it; once a day.

    False when it was asked for today already.
    """
    today = clock.today().isoformat()
    paths = sorted(actor.acting_paths)
    key = f"{NOW}:{each.id}:{actor.id}:{today}"
    if not jobs.enqueue(NOW, key, assignment=each.id, paths=paths):
        return False
    audit.record(actor.id, REMINDED, None, assignment=each.id)
    return True


def run_now(work: Work) -> None:
    """A job: the reminder that HR has asked for, unless it has been withdrawn meanwhile."""
    paths: list[str] = work.body["paths"]
    scope = or_(false(), *(units.below(path) for path in paths))
    asked_for = assignments.read(
        Assignment.id == work.body["assignment"], Assignment.withdrawn_ms.is_(None)
    )
    for each in asked_for:
        told = [(Item(each.id, each.title, due), id_) for id_, due, _given in missing(each, scope)]
        key = f"asked-now:{each.id}:{clock.today().isoformat()}"
        for some in _portions(told):
            with transaction():
                for item, people in _by_item(some).items():
                    _notify(people, key, [item])


def _by_item(told: Iterable[tuple[Item, int]]) -> dict[Item, list[int]]:
    held: dict[Item, list[int]] = defaultdict(list)
    for item, person_id in told:
        held[item].append(person_id)
    return held
