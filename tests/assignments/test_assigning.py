"""Give, change, withdraw, exempt: who may, what is kept, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from elearn.assignments import assigned, assigning
from elearn.assignments.rule import Line
from elearn.competency import hours
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.people.models import AuditEntry, Person
from tests.assignments.conftest import DUE, LETTER, Office
from tests.people_cast import actor_of
from tests.reports import school


def actions() -> list[str]:
    said = select(AuditEntry.action).where(AuditEntry.action.startswith("assignment:"))
    return list(db.session.scalars(said.order_by(AuditEntry.id)))


def test_a_change_is_a_new_revision_and_the_old_one_stays(office: Office) -> None:
    given = office.give(Line(unit_id=office.cast.health.id), **LETTER)
    with transaction():
        later = replace(given.rule, lines=(Line(),), due_on=date(2026, 12, 31))
        assigning.revise(actor_of(office.cast.syamsul), given, later)
    now = assigned.of(given.id)
    assert (now.revision, now.rule.due_on, now.rule.lines) == (2, date(2026, 12, 31), (Line(),))
    before = assigned.revisions(given.id)[-1]
    assert (before.number, before.due_on, before.letter_number) == (1, DUE, "800/12/2026")
    with pytest.raises(Conflict), transaction():  # somebody still has the old page open
        assigning.revise(actor_of(office.cast.syamsul), given, later)
    assert actions() == ["assignment:given", "assignment:changed"]


def test_what_is_withdrawn_is_neither_changed_nor_withdrawn_again(office: Office) -> None:
    given, actor = office.give(), actor_of(office.cast.syamsul)
    with transaction():
        assigning.withdraw(actor, given, "Salah kursus")
    after = assigned.of(given.id)
    assert (after.is_open, after.withdrawn_reason) == (False, "Salah kursus")
    with pytest.raises(Conflict), transaction():
        assigning.withdraw(actor, after, "Lagi")
    with pytest.raises(Conflict), transaction():
        assigning.revise(actor, after, after.rule)


@pytest.mark.parametrize(
    ("line", "reason", "field"),
    [
        (Line(post="Tidak ada"), "post_unknown", "post"),
        (Line(status="honorer"), "status_unknown", "status"),
        (Line(people=()), "list_empty", "people"),
    ],
)
def test_the_line_that_is_wrong_is_named(
    office: Office, line: Line, reason: str, field: str
) -> None:
    with pytest.raises(assigning.InvalidLine) as refused:
        office.give(Line(), line)
    told = refused.value
    assert (told.line, told.reason, told.field) == (1, reason, field)
    with pytest.raises(NotFound):
        office.give(Line(unit_id=999))
    with pytest.raises(Invalid, match="course_closed"):
        office.give(courses=(999,))
    assert actions() == []


@pytest.mark.parametrize("who", ["stranger", "fadli", "ani", "dewi"])
def test_nobody_gives_for_a_branch_that_is_not_theirs(office: Office, who: str) -> None:
    actor = actor_of(getattr(office.cast, who))
    given = office.give(by=office.cast.citra)
    for owner in (None, office.cast.health.id):
        with pytest.raises(NotAllowed), transaction():
            assigning.give(actor, owner, given.rule)
    with pytest.raises(NotAllowed), transaction():  # not even HR of the branch, for the agency
        assigning.give(actor_of(office.cast.citra), None, given.rule)


def exempts(office: Office, by: Person, whom: Person) -> None:
    given = office.give()
    with transaction():
        assigning.exempt(actor_of(by), given, whom.id, "Cuti melahirkan", date(2026, 12, 1))


def test_hr_of_a_branch_exempts_its_own_people_only(office: Office) -> None:
    cast = office.cast
    exempts(office, cast.citra, cast.ani)
    for by, error in ((cast.stranger, NotFound), (cast.budi, NotFound), (cast.fadli, NotAllowed)):
        with pytest.raises(error):
            exempts(office, by, cast.ani)
    [given] = assigned.exemptions(1, Person.active.is_(True))
    assert (given.full_name, given.reason, given.given_by) == (
        "Ani Pratiwi, A.Md.Kep.", "Cuti melahirkan", "Citra Lestari"
    )  # fmt: skip
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_id == cast.ani.id))
    assert "assignment:exempted" in {each.action for each in entry}


@pytest.mark.parametrize(
    ("reason", "until", "problem"),
    [
        (" ", None, "missing"),
        ("x" * 401, None, "too_long"),
        ("Cuti", date(2026, 11, 23), "until_over"),
    ],
)
def test_an_exemption_needs_a_reason_and_a_day_to_come(
    office: Office, reason: str, until: date | None, problem: str
) -> None:
    given = office.give()
    with pytest.raises(Invalid, match=problem), transaction():
        assigning.exempt(actor_of(office.cast.syamsul), given, office.cast.ani.id, reason, until)


def test_nobody_is_exempt_twice_or_from_what_is_not_asked(office: Office) -> None:
    given = office.give(Line(unit_id=office.cast.health.id))
    office.exempt(given, office.cast.ani)
    with pytest.raises(Conflict):
        office.exempt(given, office.cast.ani)
    with pytest.raises(Invalid, match="not_asked"):
        office.exempt(given, office.cast.budi)
    [held] = assigned.exemptions(given.id, Person.active.is_(True))
    syamsul = actor_of(office.cast.syamsul)
    for _twice in range(2):
        with transaction():
            assigning.end_exemption(syamsul, given, held.id)
    assert actions().count("assignment:exemption_ended") == 1
    with pytest.raises(NotFound), transaction():
        assigning.end_exemption(syamsul, given, 999)
    office.exempt(given, office.cast.ani)


# --- JP under a letter


@pytest.mark.parametrize(
    ("changes", "planned"),
    [
        (LETTER, True),
        ({}, False),  # no letter
        (LETTER | {"letter_on": date(2026, 11, 25)}, False),  # the letter came afterwards
        (LETTER | {"starts_on": date(2026, 11, 25)}, False),
    ],
)
def test_jp_are_planned_under_a_letter_that_held_on_that_day(
    office: Office, changes: dict[str, object], planned: bool
) -> None:
    office.give(**changes)
    school.passes(office.cast.ani)
    [entry] = hours.year(office.cast.ani, 2026).entries
    assert entry.planned is planned


def test_what_comes_after_the_completion_does_not_rewrite_it(office: Office) -> None:
    given = office.give(**LETTER)
    office.exempt(given, office.cast.budi)
    for person in (office.cast.ani, office.cast.budi):
        school.passes(person)
    with transaction():
        assigning.withdraw(actor_of(office.cast.syamsul), given, "Dicabut")
    told = [hours.year(p, 2026).entries[0].planned for p in (office.cast.ani, office.cast.budi)]
    assert told == [True, False]  # who was exempt learnt of their own initiative
