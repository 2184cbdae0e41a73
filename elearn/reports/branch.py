"""Who and what lies in the branch that is looked at, as conditions of SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, Select, UnaryExpression, case, func, literal, or_, select

from elearn import clock
from elearn.database import db, snapshot
from elearn.people import units
from elearn.people.actors import EVERYWHERE, Actor
from elearn.people.history_models import Placement
from elearn.people.models import FormerNip, Person, Position, Status, Unit
from elearn.people.names import fold
from elearn.reports.filters import Wanted

PAGE_SIZE = 50
FETCHED_AT_ONCE = 1000

AnyRow = Row[*tuple[Any, ...]]
Query = Select[*tuple[Any, ...]]
Orders = Mapping[str, tuple[Any, ...]]
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list; ``total`` counts all rows that were asked for."""

    rows: list[T]
    number: int
    pages: int
    total: int


def scope(actor: Actor, wanted: Wanted) -> ColumnElement[bool]:
    """The condition on Unit: the unit asked for and all below, else the actor's whole reach."""
    return units.below(wanted.unit.path) if wanted.unit else units.reach(actor)


def paths(actor: Actor, wanted: Wanted) -> tuple[str, ...]:
    """The paths of the branches that ``scope`` holds for."""
    return (wanted.unit.path,) if wanted.unit else tuple(actor.hr_paths)


def inside(unit_id: Any, actor: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    """``scope`` of a column with a unit's id, for counts without a join; none for everywhere."""
    if EVERYWHERE in paths(actor, wanted):
        return []
    return [unit_id.in_(select(Unit.id).where(scope(actor, wanted)))]


def unit_in(year: int) -> ColumnElement[int]:
    """The id of a person's unit: today's, or in a closed year the one at its end.

    Who came later than that year counts where they came to first.
    """
    if year >= clock.today().year:
        return Person.unit_id.expression
    placed = select(Placement.unit_id).where(Placement.person_id == Person.id).limit(1)
    ended = placed.where(Placement.from_ms < clock.start_of_year_ms(year + 1))
    return func.coalesce(
        ended.order_by(Placement.from_ms.desc()).correlate(Person).scalar_subquery(),
        placed.order_by(Placement.from_ms).correlate(Person).scalar_subquery(),
        Person.unit_id,
    )


def status_in(year: int) -> ColumnElement[Status]:
    """A person's status: today's, or in a closed year the one at its end, as ``unit_in``."""
    if year >= clock.today().year:
        return Person.status.expression
    held = select(Placement.status).where(Placement.id == _post_in(year)).correlate(Person)
    return func.coalesce(held.scalar_subquery(), Person.status)


def position_in(year: int) -> ColumnElement[int | None]:
    """The id of a person's position, as ``status_in``; a post without a position has none."""
    if year >= clock.today().year:
        return Person.position_id.expression
    post = _post_in(year)
    held = select(Placement.position_id).where(Placement.id == post).correlate(Person)
    return case((post.is_not(None), held.scalar_subquery()), else_=Person.position_id)


def _post_in(year: int) -> ColumnElement[int]:
    """The placement at the end of a closed year, or the first one; None where only units were
    kept."""
    known = (Placement.person_id == Person.id, Placement.status.is_not(None))
    placed = select(Placement.id).where(*known).limit(1)
    ended = placed.where(Placement.from_ms < clock.start_of_year_ms(year + 1))
    return func.coalesce(
        ended.order_by(Placement.from_ms.desc()).correlate(Person).scalar_subquery(),
        placed.order_by(Placement.from_ms).correlate(Person).scalar_subquery(),
    )


def who(wanted: Wanted, status: ColumnElement[Status] | None = None) -> list[ColumnElement[bool]]:
    """The conditions on Person: name, present or former NIP, one person, status (today's, if no
    other is given)."""
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        found.append(Person.sort_name.contains(fold(wanted.text), autoescape=True))
    if wanted.digits:
        former = select(FormerNip.person_id).where(FormerNip.nip == wanted.digits)
        found.append(or_(Person.nip.startswith(wanted.digits), Person.id.in_(former)))
    if wanted.person_id is not None:
        found.append(Person.id == wanted.person_id)
    if wanted.status:
        held = Person.status.expression if status is None else status
        found.append(held == wanted.status)
    return found


def holds_class(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The condition on Person that their position of the year is of the class asked for."""
    if not wanted.position_class:
        return []
    posts = select(Position.id).where(Position.position_class == wanted.position_class)
    return [position_in(wanted.year).in_(posts)]


def within(moment: ColumnElement[int], wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions that a moment lies in the period asked for."""
    found: list[ColumnElement[bool]] = []
    if wanted.since_ms is not None:
        found.append(moment >= wanted.since_ms)
    if wanted.before_ms is not None:
        found.append(moment < wanted.before_ms)
    return found


def order(orders: Orders, sort: str, default: str) -> Sequence[Any]:
    """The order asked for, "-name" backwards; the default when there is no such order."""
    wanted = sort if sort.removeprefix("-") in orders else default
    first, *then = orders[wanted.removeprefix("-")]
    return [_backwards(first) if wanted.startswith("-") else first, *then]


def _backwards(column: ColumnElement[Any]) -> UnaryExpression[Any]:
    return column.desc()


def page_of(query: Query, number: int) -> Page[AnyRow]:
    """A page with its total, in one statement; past the end it is the first page."""
    # A count over the rows would read all of them for each page. Joins are named by select_from.
    each = query.order_by(None).with_only_columns(literal(1))
    total_of = select(func.count()).select_from(each.subquery()).scalar_subquery()
    counted = query.add_columns(total_of.label("total"))
    found = read(counted.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    if not found and number > 1:
        return page_of(query, 1)
    total = found[0].total if found else 0
    return Page(list(found), number, pages(total), total)


def counted_page(query: Query, number: int, total: int) -> Page[AnyRow]:
    """A page of a list whose length is known; past the end it is the last page."""
    number = min(number, pages(total))
    found = read(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page(list(found), number, pages(total), total)


def pages(total: int) -> int:
    """How many pages so many rows make: at least one."""
    return max(1, -(-total // PAGE_SIZE))


def read(query: Query) -> Sequence[AnyRow]:
    """All rows, read as named columns without entities."""
    return db.session().connection().execute(query).all()


def each(query: Query) -> Iterator[AnyRow]:
    """The rows as ``read`` finds them, for many that need not stand in memory together."""
    for rows in db.session().connection().execute(query).partitions(FETCHED_AT_ONCE):
        yield from rows


def stream(query: Query) -> Iterator[AnyRow]:
    """The rows one after the other, from one statement, for exports of any length."""
    with snapshot() as session:
        options = {"yield_per": FETCHED_AT_ONCE}
        yield from session.connection().execute(query, execution_options=options)


def has_worked_in(actor: Actor, person_id: int) -> bool:
    """Whether a person works or ever worked within the actor's reach."""
    placed = select(Placement.id).join(Unit, Unit.id == Placement.unit_id).limit(1)
    there = placed.where(Placement.person_id == person_id, units.reach(actor))
    return db.session.scalar(there) is not None


def home_path() -> ColumnElement[str]:
    """The path of the unit a person works in today, for links to their page."""
    home = select(Unit.path).where(Unit.id == Person.unit_id).correlate(Person)
    return home.scalar_subquery()
