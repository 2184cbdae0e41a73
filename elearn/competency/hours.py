"""The ledger of JP: credit, withdraw, the figures of a calendar and of a contract year."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, delete, select, update

from elearn import clock, settings
from elearn.competency import hour_rules, sources
from elearn.competency.events import Credit, Kind, Source, client_id, credit_body, source_body
from elearn.competency.hour_rules import DailyLimit
from elearn.competency.models import HoursEntry, HoursYear
from elearn.database import db, insert_new
from elearn.errors import Invalid, NotFound
from elearn.journal import chain
from elearn.people import contracts
from elearn.people.models import Status
from elearn.settings import Floor

PER_DAY = "elearning_jp_per_day"


class Employee(Protocol):
    """What the rules ask of a person."""

    @property
    def id(self) -> int: ...
    @property
    def status(self) -> Status: ...


@dataclass(frozen=True)
class Entry:
    """JP from one source, with its title where it is known."""

    source: Source
    title: str
    kind: str
    jp: int
    planned: bool
    ended_on: date
    active_days: tuple[date, ...]


@dataclass(frozen=True)
class YearHours:
    """JP of a person in a calendar year, recorded here.

    ``counted`` is the figure held against the floor; ``floor``, ``missing`` and ``meets`` are None
    for those without a floor. ``limit`` says what the limit a day makes of the e-learning.
    """

    year: int
    earned: int
    countable: int
    counted: int
    floor: int | None
    limit: DailyLimit
    entries: tuple[Entry, ...]

    @property
    def missing(self) -> int | None:
        return None if self.floor is None else max(self.floor - self.counted, 0)

    @property
    def meets(self) -> bool | None:
        return None if self.floor is None else self.counted >= self.floor

    @property
    def is_limited(self) -> bool:
        """Whether the limit a day takes something off, so that the page must give the reason."""
        return self.countable < self.earned


@dataclass(frozen=True)
class ContractHours:
    """JP of a PPPK in a contract year; the ceiling is shown and blocks nothing."""

    start: date
    end: date
    planned: int
    ceiling: int
    own_initiative: int
    entries: tuple[Entry, ...]


def credit(credit: Credit) -> bool:
    """Credit JP in the caller's transaction; the same source counts once. True if it is new."""
    if credit.jp < 1:
        raise Invalid("jp_out_of_range", "jp")
    fact_id = client_id("hours", credit.source.kind, credit.source.id)
    if not _append(credit.person_id, fact_id, Kind.HOURS_CREDITED, credit_body(credit)):
        return False
    values = {**credit_body(credit), "person_id": credit.person_id, "ended_on": credit.ended_on}
    values["days"] = json.dumps(values["days"])
    insert_new(HoursEntry, [values])
    refresh_year(credit.person_id, credit.ended_on.year)
    return True


def withdraw(person_id: int, source: Source) -> None:
    """Take back what a source had brought; for good. Raises NotFound if it brought nothing."""
    fact_id = client_id("hours-withdrawn", source.kind, source.id)
    found = db.session.scalar(select(HoursEntry).where(_from(person_id, source)))
    if found is None:
        raise NotFound
    _append(person_id, fact_id, Kind.HOURS_WITHDRAWN, dict(source_body(source)))
    db.session.execute(delete(HoursEntry).where(_from(person_id, source)))
    refresh_year(person_id, found.ended_on.year)


def _append(person_id: int, fact_id: str, kind: Kind, body: dict[str, object]) -> bool:
    now_ms = clock.now_ms()
    fact = chain.Fact(fact_id, kind, body, now_ms)
    return bool(chain.append(db.session(), person_id, [fact], now_ms))


def _from(person_id: int, source: Source) -> ColumnElement[bool]:
    return and_(
        HoursEntry.person_id == person_id,
        HoursEntry.source_kind == source.kind,
        HoursEntry.source_id == source.id,
    )


def _of_year(year: int) -> ColumnElement[bool]:
    return HoursEntry.ended_on.between(date(year, 1, 1), date(year, 12, 31))


