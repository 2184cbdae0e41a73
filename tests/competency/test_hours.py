"""The ledger of JP on a database: credit, withdraw, the years."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import clock, settings
from elearn.competency import hours
from elearn.competency.events import Credit, Source
from elearn.competency.models import HoursEntry, HoursYear
from elearn.database import db, transaction
from elearn.errors import Invalid, NotFound
from elearn.journal import chain
from elearn.people.models import Person
from tests.competency import people_of_jambi
from tests.competency.people_of_jambi import People

DAY = date(2026, 11, 24)


@pytest.fixture
def people(app: Flask) -> People:
    return people_of_jambi.settle()


def credit(people: People, id: str = "1", person: int = 0, **changes: object) -> Credit:
    values = {
        "person_id": person or people.ani,
        "source": Source("course", id),
        "kind": "16",
        "jp": 3,
        "planned": False,
        "ended_on": DAY,
        "unit_id": people.health,
        "days": (DAY,),
    }
    return Credit(**(values | changes))


def record(*credits: Credit) -> None:
    with transaction():
        for one in credits:
            hours.credit(one)


def person(id: int) -> Person:
    found = db.session.get(Person, id)
    assert found is not None
    return found


def test_credited_hours_stand_in_the_journal_the_ledger_and_the_year(people: People) -> None:
    record(credit(people))
    assert [event["kind"] for event in chain.events_of(people.ani)] == ["hours_credited"]
    held = hours.year(person(people.ani), 2026)
    assert (held.earned, held.countable, held.floor, held.missing, held.meets) == (
        3,
        3,
        20,
        17,
        False,
    )
    row = db.session.get(HoursYear, (people.ani, 2026))
    assert row is not None
    assert (row.earned_jp, row.countable_jp) == (3, 3)


def test_the_same_source_counts_once(people: People) -> None:
    record(credit(people), credit(people, jp=9))
    assert hours.year(person(people.ani), 2026).earned == 3
    assert db.session.scalar(select(func.count()).select_from(HoursEntry)) == 1


def test_two_courses_on_one_day_earn_six_and_count_three_with_the_reason(people: People) -> None:
    record(credit(people, "1"), credit(people, "2"))
    held = hours.year(person(people.ani), 2026)
    assert (held.earned, held.countable, held.is_limited) == (6, 3, True)
    assert (held.limit.earned, held.limit.active_days, held.limit.per_day) == (6, 1, 3)


def test_a_setting_says_which_figure_meets_the_floor(people: People) -> None:
    record(credit(people, "1", jp=20))
    assert hours.year(person(people.ani), 2026).meets is True
    with transaction():
        settings.change("floor_counts", 2026, "countable", None)
    held = hours.year(person(people.ani), 2026)
    assert (held.counted, held.meets, held.missing) == (3, False, 17)


def test_a_pppk_has_no_floor_and_a_cpns_by_setting(people: People) -> None:
    held = hours.year(person(people.rudi), 2026)
    assert (held.floor, held.missing, held.meets) == (None, None, None)
    assert hours.floor("cpns", 2026) == 20
    with transaction():
        settings.change("cpns_follows_floor", 2027, False, None)
    assert hours.floor("cpns", 2026) == 20
    assert hours.floor("cpns", 2027) is None


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (datetime(2026, 12, 31, 23, 30, tzinfo=clock.WIB), 2026),
        (datetime(2027, 1, 1, 0, 30, tzinfo=clock.WIB), 2027),
    ],
)
def test_the_year_changes_at_midnight_in_wib(people: People, moment: datetime, year: int) -> None:
    with clock.set_to(clock.to_ms(moment)):
        record(credit(people, ended_on=clock.today(), days=(clock.today(),)))
    assert hours.year(person(people.ani), year).earned == 3
    assert hours.year(person(people.ani), 4053 - year).earned == 0


def test_withdrawn_hours_leave_the_ledger_for_good(people: People) -> None:
    record(credit(people))
    with transaction():
        hours.withdraw(people.ani, Source("course", "1"))
    assert hours.year(person(people.ani), 2026).entries == ()
    assert db.session.get(HoursYear, (people.ani, 2026)) is None
    record(credit(people))
    assert hours.year(person(people.ani), 2026).earned == 0


def test_what_brought_nothing_cannot_be_withdrawn(people: People) -> None:
    with pytest.raises(NotFound), transaction():
        hours.withdraw(people.ani, Source("course", "404"))
    assert chain.events_of(people.ani) == []


def test_less_than_one_jp_is_refused(people: People) -> None:
    with pytest.raises(Invalid), transaction():
        hours.credit(credit(people, jp=0))
    assert chain.events_of(people.ani) == []


def test_a_contract_year_parts_planned_from_own_initiative(people: People) -> None:
    rudi = people.rudi
    record(
        credit(people, "1", rudi, planned=True),
        credit(people, "2", rudi),
        credit(people, "3", rudi, planned=True, ended_on=date(2026, 2, 28), days=()),
    )
    held = hours.contract(person(rudi), DAY)
    assert held is not None
    assert (held.start, held.end) == (date(2026, 3, 1), date(2027, 2, 28))
    assert (held.planned, held.own_initiative, held.ceiling) == (3, 3, 24)


def test_more_than_the_ceiling_is_shown_and_blocks_nothing(people: People) -> None:
    record(credit(people, "1", people.rudi, planned=True, jp=30, kind="3"))
    held = hours.contract(person(people.rudi), DAY)
    assert held is not None
    assert held.planned == 30 > held.ceiling


def test_a_pns_has_no_contract_year(people: People) -> None:
    assert hours.contract(person(people.ani), DAY) is None


def test_a_changed_limit_a_day_is_applied_to_the_years_it_holds_for(people: People) -> None:
    record(credit(people, jp=9), credit(people, "2", jp=9, ended_on=date(2025, 5, 5)))
    with transaction():
        settings.change("elearning_jp_per_day", 2026, 6, None)
    years = {row.year: row.countable_jp for row in db.session.scalars(select(HoursYear))}
    assert years == {2025: 3, 2026: 6}


def test_hours_outside_a_transaction_are_refused(people: People) -> None:
    with pytest.raises(RuntimeError):
        hours.credit(credit(people, jp=0 + 3))
