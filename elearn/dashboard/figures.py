"""What the dashboard and the sheet of paper show of a branch: some statements, at any size.

Of events only counters are read, and gauges of what is dear to find; people are counted live.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select

from elearn import clock
from elearn.content.models import Course, CourseVersion
from elearn.dashboard import gauged, plots
from elearn.dashboard.gauged import Gauged
from elearn.dashboard.plots import Month, Plot
from elearn.people.units import UnitNode
from elearn.reports import branch, rollups, summary
from elearn.reports.filters import Wanted
from elearn.reports.models import BranchMonth
from elearn.reports.periods import MONTHS, Period
from elearn.reports.study_counts import ANY_COURSE
from elearn.reports.summary import Summary

_month = BranchMonth.__table__.c


class Sums(NamedTuple):
    """What was counted in some months. ``learners`` are people only within one month."""

    enrolled: int = 0
    completed: int = 0
    certificates: int = 0
    learners: int = 0

    def plus(self, other: Sums) -> Sums:
        return Sums(*map(int.__add__, self, other))


class CourseLine(NamedTuple):
    """A course in a period: completed in it, and how far those came who entered it in it."""

    slug: str
    title: str
    completed: int
    enrolled: int
    begun: int
    tried: int
    finished: int

    @property
    def percent(self) -> float:
        return 100 * self.finished / self.enrolled if self.enrolled else 0.0

    @property
    def stopped(self) -> int:
        """Those who entered and have not completed."""
        return self.enrolled - self.finished


@dataclass(frozen=True)
class Board:
    """A branch in a period. ``counted_ms`` is None while its counters are made anew."""

    people: Summary
    period: Period
    period_before: Period
    now: Sums
    before: Sums
    months: list[Month]
    learners: list[Month]
    courses: list[CourseLine]
    gauged: Gauged
    counted_ms: int | None

    def last_day(self, month: int) -> date:
        """The last day of a month of the year."""
        return Period(self.period.year, month, month).until

    @property
    def plot(self) -> Plot:
        return plots.by_month(self.months)

    @property
    def learners_plot(self) -> Plot:
        return plots.by_month(self.learners)


def of(scope: ColumnElement[bool], wanted: Wanted, nodes: Sequence[UnitNode]) -> Board:
    """The figures of a branch: a condition on Unit, and the units of the reach in their order."""
    today = clock.today()
    people, period = summary.of(scope, wanted, nodes), wanted.period
    tops = _tops(wanted, nodes)
    before = period.of_year_before(today)
    sums = _months(tops, wanted)
    return Board(
        people=people,
        period=period,
        period_before=before,
        now=_sum(sums, period),
        before=_sum(sums, before),
        months=_drawn(sums, period, "completed"),
        learners=_drawn(sums, period, "learners"),
        courses=_courses(tops, wanted),
        gauged=gauged.of(tops, summary.children(wanted.unit, nodes), wanted),
        counted_ms=rollups.as_of_ms(),
    )


def _tops(wanted: Wanted, nodes: Sequence[UnitNode]) -> list[int]:
    """The units whose branches together are what is looked at."""
    if wanted.unit:
        return [wanted.unit.id]
    return [node.id for node in nodes if node.depth == 0]


def _months(tops: Sequence[int], wanted: Wanted) -> dict[int, Sums]:
    """What was counted in the year and the one before, by month; one statement."""
    of_courses = {name: _only(_month[name], single=True) for name in Sums._fields[:-1]}
    columns = {**of_courses, "learners": _only(_month.learners, single=False)}
    first, last = 100 * (wanted.year - 1) + 1, 100 * wanted.year + MONTHS
    query = (
        select(_month.month, *(column.label(name) for name, column in columns.items()))
        .where(*_of(tops, wanted), _month.month.between(first, last))
        .group_by(_month.month)
    )
    return {row.month: Sums(*map(int, row[1:])) for row in branch.read(query)}


def _only(counter: ColumnElement[int], *, single: bool) -> ColumnElement[int]:
    """The sum over single courses, or what is told of all together."""
    here = _month.course_id != ANY_COURSE if single else _month.course_id == ANY_COURSE
    if counter is _month.certificates:
        return func.sum(counter)  # those of no course are certificates as well
    return func.coalesce(func.sum(counter).filter(here), 0)


def _of(tops: Sequence[int], wanted: Wanted) -> list[ColumnElement[bool]]:
    return [_month.unit_id.in_(tops), _month.position_class == wanted.position_class]


def _sum(sums: Mapping[int, Sums], period: Period) -> Sums:
    first, last = period.keys
    found = Sums()
    for month, counted in sums.items():
        found = found.plus(counted) if first <= month <= last else found
    return found


def _drawn(sums: Mapping[int, Sums], period: Period, name: str) -> list[Month]:
    today, year = clock.today(), period.year
    return [
        Month(
            number,
            getattr(sums.get(100 * year + number, Sums()), name)
            if (year, number) <= (today.year, today.month)
            else None,
            getattr(sums.get(100 * (year - 1) + number, Sums()), name),
            period.first <= number <= period.last,
        )
        for number in range(1, MONTHS + 1)
    ]


def _courses(tops: Sequence[int], wanted: Wanted) -> list[CourseLine]:
    """The courses of the period, those with most completions first; one statement."""
    names = CourseLine._fields[2:]
    first, last = wanted.period.keys
    counted = (
        select(_month.course_id, *(func.sum(_month[name]).label(name) for name in names))
        .where(*_of(tops, wanted), _month.month.between(first, last))
        .group_by(_month.course_id)
        .subquery("counted")
    )
    found = (
        select(Course.slug, CourseVersion.title, *(counted.c[name] for name in names))
        .join(counted, counted.c.course_id == Course.id)
        .join(CourseVersion, CourseVersion.id == Course.latest_version_id)
        .where(or_(counted.c.enrolled > 0, counted.c.completed > 0))
        .order_by(counted.c.completed.desc(), counted.c.enrolled.desc(), CourseVersion.title)
    )
    return [CourseLine(row.slug, row.title, *map(int, row[2:])) for row in branch.read(found)]
