"""Acts on the tree of units: each is dated, told to the audit log, and undone by its opposite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, insert, literal, select, update

from elearn import clock
from elearn.database import db
from elearn.errors import Invalid, NotFound
from elearn.people import audit, units
from elearn.people.audit import Action
from elearn.people.history_models import Placement, UnitHead, UnitSpan
from elearn.people.models import Person, Unit, UnitKind
from elearn.people.units import below

MAX_NAME, MAX_CODE, MAX_PATH = 200, 40, 200
MAX_RANK = 9999
CHANGED = "unit:changed"
RENAMED = "unit:renamed"
MOVED = "unit:moved"
MERGED = "unit:merged"
UNMERGED = "unit:unmerged"
CLOSED = "unit:closed"
REOPENED = "unit:reopened"
_SET_BASED = {"synchronize_session": False}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a unit is, beside its place in the tree."""

    name: str
    code: str = ""
    kind: UnitKind = UnitKind.OTHER
    rank: int = 0


@dataclass(frozen=True, kw_only=True)
class Doing:
    """Who does it, from which moment on, and why; the reason stands in the history."""

    actor_id: int | None
    at_ms: int
    reason: str = ""


def add(doing: Doing, parent_id: int, facts: Facts) -> Unit:
    """Add a unit below another. Raises Invalid with the field."""
    _lock_tree()
    parent = _open(parent_id, "target")
    _refuse_twin(facts.name, parent.id)
    unit = units.create_unit(facts.name, parent, facts.code, facts.kind)
    unit.rank = facts.rank
    _refuse_long_path(len(unit.path))
    audit.record(doing.actor_id, Action.UNIT_CREATED, None, unit=unit.id)
    return unit


def change(doing: Doing, unit_id: int, facts: Facts) -> Unit:
    """Change name, code, kind or order; a former name keeps its days. Raises Invalid."""
    _lock_tree()
    unit = _unit(unit_id)
    name = facts.name.strip()
    if not name:
        raise Invalid("unit_name_missing", field="name")
    if name != unit.name:
        _refuse_twin(name, unit.parent_id)
        before, unit.name = unit.name, name
        _next_span(unit, doing)
        _note(doing, RENAMED, unit, before=before, after=name)
    held = {"code": unit.code, "kind": unit.kind, "rank": unit.rank}
    wanted = {"code": facts.code.strip(), "kind": facts.kind, "rank": facts.rank}
    if held != wanted:
        unit.code, unit.kind, unit.rank = facts.code.strip(), facts.kind, facts.rank
        changed = sorted(key for key, value in wanted.items() if held[key] != value)
        _note(doing, CHANGED, unit, fields=changed)
    return unit


def move(doing: Doing, unit_id: int, parent_id: int) -> None:
    """Let a branch stand under another unit. Raises Invalid, also for a unit of the branch."""
    _lock_tree()
    unit, parent = _unit(unit_id), _open(parent_id, "target")
    if unit.parent_id is None:
        raise Invalid("unit_is_top")
    if parent.path.startswith(unit.path):
        raise Invalid("unit_in_itself", field="target")
    if unit.parent_id == parent.id:
        raise Invalid("unit_stands_there", field="target")
    _refuse_twin(unit.name, parent.id)
    before = unit.parent_id
    _carry(below(unit.path), unit.path, f"{parent.path}{unit.id}/")
    db.session.refresh(unit)
    unit.parent_id = parent.id
    _next_span(unit, doing)
    _note(doing, MOVED, unit, before=before, after=parent.id)


def merge(doing: Doing, unit_id: int, into_id: int) -> int:
    """Let people and subunits of a unit go into another, and close it with a pointer there.

    Returns how many people went. Raises Invalid.
    """
    _lock_tree()
    unit, into = _open(unit_id, "unit_id"), _open(into_id, "target")
    if into.path.startswith(unit.path):
        raise Invalid("unit_in_itself", field="target")
    cause = f"merge:{unit.id}"
    _carry(below(unit.path) & (Unit.id != unit.id), unit.path, into.path)
    _hand_over(Unit.parent_id == unit.id, into.id, doing, cause)
    here = (Person.unit_id == unit.id) & Person.active
    went = _replace_people(here, into.id, doing, cause)
    _shut(unit, doing)
    unit.merged_into_id = into.id
    _note(doing, MERGED, unit, into=into.id, count=went)
    return went


