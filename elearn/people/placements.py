"""Where people work as what, from when until when; who worked where on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Subquery, func, or_, select

from elearn import clock
from elearn.database import db, rows
from elearn.errors import Conflict, Invalid, NotFound
from elearn.people import audit, grades
from elearn.people.audit import Action
from elearn.people.history_models import Leaving, Placement
from elearn.people.models import Person, Position, Status, Unit

MAX_REASON, MAX_LETTER = 200, 100


@dataclass(frozen=True, kw_only=True)
class Post:
    """What a placement says of a person: unit, position, status and grade."""

    unit_id: int
    status: Status
    position_id: int | None = None
    grade: str = ""


class PresentPost(NamedTuple):
    """Where a person works today, and the class of their position; empty without one."""

    unit_id: int
    position_class: str


@dataclass(frozen=True, kw_only=True)
class Basis:
    """From which moment something holds, why, and by which letter.

    ``cause`` is the act that does it to many at once, as "merge:12"; it finds them again.
    """

    at_ms: int
    reason: str = ""
    letter: str = ""
    cause: str = ""


@dataclass(frozen=True)
class Placed:
    """One placement in words. Position, status and grade are None where they were not kept."""

    id: int
    unit: str
    position: str | None
    status: Status | None
    grade: str | None
    from_ms: int
    until_ms: int | None
    reason: str
    letter: str
    leaving: Leaving | None


def post_of(person: Person) -> Post:
    """Where a person works as what today."""
    return Post(
        unit_id=person.unit_id,
        status=Status(person.status),
        position_id=person.position_id,
        grade=person.grade,
    )


def present_post(person_id: int) -> PresentPost:
    """The unit and position class of a person today; one statement. Raises NotFound."""
    wanted = (
        select(Person.unit_id, func.coalesce(Position.position_class, ""))
        .outerjoin(Position, Position.id == Person.position_id)
        .where(Person.id == person_id)
    )
    found = db.session.execute(wanted).first()
    if found is None:
        raise NotFound
    return PresentPost(*found)


def begin(person: Person, basis: Basis, *, actor_id: int | None = None) -> None:
    """Write the first placement of somebody new."""
    _add(person, post_of(person), basis, actor_id)


def come_back(person: Person, basis: Basis, *, actor_id: int | None = None) -> None:
    """Place somebody again who had left, as what they are. Raises Invalid as ``check``."""
    post = post_of(person)
    check(post)
    last = _last(person.id)
    if last is None or last.until_ms is not None:
        _close_last(person, basis.at_ms)
        _add(person, post, basis, actor_id)


def place(
    person: Person,
    post: Post,
    basis: Basis,
    *,
    actor_id: int | None = None,
    also_changed: Sequence[str] = (),
) -> None:
    """Let a person who is locked hold another post from a moment on, today or earlier.

    What begins in the very moment of the last placement takes its place. Raises Invalid with
    the field, and Invalid("post_same") when nothing would change. ``also_changed`` names what
    else of the person is changed with it, for the audit log.
    """
    check(post)
    before = post_of(person)
    if post == before:
        raise Invalid("post_same", field="unit_id")
    if basis.at_ms > clock.now_ms():
        raise Invalid("move_in_future", field="day")
    _close_last(person, basis.at_ms)
    _add(person, post, basis, actor_id)
    _wear(person, post)
    _note(actor_id, person, basis, before, [*_changed(before, post), *also_changed])


def leave(person: Person, leaving: Leaving, basis: Basis) -> None:
    """End the last placement of a person who is locked: pension, another agency, death.

    Raises Invalid for a day that has not come, or lies before the placement.
    """
    last = _last(person.id)
    if basis.at_ms > clock.now_ms():
        raise Invalid("move_in_future", field="day")
    if last is None or last.until_ms is not None:
        return
    if basis.at_ms <= last.from_ms:
        raise Invalid("move_before_last", field="day")
    last.until_ms, last.leaving = basis.at_ms, leaving
    last.letter = basis.letter or last.letter


def undo_last(person: Person, placement_id: int, *, actor_id: int | None = None) -> None:
    """Take the newest placement of a person who is locked back, so that the one before holds.

    Raises Conflict("placement_is_not_last"), also for the only one there is and for those whose
    position and status were not kept.
    """
    found = _newest(person.id, 2)
    undoable = len(found) == 2 and found[0].id == placement_id and found[0].until_ms is None
    if not undoable or found[1].status is None:
        raise Conflict("placement_is_not_last")
    last, before = found
    unit, undone = last.unit_id, post_of(person)
    db.session.delete(last)
    before.until_ms, before.leaving = None, None
    db.session.flush()
    post = Post(
        unit_id=before.unit_id,
        status=Status(before.status or person.status),
        position_id=before.position_id,
        grade=before.grade or "",
    )
    _wear(person, post)
    changed = _changed(undone, post)
    audit.record(
        actor_id,
        Action.PLACEMENT_UNDONE,
        person.id,
        before=unit,
        after=post.unit_id,
        fields=changed,
    )


def of(person_id: int) -> list[Placed]:
    """The placements of a person, the newest first; one statement."""
    wanted = (
        select(Placement, Unit.name.label("unit"), Position.name.label("position"))
        .join(Unit, Unit.id == Placement.unit_id)
        .outerjoin(Position, Position.id == Placement.position_id)
        .where(Placement.person_id == person_id)
        .order_by(Placement.from_ms.desc())
    )
    return [_placed(placement, unit, position) for placement, unit, position in rows(wanted)]


def on(day: date) -> Subquery:
    """Who held which post at the end of a WIB day: person_id, unit_id, position_id, status, grade.

    For joins over many people; who did not work here on that day is not in it.
    """
    end_ms = clock.start_of_day_ms(day) + clock.DAY_MS
    return (
        select(
            Placement.person_id,
            Placement.unit_id,
            Placement.position_id,
            Placement.status,
            Placement.grade,
        )
        .where(Placement.from_ms < end_ms, _lasts_until(end_ms))
        .subquery("placed")
    )


def _lasts_until(end_ms: int) -> ColumnElement[bool]:
    return or_(Placement.until_ms.is_(None), Placement.until_ms >= end_ms)


def check(post: Post) -> None:
    """Whether a post can be held; raises Invalid with the field."""
    unit = db.session.get(Unit, post.unit_id)
    if unit is None:
        raise Invalid("unit_unknown", field="unit_id")
    if unit.closed_ms is not None:
        raise Invalid("unit_closed", field="unit_id")
    if not grades.fits(post.status, post.grade):
        raise Invalid("grade_differs", field="grade")
    if post.position_id is not None and db.session.get(Position, post.position_id) is None:
        raise Invalid("position_unknown", field="position_id")


def _close_last(person: Person, at_ms: int) -> None:
    last = _last(person.id)
    if last is None:
        return
    if at_ms < last.from_ms or at_ms < (last.until_ms or 0):
        raise Invalid("move_before_last", field="day")
    if at_ms == last.from_ms:
        db.session.delete(last)
        db.session.flush()
    elif last.until_ms is None:
        last.until_ms = at_ms


def _last(person_id: int) -> Placement | None:
    return next(iter(_newest(person_id, 1)), None)


def _newest(person_id: int, most: int) -> Sequence[Placement]:
    """The newest placements of a person, as they stand now."""
    wanted = select(Placement).where(Placement.person_id == person_id)
    return db.session.scalars(wanted.order_by(Placement.from_ms.desc()).limit(most)).all()


def _add(person: Person, post: Post, basis: Basis, actor_id: int | None) -> None:
    placement = Placement(
        person_id=person.id,
        unit_id=post.unit_id,
        position_id=post.position_id,
        status=post.status,
        grade=post.grade,
        from_ms=basis.at_ms,
        reason=basis.reason.strip()[:MAX_REASON],
        letter=basis.letter.strip()[:MAX_LETTER],
        cause=basis.cause,
        noted_by=actor_id,
    )
    db.session.add(placement)
    db.session.flush()


def _wear(person: Person, post: Post) -> None:
    person.unit_id, person.position_id = post.unit_id, post.position_id
    person.status, person.grade = post.status, post.grade


def _note(
    actor_id: int | None, person: Person, basis: Basis, before: Post, changed: Sequence[str]
) -> None:
    told = {"reason": basis.reason, "letter": basis.letter}
    given = {name: value for name, value in told.items() if value}
    if before.unit_id != person.unit_id:
        units = {"before": before.unit_id, "after": person.unit_id}
        audit.record(actor_id, Action.PERSON_MOVED, person.id, **units, **given)
    fields = sorted(name for name in changed if name != "unit_id")
    if fields:
        audit.record(actor_id, Action.PERSON_CHANGED, person.id, fields=fields, **given)


def _changed(before: Post, after: Post) -> list[str]:
    return sorted(name for name, value in vars(after).items() if getattr(before, name) != value)


def _placed(placement: Placement, unit: str, position: str | None) -> Placed:
    return Placed(
        id=placement.id,
        unit=unit,
        position=position,
        status=Status(placement.status) if placement.status else None,
        grade=placement.grade,
        from_ms=placement.from_ms,
        until_ms=placement.until_ms,
        reason=placement.reason,
        letter=placement.letter,
        leaving=Leaving(placement.leaving) if placement.leaving else None,
    )
