"""The fold of the journal against what is stored, for random sequences."""

from __future__ import annotations

from collections import namedtuple
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from elearn import clock
from elearn.competency import derived, evidence, hours, issuing
from elearn.competency.derived import Difference, differences, rebuild
from elearn.competency.events import Credit, Source
from elearn.competency.evidence import Assessment
from elearn.competency.models import (
    AssessedLevel,
    Certificate,
    Evidence,
    HoursEntry,
    HoursYear,
)
from elearn.competency.outside_models import OutsideLearning
from elearn.database import db, transaction
from elearn.people.models import Person
from tests.competency import people_of_jambi
from tests.competency.people_of_jambi import People
from tests.competency.test_certificates import an_issue
from tests.competency.test_outside import a_learning, enter

Level = namedtuple("Level", ["code", "level"])
FIRST_DAY = date(2025, 12, 25)
DERIVED = (Evidence, HoursEntry, HoursYear)
AGAIN = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def people(app: Flask) -> People:
    return people_of_jambi.settle()


DAYS = st.integers(0, 14).map(lambda n: FIRST_DAY + timedelta(days=n))
SOURCES = st.integers(1, 6).map(lambda n: Source("course", str(n)))
CREDITS = st.builds(
    lambda source, kind, jp, planned, ended_on, days: Credit(
        0, source, kind, jp, planned, ended_on, 0, tuple(days)
    ),
    SOURCES,
    st.sampled_from(["16", "9"]),
    st.integers(1, 30),
    st.booleans(),
    DAYS,
    st.lists(DAYS, max_size=4),
)
RECORDS = st.tuples(
    st.sampled_from(["M.01", "M.02", "DIG.AMAN"]), st.integers(1, 5), SOURCES, st.integers(0, 9)
)
STEPS = st.lists(st.one_of(CREDITS, SOURCES, RECORDS), max_size=12)
_numbers = iter(range(100_000))


def somebody(people: People) -> int:
    """A new person, so that one database serves many examples."""
    with transaction():
        nip = f"{200001012019031900 + next(_numbers):018d}"
        person = people_of_jambi.a_person(nip, "Uji Coba", people.health)
        db.session.add(person)
        db.session.flush()
    return person.id


def take(people: People, person_id: int, step: object) -> None:
    """Credit, withdraw or record; a withdrawal of nothing does nothing."""
    with transaction():
        if isinstance(step, Credit):
            values = {**vars(step), "person_id": person_id, "unit_id": people.health}
            hours.credit(Credit(**values))
        elif isinstance(step, Source):
            if step in {entry.source for entry in _entries(person_id)}:
                hours.withdraw(person_id, step)
        else:
            code, level, source, minute = step
            evidence.record(person_id, [Level(code, level)], source, clock.DAY_MS + minute)


def _entries(person_id: int) -> tuple[hours.Entry, ...]:
    person = db.session.get(Person, person_id)
    return tuple(entry for year in (2025, 2026) for entry in hours.year(person, year).entries)


def state_of(person_id: int) -> tuple[object, ...]:
    """Everything derived of a person, without the ids of the rows."""
    columns = [
        [column for column in model.__table__.c if column.name not in {"id", "person_id"}]
        for model in DERIVED
    ]
    return tuple(
        sorted(
            tuple(row)
            for row in db.session.execute(
                select(*wanted).where(model.__table__.c.person_id == person_id)
            )
        )
        for model, wanted in zip(DERIVED, columns, strict=True)
    )


@AGAIN
@given(steps=STEPS)
def test_the_stored_rows_equal_the_fold_after_any_sequence(people: People, steps) -> None:
    person_id = somebody(people)
    for step in steps:
        take(people, person_id, step)
    assert [found for found in differences() if found.person_id == person_id] == []
    before = state_of(person_id)
    with transaction() as session:
        for model in DERIVED:
            session.execute(delete(model).where(model.person_id == person_id))
        rebuild(person_id)
    assert state_of(person_id) == before


@AGAIN
@given(steps=st.lists(CREDITS, max_size=8, unique_by=lambda credit: credit.source), data=st.data())
def test_the_order_of_a_batch_sent_again_does_not_matter(people: People, steps, data) -> None:
    first, second = somebody(people), somebody(people)
    for step in steps:
        take(people, first, step)
    for step in [*data.draw(st.permutations(steps)), *data.draw(st.permutations(steps))]:
        take(people, second, step)
    assert state_of(first) == state_of(second)


def everything(people: People) -> None:
    """One fact of each kind for Ani."""
    take(people, people.ani, ("M.01", 2, Source("course", "1"), 0))
    credit = Credit(0, Source("course", "1"), "16", 3, False, FIRST_DAY, 0, (FIRST_DAY,))
    take(people, people.ani, credit)
    assessment = Assessment("M.01", 2, date(2025, 3, 1), "Asesmen 2025")
    with transaction():
        issuing.issue(an_issue(people.ani))
        evidence.assess(people.citra, people.ani, assessment)
    enter(people, people.ani, a_learning())


def test_a_true_record_shows_no_difference_and_rebuilding_keeps_its_rows(people: People) -> None:
    everything(people)
    assert list(differences()) == []
    before = state_of(people.ani)
    with transaction():
        rebuild(people.ani)
    assert state_of(people.ani) == before


@pytest.mark.parametrize(
    ("model", "values", "table"),
    [
        (Evidence, {"level": 5}, "evidence"),
        (HoursEntry, {"jp": 30}, "hours_entry"),
        (HoursEntry, {"days": "[]"}, "hours_entry"),
        (HoursYear, {"countable_jp": 1}, "hours_year"),
        (AssessedLevel, {"level": 5}, "assessed_level"),
        (Certificate, {"digest": "0" * 64}, "certificate"),
        (Certificate, {"frozen": "{}"}, "certificate"),
        (OutsideLearning, {"jp": 80}, "outside_learning"),
        (OutsideLearning, {"title": "Lain"}, "outside_learning"),
        (OutsideLearning, {"state": "withdrawn"}, "outside_learning"),
    ],
)
def test_a_changed_row_is_named(people: People, model, values, table: str) -> None:
    everything(people)
    with transaction() as session:
        session.execute(update(model).values(**values))
    found = list(differences())
    assert {(row.table, row.person_id) for row in found} == {(table, people.ani)}


@pytest.mark.parametrize("model", DERIVED)
def test_a_lost_row_is_named_and_rebuilt(people: People, model) -> None:
    everything(people)
    with transaction() as session:
        session.execute(delete(model))
    found = list(differences())
    assert {row.table for row in found} == {model.__tablename__}
    assert all(row.what.startswith("missing: ") for row in found)
    with transaction():
        rebuild(people.ani)
    assert list(differences()) == []


def test_a_row_that_nothing_in_the_journal_explains_is_named_and_removed(people: People) -> None:
    with transaction():
        db.session.add(HoursYear(person_id=people.ani, year=2026, earned_jp=40, countable_jp=40))
    assert list(differences()) == [Difference("hours_year", people.ani, "not in the journal: 2026")]
    with transaction():
        rebuild(people.ani)
    assert db.session.scalar(select(func.count()).select_from(HoursYear)) == 0


def test_people_are_compared_a_few_at_a_time(people: People, monkeypatch) -> None:
    everything(people)
    take(people, people.yusni, ("M.02", 2, Source("course", "9"), 0))
    with transaction() as session:
        session.execute(update(Evidence).values(level=5))
    monkeypatch.setattr(derived, "BATCH", 1)
    assert [row.person_id for row in differences()] == [people.ani, people.yusni]
