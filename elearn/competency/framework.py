"""The competency framework: competencies, their levels, position classes and what these require."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select

from elearn import clock
from elearn.competency import editions, gaps, seed, wording
from elearn.competency.models import (
    NATIONAL,
    Competency,
    CompetencyEdition,
    Group,
    PositionClass,
    PositionRequirement,
    Requirement,
    TrainingKind,
)
from elearn.competency.wording import LevelWording, Wording
from elearn.database import db, insert_new
from elearn.people.models import Position

# From when on the levels of the seed hold: the year of PermenPANRB 38/2017.
SEED_FROM = date(2017, 1, 1)
FILES = ("competencies", "digital_competencies")


class Described(NamedTuple):
    """A competency with its wording; ``scale`` names the levels that it does not name itself."""

    competency: Competency
    wording: Wording
    scale: Mapping[int, str]

    @property
    def is_retired(self) -> bool:
        return self.competency.is_retired(clock.today())


def load_seed() -> None:
    """Put in what is missing; a row that is there, perhaps changed by HR, stays as it is."""
    competencies = [row for name in FILES for row in _competencies(seed.read(name))]
    classes = seed.read("position_levels")["classes"]
    insert_new(Competency, [_competency(row, at) for at, row in enumerate(competencies)])
    insert_new(CompetencyEdition, [_first_edition(row) for row in competencies])
    insert_new(PositionClass, [_position_class(row, at) for at, row in enumerate(classes)])
    measured = [row["code"] for row in competencies if Group(row["group"]) in NATIONAL]
    insert_new(Requirement, [row for entry in classes for row in _requirements(entry, measured)])
    kinds = seed.read("training_kinds")["kinds"]
    insert_new(TrainingKind, [_training_kind(row, at) for at, row in enumerate(kinds)])


def _competencies(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for row in content["competencies"]:
        yield {"group": content.get("group"), "basis_id": content["basis_id"], **row}


def _competency(row: dict[str, Any], at: int) -> dict[str, Any]:
    return {
        "code": row["code"],
        "group": Group(row["group"]),
        "name": row["name_id"],
        "position": at,
        "edition": 1,
    }


def _first_edition(row: dict[str, Any]) -> dict[str, Any]:
    levels = tuple(LevelWording(text["id"]) for _, text in sorted(row["levels"].items()))
    worded = Wording(row["name_id"], row["definition_id"], levels, row["basis_id"])
    text = wording.frozen(worded)
    first = {"number": 1, "valid_from": SEED_FROM, "reason": ""}
    return {"code": row["code"], "wording": text, **first}


def _position_class(row: dict[str, Any], at: int) -> dict[str, Any]:
    return {
        "key": row["key"],
        "name": row["name_id"],
        "group": row["group"],
        "position": at,
        "status": row["status"],
    }


def _requirements(row: dict[str, Any], measured: Iterable[str]) -> Iterator[dict[str, Any]]:
    levels = row.get("overrides", {})
    for code in measured:
        level = levels.get(code, row["default_level"])
        yield {
            "position_class": row["key"],
            "code": code,
            "valid_from": SEED_FROM,
            "level": level,
            "reason": "",
        }


def _training_kind(row: dict[str, Any], at: int) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name_id"],
        "flag": row["flag"],
        "classical": row["classical"],
        "position": at,
    }


def known_codes() -> frozenset[str]:
    """The codes a course may name."""
    return frozenset(db.session.scalars(select(Competency.code)))


def seed_codes() -> frozenset[str]:
    """The codes of the seed data, for checks without a database."""
    return frozenset(row["code"] for name in FILES for row in seed.read(name)["competencies"])


def retirements() -> dict[str, date]:
    """The first day on which nothing asks for a competency any more, by code."""
    wanted = select(Competency.code, Competency.retired_from)
    found = db.session.execute(wanted.where(Competency.retired_from.is_not(None)))
    return {row.code: row.retired_from for row in found}


def retired_codes(day: date | None = None) -> frozenset[str]:
    """The codes that nothing asks for on a day, today."""
    day = day or clock.today()
    return frozenset(code for code, first in retirements().items() if first <= day)


def codes() -> list[str]:
    """All codes in the order of the pages."""
    return list(db.session.scalars(select(Competency.code).order_by(Competency.position)))


def names() -> dict[str, str]:
    """The name of each competency by its code, in the order of the pages, retired ones too."""
    return _names()


def names_in_use(day: date | None = None) -> dict[str, str]:
    """The names of those that may be asked for on a day, today."""
    return _names(_in_use(day))


def _names(*where: ColumnElement[bool]) -> dict[str, str]:
    wanted = select(Competency.code, Competency.name).where(*where).order_by(Competency.position)
    return {row.code: row.name for row in db.session.execute(wanted)}


def _in_use(day: date | None) -> ColumnElement[bool]:
    gone = Competency.retired_from
    return or_(gone.is_(None), gone > (day or clock.today()))


def competencies() -> Sequence[Competency]:
    """All competencies in the order of the pages."""
    return db.session.scalars(select(Competency).order_by(Competency.position)).all()


def scale() -> dict[int, str]:
    """What the five levels are called where a competency names none of its own."""
    return {row["level"]: row["label_id"] for row in seed.read(FILES[0])["scale"]}


def described(code: str, day: date | None = None) -> Described:
    """A competency as it is worded now, or as it was on a day. Raises NotFound."""
    competency = editions.competency(code)
    worded = editions.on(code, day) if day else editions.current(code)
    return Described(competency, worded, scale())


def requirements(position_class: str, day: date | None = None) -> dict[str, int]:
    """The level a class asks of each competency on a day, today's; empty for an unknown class."""
    return _matrix(day, Requirement.position_class == position_class).get(position_class, {})


