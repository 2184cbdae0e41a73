"""The lists of assignments: all of a branch with their figures, and the people of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement

from elearn import clock
from elearn.assignments import assigned as assignments
from elearn.assignments import rule as rules
from elearn.assignments.assigned import Assigned
from elearn.assignments.models import Assignment
from elearn.assignments.rule import Stage
from elearn.errors import NotFound
from elearn.learning import asked, asked_figures
from elearn.learning.asked import Figures, Standing
from elearn.people.actors import Actor
from elearn.people.models import Person, Status, Unit, full_name
from elearn.people.names import fold
from elearn.people.units import UnitNode
from elearn.reports import branch
from elearn.reports.branch import AnyRow, Page, Query
from elearn.reports.filters import Wanted

OPEN, WITHDRAWN, ALL = "open", "withdrawn", "all"
STATES = (OPEN, WITHDRAWN, ALL)
STANDINGS = tuple(standing.value for standing in Standing)
# The unmet come first, the latest of them on top.
URGENCY = (
    Standing.OVERDUE, Standing.NOT_BEGUN, Standing.UNDER_WAY, Standing.DONE, Standing.EXEMPT
)  # fmt: skip


class AssignmentRow(NamedTuple):
    """An assignment with its figures in the branch that is looked at."""

    assigned: Assigned
    figures: Figures


class AskedRow(NamedTuple):
    """A person of an assignment. ``stage`` is None once it is met or not asked."""

    person_id: int
    full_name: str
    nip: str
    status: Status
    unit: str
    standing: Standing
    courses: int
    percent: int
    due: date
    stage: Stage | None
    completed_ms: int
    in_reach: bool
    may_exempt: bool


@dataclass(frozen=True)
class UnitShare:
    """The figures of a unit and all below it."""

    unit_id: int
    name: str
    figures: Figures


SORTS: Mapping[str, Any] = {
    "new": lambda row: row.assigned.id,
    "title": lambda row: fold(row.assigned.title),
    "due": lambda row: row.assigned.rule.base,
    "asked": lambda row: row.figures.asked,
    "done": lambda row: row.figures.done_percent,
    "overdue": lambda row: row.figures.overdue,
}


def find(actor: Actor, wanted: Wanted, state: str) -> Page[AssignmentRow]:
    """A page of the assignments that concern a branch; five statements, few more for each 40."""
    ordered = everything(actor, wanted, state)
    pages = branch.pages(len(ordered))
    number = min(wanted.number, pages)
    first = (number - 1) * branch.PAGE_SIZE
    return Page(ordered[first : first + branch.PAGE_SIZE], number, pages, len(ordered))


def everything(actor: Actor, wanted: Wanted, state: str) -> list[AssignmentRow]:
    """All of them in the order asked for, as for an export."""
    found = _worth_showing(actor, _read(actor, state), branch.paths(actor, wanted))
    if wanted.unit:
        found = [row for row in found if concerns(row.figures)]
    named = [row for row in found if _holds(row.assigned, wanted.text or wanted.digits)]
    return _ordered(named, wanted.sort)


def _read(actor: Actor, state: str) -> list[Assigned]:
    conditions = [assignments.visible(actor)]
    if state == OPEN:
        conditions.append(Assignment.withdrawn_ms.is_(None))
    elif state == WITHDRAWN:
        conditions.append(Assignment.withdrawn_ms.is_not(None))
    return assignments.read(*conditions)


def _worth_showing(
    actor: Actor, found: Sequence[Assigned], paths: Sequence[str]
) -> list[AssignmentRow]:
    """Those of the actor's own branch, and those that ask something of its people."""
    rows = _counted(found, paths)
    return [row for row in rows if _is_worth_showing(actor, row)]


def _is_worth_showing(actor: Actor, row: AssignmentRow) -> bool:
    return row.assigned.is_within_reach(actor) or concerns(row.figures)


def _counted(found: Sequence[Assigned], paths: Sequence[str]) -> list[AssignmentRow]:
    held = asked_figures.figures(found, paths)
    return [AssignmentRow(assigned, held[assigned.id]) for assigned in found]


def concerns(figures: Figures) -> bool:
    """Whether an assignment concerns anybody of a branch."""
    return figures.asked + figures.exempt > 0


def _holds(assigned: Assigned, text: str) -> bool:
    return fold(text) in fold(f"{assigned.title} {assigned.rule.letter_number}")


def _ordered(found: list[AssignmentRow], sort: str) -> list[AssignmentRow]:
    wanted = sort if sort.removeprefix("-") in SORTS else "-new"
    key = SORTS[wanted.removeprefix("-")]
    return sorted(found, key=key, reverse=wanted.startswith("-"))


def seen_by(actor: Actor, id_: int) -> AssignmentRow:
    """An assignment with its figures in the actor's whole reach; NotFound to strangers."""
    assigned = assignments.seen_by(actor, id_)
    found = AssignmentRow(assigned, asked_figures.figures_of(assigned, actor.hr_paths))
    if not _is_worth_showing(actor, found):
        raise NotFound
    return found


