"""The people of a branch with their JP of a year: who meets the floor, who has planned what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, select

from elearn import clock, settings
from elearn.competency import hour_rules
from elearn.competency.hour_rules import Period
from elearn.competency.models import HoursEntry, HoursYear
from elearn.people import contracts
from elearn.people.actors import Actor
from elearn.people.models import Person, Position, Status, Unit, full_name
from elearn.reports import branch
from elearn.reports.branch import AnyRow, Page, Query
from elearn.reports.filters import Wanted
from elearn.settings import Floor

ACTIVE = {"active": Person.active.is_(True), "inactive": Person.active.is_(False)}
EARNED = func.coalesce(HoursYear.earned_jp, 0)
COUNTABLE = func.coalesce(HoursYear.countable_jp, 0)


class Rules(NamedTuple):
    """What holds in a year: the floor, whom it binds, what counts, the ceiling of PPPK."""

    floor: int
    bound: frozenset[str]
    counts_earned: bool
    ceiling: int

    @property
    def counted(self) -> ColumnElement[int]:
        """The figure held against the floor."""
        return EARNED if self.counts_earned else COUNTABLE


class PersonRow(NamedTuple):
    """A person in the list. ``meets`` is None where no floor binds, ``planned`` and ``own`` are
    JP of the contract year of PPPK and None without a contract."""

    id: int
    full_name: str
    nip: str
    status: Status
    active: bool
    unit: str
    position: str
    earned: int
    countable: int
    meets: bool | None
    planned: int | None
    own: int | None
    in_reach: bool


class Contract(NamedTuple):
    """JP of a contract year, by written assignment and of own initiative."""

    planned: int
    own: int


def rules_of(year: int) -> Rules:
    """The rules of a year; one statement."""
    held = settings.of_year(year)
    bound = {Status.PNS, Status.CPNS} if held["cpns_follows_floor"] else {Status.PNS}
    return Rules(
        held["pns_floor_jp"],
        frozenset(bound),
        held["floor_counts"] == Floor.EARNED,
        held["pppk_planned_ceiling_jp"],
    )


def find(actor: Actor, wanted: Wanted, rules: Rules) -> Page[PersonRow]:
    """A page of the people of a branch; two statements."""
    page = branch.page_of(_query(actor, wanted, rules), wanted.number)
    contracts = contract_hours(page.rows, wanted.year)
    rows = [_row(row, actor, rules, contracts) for row in page.rows]
    return Page(rows, page.number, page.pages, page.total)


def everyone(actor: Actor, wanted: Wanted, rules: Rules) -> Iterator[PersonRow]:
    """All of them for an export; the contracts are read a portion at a time."""
    portion: list[AnyRow] = []
    for row in branch.stream(_query(actor, wanted, rules)):
        portion.append(row)
        if len(portion) == branch.FETCHED_AT_ONCE:
            yield from _rows(portion, actor, wanted, rules)
            portion = []
    yield from _rows(portion, actor, wanted, rules)


def _rows(portion: list[AnyRow], actor: Actor, wanted: Wanted, rules: Rules) -> Iterator[PersonRow]:
    contracts = contract_hours(portion, wanted.year)
    return (_row(row, actor, rules, contracts) for row in portion)


def _query(actor: Actor, wanted: Wanted, rules: Rules) -> Query:
    orders = {
        "name": (Person.sort_name, Person.id),
        "unit": (Unit.name, Person.sort_name, Person.id),
        "jp": (rules.counted, Person.sort_name, Person.id),
    }
    query = (
        select(
            Person.id,
            Person.degrees_before,
            Person.name,
            Person.degrees_after,
            Person.nip,
            branch.status_in(wanted.year).label("status"),
            Person.active,
            Unit.name.label("unit"),
            Position.name.label("position"),
            EARNED.label("earned"),
            COUNTABLE.label("countable"),
            rules.counted.label("counted"),
            branch.home_path().label("home"),
        )
        .select_from(Person)
        .join(Unit, Unit.id == branch.unit_in(wanted.year))
        .outerjoin(Position, Position.id == branch.position_in(wanted.year))
        .outerjoin(HoursYear, hours_of(wanted.year))
    )
    about = branch.who(wanted, branch.status_in(wanted.year))
    conditions = [*about, *branch.holds_class(wanted), *_state(wanted, rules)]
    narrowed = query.where(branch.scope(actor, wanted), *conditions)
    return narrowed.order_by(*branch.order(orders, wanted.sort, "name"))


def hours_of(year: int) -> ColumnElement[bool]:
    """The condition that joins a person with their hours of a year."""
    return and_(HoursYear.person_id == Person.id, HoursYear.year == year)


def _state(wanted: Wanted, rules: Rules) -> Iterator[ColumnElement[bool]]:
    if wanted.activity in ACTIVE:
        yield ACTIVE[wanted.activity]
    if wanted.floor:
        yield branch.status_in(wanted.year).in_(sorted(rules.bound))
        meets = rules.counted >= rules.floor
        yield meets if wanted.floor == "met" else ~meets


def contract_hours(rows: Iterable[AnyRow], year: int) -> Mapping[int, Contract]:
    """The JP of each contract year that the last day of a year, or today, falls in."""
    day = min(clock.today(), date(year, 12, 31))
    pppk = [row.id for row in rows if Status(row.status).is_pppk]
    held = contracts.on_of_many(pppk, day) if pppk else {}
    if not held:
        return {}
    periods = {
        person_id: hour_rules.contract_period(contract.starts_on, contract.ends_on, day)
        for person_id, contract in held.items()
    }
    columns = (HoursEntry.person_id, HoursEntry.planned, HoursEntry.jp, HoursEntry.ended_on)
    first = min(period.start for period in periods.values())
    within = (HoursEntry.person_id.in_(list(periods)), HoursEntry.ended_on >= first)
    return _sums(branch.read(select(*columns).where(*within)), periods)


def _sums(entries: Iterable[AnyRow], periods: Mapping[int, Period]) -> Mapping[int, Contract]:
    sums: dict[int, Contract] = dict.fromkeys(periods, Contract(0, 0))
    for entry in entries:
        period, sofar = periods[entry.person_id], sums[entry.person_id]
        if period.start <= entry.ended_on <= period.end:
            planned = entry.jp if entry.planned else 0
            added = Contract(sofar.planned + planned, sofar.own + entry.jp - planned)
            sums[entry.person_id] = added
    return sums


def _row(row: Any, actor: Actor, rules: Rules, contracts: Mapping[int, Contract]) -> PersonRow:
    contract = contracts.get(row.id)
    return PersonRow(
        id=row.id,
        full_name=full_name(row.degrees_before, row.name, row.degrees_after),
        nip=row.nip,
        status=Status(row.status),
        active=row.active,
        unit=row.unit,
        position=row.position or "",
        earned=row.earned,
        countable=row.countable,
        meets=row.counted >= rules.floor if row.status in rules.bound else None,
        planned=contract.planned if contract else None,
        own=contract.own if contract else None,
        in_reach=actor.in_reach(row.home),
    )
