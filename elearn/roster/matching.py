"""Whom a row is about, and which unit it means: held against the database, a portion at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from elearn.database import db, rows
from elearn.people import grades, units
from elearn.people.history_models import Contract, Placement
from elearn.people.models import FormerNip, Person, Position, Unit
from elearn.people.statuses import Status
from elearn.roster.columns import Field
from elearn.roster.comparing import IMAGE
from elearn.roster.imports import Scope
from elearn.roster.lines import Line
from elearn.roster.models import SiasnPerson, UnitAlias
from elearn.roster.unit_names import Named, UnitNames, named

PERSON = tuple(name for name in IMAGE if not name.startswith(("position_", "contract_")))


class Held(NamedTuple):
    """A person as the database has them, and since when they work where they do."""

    id: int
    image: dict[str, Any]
    unit_path: str
    placed_ms: int


class _Known:
    """The people a portion may be about."""

    def __init__(self, people: Sequence[Held], former: Collection[str]) -> None:
        self.by_nip = {held.image["nip"]: held for held in people}
        self.by_id = {held.id: held for held in people}
        self.former = former


class Matches:
    """Finds the people and the units of an import."""

    def __init__(self, scope: Scope, decided: Mapping[str, int]) -> None:
        self._scope, self._decided = scope, decided
        self._names = unit_names()
        self._siasn_ids: dict[str, int] = {}

    def of(self, lines: Sequence[Line]) -> list[Held | None]:
        """The person of each line, or nobody; what is wrong is noted in the line."""
        self._siasn_ids = _siasn_ids({line.siasn_id for line in lines} - {""})
        numbers = {line.nip for line in lines} | {line.former_nip for line in lines}
        ids = set(self._siasn_ids.values()) | set(self._decided.values())
        people = held_by(Person.nip.in_(numbers - {""}) | Person.id.in_(ids))
        found = _Known(people, _former({line.nip for line in lines}))
        return [self._match(line, found) for line in lines]

    def _match(self, line: Line, known: _Known) -> Held | None:
        same = known.by_nip.get(line.nip)
        said = self._siasn_ids.get(line.siasn_id) or self._decided.get(line.nip, 0)
        other = known.by_id.get(said)
        if same is not None and other is not None and same.id != other.id:
            line.refuse(Field.SIASN_ID, "siasn_id_of_other")
        found = other or same
        if same is None and line.nip in known.former:
            line.refuse(Field.NIP, "nip_former")
        if found is not None and not self._scope.acts_in(found.unit_path):
            line.refuse(Field.NIP, "person_elsewhere")
        if found is None and line.nip not in self._decided:
            line.twin_id = self._twin(known.by_nip.get(line.former_nip))
        return found

    def _twin(self, person: Held | None) -> int | None:
        """Whoever has the number that the row calls the one before."""
        return person.id if person and self._scope.acts_in(person.unit_path) else None

    def unit_id(self, line: Line) -> int | None:
        """The unit of a line; one that is not known or out of reach is noted there."""
        if not line.unit:
            return None
        unit = self._names.find(named(line.unit, line.parent))
        if unit is None:
            line.refuse(Field.UNIT, "unit_unknown", line.unit)
            return None
        if not self._scope.holds(unit.path):
            line.refuse(Field.UNIT, "unit_elsewhere", line.unit)
        return unit.id

    def is_fresh_id(self, line: Line, held: Held | None) -> bool:
        """Whether the row tells the id SIASN has for a person, for the first time."""
        return bool(line.siasn_id) and held is not None and line.siasn_id not in self._siasn_ids


def unit_names() -> UnitNames:
    """Every unit by its names."""
    aliases = {
        Named(row.name, row.parent): row.unit_id
        for row in rows(select(UnitAlias.name, UnitAlias.parent, UnitAlias.unit_id))
    }
    closed = rows(select(Unit.id, Unit.merged_into_id).where(Unit.closed_ms.is_not(None)))
    return UnitNames(units.tree(), aliases, {row.id: row.merged_into_id for row in closed})


def held_by(condition: ColumnElement[bool]) -> list[Held]:
    """People with what an import compares."""
    return [_held(row) for row in rows(people_query().where(condition))]


def people_query() -> Select[*tuple[Any, ...]]:
    """The columns of an image, with the path of the unit and when the last placement began."""
    own = Placement.person_id == Person.id
    placed = select(func.max(func.coalesce(Placement.until_ms, Placement.from_ms))).where(own)
    any_one = aliased(Contract)
    newest = select(func.max(any_one.starts_on)).where(any_one.person_id == Person.id)
    return (
        select(
            Person.id,
            *(getattr(Person, name) for name in PERSON),
            func.coalesce(Position.name, "").label("position_name"),
            func.coalesce(Position.position_class, "").label("position_class"),
            Contract.starts_on.label("contract_start"),
            Contract.ends_on.label("contract_end"),
            Unit.path,
            func.coalesce(placed.scalar_subquery(), 0).label("placed_ms"),
        )
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(Position, Position.id == Person.position_id)
        .outerjoin(
            Contract,
            and_(
                Contract.person_id == Person.id,
                Contract.starts_on == newest.correlate(Person).scalar_subquery(),
            ),
        )
    )


def _held(row: Any) -> Held:
    return Held(row.id, {name: getattr(row, name) for name in IMAGE}, row.path, row.placed_ms)


def _siasn_ids(ids: Iterable[str]) -> dict[str, int]:
    wanted = select(SiasnPerson.siasn_id, SiasnPerson.person_id)
    found = rows(wanted.where(SiasnPerson.siasn_id.in_(list(ids))))
    return {row.siasn_id: row.person_id for row in found}


def _former(numbers: Iterable[str]) -> set[str]:
    """Which of these numbers somebody had before."""
    return set(db.session.scalars(select(FormerNip.nip).where(FormerNip.nip.in_(list(numbers)))))


def check_grade(line: Line, after: Mapping[str, Any]) -> None:
    """A grade and a status that do not go together, where the row tells only one of them."""
    if not after["status"] or grades.fits(Status(after["status"]), after["grade"]):
        return
    if not any(problem.reason == "grade_differs" for problem in line.problems):
        line.refuse(Field.GRADE, "grade_differs", after["grade"])


def check_move(line: Line, held: Held, effective_ms: int) -> None:
    """A placement that begins before the last one is none."""
    if held.placed_ms >= effective_ms:
        line.refuse(Field.UNIT, "moved_later", line.unit)


def check_contract(line: Line, held: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """A contract follows the one before, or corrects when it ends."""
    start, end = after["contract_start"], after["contract_end"]
    before = held["contract_start"]
    if end and not start:
        line.refuse(Field.CONTRACT_START, "contract_start_missing")
    elif start and end and end < start:
        line.refuse(Field.CONTRACT_END, "contract_ends_before", end.strftime("%d-%m-%Y"))
    elif before and start != before and start <= (held["contract_end"] or before):
        line.refuse(Field.CONTRACT_START, "contract_overlaps", start.strftime("%d-%m-%Y"))
