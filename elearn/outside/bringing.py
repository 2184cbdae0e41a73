"""Learning elsewhere brought in by HR as a spreadsheet: looked at whole, then all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from elearn.competency import framework, outside
from elearn.competency.outside_models import OutsideLearning, number_key
from elearn.competency.outside_rules import Learning, check_days, check_words
from elearn.database import db
from elearn.errors import Conflict, Invalid
from elearn.outside import sheet
from elearn.outside.sheet import Column, Line, Problem
from elearn.people import audit
from elearn.people.actors import Actor
from elearn.people.models import FormerNip, Person
from elearn.spreadsheets import Grid

# The column in which a field of a certificate stands.
COLUMNS = {
    "title": Column.TITLE,
    "number": Column.NUMBER,
    "organiser": Column.ORGANISER,
    "jp": Column.JP,
    "kind": Column.KIND,
    "started_on": Column.STARTED,
    "ended_on": Column.ENDED,
    "letter_number": Column.LETTER,
    "letter_on": Column.LETTER_ON,
}
KNOWN = "known"
SAME = ("kind", "jp", "started_on", "ended_on")


@dataclass(frozen=True)
class Planned:
    """A row that may be brought in, for whom."""

    line: Line
    learning: Learning
    person: Person


@dataclass(frozen=True)
class Plan:
    """What a sheet would do: ``known`` are rows that have been brought in before."""

    new: list[Planned]
    known: list[Line]
    wrong: list[Line]

    @property
    def may_be_applied(self) -> bool:
        return bool(self.new) and not self.wrong


def plan(actor: Actor, grid: Grid) -> Plan:
    """Look at every row; five statements. Raises sheet.NoHeader and sheet.TooManyLines."""
    kinds = {kind.id: kind.name for kind in framework.training_kinds()}
    lines = sheet.lines_of(grid, kinds)
    people = _people({line.nip for line in lines if line.nip})
    held = _held(person.id for person in people.values())
    for line, earlier in sheet.duplicates(lines):
        line.problems.append(Problem(Column.NUMBER, "same_as_row", str(earlier)))
    found = Plan([], [], [])
    for line in lines:
        _place(found, line, _checked(actor, line, people, held))
    return found


def _place(found: Plan, line: Line, person: Person | None) -> None:
    if [problem.reason for problem in line.problems] == [KNOWN]:
        found.known.append(line)
    elif line.problems or line.learning is None or person is None:
        found.wrong.append(line)
    else:
        found.new.append(Planned(line, line.learning, person))


def _people(digits: set[str]) -> dict[str, Person]:
    """People by their present or a former number."""
    if not digits:
        return {}
    unit = joinedload(Person.unit)
    present = db.session.scalars(select(Person).where(Person.nip.in_(digits)).options(unit))
    found = {person.nip: person for person in present}
    former = (
        select(FormerNip.nip, Person)
        .join(Person, Person.id == FormerNip.person_id)
        .where(FormerNip.nip.in_(digits - found.keys()))
        .options(unit)
    )
    return found | {row.nip: row.Person for row in db.session.execute(former)}


Held = Mapping[int, Sequence[OutsideLearning]]


def _held(people: Iterable[int]) -> Held:
    """What stands already for these people."""
    wanted = select(OutsideLearning).where(
        OutsideLearning.person_id.in_(list(people)), OutsideLearning.state.in_(outside.STANDING)
    )
    found: dict[int, list[OutsideLearning]] = {}
    for row in db.session.scalars(wanted):
        found.setdefault(row.person_id, []).append(row)
    return found


def _checked(actor: Actor, line: Line, people: Mapping[str, Person], held: Held) -> Person | None:
    """The person of a row; what is wrong with it is noted in the row."""
    person = people.get(line.nip)
    if line.nip and (person is None or not actor.acts_in(person.unit.path)):
        line.problems.append(Problem(Column.NIP, "unknown_person"))
        return None
    if person is not None and person.id == actor.id:
        line.problems.append(Problem(Column.NIP, "own"))
    if line.learning is not None and person is not None:
        _check_learning(line, line.learning, held.get(person.id, ()))
    return person


def _check_learning(line: Line, learning: Learning, held: Sequence[OutsideLearning]) -> None:
    try:
        check_words(learning)
        check_days(learning)
    except Invalid as problem:
        line.problems.append(Problem(COLUMNS[problem.field], problem.reason))
    twin = next((row for row in held if _is_same_paper(row, learning)), None)
    if twin is not None:
        same = all(getattr(twin, name) == getattr(learning, name) for name in SAME)
        line.problems.append(Problem(Column.NUMBER, KNOWN if same else "known_otherwise"))


def _is_same_paper(row: OutsideLearning, learning: Learning) -> bool:
    same_number = row.number_key == number_key(learning.number)
    return same_number and row.title.casefold() == learning.title.casefold()


def apply(actor: Actor, found: Plan) -> int:
    """Bring in every new row, in the caller's transaction; how many. Raises Conflict."""
    if not found.may_be_applied:
        raise Conflict("changed_since")
    for planned in sorted(found.new, key=lambda each: each.person.id):
        outside.enter(actor, planned.person, planned.learning)
    audit.record(actor.id, "outside_learning:imported", None, rows=len(found.new))
    return len(found.new)
