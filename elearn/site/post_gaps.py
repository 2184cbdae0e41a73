"""What the post of a person, or the one aimed at, asks and is not met: for the home page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Date, ScalarSelect, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from elearn import clock
from elearn.competency import gaps
from elearn.competency.gaps import Gap, Held, Support
from elearn.competency.models import (
    AssessedLevel,
    Competency,
    Evidence,
    PositionClass,
    PositionRequirement,
    Requirement,
)
from elearn.database import Prepared
from elearn.people.models import Position

SHOWN_GAPS = 4


class NamedGap(NamedTuple):
    """A gap with the name of its competency."""

    gap: Gap
    name: str


@dataclass(frozen=True)
class PostGaps:
    """What the post (or the one aimed at) asks and is not met yet."""

    title: str
    lines: tuple[NamedGap, ...]
    is_target: bool


def _first_day(asked: Any, asker: str) -> ScalarSelect[Any]:
    """The first day of the level that holds today, of those one asker asks of a competency."""
    dated = aliased(asked)
    return (
        select(func.max(dated.valid_from))
        .where(
            getattr(dated, asker) == getattr(asked, asker),
            dated.code == asked.code,
            dated.valid_from <= bindparam("today", type_=Date),
        )
        .correlate(asked)
        .scalar_subquery()
    )


_REQUIRED = func.coalesce(PositionRequirement.level, Requirement.level)
# What the post asks, with what the person holds of it.
_ASKED = Prepared(
    select(
        PositionClass.name.label("class_name"),
        Position.name.label("position_name"),
        Competency.code,
        Competency.name,
        _REQUIRED.label("required"),
        AssessedLevel.level,
        AssessedLevel.assessed_on,
        Evidence.level.label("supported"),
        Evidence.at_ms,
    )
    .select_from(Competency)
    .join(PositionClass, PositionClass.key == bindparam("post"))
    .outerjoin(Position, Position.id == bindparam("position"))
    .outerjoin(
        Requirement,
        and_(
            Requirement.code == Competency.code,
            Requirement.position_class == PositionClass.key,
            Requirement.valid_from == _first_day(Requirement, "position_class"),
        ),
    )
    .outerjoin(
        PositionRequirement,
        and_(
            PositionRequirement.code == Competency.code,
            PositionRequirement.position_id == Position.id,
            PositionRequirement.valid_from == _first_day(PositionRequirement, "position_id"),
        ),
    )
    .outerjoin(
        AssessedLevel,
        and_(
            AssessedLevel.code == Competency.code,
            AssessedLevel.person_id == bindparam("person"),
            AssessedLevel.withdrawn_ms.is_(None),
        ),
    )
    .outerjoin(
        Evidence, and_(Evidence.code == Competency.code, Evidence.person_id == bindparam("person"))
    )
    .where(
        _REQUIRED > 0,
        or_(
            Competency.retired_from.is_(None),
            Competency.retired_from > bindparam("today", type_=Date),
        ),
    )
    .order_by(Competency.position, AssessedLevel.assessed_on, AssessedLevel.id)
)


def of(row: Any) -> PostGaps:
    """The gaps of a person, by the row of their home page; one statement."""
    post, position = row.position_class or "", row.position_id
    if row.target_class:
        post, position = row.target_class, row.target_position_id
    found = _ASKED.all(person=row.id, post=post, position=position or 0, today=clock.today())
    names = {line.code: line.name for line in found}
    required = {line.code: line.required for line in found}
    held = {line.code: Held(line.level, line.assessed_on) for line in found if line.level}
    evidence = [
        Support(line.code, line.supported, clock.day_of(line.at_ms))
        for line in found
        if line.supported
    ]
    open_gaps = [gap for gap in gaps.of(names, required, held, evidence) if gap.missing]
    open_gaps.sort(key=lambda gap: (gap.held is None, -gap.missing))
    lines = tuple(NamedGap(gap, names[gap.code]) for gap in open_gaps[:SHOWN_GAPS])
    return PostGaps(_name(row, found), lines, bool(row.target_class))


def _name(row: Any, found: Sequence[Any]) -> str:
    """A target by the position's name if it is one; one's own by its class."""
    if not found:
        return ""
    named = row.target_class and found[0].position_name
    return str(named or found[0].class_name)
