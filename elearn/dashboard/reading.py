"""The gauges of all branches, read off the people by a job every hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, insert, select, tuple_

from elearn import clock
from elearn.assignments import assigned
from elearn.competency.models import HoursYear
from elearn.dashboard import gauges
from elearn.dashboard.gauges import Count, Gauge, Kind
from elearn.dashboard.models import BranchGauge, GaugeReading
from elearn.database import db, rows, transaction
from elearn.jobs import Work
from elearn.learning import asked
from elearn.learning.asked import Standing
from elearn.people import units
from elearn.people.models import Person, Position, Status, Unit
from elearn.planning import standings
from elearn.planning.standings import Aim
from elearn.reports import branch, people

GAUGES = "gauges"
PEOPLE_AT_ONCE = 2000
ROWS_AT_ONCE = 1000
VALUES = ("people", "matching", "is_hidden")
KEY = [BranchGauge.__table__.c[name] for name in Gauge._fields]
SEX_DIGIT = 15  # of a NIP
Row = tuple[int, int, bool]
Counts = dict[Gauge, Count]


def run(work: Work) -> None:
    """Read all gauges; what has not changed is not written."""
    read()
    work.report(100)


def read() -> None:
    """Read all gauges off the people as they are now."""
    now_ms = clock.now_ms()
    tree = {row.id: units.path_ids(row.path) for row in rows(select(Unit.id, Unit.path))}
    branches = gauges.of_branches(_counted(), tree)
    parents = {id_: above[-2] if len(above) > 1 else None for id_, above in tree.items()}
    hidden = gauges.hidden(branches, parents)
    _store({key: (*count, key in hidden) for key, count in branches.items()})
    with transaction() as session:
        session.execute(delete(GaugeReading))
        session.execute(insert(GaugeReading), {"id": 1, "read_ms": now_ms})


def read_ms() -> int | None:
    """When the gauges were read; None before the first time."""
    return db.session.scalar(select(GaugeReading.read_ms))


def _counted() -> Counts:
    """The gauges of each unit without those below it."""
    counts: Counts = defaultdict(Count)
    year = clock.today().year
    parts = (_of_year(year), _of_year(year - 1), _planned(), _overdue(), _gaps())
    for part in parts:
        for gauge, count in part:
            counts[gauge] = counts[gauge].plus(count)
    return counts


def _of_year(year: int) -> Iterator[tuple[Gauge, Count]]:
    """Who is at the floor of a year, and who has any JP in it; one statement."""
    rules = people.rules_of(year)
    unit, post = branch.unit_in(year).label("unit"), _class().label("post")
    sex = func.substr(Person.nip, SEX_DIGIT, 1).label("sex")
    status = branch.status_in(year).label("status")
    groups: tuple[ColumnElement[Any], ...] = (unit, post, status, sex)
    wanted = (
        select(
            *groups,
            func.count().label("people"),
            func.sum(case((rules.counted >= rules.floor, 1), else_=0)).label("meeting"),
            func.sum(case((people.EARNED > 0, 1), else_=0)).label("reached"),
        )
        .select_from(Person)
        .outerjoin(Position, Position.id == branch.position_in(year))
        .outerjoin(HoursYear, people.hours_of(year))
        .where(Person.active)
        .group_by(*groups)
    )
    for row in branch.read(wanted):
        if row.status == Status.PNS:
            at_floor = Count(row.people, int(row.meeting))
            yield Gauge(row.unit, row.post, Kind.FLOOR, year, ""), at_floor
        reached = Count(row.people, int(row.reached))
        keys = {Kind.BY_UNIT: "", Kind.BY_STATUS: row.status, Kind.BY_SEX: row.sex}
        for kind, key in {**keys, Kind.BY_CLASS: row.post}.items():
            yield Gauge(row.unit, gauges.ALL_CLASSES, kind, year, key), reached


def _class() -> ColumnElement[str]:
    return func.coalesce(Position.position_class, "")


def _planned() -> Iterator[tuple[Gauge, Count]]:
    """PPPK within the ceiling of planned JP of their contract year; three statements a portion."""
    year = clock.today().year
    ceiling = people.rules_of(year).ceiling
    pppk = [status for status in Status if status.is_pppk]
    wanted = (
        select(Person.id, Person.unit_id, Person.status, _class().label("post"))
        .outerjoin(Position, Position.id == Person.position_id)
        .where(Person.active, Person.status.in_(pppk))
    )
    for portion in _portions(wanted):
        held = people.contract_hours(portion, year)
        for row in portion:
            if row.id in held:
                within = int(held[row.id].planned <= ceiling)
                yield Gauge(row.unit_id, row.post, Kind.PLANNED, 0, row.status), Count(1, within)


def _portions(wanted: branch.Query) -> Iterator[Sequence[branch.AnyRow]]:
    last = 0
    ordered = wanted.order_by(Person.id).limit(PEOPLE_AT_ONCE)
    while portion := branch.read(ordered.where(Person.id > last)):
        last = portion[-1].id
        yield portion


def _overdue() -> Iterator[tuple[Gauge, Count]]:
    """Of whom assignments are asked, and whose time is over; a statement for each assignment."""
    exempt = Standing.EXEMPT.value
    post = select(Position.position_class).where(Position.id == Person.position_id)
    named = func.coalesce(post.correlate(Person).scalar_subquery(), "").label("post")
    for each in assigned.open_ones():
        query, _standing = asked.standings(each, Person.unit_id, named)
        told = query.where(Person.active).subquery()
        for row in branch.read(asked.counted_by_standing(told, told.c.unit_id, told.c.post)):
            if row.standing != exempt:
                late = row.people if row.standing == Standing.OVERDUE else 0
                yield Gauge(row.unit_id, row.post, Kind.OVERDUE, 0, ""), Count(row.people, late)


def _gaps() -> Iterator[tuple[Gauge, Count]]:
    """Who falls short of what their position asks, of those assessed; five statements a portion."""
    for portion in _portions(select(Person.id).where(Person.active)):
        here = Person.id.between(portion[0].id, portion[-1].id)
        for person in standings.of_people([Person.active.is_(True), here], Aim.PRESENT):
            unit_id = units.path_ids(person.unit_path)[-1]
            for gap in person.gaps:
                if gap.required and gap.held:
                    count = Count(1, int(gap.missing > 0))
                    yield Gauge(unit_id, gauges.ALL_CLASSES, Kind.GAP, 0, gap.code), count


def _store(wanted: dict[Gauge, Row]) -> None:
    """Write what differs, some rows at a time."""
    held = _held()
    both = held.keys() | wanted.keys()
    changed = sorted(key for key in both if held.get(key) != wanted.get(key))
    for start in range(0, len(changed), ROWS_AT_ONCE):
        some = changed[start : start + ROWS_AT_ONCE]
        made = [_values(key, wanted[key]) for key in some if key in wanted]
        with transaction() as session:
            session.execute(delete(BranchGauge).where(tuple_(*KEY).in_(some)))
            if made:
                session.execute(insert(BranchGauge), made)


def _values(key: Gauge, row: Row) -> dict[str, Any]:
    return {**key._asdict(), **dict(zip(VALUES, row, strict=True))}


def _held() -> dict[Gauge, Row]:
    values = [BranchGauge.__table__.c[name] for name in VALUES]
    return {_gauge(row): (row[5], row[6], row[7]) for row in branch.each(select(*KEY, *values))}


def _gauge(row: branch.AnyRow) -> Gauge:
    return Gauge(row.unit_id, row.position_class, Kind(row.kind), row.year, row.key)
