"""What the events of one person add to the counters of study. Pure.

An enrolment counts in the unit and position class of the day it began; those of older events, which
do not tell them, in those of its completion, and nowhere until then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from elearn import clock
from elearn.competency.events import Kind
from elearn.content.course import PRETEST
from elearn.learning.events import COURSE_SOURCE

Event = Mapping[str, Any]
NO_UNIT = 0
ANY_COURSE = 0  # the cell of what is counted over all courses


class Cell(NamedTuple):
    """Where something is counted. ``month`` is a WIB month as 202611."""

    unit_id: int
    position_class: str
    month: int
    course_id: int


class Counts(NamedTuple):
    """What is counted in a cell.

    ``begun``, ``tried`` and ``finished`` are of those ``enrolled`` in that month, whenever they did
    so: finished a lesson, handed in a quiz, completed. The others are of the month itself;
    ``learners`` are distinct people, told of each course and of all together.
    """

    enrolled: int = 0
    begun: int = 0
    tried: int = 0
    finished: int = 0
    lessons: int = 0
    attempts: int = 0
    completed: int = 0
    certificates: int = 0
    learners: int = 0

    def plus(self, other: Counts) -> Counts:
        return Counts(*map(int.__add__, self, other))

    def minus(self, other: Counts) -> Counts:
        return Counts(*map(int.__sub__, self, other))


NOTHING = Counts()
Cells = dict[Cell, Counts]


class _Place(NamedTuple):
    unit_id: int = NO_UNIT
    position_class: str = ""


NOWHERE = _Place()


@dataclass
class _Round:
    """An enrolment as it is counted."""

    course_id: int = ANY_COURSE
    month: int = 0
    place: _Place = NOWHERE
    end: _Place = NOWHERE
    end_month: int = 0
    lessons: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    attempts: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def counted_in(self) -> _Place:
        return self.place if self.place.unit_id else self.end


@dataclass
class _Studied:
    """What a person did, by enrolment; ``seen`` is the enrolment each first month was seen in."""

    rounds: dict[int, _Round] = field(default_factory=lambda: defaultdict(_Round))
    seen: dict[tuple[int, int], int] = field(default_factory=dict)
    # Unit, source and month of each certificate.
    certificates: dict[str, tuple[int, str, str, int]] = field(default_factory=dict)


def of_person(events: Iterable[Event]) -> Cells:
    """What the events of a person, in the order of their chain, add to each cell.

    Events that cannot be read count for nothing, and with them all of that person.
    """
    studied = _Studied()
    try:
        for event in events:
            take = _TAKES.get(event["kind"])
            if take:
                take(studied, event["body"], month_of(event["happened_ms"]))
    except (ValueError, TypeError, LookupError, AttributeError):
        return {}
    return _sum(_added(studied))


def difference(after: Mapping[Cell, Counts], before: Mapping[Cell, Counts]) -> Cells:
    """What must be added to come from one to the other; cells without change are left out."""
    changes = {
        cell: after.get(cell, NOTHING).minus(before.get(cell, NOTHING))
        for cell in after.keys() | before.keys()
    }
    return {cell: counts for cell, counts in changes.items() if counts != NOTHING}


def month_of(moment_ms: int) -> int:
    """The WIB month of a moment, as 202611."""
    return _month_of_day((moment_ms + clock.WIB_MS) // clock.DAY_MS)


@lru_cache(maxsize=4096)
def _month_of_day(days: int) -> int:
    day = date.fromordinal(clock.EPOCH_DAY + days)
    return 100 * day.year + day.month


def _entered(studied: _Studied, body: Event, month: int) -> None:
    found = studied.rounds[body["enrolment"]]
    found.course_id, found.month = int(body["course"]), month
    found.place = _Place(int(body.get("unit", NO_UNIT)), str(body.get("position_class", "")))
    _was_active(studied, body, month)


def _was_active(studied: _Studied, body: Event, month: int) -> None:
    enrolment = body["enrolment"]
    for course_id in (studied.rounds[enrolment].course_id, ANY_COURSE):
        studied.seen.setdefault((month, course_id), enrolment)


def _finished_lesson(studied: _Studied, body: Event, month: int) -> None:
    studied.rounds[body["enrolment"]].lessons[month] += 1
    _was_active(studied, body, month)


def _handed_in(studied: _Studied, body: Event, month: int) -> None:
    if body["quiz"] != PRETEST:
        studied.rounds[body["enrolment"]].attempts[month] += 1
    _was_active(studied, body, month)


def _completed(studied: _Studied, body: Event, month: int) -> None:
    found = studied.rounds[body["enrolment"]]
    found.end = _Place(int(body["unit"]), str(body.get("position_class", "")))
    found.end_month = month


def _certified(studied: _Studied, body: Event, month: int) -> None:
    source = (str(body["source_kind"]), str(body["source_id"]))
    studied.certificates[body["id"]] = (int(body["unit_id"]), *source, month)


_TAKES: Mapping[str, Callable[[_Studied, Event, int], None]] = {
    "enrolled": _entered,
    "lesson_completed": _finished_lesson,
    "attempt_started": _was_active,
    "attempt_submitted": _handed_in,
    "attempt_handed_in": _handed_in,
    "reflection_written": _was_active,
    "survey_answered": _was_active,
    "pretest_skipped": _was_active,
    "course_completed": _completed,
    Kind.CERTIFICATE_PREPARED: _certified,
    Kind.CERTIFICATE_ISSUED: _certified,
}
KINDS = tuple(map(str, _TAKES))


def _added(studied: _Studied) -> Iterator[tuple[Cell, Counts]]:
    for found in studied.rounds.values():
        yield from _of_round(found)
    for (month, course_id), enrolment in studied.seen.items():
        place = studied.rounds[enrolment].counted_in
        yield Cell(*place, month, course_id), Counts(learners=1)
    for unit_id, kind, source_id, month in studied.certificates.values():
        course_id, position_class = _source_of(studied, kind, source_id)
        yield Cell(unit_id, position_class, month, course_id), Counts(certificates=1)


def _of_round(found: _Round) -> Iterator[tuple[Cell, Counts]]:
    place, course_id = found.counted_in, found.course_id
    began = Counts(
        enrolled=1,
        begun=int(bool(found.lessons)),
        tried=int(bool(found.attempts)),
        finished=int(bool(found.end_month)),
    )
    yield Cell(*place, found.month, course_id), began
    for month, times in found.lessons.items():
        yield Cell(*place, month, course_id), Counts(lessons=times)
    for month, times in found.attempts.items():
        yield Cell(*place, month, course_id), Counts(attempts=times)
    if found.end_month:
        yield Cell(*found.end, found.end_month, course_id), Counts(completed=1)


def _source_of(studied: _Studied, kind: str, source_id: str) -> tuple[int, str]:
    """The course of a certificate, and the position class on the day it was earned."""
    enrolment = int(source_id) if kind == COURSE_SOURCE and source_id.isdigit() else 0
    found = studied.rounds.get(enrolment)
    return (found.course_id, found.end.position_class) if found else (ANY_COURSE, "")


def _sum(added: Iterable[tuple[Cell, Counts]]) -> Cells:
    cells: Cells = {}
    for cell, counts in added:
        if cell.unit_id != NO_UNIT:
            cells[cell] = cells.get(cell, NOTHING).plus(counts)
    return cells
