"""The register of numbers: entered whole or not at all, given in order, once, never in secret."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select, update

from elearn import clock, jobs, settings
from elearn.competency import certificates, derived, issuing, register
from elearn.competency.certificates import State
from elearn.competency.models import Certificate, NumberState, RegisterNumber
from elearn.competency.register import BadNumber, Run
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.jobs import Work
from elearn.journal import chain
from elearn.people.models import Notice, Unit
from tests.competency import people_of_jambi
from tests.competency.people_of_jambi import People
from tests.competency.test_certificates import DAY, MOMENT, an_issue, issue

NEXT_MS = MOMENT + clock.DAY_MS


@pytest.fixture
def people(app: Flask) -> People:
    made = people_of_jambi.settle()
    with transaction():
        settings.change("certificate_numbers", 2026, "register", None)
    return made


def enter(people: People, *numbers: str) -> int:
    with clock.set_to(MOMENT), transaction():
        return register.enter(people.citra, "Surat 12/2026", numbers)


def give() -> None:
    """Do what waits, as the runner would."""
    with clock.set_to(NEXT_MS):
        while jobs.run_one({issuing.NUMBER_JOB: register.give_waiting}):
            pass


def numbers() -> list[str | None]:
    order = (Certificate.source_id,)
    return list(db.session.scalars(select(Certificate.number).order_by(*order)))


# Entering


@pytest.mark.parametrize(
    ("run", "made"),
    [
        (Run("", "1", "3", ""), ["1", "2", "3"]),
        (Run("800/", "099", "101", "/B"), ["800/099/B", "800/100/B", "800/101/B"]),
        (Run("", "07", "07", ""), ["07"]),
    ],
)
def test_a_run_is_as_wide_as_its_first_number(run: Run, made: list[str]) -> None:
    assert run.numbers() == made


@pytest.mark.parametrize(
    ("first", "last", "reason", "field"),
    [
        ("", "3", "not_a_number", "first"),
        ("1", "x", "not_a_number", "last"),
        ("1", "٣", "not_a_number", "last"),
        ("5", "4", "last_before_first", "last"),
        ("1", "2001", "too_many", "last"),
    ],
)
def test_a_run_that_is_none_is_refused(first: str, last: str, reason: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        Run("", first, last, "").numbers()
    assert (refused.value.reason, refused.value.field) == (reason, field)


@pytest.mark.parametrize(
    ("entered", "reason", "line"),
    [
        (["a", "b", "a"], "number_twice", 3),
        (["a", "dulu"], "number_taken", 2),
        (["a", "x" * 81], "number_malformed", 2),
        (["a\x00"], "number_malformed", 1),
    ],
)
def test_one_bad_line_keeps_the_whole_batch_out(
    people: People, entered: list[str], reason: str, line: int
) -> None:
    enter(people, "dulu")
    with pytest.raises(BadNumber) as refused:
        enter(people, *entered)
    assert (refused.value.reason, refused.value.line) == (reason, line)
    assert db.session.scalars(select(RegisterNumber.number)).all() == ["dulu"]


def test_an_empty_batch_is_refused(people: People) -> None:
    with pytest.raises(Invalid, match="no_numbers"):
        enter(people)


# Waiting and giving


def test_without_a_number_a_certificate_waits_and_is_otherwise_complete(people: People) -> None:
    (made,) = issue(an_issue(people.ani))
    paper = certificates.load(made.id)
    assert (paper.state, paper.number) == (State.AWAITING_NUMBER, "")
    assert [event["kind"] for event in chain.events_of(people.ani)] == ["certificate_prepared"]
    give()
    assert numbers() == [None]
    assert list(derived.differences()) == []


def test_numbers_are_given_in_the_order_of_completion_and_entry(people: People) -> None:
    for at, person_id in enumerate((people.yusni, people.ani, people.rudi)):
        with clock.set_to(MOMENT + at), transaction():
            issuing.issue(an_issue(person_id, str(at)))
    enter(people, "B-7", "A-9")
    give()
    assert numbers() == ["B-7", "A-9", None]
    enter(people, "C-1", "C-2")
    give()
    assert numbers() == ["B-7", "A-9", "C-1"]
    assert register._free(9)[0].number == "C-2"


def test_a_number_freezes_its_day_and_who_signs_then(people: People) -> None:
    issue(an_issue(people.ani))
    with transaction():
        settings.change("certificate_signer", 2026, {"name": "Baru", "title": "Kepala"}, None)
    enter(people, "800/1")
    give()
    (row,) = db.session.scalars(select(Certificate))
    fields = json.loads(row.frozen)
    assert (fields["number"], fields["signer_name"]) == ("800/1", "Baru")
    assert fields["issued_on"] == clock.day_of(NEXT_MS).isoformat()
    assert fields["completed_on"] == DAY.isoformat()
    assert (row.serial, row.issued_ms) == (None, NEXT_MS)
    issued = chain.events_of(people.ani)[-1]
    assert (issued["kind"], issued["body"]["number"]) == ("certificate_issued", "800/1")
    assert issued["body"]["digest"] == row.digest
    assert certificates.load(row.id).state == State.VALID
    assert list(derived.differences()) == []
    (notice,) = db.session.scalars(select(Notice).where(Notice.kind == "certificate_numbered"))
    assert notice.person_id == people.ani


def test_doing_the_work_twice_gives_nothing_twice(people: People) -> None:
    issue(an_issue(people.ani))
    enter(people, "1", "2")
    give()
    register.give_waiting(Work(0, issuing.NUMBER_JOB, {}))
    states = dict(db.session.execute(select(RegisterNumber.number, RegisterNumber.state)).all())
    assert states == {"1": NumberState.GIVEN, "2": NumberState.FREE}


def test_more_than_a_transactions_worth_is_given(people: People, monkeypatch) -> None:
    monkeypatch.setattr(register, "GIVEN_AT_ONCE", 2)
    issue(*(an_issue(people.ani, str(at)) for at in range(5)))
    enter(people, *"abcde")
    give()
    assert sorted(filter(None, numbers())) == list("abcde")


# Cancelling


def test_a_cancelled_number_stays_with_its_reason_and_is_never_given(people: People) -> None:
    enter(people, "1", "2")
    (first, _) = register._free(2)
    with transaction():
        register.cancel(people.citra, first.id, " Lembar rusak ")
    issue(an_issue(people.ani))
    give()
    assert numbers() == ["2"]
    kept = db.session.get_one(RegisterNumber, first.id, populate_existing=True)
    assert (kept.state, kept.reason, kept.cancelled_by) == (
        "cancelled",
        "Lembar rusak",
        people.citra,
    )
    with pytest.raises(BadNumber, match="number_taken"):
        enter(people, "1")


def test_only_a_free_number_is_cancelled_and_only_with_a_reason(people: People) -> None:
    enter(people, "1")
    issue(an_issue(people.ani))
    number = register._free(1)[0]
    for reason in ("", "  ok  ", "x" * 401):
        with pytest.raises(Invalid, match="reason_short"), transaction():
            register.cancel(people.citra, number.id, reason)
    give()
    with pytest.raises(Conflict, match="given"), transaction():
        register.cancel(people.citra, number.id, "Lembar rusak")
    with pytest.raises(NotFound), transaction():
        register.cancel(people.citra, 999, "Lembar rusak")


# Beside automatic numbers


def test_an_automatic_number_passes_over_what_the_register_holds(people: People) -> None:
    enter(people, "0001/BKPSDM/XI/2026")
    with transaction():
        settings.change("certificate_numbers", 2026, "automatic", None)
    (made,) = issue(an_issue(people.ani))
    assert (made.serial, made.number) == (2, "0002/BKPSDM/XI/2026")
    with pytest.raises(BadNumber, match="number_taken"):
        enter(people, "0002/BKPSDM/XI/2026")


@pytest.mark.parametrize(
    ("above", "own", "code"), [("", "", "BKPSDM"), ("KAB", "", "KAB"), ("KAB", "DINKES", "DINKES")]
)
def test_the_unit_in_a_number_is_the_nearest_with_a_code(
    people: People, above: str, own: str, code: str
) -> None:
    with transaction() as session:
        settings.change("certificate_numbers", 2026, "automatic", None)
        session.execute(
            update(Unit).where(Unit.name == "Pemerintah Kabupaten Contoh").values(code=above)
        )
        session.execute(update(Unit).where(Unit.id == people.health).values(code=own))
    (made,) = issue(an_issue(people.ani))
    assert made.number == f"0001/{code}/XI/2026"
