"""The parts of statements over all rows of an import: images, positions, who has changed since."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select

from elearn.people.models import Person, Position
from elearn.roster.comparing import IMAGE, POST, Kind
from elearn.roster.models import RosterBefore, RosterRow

Image = type[RosterRow] | type[RosterBefore]
# The columns of an image that are columns of a person too.
PLAIN = tuple(name for name in IMAGE if not name.startswith(("position_", "contract_")))
ALREADY = (Kind.MOVED.value, Kind.CHANGED.value, Kind.BACK.value)
TOUCHED = or_(
    RosterRow.kind.in_(ALREADY), and_(RosterRow.kind == Kind.LEAVER, RosterRow.is_kept.is_(False))
)
IS_BEFORE = and_(
    RosterBefore.import_id == RosterRow.import_id, RosterBefore.number == RosterRow.number
)


def rows_of(import_id: int) -> ColumnElement[bool]:
    """The rows of an import."""
    return RosterRow.import_id == import_id


def position_of(image: Image) -> ScalarSelect[int]:
    """The id of the position in an image."""
    same = (Position.name == image.position_name, Position.position_class == image.position_class)
    return select(Position.id).where(*same).correlate(image).scalar_subquery()


def person_values(image: Image) -> dict[str, Any]:
    """What an image sets of a person."""
    plain: dict[str, Any] = {name: getattr(image, name) for name in PLAIN}
    return plain | {"position_id": position_of(image)}


def is_as(image: Image) -> ColumnElement[bool]:
    """Whether a person, with the position joined to it, stands as an image has them."""
    pairs = [(getattr(Person, name), getattr(image, name)) for name in PLAIN]
    pairs += [
        (func.coalesce(Position.name, ""), image.position_name),
        (func.coalesce(Position.position_class, ""), image.position_class),
    ]
    return and_(*(held == imaged for held, imaged in pairs))


def holds_another_post() -> ColumnElement[bool]:
    """Whether a row and the person before hold different posts."""
    return or_(*(getattr(RosterRow, name) != getattr(RosterBefore, name) for name in POST))


def has_another_contract() -> ColumnElement[bool]:
    """Whether a row tells another contract than the last one."""
    return or_(
        RosterRow.contract_start.is_distinct_from(RosterBefore.contract_start),
        RosterRow.contract_end.is_distinct_from(RosterBefore.contract_end),
    )


def touched(import_id: int, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Rows about somebody known, beside the person and the position as they stand."""
    return (
        select(*columns)
        .select_from(RosterRow)
        .join(RosterBefore, IS_BEFORE)
        .join(Person, Person.id == RosterRow.person_id)
        .outerjoin(Position, Position.id == Person.position_id)
        .where(rows_of(import_id), TOUCHED)
    )


def missing_positions(import_id: int) -> Select[*tuple[Any, ...]]:
    """Positions of the rows that there are not yet."""
    known = exists().where(
        Position.name == RosterRow.position_name,
        Position.position_class == RosterRow.position_class,
    )
    kinds = (Kind.NEW.value, *ALREADY)
    return (
        select(RosterRow.position_name, RosterRow.position_class)
        .where(rows_of(import_id), RosterRow.kind.in_(kinds), RosterRow.position_name != "", ~known)
        .distinct()
    )
