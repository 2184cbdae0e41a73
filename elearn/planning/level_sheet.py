"""Assessed levels brought in as a sheet: NIP, code, level, day and source, one row for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from elearn import clock
from elearn.competency import evidence, framework, level_corrections
from elearn.competency.evidence import MAX_SOURCE_LENGTH, STANDS, Assessment
from elearn.competency.level_corrections import Correction
from elearn.competency.models import AssessedLevel
from elearn.database import db
from elearn.errors import Conflict, NotAllowed, NotFound
from elearn.people import nip
from elearn.people.actors import Actor
from elearn.people.models import FormerNip, Person
from elearn.people.nip import NipError
from elearn.planning import sheet_lines
from elearn.planning.plans import Change, Done, Plan
from elearn.planning.sheet_lines import Line, Refused

NIP, NAME, CODE, LEVEL = "NIP", "Nama", "Kode", "Level"
DAY, SOURCE = "Tanggal penilaian", "Dasar penilaian"
COLUMNS = (NIP, NAME, CODE, LEVEL, DAY, SOURCE)
NEEDED = (NIP, CODE, LEVEL, DAY, SOURCE)
ASKED_AT_ONCE = 500
Key = tuple[int, str, date]


def plan(actor: Actor, content: bytes) -> Plan:
    """Look at every row; the statements do not grow with them. Raises sheet_lines.NoTable."""
    lines = sheet_lines.lines_of(content, COLUMNS, NEEDED)
    people = _people(lines)
    held = _held({person.id for person in people.values()})
    names, gone = framework.names(), framework.retirements()
    found, new, seen = Plan(), defaultdict[int, list[Assessment]](list), set[Key]()
    for line in lines:
        person = _person(actor, line, people)
        assessment = _assessment(line, names)
        if assessment and assessment.assessed_on >= gone.get(assessment.code, date.max):
            line.refuse(CODE, "retired")
        if person is None or assessment is None or line.problems:
            found.wrong.append(line)
            continue
        key = person.id, assessment.code, assessment.assessed_on
        before = held.get(key)
        if key in seen:
            line.refuse(CODE, "twin")
        elif before is not None and before != (assessment.level, assessment.source):
            line.refuse(LEVEL, "known_otherwise")
        seen.add(key)
        if line.problems:
            found.wrong.append(line)
        elif before is not None:
            found.same.append(line.number)
        else:
            what = f"{person.full_name}: {names[assessment.code]}"
            found.new.append(Change(line.number, what, "", str(assessment.level)))
            new[person.id].append(assessment)
    found.deeds = [
        partial(_enter, actor.id, person_id, each) for person_id, each in sorted(new.items())
    ]
    return found


def _enter(actor_id: int, person_id: int, assessments: list[Assessment]) -> list[Done]:
    return [[id] for id in evidence.assess_all(actor_id, person_id, assessments)]


def take_back(actor: Actor, done: Any) -> bool:
    """Withdraw a level; False where it was corrected since, or is out of the actor's reach."""
    try:
        level_corrections.correct(actor, done[0], Correction(None, "Impor dibatalkan"))
    except (Conflict, NotAllowed, NotFound):
        return False
    return True


def _assessment(line: Line, names: dict[str, str]) -> Assessment | None:
    code = line.read(CODE, code_reader(names))
    level = line.read(LEVEL, sheet_lines.level)
    day = line.read(DAY, _past_day)
    source = line.read(SOURCE, sheet_lines.text_of(MAX_SOURCE_LENGTH))
    if code is None or level is None or day is None or source is None:
        return None
    return Assessment(code, level, day, source)


def code_reader(names: dict[str, str]) -> Callable[[str], str]:
    """Reads the code of a competency, however it is written."""
    by_folded = {code.casefold(): code for code in names}

    def read(text: str) -> str:
        found = by_folded.get(text.casefold())
        if found is None:
            raise Refused("unknown_code")
        return found

    return read


def _past_day(text: str) -> date:
    found = sheet_lines.day(text)
    if found > clock.today():
        raise Refused("future")
    return found


def _digits(text: str) -> str:
    try:
        return nip.parse(text).digits
    except NipError as problem:
        raise Refused("nip") from problem


def _person(actor: Actor, line: Line, people: dict[str, Person]) -> Person | None:
    digits = line.read(NIP, _digits)
    if digits is None:
        return None
    person = people.get(digits)
    if person is None or not actor.acts_in(person.unit.path):
        line.refuse(NIP, "unknown_person")
        return None
    if person.id == actor.id:
        line.refuse(NIP, "own")
    return person


def _people(lines: list[Line]) -> dict[str, Person]:
    """People by their present or a former number."""
    digits = sorted({nip.compact(line.cells.get(NIP, "")) for line in lines})
    found: dict[str, Person] = {}
    unit = joinedload(Person.unit)
    for at in range(0, len(digits), ASKED_AT_ONCE):
        some = digits[at : at + ASKED_AT_ONCE]
        former = (
            select(FormerNip.nip, Person)
            .join(Person, Person.id == FormerNip.person_id)
            .where(FormerNip.nip.in_(some))
            .options(unit)
        )
        found |= {row.nip: row.Person for row in db.session.execute(former)}
        present = select(Person).where(Person.nip.in_(some)).options(unit)
        found |= {person.nip: person for person in db.session.scalars(present)}
    return found


def _held(people: set[int]) -> dict[Key, tuple[int, str]]:
    found: dict[Key, tuple[int, str]] = {}
    ids = sorted(people)
    for at in range(0, len(ids), ASKED_AT_ONCE):
        some = AssessedLevel.person_id.in_(ids[at : at + ASKED_AT_ONCE])
        for row in db.session.scalars(select(AssessedLevel).where(some, STANDS)):
            found[row.person_id, row.code, row.assessed_on] = row.level, row.source
    return found
