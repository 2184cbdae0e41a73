"""Learning elsewhere: entered by HR, counted at once, taken back with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import clock
from elearn.competency import hours, outside
from elearn.competency.outside_models import OutsideLearning
from elearn.competency.outside_rules import Learning
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.journal import chain
from elearn.people.models import AuditEntry, Notice, Person
from tests.competency import people_of_jambi
from tests.competency.people_of_jambi import People

ENDED = date(2026, 5, 8)


@pytest.fixture
def people(app: Flask) -> People:
    return people_of_jambi.settle()


def a_learning(**changes: object) -> Learning:
    learning = Learning(
        title="Bimbingan teknis pencatatan",
        kind="8",
        jp=8,
        number="893/012/2026",
        organiser="Balai Pelatihan",
        started_on=date(2026, 5, 7),
        ended_on=ENDED,
    )
    return replace(learning, **changes)


def enter(people: People, person_id: int, learning: Learning) -> OutsideLearning:
    citra = people_of_jambi.actor_of(people.citra)
    with transaction():
        person = db.session.get(Person, person_id)
        return outside.enter(citra, person, learning)


def withdraw(people: People, id: int, reason: str = "Salah orang", by: int = 0) -> None:
    actor = people_of_jambi.actor_of(by or people.citra)
    with transaction():
        outside.withdraw(actor, id, reason)


def test_what_hr_enters_counts_at_once_and_is_told(people: People) -> None:
    row = enter(people, people.ani, a_learning())
    (entry,) = hours.year(db.session.get(Person, people.ani), 2026).entries
    assert (entry.title, entry.jp, entry.planned) == ("Bimbingan teknis pencatatan", 8, False)
    kinds = [event["kind"] for event in chain.events_of(people.ani)]
    assert kinds == ["outside_learning_entered", "hours_credited"]
    assert db.session.scalar(select(Notice.kind)) == "outside_learning_added"
    audited = db.session.scalars(select(AuditEntry)).one()
    assert (audited.action, audited.actor_id, audited.subject_id) == (
        "outside_learning:entered",
        people.citra,
        people.ani,
    )
    assert (row.state, row.entered_by) == ("approved", people.citra)


def test_no_words_of_the_paper_stand_in_the_journal(people: People) -> None:
    enter(people, people.ani, a_learning(letter_number="800/1", letter_on=date(2026, 5, 1)))
    bodies = str([event["body"] for event in chain.events_of(people.ani)])
    assert not any(word in bodies for word in ("Bimbingan", "893/012", "Balai", "800/1"))


@pytest.mark.parametrize(("letter", "planned"), [("800/1", True), ("", False)])
def test_a_letter_makes_the_hours_of_a_pppk_planned(people: People, letter, planned) -> None:
    letter_on = date(2026, 5, 1) if letter else None
    enter(people, people.rudi, a_learning(letter_number=letter, letter_on=letter_on))
    held = hours.contract(db.session.get(Person, people.rudi), ENDED)
    assert held is not None
    assert (held.planned, held.own_initiative) == ((8, 0) if planned else (0, 8))


def test_elearning_taken_elsewhere_counts_whole_as_its_days_are_not_known(people: People) -> None:
    enter(people, people.ani, a_learning(kind="16", jp=12))
    assert hours.year(db.session.get(Person, people.ani), 2026).countable == 12


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"number": ""}, "number"),
        ({"organiser": ""}, "organiser"),
        ({"jp": 0}, "jp"),
        ({"jp": 1001}, "jp"),
        ({"kind": "99"}, "kind"),
        ({"ended_on": clock.today() + timedelta(days=1)}, "ended_on"),
        ({"started_on": ENDED + timedelta(days=1)}, "ended_on"),
        ({"started_on": date(1925, 5, 7)}, "started_on"),
        ({"letter_number": "800/1"}, "letter_on"),
        ({"letter_on": ENDED}, "letter_number"),
        ({"letter_number": "800/1", "letter_on": ENDED + timedelta(days=1)}, "letter_on"),
    ],
)
def test_a_wrong_entry_is_refused_beside_its_field_and_leaves_nothing(
    people: People, change, field
) -> None:
    with pytest.raises(Invalid) as refused:
        enter(people, people.ani, a_learning(**change))
    assert refused.value.field == field
    assert chain.events_of(people.ani) == []
    assert db.session.scalar(select(func.count()).select_from(OutsideLearning)) == 0


def test_the_same_paper_is_entered_once_for_a_person(people: People) -> None:
    enter(people, people.ani, a_learning())
    with pytest.raises(Invalid) as refused:
        enter(people, people.ani, a_learning(title=" bimbingan TEKNIS pencatatan "))
    assert refused.value.field == "number"
    enter(people, people.rudi, a_learning())


def test_a_withdrawn_entry_no_longer_counts_and_keeps_its_reason(people: People) -> None:
    row = enter(people, people.ani, a_learning())
    withdraw(people, row.id)
    assert hours.year(db.session.get(Person, people.ani), 2026).earned == 0
    (kept,) = outside.of(people.ani)
    assert (kept.state, kept.withdrawn_reason) == ("withdrawn", "Salah orang")
    enter(people, people.ani, a_learning())
    assert hours.year(db.session.get(Person, people.ani), 2026).earned == 8


def test_an_entry_is_withdrawn_once_and_with_a_reason(people: People) -> None:
    row = enter(people, people.ani, a_learning())
    with pytest.raises(Invalid):
        withdraw(people, row.id, " ")
    withdraw(people, row.id)
    with pytest.raises(Conflict):
        withdraw(people, row.id)


def test_entries_outside_ones_branch_do_not_exist(people: People) -> None:
    row = enter(people, people.ani, a_learning())
    for id_, by in ((row.id, people.yusni), (row.id + 1, people.citra)):
        with pytest.raises(NotFound):
            withdraw(people, id_, by=by)
