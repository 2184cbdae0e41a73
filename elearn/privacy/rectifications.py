"""Requests to put one's data right: asked by the person, decided by HR within 3 x 24 hours.

UU 27/2022 art. 6 (the right), art. 30 (the time, and that the result is told). What stands in one
column is changed by approving, through the use case that HR itself uses; the rest is done by hand.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from elearn import canonical, clock, files
from elearn.competency.papers import Paper
from elearn.database import db
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.people import audit, grades, nip, notices, staffing, units
from elearn.people.actors import Actor
from elearn.people.models import Person, Position, Status, Unit
from elearn.people.notices import NoticeKind
from elearn.people.permissions import Permission
from elearn.people.staffing import PersonFacts
from elearn.privacy import erasing
from elearn.privacy.models import About, Rectification, RectificationState

LIMIT_MS = 3 * clock.DAY_MS  # art. 30 (1): 3 x 24 hours from the request
MOST_OPEN = 10
MAX_WORDS = 1000
# What approving changes by itself, and the values that are wanted for it.
SIMPLE = {
    About.NAME: ("name", "degrees_before", "degrees_after"),
    About.NIP: ("nip",),
    About.UNIT: ("unit_id", "since"),
    About.POSITION: ("position_id",),
    About.GRADE: ("grade",),
}
Values = dict[str, Any]


def due_ms(row: Rectification) -> int:
    """Until when HR is to have answered."""
    return row.asked_ms + LIMIT_MS


def present(person: Person, about: About) -> Values:
    """The values as they stand, of what approving can change."""
    names = SIMPLE.get(about, ())
    return {name: getattr(person, name) for name in names if name != "since"}


def ask(
    person: Person, about: About, wanted: Values, words: str, paper: Paper | None = None
) -> Rectification:
    """Say what is wrong and what it should be. Raises Invalid with the field."""
    _refuse_too_many(person.id)
    kept = _checked(person, about, wanted)
    if not words.strip() and about not in SIMPLE and about is not About.WRITINGS:
        raise Invalid("missing", "words")
    row = Rectification(
        person_id=person.id,
        about=about,
        wanted=canonical.text(kept),
        words=words.strip()[:MAX_WORDS],
        state=RectificationState.WAITING,
        asked_ms=clock.now_ms(),
    )
    if paper is not None:
        files.store(paper.digest, paper.media_type, paper.content)
        row.paper_digest = paper.digest
    db.session.add(row)
    db.session.flush()
    _tell_hr(person)
    audit.record(person.id, "rectification:asked", person.id, id=row.id, about=about.value)
    return row


def _refuse_too_many(person_id: int) -> None:
    mine = (Rectification.person_id == person_id, _WAITS)
    counted = select(func.count()).select_from(Rectification).where(*mine)
    if (db.session.scalar(counted) or 0) >= MOST_OPEN:
        raise Invalid("too_many_open", "words")


_WAITS = Rectification.state == RectificationState.WAITING


def _tell_hr(person: Person) -> None:
    day = clock.today().isoformat()
    helpers = units.hr_ids_of(person.unit_id, but=person.id)
    # One notice a day, however many ask: the queue tells the rest.
    kind = NoticeKind.RECTIFICATION_WAITING
    notices.notify_all(helpers, kind, f"{kind}:{day}")


def _checked(person: Person, about: About, wanted: Values) -> Values:
    """The wanted values as they are kept; a number that another has is told only to HR."""
    if about not in SIMPLE:
        return {}
    kept = {name: _tidy(wanted.get(name)) for name in SIMPLE[about]}
    _CHECKS[about](person, kept)
    if {name: kept[name] for name in present(person, about)} == present(person, about):
        raise Invalid("nothing_differs", SIMPLE[about][0])
    return kept


def _tidy(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(value.split()) if isinstance(value, str) else value


def _check_name(_person: Person, kept: Values) -> None:
    if not kept["name"]:
        raise Invalid("missing", "name")


def _check_nip(_person: Person, kept: Values) -> None:
    try:
        kept["nip"] = nip.parse(kept["nip"] or "").digits
    except nip.NipError as problem:
        raise Invalid(f"nip_{problem.reason}", "nip") from None


def _check_unit(_person: Person, kept: Values) -> None:
    if db.session.get(Unit, kept["unit_id"] or 0) is None:
        raise Invalid("unit_unknown", "unit_id")
    if not kept["since"] or date.fromisoformat(kept["since"]) > clock.today():
        raise Invalid("day_not_come", "since")


def _check_position(_person: Person, kept: Values) -> None:
    if db.session.get(Position, kept["position_id"] or 0) is None:
        raise Invalid("position_unknown", "position_id")


def _check_grade(person: Person, kept: Values) -> None:
    if not kept["grade"] or not grades.fits(Status(person.status), kept["grade"]):
        raise Invalid("grade_differs", "grade")


_CHECKS = {
    About.NAME: _check_name,
    About.NIP: _check_nip,
    About.UNIT: _check_unit,
    About.POSITION: _check_position,
    About.GRADE: _check_grade,
}


# --- reading -------------------------------------------------------------------------------------


def of(person_id: int) -> list[Rectification]:
    """The requests of a person, the newest first."""
    mine = select(Rectification).where(Rectification.person_id == person_id)
    return list(db.session.scalars(mine.order_by(Rectification.id.desc())))


def seen_by(actor: Actor, id: int) -> Rectification:
    """A request, for its person and for HR and auditors within whose reach they are."""
    row = db.session.get(Rectification, id)
    if row is None:
        raise NotFound
    units.refuse_stranger(actor, row.person_id)
    return row


def wanted_of(row: Rectification) -> Values:
    """The wanted values, of what approving changes."""
    values: Values = json.loads(row.wanted)
    return values


def waiting_count(where: ColumnElement[bool]) -> int:
    """How many requests wait in the units that meet a condition on Unit."""
    counted = (
        select(func.count())
        .select_from(Rectification)
        .join(Person, Person.id == Rectification.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(_WAITS, where)
    )
    return db.session.scalar(counted) or 0


# --- deciding ------------------------------------------------------------------------------------


def withdraw(person_id: int, id: int) -> Rectification:
    """Take one's own request back while it waits. Raises NotFound, Conflict."""
    row = _held(id)
    if row.person_id != person_id:
        raise NotFound
    _refuse_decided(row)
    row.state = RectificationState.WITHDRAWN
    row.decided_ms = clock.now_ms()
    return row


