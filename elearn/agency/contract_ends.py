"""Contracts of PPPK that end with none after them: a list for HR, and word of it in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from elearn import clock, settings
from elearn.database import rows, transaction
from elearn.jobs import Work
from elearn.learning import expiry
from elearn.people import contracts, notices, units
from elearn.people.actors import Actor
from elearn.people.history_models import Contract
from elearn.people.models import Person, Unit, full_name
from elearn.people.notices import NoticeKind

TELL_OF_CONTRACTS = "tell_of_contracts"  # a job
NOTICE_DAYS = "contract_notice_days"
ENDING_DAYS = 90
BATCH = 200


@dataclass(frozen=True)
class Ending:
    """A contract that ends soon."""

    person_id: int
    person: str
    unit: str
    ends_on: date
    days: int


def ending(actor: Actor) -> list[Ending]:
    """The contracts in reach that end within ENDING_DAYS, or have ended; one statement."""
    today = clock.today()
    names = (Person.degrees_before, Person.name, Person.degrees_after, Unit.name.label("unit"))
    wanted = (
        _last_ones(today + timedelta(days=ENDING_DAYS), *names)
        .where(units.reach(actor))
        .order_by(Contract.ends_on, Person.sort_name)
    )
    return [
        Ending(
            person_id=row.person_id,
            person=full_name(row.degrees_before, row.name, row.degrees_after),
            unit=row.unit,
            ends_on=row.ends_on,
            days=(row.ends_on - today).days,
        )
        for row in rows(wanted)
    ]


def _last_ones(until: date, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Contracts that end on a day or before, of people who work here, with none after them."""
    return (
        select(Contract.id, Contract.person_id, Contract.ends_on, *columns)
        .select_from(Person)
        # One that begins on the day after is known by then.
        .join(Contract, contracts.holds(until + timedelta(days=1)))
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.active, Person.status.in_(contracts.PPPK), Contract.ends_on <= until)
    )


# --- telling


def tell(work: Work) -> None:
    """A job, once a day: tell people and HR of their unit; what was told is not told again.

    A day that the runner slept through is made good: the notice due by now is given.
    """
    today = clock.today()
    days: list[int] = settings.value(NOTICE_DAYS, today.year)
    if not days:
        return
    last = today + timedelta(days=max(days))
    _tell_people(today, last, days, work)
    _tell_hr(today, last, days)


def _tell_people(today: date, last: date, days: Sequence[int], work: Work) -> None:
    done = 0
    ordered = _last_ones(last).where(Contract.ends_on >= today).order_by(Contract.id)
    while found := rows(ordered.where(Contract.id > done).limit(BATCH)):
        done = found[-1].id
        with transaction():
            for row in found:
                due = expiry.due_notice(row.ends_on, today, days)
                notices.notify(
                    row.person_id,
                    NoticeKind.CONTRACT_ENDING,
                    f"contract:{row.id}:{row.ends_on}:{due}",
                    day=clock.start_of_day_ms(row.ends_on),
                )
        work.report(0)


def _tell_hr(today: date, last: date, days: Sequence[int]) -> None:
    """Each who holds HR for a unit is told how many end there and below on which day."""
    counted = _last_ones(last).where(Contract.ends_on >= today).subquery()
    by_unit = (
        select(Person.unit_id, counted.c.ends_on, func.count().label("number"))
        .join(Person, Person.id == counted.c.person_id)
        .group_by(Person.unit_id, counted.c.ends_on)
    )
    told: Counter[tuple[int, date]] = Counter()
    for row in rows(by_unit):
        for hr_id in units.hr_ids_of(row.unit_id):
            told[hr_id, row.ends_on] += row.number
    with transaction():
        for (hr_id, ends_on), number in sorted(told.items()):
            due = expiry.due_notice(ends_on, today, days)
            notices.notify(
                hr_id,
                NoticeKind.CONTRACTS_ENDING,
                f"contracts:{ends_on}:{due}",
                count=number,
                day=clock.start_of_day_ms(ends_on),
            )
