"""The gaps of many people at once: what their position asks, holds and supports. Read only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from elearn import clock
from elearn.competency import framework, gaps, targets
from elearn.competency.evidence import STANDS
from elearn.competency.gaps import Gap, Held, Standing, Support
from elearn.competency.models import AssessedLevel, Evidence
from elearn.competency.targets import Target
from elearn.people.models import Person, Position, Unit, full_name
from elearn.reports import branch

OPEN = frozenset({Standing.SHORT, Standing.NOT_ASSESSED})


class Aim(StrEnum):
    """Against which position somebody is held: their present one, or the one they work towards."""

    PRESENT = "present"
    TARGET = "target"


@dataclass(frozen=True)
class PersonGaps:
    """The gaps of a person against a position or a class; both are empty where none is known."""

    id: int
    full_name: str
    nip: str
    unit: str
    unit_path: str
    against: Target
    gaps: tuple[Gap, ...]

    @property
    def wanted(self) -> dict[str, int]:
        """The levels that nothing supports yet since the assessment."""
        return {
            gap.code: gap.required for gap in self.gaps if gap.required and gap.standing in OPEN
        }

    def gap(self, code: str) -> Gap | None:
        return next((gap for gap in self.gaps if gap.code == code), None)


def of_people(
    where: Iterable[ColumnElement[bool]], aim: Aim, to: Target = targets.NONE
) -> list[PersonGaps]:
    """The gaps of the people for whom the conditions on Person and Unit hold; six statements.

    ``to`` is what to hold them against in the place of their own.
    """
    conditions = list(where)
    codes, asked = framework.codes(), Asked(framework.matrix(), framework.overrides())
    held, evidence = _held(conditions), _evidence(conditions)
    found = []
    for row in branch.each(_people(conditions)):
        against = to if to.position_class else _against(row, aim)
        person_gaps = gaps.of(codes, asked.of(against), held[row.id], evidence[row.id])
        found.append(_of_person(row, against, person_gaps))
    return found


@dataclass(frozen=True)
class Asked:
    """What classes ask, and what positions ask in their place; put together once for each."""

    matrix: Mapping[str, Mapping[str, int]]
    overrides: Mapping[int, Mapping[str, int | None]]
    known: dict[Target, dict[str, int]] = field(default_factory=dict)

    def of(self, against: Target) -> dict[str, int]:
        """The levels of a class, or of one position of it."""
        if against not in self.known:
            own = self.overrides.get(against.position_id or 0, {})
            self.known[against] = gaps.asked(self.matrix.get(against.position_class, {}), own)
        return self.known[against]


def _against(row: Any, aim: Aim) -> Target:
    if aim is Aim.TARGET:
        return Target(row.target_class, row.target_position_id)
    return Target(row.position_class or "", row.position_id)


def _of_person(row: Any, against: Target, found: list[Gap]) -> PersonGaps:
    return PersonGaps(
        id=row.id,
        full_name=full_name(row.degrees_before, row.name, row.degrees_after),
        nip=row.nip,
        unit=row.unit,
        unit_path=row.unit_path,
        against=against,
        gaps=tuple(found),
    )


def _people(conditions: list[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Person.id,
            Person.nip,
            Person.name,
            Person.degrees_before,
            Person.degrees_after,
            Person.target_class,
            Person.target_position_id,
            Person.position_id,
            Unit.name.label("unit"),
            Unit.path.label("unit_path"),
            Position.position_class,
        )
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(Position, Position.id == Person.position_id)
        .where(*conditions)
        .order_by(Person.sort_name, Person.id)
    )


def _held(conditions: list[ColumnElement[bool]]) -> dict[int, dict[str, Held]]:
    """The newest assessed level of each competency, by person."""
    columns = (AssessedLevel.person_id, AssessedLevel.code, AssessedLevel.level)
    wanted = select(*columns, AssessedLevel.assessed_on).where(STANDS)
    order = (AssessedLevel.assessed_on, AssessedLevel.id)
    found: dict[int, dict[str, Held]] = defaultdict(dict)
    for row in branch.each(_of(wanted, AssessedLevel.person_id, conditions).order_by(*order)):
        found[row.person_id][row.code] = Held(row.level, row.assessed_on)
    return found


def _evidence(conditions: list[ColumnElement[bool]]) -> dict[int, list[Support]]:
    wanted = select(Evidence.person_id, Evidence.code, Evidence.level, Evidence.at_ms)
    found: dict[int, list[Support]] = defaultdict(list)
    for row in branch.each(_of(wanted, Evidence.person_id, conditions)):
        found[row.person_id].append(Support(row.code, row.level, clock.day_of(row.at_ms)))
    return found


def _of(
    wanted: Select[*tuple[Any, ...]], person_id: Any, conditions: list[ColumnElement[bool]]
) -> Select[*tuple[Any, ...]]:
    joined = wanted.join(Person, Person.id == person_id).join(Unit, Unit.id == Person.unit_id)
    return joined.where(*conditions)
