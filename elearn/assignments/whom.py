"""Of whom an assignment is asked today, as conditions of SQL: for one rule, and for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

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
    union_all,
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
    return _concerned(owner_path, [_facts(line) for line in rule.lines])


class Shape(NamedTuple):
    """What conditions a stored rule has, without their values: many rules are of one shape."""

    has_owner: bool
    lines: tuple[tuple[str, ...], ...]


def shape_of(rule: Rule, owner_path: str | None) -> Shape:
    """The shape of a stored rule."""
    return Shape(owner_path is not None, tuple(tuple(_facts(line)) for line in rule.lines))


def concerned_in(shape: Shape, bind: Callable[[str], Any]) -> ColumnElement[bool]:
    """``concerned`` for all rules of a shape; ``bind`` makes a parameter of a name of ``bound``."""
    lines = [{name: bind(f"{name}_{at}") for name in names} for at, names in enumerate(shape.lines)]
    return _concerned(bind("owner") if shape.has_owner else None, lines)


def bound(rule: Rule, owner_path: str | None) -> dict[str, Any]:
    """The values of a stored rule for the statements of its shape."""
    values = {
        f"{name}_{at}": value
        for at, line in enumerate(rule.lines)
        for name, value in _facts(line).items()
    }
    return values if owner_path is None else {**values, "owner": owner_path}


def _concerned(owner: Any, lines: Sequence[Mapping[str, Any]]) -> ColumnElement[bool]:
    within = true() if owner is None else Person.unit_id.in_(units_below(owner))
    each = (and_(true(), *(_FITS[name](value) for name, value in line.items())) for line in lines)
    return and_(Person.active.is_(True), within, or_(false(), *each))


def units_below(path: Any) -> Any:
    """The ids of the units of a branch."""
    return select(Unit.id).where(Unit.path.startswith(path))


def _facts(line: Line) -> dict[str, Any]:
    """What a line asks for, by the name of the condition; all of it must hold."""
    since = line.joined_since
    is_stored = line.id is not None
    said = {
        "unit": line.unit_id and f"/{line.unit_id}/",
        "class": line.position_class,
        "post": line.post,
        "status": line.status,
        "since": None if since is None else clock.start_of_day_ms(since),
        "list": line.id if line.people is not None else None,
        "pasted": None if is_stored else line.people,
    }
    return {name: value for name, value in said.items() if value not in (None, "")}


_FITS: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "unit": lambda part: Person.unit_id.in_(select(Unit.id).where(Unit.path.contains(part))),
    "class": lambda key: Person.position_id.in_(
        select(Position.id).where(Position.position_class == key)
    ),
    "post": lambda name: Person.position_id.in_(select(Position.id).where(Position.name == name)),
    "status": lambda status: Person.status == status,
    "since": lambda since_ms: joined_ms() >= since_ms,
    "list": lambda line_id: Person.id.in_(
        select(ListedPerson.person_id).where(ListedPerson.line_id == line_id)
    ),
    "pasted": lambda ids: Person.id.in_(ids),
}


def exempted(assignment_id: Any, today: Any = None) -> ColumnElement[bool]:
    """The condition on Person that an assignment is not asked of them today."""
    held = select(Exemption.person_id).where(
        Exemption.assignment_id == assignment_id,
        _holds(clock.today() if today is None else today),
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


def came_since(since_ms: Any) -> ColumnElement[bool]:
    """The condition on Person that ``came_ms`` is a moment or later, found from the latest."""
    moved = select(Placement.person_id).where(Placement.from_ms >= since_ms)
    is_placed = exists().where(Placement.person_id == Person.id)
    alone = select(Person.id).where(Person.created_ms >= since_ms, ~is_placed)
    return Person.id.in_(union_all(moved, alone))


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
