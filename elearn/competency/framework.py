"""The competency framework: competencies, their levels, position classes and what these require."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select

from elearn import clock
from elearn.competency import seed
from elearn.competency.models import (
    Competency,
    CompetencyIndicator,
    Group,
    PositionClass,
    Requirement,
    TrainingKind,
)
from elearn.database import db, insert_new
from elearn.errors import NotFound
from elearn.people.models import Person, Position

# From when on the levels of the seed hold: the year of PermenPANRB 38/2017.
SEED_FROM = date(2017, 1, 1)
FILES = ("competencies", "digital_competencies")


class Described(NamedTuple):
    """A competency with what each of its levels looks like."""

    competency: Competency
    levels: dict[int, str]


def load_seed() -> None:
    """Put in what is missing; a row that is there, perhaps changed by HR, stays as it is."""
    competencies = [row for name in FILES for row in _competencies(seed.read(name))]
    classes = seed.read("position_levels")["classes"]
    insert_new(Competency, [_competency(row, at) for at, row in enumerate(competencies)])
    insert_new(CompetencyIndicator, [row for entry in competencies for row in _indicators(entry)])
    insert_new(PositionClass, [_position_class(row, at) for at, row in enumerate(classes)])
    measured = [row["code"] for row in competencies if row["group"] != Group.TECHNICAL]
    insert_new(Requirement, [row for entry in classes for row in _requirements(entry, measured)])
    kinds = seed.read("training_kinds")["kinds"]
    insert_new(TrainingKind, [_training_kind(row, at) for at, row in enumerate(kinds)])


def _competencies(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for row in content["competencies"]:
        yield {"group": content.get("group"), **row}


def _competency(row: dict[str, Any], at: int) -> dict[str, Any]:
    return {
        "code": row["code"],
        "group": Group(row["group"]),
        "name": row["name_id"],
        "definition": row["definition_id"],
        "position": at,
    }


def _indicators(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for level, text in row["levels"].items():
        yield {"code": row["code"], "level": level, "text": text["id"]}


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


def codes() -> list[str]:
    """All codes in the order of the pages."""
    return list(db.session.scalars(select(Competency.code).order_by(Competency.position)))


def names() -> dict[str, str]:
    """The name of each competency by its code, in the order of the pages."""
    wanted = select(Competency.code, Competency.name).order_by(Competency.position)
    return {row.code: row.name for row in db.session.execute(wanted)}


def competencies() -> Sequence[Competency]:
    """All competencies in the order of the pages."""
    return db.session.scalars(select(Competency).order_by(Competency.position)).all()


def described(code: str) -> Described:
    """A competency with its levels in words."""
    competency = db.session.get(Competency, code)
    if competency is None:
        raise NotFound
    wanted = select(CompetencyIndicator).where(CompetencyIndicator.code == code)
    found = db.session.scalars(wanted.order_by(CompetencyIndicator.level))
    return Described(competency, {row.level: row.text for row in found})


def class_of(person_id: int) -> str:
    """The class of a person's position; empty without a position."""
    held = select(Position.position_class).join(Person, Person.position_id == Position.id)
    return db.session.scalar(held.where(Person.id == person_id)) or ""


def requirements(position_class: str, day: date | None = None) -> dict[str, int]:
    """The level a class asks of each competency on a day, today's; empty for an unknown class."""
    return _matrix(day, Requirement.position_class == position_class).get(position_class, {})


def matrix(day: date | None = None) -> dict[str, dict[str, int]]:
    """The level each position class asks of each competency on a day, today's."""
    return _matrix(day)


def _matrix(day: date | None, *where: ColumnElement[bool]) -> dict[str, dict[str, int]]:
    """The newest levels that hold on the day, without those that ask none."""
    columns = (Requirement.position_class, Requirement.code, Requirement.level)
    holds = Requirement.valid_from <= (day or clock.today())
    wanted = select(*columns).where(holds, *where).order_by(Requirement.valid_from)
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