# --- the people of one


def counts(actor: Actor, assigned: Assigned, wanted: Wanted) -> dict[str, int]:
    """How many of those asked for stand where; one statement."""
    query, _standing = asked.standings(assigned)
    each = _narrow(query, actor, wanted).subquery()
    counted = asked.counted_by_standing(each)
    return {row.standing: row.people for row in branch.read(counted)}


def people(
    actor: Actor, assigned: Assigned, wanted: Wanted, standing: str, total: int
) -> Page[AskedRow]:
    """A page of the people of an assignment; one statement."""
    page = branch.counted_page(_people(actor, assigned, wanted, standing), wanted.number, total)
    rows = [_row(row, actor, assigned) for row in page.rows]
    return Page(rows, page.number, page.pages, page.total)


def everyone(actor: Actor, assigned: Assigned, wanted: Wanted, standing: str) -> Iterator[AskedRow]:
    """All of them for an export or a message; one statement."""
    query = _people(actor, assigned, wanted, standing)
    return (_row(row, actor, assigned) for row in branch.stream(query))


def _people(actor: Actor, assigned: Assigned, wanted: Wanted, standing: str) -> Query:
    columns = (
        Person.id,
        Person.degrees_before,
        Person.name,
        Person.degrees_after,
        Person.nip,
        Person.status,
        Unit.name.label("unit"),
        Unit.path,
    )
    query, standing_of = asked.standings(assigned, *columns)
    narrowed = _narrow(query, actor, wanted)
    if standing:
        narrowed = narrowed.where(standing_of == standing)
    orders = {
        "name": (Person.sort_name, Person.id),
        "unit": (Unit.name, Person.sort_name, Person.id),
        "standing": (_urgency(standing_of), Person.sort_name, Person.id),
    }
    return narrowed.order_by(*branch.order(orders, wanted.sort, "standing"))


def _urgency(standing: ColumnElement[str]) -> ColumnElement[int]:
    return asked.rank(standing, URGENCY)


def _narrow(query: Query, actor: Actor, wanted: Wanted) -> Query:
    return query.where(branch.scope(actor, wanted), *branch.who(wanted))


def _row(row: AnyRow, actor: Actor, assigned: Assigned) -> AskedRow:
    rule, standing = assigned.rule, Standing(row.standing)
    due = rule.due(clock.day_of(row.came_ms))
    is_open = standing not in {Standing.DONE, Standing.EXEMPT}
    return AskedRow(
        person_id=row.id,
        full_name=full_name(row.degrees_before, row.name, row.degrees_after),
        nip=row.nip,
        status=Status(row.status),
        unit=row.unit,
        standing=standing,
        courses=row.courses,
        percent=row.percent,
        due=due,
        stage=rules.stage(due, rule.grace_days, clock.today()) if is_open else None,
        completed_ms=row.completed_ms,
        in_reach=actor.in_reach(row.path),
        may_exempt=is_open and actor.acts_in(row.path),
    )


def missing_names(
    assigned: Assigned, scope: ColumnElement[bool], most: int
) -> dict[str, list[str]]:
    """The names of those who have not done it, by unit, so many of them; one statement."""
    query, standing = asked.standings(assigned, Person.name, Unit.name.label("unit"), Unit.path)
    wanted = query.where(scope, standing.not_in([Standing.DONE, Standing.EXEMPT]))
    held: dict[str, list[str]] = defaultdict(list)
    for row in branch.read(wanted.order_by(Unit.path, Person.sort_name, Person.id).limit(most)):
        held[row.unit].append(row.name)
    return dict(held)


# --- unit by unit


def shares(
    unit: UnitNode | None, nodes: Sequence[UnitNode], found: Mapping[str, Figures]
) -> list[UnitShare]:
    """The units right below one with all below them, those with the most missing first."""
    below = [
        UnitShare(node.id, node.name, total(found, node.path)) for node in _children(unit, nodes)
    ]
    concerned = [share for share in below if concerns(share.figures)]
    return sorted(concerned, key=lambda s: (s.figures.done_percent, -s.figures.missing, s.name))


def total(found: Mapping[str, Figures], path: str) -> Figures:
    """The sum of the figures of a branch."""
    inside = [figures for at, figures in found.items() if at.startswith(path)]
    return Figures(**{name: sum(getattr(each, name) for each in inside) for name in STANDINGS})


def _children(unit: UnitNode | None, nodes: Sequence[UnitNode]) -> list[UnitNode]:
    """The units right below one; below a single top when none was asked for."""
    tops = [node for node in nodes if node.depth == 0]
    top = unit or (tops[0] if len(tops) == 1 else None)
    if top is None:
        return tops
    return [n for n in nodes if n.depth == top.depth + 1 and n.path.startswith(top.path)]
