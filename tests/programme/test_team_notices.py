"""Supervisors are told once a week of what presses in their team, and only if something does."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock, jobs, settings, work
from elearn.assignments.rule import Line
from elearn.database import db, transaction
from elearn.people import staffing, supervisors
from elearn.people.models import Notice, Person
from elearn.programme import team_notices
from tests.assignments.conftest import Office
from tests.reports.school import browser_of

DUE = date(2026, 11, 30)
MONDAY = date(2026, 12, 7)


def run_on(day: date) -> None:
    """The runner comes round on a day, twice."""
    moment = clock.start_of_day_ms(day) + 8 * 3_600_000
    with clock.set_to(moment):
        for _twice in range(2):
            jobs.open_slots((team_notices.SLOT,), moment)
            while jobs.run_one({team_notices.WEEKLY: work.HANDLERS[team_notices.WEEKLY]}):
                pass


def told(person: Person) -> list[Any]:
    wanted = select(Notice.body).where(Notice.person_id == person.id, Notice.kind == "team_pressed")
    return [json.loads(body) for body in db.session.scalars(wanted.order_by(Notice.key))]


@pytest.fixture
def led(office: Office) -> Office:
    """Citra supervises Ani, who is asked for a course by the end of November."""
    cast = office.cast
    with transaction():
        supervisors.choose(None, staffing.locked(cast.ani.id), cast.citra.id)
    with clock.set_to(clock.start_of_day_ms(date(2026, 11, 1))):
        office.give(Line(unit_id=cast.pustu.id), due_on=DUE)
    return office


def test_once_a_week_with_counts_and_only_when_there_is_something(app: Flask, led: Office) -> None:
    cast = led.cast
    run_on(date(2026, 11, 2))
    assert told(cast.citra) == []
    run_on(date(2026, 11, 24))
    assert told(cast.citra) == [{"overdue": 0, "soon": 1}]
    for later in range(7):
        run_on(MONDAY + timedelta(days=later))
    assert told(cast.citra) == [{"overdue": 0, "soon": 1}, {"overdue": 1, "soon": 0}]
    run_on(MONDAY + timedelta(days=7))
    assert len(told(cast.citra)) == 3
    assert told(cast.ani) == told(cast.syamsul) == told(cast.stranger) == []
    page = browser_of(app, cast.citra).get("/inbox").text
    assert "1 bawahan langsung Anda mempunyai kursus wajib yang terlambat" in page
    assert 'href="/team"' in page


@pytest.mark.parametrize("key", ["weekly_team_notice", "switch_team"])
def test_a_setting_turns_it_off(led: Office, key: str) -> None:
    with transaction():
        settings.change(key, 2020, False, None)
    run_on(MONDAY)
    assert told(led.cast.citra) == []


def test_everybody_has_the_supervisor_that_is_theirs_alone(led: Office) -> None:
    found = supervisors.everybody()
    for person in db.session.scalars(select(Person).where(Person.active)):
        assert found.get(person.id) == supervisors.of(person)
