"""31 December 23.30 and 1 January 00.30 WIB: where learning elsewhere and its rules fall."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from elearn import clock
from elearn.competency import hour_settings, hours, outside, papers, submissions
from elearn.competency.submissions import Asked
from elearn.database import db, transaction
from elearn.errors import Invalid
from elearn.people import contracts
from elearn.people.contracts import Term
from elearn.people.models import Status
from elearn.reports import filters
from tests.outside.conftest import PDF, a_learning, submit
from tests.people_cast import Cast, actor_of

EVE = datetime(2026, 12, 31, 23, 30, tzinfo=clock.WIB)
NEW_YEAR = datetime(2027, 1, 1, 0, 30, tzinfo=clock.WIB)
LAST, FIRST = date(2026, 12, 31), date(2027, 1, 1)
MOMENTS = pytest.mark.parametrize("moment", [EVE, NEW_YEAR], ids=["eve", "new year"])


def test_a_day_that_has_not_come_in_wib_is_refused_until_midnight(cast: Cast) -> None:
    with clock.set_to(clock.to_ms(EVE)), pytest.raises(Invalid, match="in_the_future"):
        submit(cast.ani, started_on=LAST, ended_on=FIRST)
    with clock.set_to(clock.to_ms(NEW_YEAR)):
        assert submit(cast.ani, started_on=LAST, ended_on=FIRST).state == "waiting"


@pytest.mark.parametrize(("ended_on", "year"), [(LAST, 2026), (FIRST, 2027)])
def test_the_year_of_credit_is_that_of_the_end_not_of_the_decision(
    cast: Cast, ended_on: date, year: int
) -> None:
    with clock.set_to(clock.to_ms(NEW_YEAR)):
        row = submit(cast.ani, started_on=LAST, ended_on=ended_on)
        citra = actor_of(cast.citra)
        with transaction():
            submissions.approve(citra, Asked(row.id, 1))
    assert [hours.year(cast.ani, each).earned for each in (year, 4053 - year)] == [24, 0]


@MOMENTS
def test_what_hr_enters_at_midnight_falls_in_its_own_year(cast: Cast, moment: datetime) -> None:
    citra = actor_of(cast.citra)
    with clock.set_to(clock.to_ms(moment)), transaction():
        today = clock.today()
        learning = a_learning(started_on=today, ended_on=today)
        outside.enter(citra, cast.ani, learning, papers.read(PDF))
    assert hours.year(cast.ani, moment.year).earned == 24


@pytest.mark.parametrize(
    ("start", "moment", "begins"),
    [
        (date(2025, 1, 1), EVE, date(2026, 1, 1)),
        (date(2025, 1, 1), NEW_YEAR, date(2027, 1, 1)),
        (date(2025, 3, 1), EVE, date(2026, 3, 1)),
        (date(2025, 3, 1), NEW_YEAR, date(2026, 3, 1)),
    ],
)
def test_a_contract_year_turns_at_its_own_midnight(
    cast: Cast, start: date, moment: datetime, begins: date
) -> None:
    with transaction():
        ani = db.session.get_one(type(cast.ani), cast.ani.id)
        ani.status = Status.PPPK
        contracts.add(None, ani.id, Term(starts_on=start))
    with clock.set_to(clock.to_ms(moment)):
        held = hours.contract(ani, clock.today())
    assert held is not None
    assert held.start == begins


@MOMENTS
def test_a_year_is_open_until_its_last_minute(cast: Cast, moment: datetime) -> None:
    with clock.set_to(clock.to_ms(moment)):
        assert hour_settings.is_closed(2026) is (moment is NEW_YEAR)
        assert filters.year_of({}) == moment.year