def undo_merge(doing: Doing, unit_id: int) -> int:
    """Open a merged unit again, and let back what came from it and has not moved since.

    Returns how many people came back. Raises Invalid where the unit above is closed.
    """
    _lock_tree()
    unit = _unit(unit_id)
    if unit.merged_into_id is None:
        raise Invalid("unit_not_merged")
    into, cause = units.unit_of(unit.merged_into_id), f"merge:{unit.id}"
    _open_again(unit, doing)
    spans = select(UnitSpan.unit_id).where(UnitSpan.cause == cause, UnitSpan.until_ms.is_(None))
    for child_id in db.session.scalars(spans).all():
        child = _unit(child_id)
        _carry(below(child.path), child.path, f"{unit.path}{child.id}/")
    _hand_over(Unit.id.in_(spans), unit.id, doing, f"un{cause}")
    placed = select(Placement.person_id).where(
        Placement.cause == cause, Placement.until_ms.is_(None), Placement.unit_id == into.id
    )
    back = _replace_people(Person.id.in_(placed) & Person.active, unit.id, doing, f"un{cause}")
    _note(doing, UNMERGED, unit, into=into.id, count=back)
    return back


def close(doing: Doing, unit_id: int) -> None:
    """Close a unit in which nobody works and under which nothing is open. Raises Invalid."""
    _lock_tree()
    unit = _open(unit_id, "unit_id")
    people = select(Person.id).where(Person.unit_id == unit.id, Person.active)
    if db.session.scalar(people.limit(1)) is not None:
        raise Invalid("unit_has_people")
    children = select(Unit.id).where(Unit.parent_id == unit.id, Unit.closed_ms.is_(None))
    if db.session.scalar(children.limit(1)) is not None:
        raise Invalid("unit_has_units")
    _shut(unit, doing)
    _note(doing, CLOSED, unit)


def reopen(doing: Doing, unit_id: int) -> None:
    """Open a closed unit again, where it stood. Raises Invalid where the one above is closed."""
    _lock_tree()
    unit = _unit(unit_id)
    if unit.closed_ms is None:
        return
    _open_again(unit, doing)
    _note(doing, REOPENED, unit)


def _lock_tree() -> None:
    """One act on the tree at a time, or two moves could make a circle."""
    db.session.execute(select(Unit.id).where(Unit.parent_id.is_(None)).with_for_update())


def _unit(unit_id: int) -> Unit:
    wanted = select(Unit).where(Unit.id == unit_id)
    unit = db.session.scalar(wanted.execution_options(populate_existing=True))
    if unit is None:
        raise NotFound
    return unit


def _open(unit_id: int, field: str) -> Unit:
    unit = db.session.get(Unit, unit_id, populate_existing=True)
    if unit is None:
        raise Invalid("unit_unknown", field=field)
    if unit.closed_ms is not None:
        raise Invalid("unit_closed", field=field)
    return unit


def _refuse_twin(name: str, parent_id: int | None) -> None:
    """Two units of one name under one unit could not be told apart in a list."""
    twin = select(Unit.id).where(
        Unit.parent_id == parent_id, Unit.name == name.strip(), Unit.closed_ms.is_(None)
    )
    if db.session.scalar(twin.limit(1)) is not None:
        raise Invalid("unit_twin", field="name")


def _refuse_long_path(length: int) -> None:
    if length > MAX_PATH:
        raise Invalid("tree_too_deep", field="target")


def _carry(which: ColumnElement[bool], before: str, after: str) -> None:
    """Change the beginning of the paths of a branch, in one statement."""
    longest = db.session.scalar(select(func.max(func.length(Unit.path))).where(which)) or 0
    _refuse_long_path(longest - len(before) + len(after))
    path = literal(after).op("||")(func.substr(Unit.path, len(before) + 1))
    db.session.execute(update(Unit).where(which).values(path=path).execution_options(**_SET_BASED))