def approve(actor: Actor, id: int, answer: str) -> Rectification:
    """Do what was asked and say so; what no column holds needs an answer that tells what was done.

    Raises NotFound, NotAllowed, Conflict when it was decided meanwhile, and Invalid.
    """
    row = _to_decide(actor, id)
    if row.about not in SIMPLE and row.about != About.WRITINGS and not answer.strip():
        raise Invalid("missing", "answer")
    _carry_out(actor, row)
    _decide(row, actor, RectificationState.DONE, answer)
    audit.record(actor.id, "rectification:approved", row.person_id, id=row.id, about=str(row.about))
    return row


def refuse(actor: Actor, id: int, answer: str) -> Rectification:
    """Leave the data as it is, with the reason; raises as ``approve``."""
    row = _to_decide(actor, id)
    if not answer.strip():
        raise Invalid("missing", "answer")
    _decide(row, actor, RectificationState.REFUSED, answer)
    audit.record(actor.id, "rectification:refused", row.person_id, id=row.id, about=str(row.about))
    return row


def may_decide(actor: Actor, row: Rectification, person: Person) -> bool:
    """Whether a request waits for this very actor: in reach to act, and not their own."""
    office = row.about != About.WRITINGS or actor.may(Permission.PRIVACY_MANAGE)
    waits = row.state == RectificationState.WAITING and row.person_id != actor.id
    return waits and office and actor.acts_in(person.unit.path)


def _to_decide(actor: Actor, id: int) -> Rectification:
    row = _held(id)
    person = units.person_in_reach(actor, row.person_id)
    if row.state == RectificationState.WAITING and not may_decide(actor, row, person):
        raise NotAllowed
    _refuse_decided(row)
    return row


def _held(id: int) -> Rectification:
    row = db.session.get(Rectification, id, with_for_update=True)
    if row is None:
        raise NotFound
    return row


def _refuse_decided(row: Rectification) -> None:
    if row.state != RectificationState.WAITING:
        raise Conflict("changed_since")


def _decide(row: Rectification, actor: Actor, state: RectificationState, answer: str) -> None:
    row.state, row.answer = state, answer.strip()[:MAX_WORDS]
    row.decided_by, row.decided_ms = actor.id, clock.now_ms()
    db.session.flush()
    kind = {
        RectificationState.DONE: NoticeKind.RECTIFICATION_DONE,
        RectificationState.REFUSED: NoticeKind.RECTIFICATION_REFUSED,
    }[state]
    notices.notify(row.person_id, kind, f"{kind}:{row.id}", id=row.id)


def _carry_out(actor: Actor, row: Rectification) -> None:
    wanted = wanted_of(row)
    match row.about:
        case About.NAME | About.POSITION | About.GRADE:
            person = staffing.locked(row.person_id)
            held = {field.name: getattr(person, field.name) for field in fields(PersonFacts)}
            held["status"] = Status(person.status)
            staffing.edit(actor.id, row.person_id, PersonFacts(**(held | wanted)))
        case About.NIP:
            staffing.change_nip(actor.id, row.person_id, wanted["nip"])
        case About.UNIT:
            _move(actor, row.person_id, wanted)
        case About.WRITINGS:
            erasing.writings_of([row.person_id])


def _move(actor: Actor, person_id: int, wanted: Values) -> None:
    unit = units.unit_of(wanted["unit_id"])
    if not actor.acts_in(unit.path):
        raise Invalid("unit_beyond", "answer")
    day = date.fromisoformat(wanted["since"])
    at_ms = clock.now_ms() if day == clock.today() else clock.start_of_day_ms(day)
    staffing.move(actor.id, person_id, unit.id, at_ms)