def requirements_of(held: Position | None, day: date | None = None) -> dict[str, int]:
    """The level a position asks of each competency on a day, today's; empty without a position."""
    return asked(held.position_class, held.id, day) if held else {}


def asked(position_class: str, position_id: int | None, day: date | None = None) -> dict[str, int]:
    """The level a class, or one position of it, asks of each competency on a day, today's."""
    of_class = requirements(position_class, day)
    if position_id is None:
        return of_class
    own = overrides(day, PositionRequirement.position_id == position_id)
    return gaps.asked(of_class, own.get(position_id, {}))


def overrides(
    day: date | None = None, *where: ColumnElement[bool]
) -> dict[int, dict[str, int | None]]:
    """What positions ask in the place of their class on a day, today's, by the position's id.

    None where a position follows its class again.
    """
    one = PositionRequirement
    joined = select(one.position_id, one.code, one.level).join(Competency)
    holds = joined.where(one.valid_from <= (day or clock.today()), _in_use(day), *where)
    found: dict[int, dict[str, int | None]] = {}
    for row in db.session.execute(holds.order_by(one.valid_from)):
        found.setdefault(row.position_id, {})[row.code] = row.level
    return found


def matrix(day: date | None = None) -> dict[str, dict[str, int]]:
    """The level each position class asks of each competency on a day, today's."""
    return _matrix(day)


def _matrix(day: date | None, *where: ColumnElement[bool]) -> dict[str, dict[str, int]]:
    """The newest levels that hold on the day, without those that ask none."""
    columns = (Requirement.position_class, Requirement.code, Requirement.level)
    holds = Requirement.valid_from <= (day or clock.today())
    joined = select(*columns).join(Competency, Competency.code == Requirement.code)
    wanted = joined.where(holds, _in_use(day), *where).order_by(Requirement.valid_from)
    newest: dict[str, dict[str, int]] = {}
    for row in db.session.execute(wanted):
        newest.setdefault(row.position_class, {})[row.code] = row.level
    return {
        key: {code: level for code, level in levels.items() if level}
        for key, levels in newest.items()
    }


def classes() -> Sequence[PositionClass]:
    """The position classes, the highest first."""
    return db.session.scalars(select(PositionClass).order_by(PositionClass.position)).all()


def training_kinds() -> Sequence[TrainingKind]:
    """The kinds of training in SIASN's order."""
    return db.session.scalars(select(TrainingKind).order_by(TrainingKind.position)).all()