def _hand_over(which: ColumnElement[bool], parent_id: int, doing: Doing, cause: str) -> None:
    """Give units another parent, with a span of their history each; three statements."""
    ids = db.session.scalars(select(Unit.id).where(which)).all()
    theirs = UnitSpan.unit_id.in_(ids), UnitSpan.until_ms.is_(None)
    _run(update(UnitSpan).where(*theirs).values(until_ms=doing.at_ms))
    _run(update(Unit).where(Unit.id.in_(ids)).values(parent_id=parent_id))
    columns = ["unit_id", "name", "parent_id", "from_ms", "reason", "cause"]
    begun = literal(doing.at_ms), literal(doing.reason), literal(cause)
    values = select(Unit.id, Unit.name, Unit.parent_id, *begun).where(Unit.id.in_(ids))
    _run(insert(UnitSpan).from_select(columns, values))
    db.session.expire_all()


def _replace_people(who: ColumnElement[bool], unit_id: int, doing: Doing, cause: str) -> int:
    """Place people in another unit as what they are, in three statements; returns how many."""
    ids = select(Person.id).where(who)
    open_now = Placement.person_id.in_(ids), Placement.until_ms.is_(None)
    late = select(Placement.id).where(*open_now, Placement.from_ms >= doing.at_ms)
    if db.session.scalar(late.limit(1)) is not None:
        raise Invalid("people_placed_later", field="day")
    columns = ["person_id", "unit_id", "position_id", "status", "grade", "from_ms", "reason"]
    known = (Person.position_id, Person.status, Person.grade)
    begun = literal(doing.at_ms), literal(doing.reason), literal(cause), literal(doing.actor_id)
    values = select(Person.id, literal(unit_id), *known, *begun).where(who)
    _run(insert(Placement).from_select([*columns, "cause", "noted_by"], values))
    came = select(Placement.person_id).where(
        Placement.cause == cause,
        Placement.unit_id == unit_id,
        Placement.from_ms == doing.at_ms,
        Placement.until_ms.is_(None),
    )
    before = Placement.person_id.in_(came), Placement.from_ms < doing.at_ms
    ended = update(Placement).where(*before, Placement.until_ms.is_(None))
    _run(ended.values(until_ms=doing.at_ms))
    _run(update(Person).where(Person.id.in_(came)).values(unit_id=unit_id))
    db.session.expire_all()
    return db.session.scalar(select(func.count()).select_from(came.subquery())) or 0


def _shut(unit: Unit, doing: Doing) -> None:
    unit.closed_ms = doing.at_ms
    span = _span(unit.id)
    if span is not None:
        _refuse_before(span.from_ms, doing)
        span.until_ms = doing.at_ms
    heads = UnitHead.unit_id == unit.id, UnitHead.until_ms.is_(None)
    _run(update(UnitHead).where(*heads).values(until_ms=doing.at_ms))


def _open_again(unit: Unit, doing: Doing) -> None:
    if unit.parent_id is not None and units.unit_of(unit.parent_id).closed_ms is not None:
        raise Invalid("unit_above_closed")
    _refuse_twin(unit.name, unit.parent_id)
    _refuse_before(unit.closed_ms or 0, doing)
    unit.closed_ms = unit.merged_into_id = None
    db.session.flush()
    _next_span(unit, doing)


def _next_span(unit: Unit, doing: Doing) -> None:
    """Begin another span of a unit's history, as it is now called and stands."""
    span = _span(unit.id)
    if span is not None:
        _refuse_before(span.from_ms, doing)
        span.until_ms = doing.at_ms
    begun = {"from_ms": doing.at_ms, "reason": doing.reason[:MAX_NAME]}
    db.session.add(UnitSpan(unit_id=unit.id, name=unit.name, parent_id=unit.parent_id, **begun))
    db.session.flush()


def _span(unit_id: int) -> UnitSpan | None:
    """The span that holds now."""
    wanted = select(UnitSpan).where(UnitSpan.unit_id == unit_id, UnitSpan.until_ms.is_(None))
    return db.session.scalar(wanted.order_by(UnitSpan.from_ms.desc()).limit(1))


def _refuse_before(from_ms: int, doing: Doing) -> None:
    if doing.at_ms > clock.now_ms():
        raise Invalid("move_in_future", field="day")
    if doing.at_ms < from_ms:
        raise Invalid("unit_changed_later", field="day")


def _run(statement: Any) -> None:
    db.session.flush()
    db.session.execute(statement.execution_options(**_SET_BASED))


def _note(doing: Doing, action: str, unit: Unit, **values: Any) -> None:
    reason = {"reason": doing.reason} if doing.reason else {}
    audit.record(doing.actor_id, action, None, unit=unit.id, **values, **reason)
