"""Give, change and withdraw an assignment; exempt somebody from it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select, update

from elearn import clock
from elearn.assignments import rule as rules
from elearn.assignments import whom
from elearn.assignments.assigned import Assigned
from elearn.assignments.models import (
    AssignedCourse,
    Assignment,
    AssignmentLine,
    AssignmentRevision,
    Exemption,
    ListedPerson,
)
from elearn.assignments.rule import Line, Rule
from elearn.content.models import Course, CourseState
from elearn.database import db, insert_new_together
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.people import audit, units
from elearn.people.actors import EVERYWHERE, Actor
from elearn.people.models import Person, Position, Status

AT_ONCE = 200
# What the audit log says of assignments.
ASSIGNMENT_GIVEN = "assignment:given"
ASSIGNMENT_CHANGED = "assignment:changed"
ASSIGNMENT_WITHDRAWN = "assignment:withdrawn"
EXEMPTED = "assignment:exempted"
EXEMPTION_ENDED = "assignment:exemption_ended"


class InvalidLine(Invalid):
    """Something is wrong with a line of a rule; ``line`` is its place, from 0."""

    def __init__(self, line: int, problem: Invalid) -> None:
        super().__init__(problem.reason, problem.field)
        self.line = line


def give(actor: Actor, owner_unit_id: int | None, rule: Rule) -> int:
    """Ask courses of people; returns the id. Raises Invalid with the field, NotAllowed where the
    actor does not answer for the branch that is to own it."""
    owner = units.unit_of(owner_unit_id) if owner_unit_id is not None else None
    if not actor.acts_in(owner.path if owner else EVERYWHERE):
        raise NotAllowed
    check(rule)
    now_ms = clock.now_ms()
    row = Assignment(
        owner_unit_id=owner_unit_id, revision=1, created_by=actor.id, created_ms=now_ms
    )
    db.session.add(row)
    db.session.flush()
    _store(actor.id, row.id, 1, rule)
    audit.record(actor.id, ASSIGNMENT_GIVEN, None, assignment=row.id, **_told(rule))
    return row.id


def revise(actor: Actor, assigned: Assigned, rule: Rule) -> None:
    """Let an assignment say something else from now on. Raises Invalid, and Conflict when it has
    been changed or withdrawn since it was read."""
    check(rule)
    moved = _move_on(assigned, revision=assigned.revision + 1)
    if not moved:
        raise Conflict("assignment_changed")
    _store(actor.id, assigned.id, assigned.revision + 1, rule)
    audit.record(actor.id, ASSIGNMENT_CHANGED, None, assignment=assigned.id, **_told(rule))


def withdraw(actor: Actor, assigned: Assigned, reason: str) -> None:
    """Ask it of nobody any longer; what was completed under it stays. Raises Invalid, Conflict."""
    reason = _reason(reason)
    values = {
        "withdrawn_ms": clock.now_ms(),
        "withdrawn_by": actor.id,
        "withdrawn_reason": reason,
    }
    if not _move_on(assigned, **values):
        raise Conflict("assignment_changed")
    audit.record(actor.id, ASSIGNMENT_WITHDRAWN, None, assignment=assigned.id)


def _move_on(assigned: Assigned, **values: object) -> bool:
    same = (Assignment.id == assigned.id) & (Assignment.revision == assigned.revision)
    statement = update(Assignment).where(same, Assignment.withdrawn_ms.is_(None)).values(values)
    moved = statement.returning(Assignment.id).execution_options(synchronize_session=False)
    return db.session.execute(moved).first() is not None


def _told(rule: Rule) -> dict[str, object]:
    due = rule.due_on.isoformat() if rule.due_on else None
    return {"courses": list(rule.courses), "due_on": due, "days": rule.days}


def check(rule: Rule) -> None:
    """Raise Invalid with the field, InvalidLine with the line, for what cannot be asked."""
    rules.check(rule)
    is_open = (Course.open_version_id.is_not(None), Course.state != CourseState.RETIRED)
    known = select(func.count()).where(Course.id.in_(rule.courses), *is_open)
    if db.session.scalar(known) != len(set(rule.courses)):
        raise Invalid("course_closed", "courses")
    for at, line in enumerate(rule.lines):
        try:
            _check_line(line)
        except Invalid as problem:
            raise InvalidLine(at, problem) from None


def _check_line(line: Line) -> None:
    if line.status and line.status not in set(Status):
        raise Invalid("status_unknown", "status")
    if line.post and _is_nobodys(line.post):
        raise Invalid("post_unknown", "post")
    if line.unit_id is not None:
        units.unit_of(line.unit_id)
    if line.people is not None and line.id is None and not line.people:
        raise Invalid("list_empty", "people")


def _is_nobodys(post: str) -> bool:
    held = select(Position.id).where(Position.name == post).limit(1)
    return db.session.scalar(held) is None


def _store(actor_id: int, assignment_id: int, number: int, rule: Rule) -> None:
    starts_ms = clock.start_of_day_ms(rule.starts_on)
    row = AssignmentRevision(
        assignment_id=assignment_id,
        number=number,
        letter_number=rule.letter_number,
        letter_on=rule.letter_on,
        starts_ms=starts_ms,
        due_on=rule.due_on,
        days=rule.days,
        grace_days=rule.grace_days,
        counts_from_ms=starts_ms if rule.repeats else 0,
        reason=rule.reason,
        made_by=actor_id,
        made_ms=clock.now_ms(),
    )
    db.session.add(row)
    db.session.flush()
    courses = [{"revision_id": row.id, "course_id": id_} for id_ in sorted(set(rule.courses))]
    insert_new_together(AssignedCourse, courses)
    for at, line in enumerate(rule.lines):
        _store_line(row.id, at, line)


def _store_line(revision_id: int, at: int, line: Line) -> None:
    since = line.joined_since
    row = AssignmentLine(
        revision_id=revision_id,
        position=at,
        unit_id=line.unit_id,
        position_class=line.position_class,
        post=line.post,
        status=line.status,
        joined_since_ms=None if since is None else clock.start_of_day_ms(since),
        has_list=line.people is not None,
    )
    db.session.add(row)
    db.session.flush()
    listed = [{"line_id": row.id, "person_id": id_} for id_ in sorted(line.people or ())]
    for start in range(0, len(listed), AT_ONCE):
        insert_new_together(ListedPerson, listed[start : start + AT_ONCE])


# --- exemptions


def exempt(
    actor: Actor, assigned: Assigned, person_id: int, reason: str, until: date | None
) -> None:
    """Ask it no longer of somebody. Raises NotFound beyond reach, NotAllowed to those who only
    see, Invalid with the field, Conflict when they are exempt already."""
    person = units.person_to_act_on(actor, person_id)
    reason = _reason(reason)
    if until is not None and until < clock.today():
        raise Invalid("until_over", "until")
    asked = select(Person.id).where(
        Person.id == person_id, whom.concerned(assigned.rule, assigned.owner_path)
    )
    if not assigned.is_open or db.session.scalar(asked) is None:
        raise Invalid("not_asked", "person")
    held = select(Person.id).where(Person.id == person_id, whom.exempted(assigned.id))
    if db.session.scalar(held) is not None:
        raise Conflict("exempt_already")
    db.session.add(
        Exemption(
            assignment_id=assigned.id,
            person_id=person.id,
            reason=reason,
            until=until,
            given_by=actor.id,
            given_ms=clock.now_ms(),
        )
    )
    audit.record(actor.id, EXEMPTED, person.id, assignment=assigned.id)


def end_exemption(actor: Actor, assigned: Assigned, exemption_id: int) -> None:
    """Ask it of somebody again. Raises as ``exempt`` does; ending twice is ending once."""
    held = db.session.get(Exemption, exemption_id)
    if held is None or held.assignment_id != assigned.id:
        raise NotFound
    units.person_to_act_on(actor, held.person_id)
    if held.ended_ms is None:
        held.ended_ms, held.ended_by = clock.now_ms(), actor.id
        audit.record(actor.id, EXEMPTION_ENDED, held.person_id, assignment=assigned.id)


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise Invalid("missing", "reason")
    if len(reason) > rules.MAX_REASON:
        raise Invalid("too_long", "reason")
    return reason
