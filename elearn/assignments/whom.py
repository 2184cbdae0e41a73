"""Of whom an assignment is asked today, as conditions of SQL: for one rule, and for all of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    String,
    and_,
    bindparam,
    cast,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)

from elearn import clock
from elearn.assignments.models import (
    Assignment,
    AssignmentLine,
    AssignmentRevision,
    Exemption,
    ListedPerson,
)
from elearn.assignments.rule import Line, Rule
from elearn.people.history_models import Placement
from elearn.people.models import Person, Position, Unit

_line: Any = AssignmentLine.__table__


# --- one rule, as it is typed or stored: conditions on Person alone


def concerned(rule: Rule, owner_path: str | None) -> ColumnElement[bool]:
    """Active people of whom a rule asks it, within the branch of its owner (None: the agency)."""
    within = true() if owner_path is None else Person.unit_id.in_(_units_below(owner_path))
    asked = or_(false(), *(_of_line(line) for line in rule.lines))
    return and_(Person.active.is_(True), within, asked)


def _units_below(path: str) -> Any:
    return select(Unit.id).where(Unit.path.startswith(path))


def _of_line(line: Line) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = []
    if line.unit_id is not None:
        inside = select(Unit.id).where(Unit.path.contains(f"/{line.unit_id}/"))
        found.append(Person.unit_id.in_(inside))
    if line.position_class or line.post:
        found.append(Person.position_id.in_(_positions(line)))
    if line.status:
        found.append(Person.status == line.status)
    if line.joined_since is not None:
        found.append(joined_ms() >= clock.start_of_day_ms(line.joined_since))
    if line.people is not None:
        found.append(Person.id.in_(_listed(line)))
    return and_(true(), *found)


def _positions(line: Line) -> Any:
    wanted = select(Position.id)
    if line.position_class:
        wanted = wanted.where(Position.position_class == line.position_class)
    return wanted.where(Position.name == line.post) if line.post else wanted


def _listed(line: Line) -> Any:
    if line.id is None:
        return line.people or ()
    return select(ListedPerson.person_id).where(ListedPerson.line_id == line.id)


def exempted(assignment_id: int) -> ColumnElement[bool]:
    """The condition on Person that an assignment is not asked of them today."""
    held = select(Exemption.person_id).where(
        Exemption.assignment_id == assignment_id, _holds(clock.today())
    )
    return Person.id.in_(held)


def _holds(today: Any) -> ColumnElement[bool]:
    return and_(
        Exemption.ended_ms.is_(None), or_(Exemption.until.is_(None), Exemption.until >= today)
    )


# --- when somebody came


def joined_ms() -> ColumnElement[int]:
    """When a person came to the agency."""
    placed = select(func.min(Placement.from_ms)).where(Placement.person_id == Person.id)
    return func.coalesce(_alone(placed), Person.created_ms)


def came_ms() -> ColumnElement[int]:
    """Since when a person works where they work today."""
    placed = select(func.max(Placement.from_ms)).where(Placement.person_id == Person.id)
    return func.coalesce(_alone(placed), Person.created_ms)


def _alone(statement: Any) -> ScalarSelect[Any]:
    found: ScalarSelect[Any] = statement.correlate(Person).scalar_subquery()
    return found


def due_from(rule: Rule, day: Any) -> ColumnElement[bool]:
    """The condition on Person that their due day is ``day`` or later: as ``Rule.due`` says it."""
    if rule.base >= day:
        return true()
    since = rule.late_came_since(day)
    return false() if since is None else came_ms() >= clock.start_of_day_ms(since)


# --- all rules at once, for a few people: Person stands with Unit, and Position if there is one


def present_revision() -> ColumnElement[bool]:
    """The condition that joins an assignment with what it says now."""
    return and_(
        AssignmentRevision.assignment_id == Assignment.id,
        AssignmentRevision.number == Assignment.revision,
    )


def is_asked() -> ColumnElement[bool]:
    """The condition that a present revision asks it of a person; binds ``now_ms`` and ``today``.

    Says of each pair what ``concerned`` and ``exempted`` say of one rule.
    """
    return and_(
        Assignment.withdrawn_ms.is_(None),
        AssignmentRevision.starts_ms <= bindparam("now_ms"),
        or_(Assignment.owner_unit_id.is_(None), _inside(Assignment.owner_unit_id)),
        exists().where(_line.c.revision_id == AssignmentRevision.id, _line_fits()),
        ~exists().where(
            Exemption.assignment_id == Assignment.id,
            Exemption.person_id == Person.id,
            _holds(bindparam("today")),
        ),
    )


def _inside(unit_id: Any) -> ColumnElement[bool]:
    """Whether a unit lies on the way from the root to the person's own."""
    part: Any = literal_column("'%/'") + cast(unit_id, String) + literal_column("'/%'")
    return Unit.path.like(part)


def _line_fits() -> ColumnElement[bool]:
    listed = exists().where(ListedPerson.line_id == _line.c.id, ListedPerson.person_id == Person.id)
    named = listed.correlate(Person, _line)  # by itself it would look at everybody
    return and_(
        or_(_line.c.unit_id.is_(None), _inside(_line.c.unit_id)),
        or_(_line.c.position_class == "", _line.c.position_class == Position.position_class),
        or_(_line.c.post == "", _line.c.post == Position.name),
        or_(_line.c.status == "", _line.c.status == Person.status),
        or_(_line.c.joined_since_ms.is_(None), joined_ms() >= _line.c.joined_since_ms),
        or_(_line.c.has_list.is_(False), named),
    )