def refresh_year(person_id: int, year: int) -> None:
    """Compute the figures of a year from its entries, in the caller's transaction."""
    entries = _entries(person_id, _of_year(year))
    same = (HoursYear.person_id == person_id) & (HoursYear.year == year)
    if not entries:
        db.session.execute(delete(HoursYear).where(same))
        return
    figures = {
        "earned_jp": sum(entry.jp for entry in entries),
        "countable_jp": hour_rules.countable(entries, settings.value(PER_DAY, year)),
    }
    if not insert_new(HoursYear, [{"person_id": person_id, "year": year, **figures}]):
        db.session.execute(update(HoursYear).where(same).values(figures))


def refresh_from(year: int) -> None:
    """Compute all figures from a year on, after the limit a day has been changed: a few statements
    for everybody, and only what differs is written."""
    columns = (HoursYear.person_id, HoursYear.year, HoursYear.countable_jp)
    held = db.session.execute(select(*columns).where(HoursYear.year >= year)).all()
    entries = _entries_from(year)
    limits = {each: settings.value(PER_DAY, each) for each in {row.year for row in held}}
    changed = [
        {"person_id": row.person_id, "year": row.year, "countable_jp": countable}
        for row in held
        for countable in (hour_rules.countable(entries[row.person_id, row.year], limits[row.year]),)
        if countable != row.countable_jp
    ]
    if changed:
        db.session.execute(update(HoursYear), changed)


def _entries_from(year: int) -> Mapping[tuple[int, int], list[Entry]]:
    """The entries of everybody from a year on, by person and year."""
    found: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    wanted = select(HoursEntry).where(HoursEntry.ended_on >= date(year, 1, 1))
    for row in db.session.scalars(wanted):
        found[row.person_id, row.ended_on.year].append(_entry(row))
    return found


settings.follow(PER_DAY, refresh_from)


def year(person: Employee, year: int) -> YearHours:
    """JP recorded for a person in a WIB calendar year, with the reason for each figure."""
    entries = _titled(person.id, _entries(person.id, _of_year(year)))
    held = settings.of_year(year)
    per_day = held[PER_DAY]
    earned = sum(entry.jp for entry in entries)
    countable = hour_rules.countable(entries, per_day)
    return YearHours(
        year=year,
        earned=earned,
        countable=countable,
        counted=earned if held["floor_counts"] == Floor.EARNED else countable,
        floor=_floor(person.status, held),
        limit=hour_rules.daily_limit(entries, per_day),
        entries=tuple(entries),
    )


def floor(status: Status, year: int) -> int | None:
    """JP a person of this status needs in a year; None where there is no floor."""
    return _floor(status, settings.of_year(year))


def _floor(status: Status, held: Mapping[str, Any]) -> int | None:
    follows = status == Status.CPNS and held["cpns_follows_floor"]
    floor: int = held["pns_floor_jp"]
    return floor if status == Status.PNS or follows else None


def contract(person: Employee, today: date) -> ContractHours | None:
    """JP in the contract year of a PPPK that a day falls in; None for others."""
    held = contracts.on(person.id, today) if Status(person.status).is_pppk else None
    if held is None:
        return None
    period = hour_rules.contract_period(held.starts_on, held.ends_on, today)
    within = HoursEntry.ended_on.between(period.start, period.end)
    entries = _titled(person.id, _entries(person.id, within))
    planned = sum(entry.jp for entry in entries if entry.planned)
    return ContractHours(
        start=period.start,
        end=period.end,
        planned=planned,
        ceiling=settings.value("pppk_planned_ceiling_jp", period.start.year),
        own_initiative=sum(entry.jp for entry in entries) - planned,
        entries=tuple(entries),
    )


def _entries(person_id: int, wanted: ColumnElement[bool]) -> list[Entry]:
    statement = select(HoursEntry).where(HoursEntry.person_id == person_id, wanted)
    order = (HoursEntry.ended_on.desc(), HoursEntry.source_kind, HoursEntry.source_id.desc())
    return [_entry(row) for row in db.session.scalars(statement.order_by(*order))]


def _entry(row: HoursEntry) -> Entry:
    days = tuple(date.fromisoformat(day) for day in json.loads(row.days))
    source = Source(row.source_kind, row.source_id)
    return Entry(source, "", row.kind, row.jp, row.planned, row.ended_on, days)


def _titled(person_id: int, entries: Sequence[Entry]) -> list[Entry]:
    titles = sources.titles_of(person_id) if entries else {}
    return [replace(entry, title=titles.get(entry.source, "")) for entry in entries]
