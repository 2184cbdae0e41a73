"""What has been sent to SIASN: marked by HR, or by the ids SIASN gave, read from a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update

from elearn import clock
from elearn.competency.outside_models import number_key
from elearn.database import db, insert_new_together
from elearn.errors import Conflict
from elearn.people import audit, nip
from elearn.people.actors import Actor
from elearn.people.models import FormerNip, Person
from elearn.people.nip import NipError
from elearn.siasn import listing
from elearn.siasn.listing import Row
from elearn.siasn.models import SiasnMark
from elearn.spreadsheets import Grid

AT_ONCE = 200
MAX_ROWS = 2100
MAX_ID = 64
NIP, NUMBER, ID = "nip", "number", "id"
# As the export names its columns, as SIASN reads them back, as people write them.
HEADINGS = {
    NIP: ("nip", "nipbaru"),
    NUMBER: ("nomorsertipikat", "nosertipikat", "nomorsertifikat"),
    ID: ("id", "siasnid", "idsiasn", "idriwayat"),
}


def mark(actor: Actor, rows: Iterable[Row]) -> int:
    """Mark rows as sent, in the caller's transaction; how many are new. What SIASN would refuse is
    left."""
    fresh = [row for row in rows if row.may_mark and not row.is_sent and not row.record.faults]
    _insert(actor, [(row.source_kind, row.source_id, row.person_id, "") for row in fresh])
    if fresh:
        audit.record(actor.id, "siasn:marked", None, rows=len(fresh))
    return len(fresh)


def _insert(actor: Actor, marks: Sequence[tuple[str, str, int, str]]) -> None:
    values = [
        {
            "source_kind": kind,
            "source_id": id,
            "person_id": person_id,
            "siasn_id": siasn_id,
            "sent_by": actor.id,
            "sent_ms": clock.now_ms(),
        }
        for kind, id, person_id, siasn_id in marks
    ]
    for at in range(0, len(values), AT_ONCE):
        insert_new_together(SiasnMark, values[at : at + AT_ONCE])


def unmark(actor: Actor, rows: Iterable[Row]) -> int:
    """Take the marks of rows back; how many had one."""
    marked = [row for row in rows if row.is_sent and row.may_mark]
    for row in marked:
        same = (SiasnMark.source_kind == row.source_kind) & (SiasnMark.source_id == row.source_id)
        db.session.execute(delete(SiasnMark).where(same))
    if marked:
        audit.record(actor.id, "siasn:unmarked", None, rows=len(marked))
    return len(marked)


# --- ids that SIASN gave -------------------------------------------------------------------------


class NoHeader(Exception):
    """No row names the columns that are needed."""


class Problem(NamedTuple):
    """What is wrong in a row of the sheet; ``reason`` is a stable word."""

    row: int
    column: str
    reason: str
    value: str = ""


class Given(NamedTuple):
    """An id that SIASN gave, for a row of ours."""

    source_kind: str
    source_id: str
    person_id: int
    siasn_id: str
    is_marked: bool


@dataclass
class Answer:
    """What a sheet of ids tells: ``known`` rows bore the same id before."""

    given: list[Given] = field(default_factory=list)
    known: int = 0
    problems: list[Problem] = field(default_factory=list)


def read(actor: Actor, grid: Grid) -> Answer:
    """Look at every row of a sheet of ids; three statements. Raises NoHeader."""
    first, places = _header(grid.rows)
    answer = Answer()
    lines: list[tuple[int, Any, Any, Any]] = []
    for number, cells in enumerate(grid.rows[first + 1 :], first + 2):
        digits, certificate, id = (cells[at] if at < len(cells) else "" for at in places.values())
        if any(str(cell).strip() for cell in (digits, certificate, id)):
            lines.append((number, digits, certificate, id))
    held = _held(actor, [str(line[1]) for line in lines])
    seen: dict[str, int] = {}
    for line in lines:
        _look(answer, held, seen, line)
    return answer


def _header(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    for number, row in enumerate(rows):
        names = {_folded(cell): at for at, cell in reversed([*enumerate(row)])}
        places = {
            column: names[alias]
            for column, aliases in HEADINGS.items()
            for alias in aliases
            if alias in names
        }
        if places.keys() == HEADINGS.keys():
            return number, {column: places[column] for column in (NIP, NUMBER, ID)}
    raise NoHeader


def _folded(cell: Any) -> str:
    return "".join(letter for letter in str(cell).casefold() if letter.isalnum())


Held = dict[tuple[str, str], tuple[Given, str]]


def _held(actor: Actor, texts: Sequence[str]) -> Held:
    """Our rows by NIP (present and former) and number, with the id they bear."""
    digits = {nip.compact(text) for text in texts}
    formers = db.session.execute(
        select(FormerNip.nip, FormerNip.person_id).where(FormerNip.nip.in_(digits))
    ).all()
    people = select(Person.id).where(Person.nip.in_(digits))
    ids = {*db.session.scalars(people), *(row.person_id for row in formers)}
    found: Held = {}
    for row in listing.of_people(actor, ids):
        if not row.may_mark:
            continue
        given = Given(row.source_kind, row.source_id, row.person_id, "", row.is_sent)
        numbers = [row.record.nip, *(f.nip for f in formers if f.person_id == row.person_id)]
        for number in numbers:
            found[number, number_key(row.record.number)] = (given, row.siasn_id)
    return found


def _look(
    answer: Answer, held: Held, seen: dict[str, int], line: tuple[int, Any, Any, Any]
) -> None:
    number, digits, certificate, id = line
    siasn_id = str(id).strip()
    problem = _nip_problem(digits) or _id_problem(siasn_id, seen)
    key = (nip.compact(str(digits)), number_key(str(certificate)))
    if problem is None and key not in held:
        problem = (NUMBER, "unknown_row", str(certificate).strip()[:40])
    if problem is None and held[key][1] not in {"", siasn_id}:
        problem = (ID, "other_id", held[key][1])
    if problem is not None:
        answer.problems.append(Problem(number, *problem))
        return
    seen[siasn_id] = number
    given, before = held[key]
    if before == siasn_id:
        answer.known += 1
    else:
        answer.given.append(given._replace(siasn_id=siasn_id))


def _nip_problem(cell: Any) -> tuple[str, str, str] | None:
    if not isinstance(cell, str):
        return NIP, "nip_spreadsheet", f"{cell:.15g}" if isinstance(cell, float) else str(cell)
    try:
        nip.parse(cell)
    except NipError as problem:
        return NIP, f"nip_{problem.reason.value}", cell.strip()[:40]
    return None


def _id_problem(siasn_id: str, seen: dict[str, int]) -> tuple[str, str, str] | None:
    if not siasn_id:
        return ID, "missing", ""
    if len(siasn_id) > MAX_ID or not siasn_id.isprintable():
        return ID, "id_malformed", siasn_id[:40]
    if siasn_id in seen:
        return ID, "same_as_row", str(seen[siasn_id])
    return None


def apply(actor: Actor, answer: Answer) -> int:
    """Keep the ids of a sheet without problems, in the caller's transaction; how many are new."""
    if answer.problems:
        raise Conflict("changed_since")
    fresh = [given for given in answer.given if not given.is_marked]
    _insert(actor, [given[:4] for given in fresh])
    for given in answer.given:
        same = SiasnMark.source_kind == given.source_kind, SiasnMark.source_id == given.source_id
        db.session.execute(update(SiasnMark).where(*same).values(siasn_id=given.siasn_id))
    if answer.given:
        audit.record(actor.id, "siasn:marked", None, rows=len(answer.given))
    return len(answer.given)
