"""The framework as a sheet, one row for each competency, taken away and brought in again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from elearn import clock
from elearn.competency import editions, framework
from elearn.competency import wording as wordings
from elearn.competency.editions import MAX_REASON, Edition, Why
from elearn.competency.models import Competency
from elearn.competency.wording import LEVELS, LevelWording, Wording
from elearn.errors import Invalid
from elearn.people.actors import Actor
from elearn.planning import sheet_lines, uses
from elearn.planning.plans import Change, Done, Plan
from elearn.planning.sheet_lines import Line, Refused
from elearn.reports.export import Cell, Sheet

CODE, FAMILY, NAME, DEFINITION, BASIS = "Kode", "Rumpun", "Nama", "Definisi", "Dasar"
FROM, REASON = "Berlaku sejak", "Alasan"
NAMES = {level: f"Nama level {level}" for level in LEVELS}
TEXTS = {level: f"Uraian level {level}" for level in LEVELS}
INDICATORS = {level: f"Indikator level {level}" for level in LEVELS}
OF_LEVELS = [each[level] for level in LEVELS for each in (NAMES, TEXTS, INDICATORS)]
COLUMNS = (CODE, FAMILY, NAME, DEFINITION, BASIS, *OF_LEVELS, FROM, REASON)
NEEDED = (CODE, NAME, DEFINITION, *TEXTS.values(), FROM, REASON)
EXAMPLE = (
    "TEK.CONTOH",
    "teknis",
    "Contoh: hapus baris ini",
    "Apa yang dapat dilakukan.",
    "Nomor keputusan",
    *(cell for level in LEVELS for cell in ("", f"Uraian {level}", "Satu indikator satu baris")),
    "24-11-2026",
    "Alasan",
)
# The columns of what may be wrong in a wording.
FIELDS = {"name": NAME, "definition": DEFINITION, "basis": BASIS} | {
    f"{part}_{level}": columns[level]
    for part, columns in (("name", NAMES), ("text", TEXTS), ("indicators", INDICATORS))
    for level in LEVELS
}


def sheet() -> Sheet:
    """Every competency as it reads now, with the day and the reason of that edition."""
    return Sheet("kamus-kompetensi", COLUMNS, _rows())


def _rows() -> Iterator[list[Cell]]:
    newest = editions.newest()
    for row in framework.competencies():
        edition = newest[row.code]
        told = edition.wording
        levels = [
            cell
            for level in told.levels
            for cell in (level.name, level.text, "\n".join(level.indicators))
        ]
        head = [row.code, row.group, told.name, told.definition, told.basis]
        yield [*head, *levels, edition.valid_from, edition.reason or "bawaan"]


def codes_of(content: bytes) -> frozenset[str]:
    """The codes of such a sheet. Raises sheet_lines.NoTable."""
    lines = sheet_lines.lines_of(content, COLUMNS, NEEDED)
    return frozenset(code for line in lines if (code := line.cells.get(CODE, "").upper()))


def plan(actor: Actor, content: bytes) -> Plan:
    """Look at every row; what reads alike already is left. Raises sheet_lines.NoTable."""
    lines = sheet_lines.lines_of(content, COLUMNS, NEEDED)
    known = {row.code: row for row in framework.competencies()}
    newest, found = editions.newest(), Plan()
    names = {edition.wording.name.lower(): code for code, edition in newest.items()}
    for twin in list(sheet_lines.twins(lines, lambda line: line.cells.get(CODE, "").upper())):
        twin.refuse(CODE, "twin")
    for line in lines:
        code = line.read(CODE, str.upper)
        wording = _wording(line)
        before = newest.get(code or "")
        if before and before.wording == wording and not line.problems:
            found.same.append(line.number)
            continue
        why = _why(line, before)
        _check(line, code or "", known.get(code or ""), wording)
        if names.setdefault(wording.name.lower(), code or "") != (code or ""):
            line.refuse(NAME, "name_taken")
        if line.problems or not code or why is None:
            found.wrong.append(line)
            continue
        _note(found, line, wording, before)
        found.deeds.append(partial(_write, actor.id, code, wording, why, before))
    return found


def _wording(line: Line) -> Wording:
    cells = line.cells
    levels = tuple(
        LevelWording(
            cells.get(TEXTS[level], ""),
            cells.get(NAMES[level], ""),
            tuple(cells.get(INDICATORS[level], "").splitlines()),
        )
        for level in LEVELS
    )
    head = (cells.get(NAME, ""), cells.get(DEFINITION, ""), levels, cells.get(BASIS, ""))
    return wordings.tidy(Wording(*head))


def _why(line: Line, before: Edition | None) -> Why | None:
    day = line.read(FROM, partial(_day, before.valid_from if before else date.min))
    reason = line.read(REASON, sheet_lines.text_of(MAX_REASON))
    return Why(day, reason) if day and reason else None


def _day(earliest: date, text: str) -> date:
    day = sheet_lines.day(text)
    if day > clock.today():
        raise Refused("future")
    if day < earliest:
        raise Refused("before_edition")
    return day


def _check(line: Line, code: str, known: Competency | None, wording: Wording) -> None:
    if known is not None and known.is_national:
        line.refuse(CODE, "national")
    try:
        if known is None and code:
            editions.check_code(code)
        wordings.check(wording)
    except Invalid as problem:
        line.refuse(FIELDS.get(problem.field, CODE), problem.reason)


def _note(found: Plan, line: Line, wording: Wording, before: Edition | None) -> None:
    parts = wordings.differences(before.wording, wording) if before else []
    after = ", ".join(dict.fromkeys(_column(part.level, part.part) for part in parts))
    told = f"{line.cells[CODE].upper()}: {wording.name}"
    number = f"versi {before.number}" if before else ""
    found.new.append(Change(line.number, told, number, after or "baru"))


def _column(level: int, part: str) -> str:
    return FIELDS[f"{part}_{level}" if level else part]


def _write(
    actor_id: int, code: str, wording: Wording, why: Why, before: Edition | None
) -> list[Done]:
    if before is None:
        editions.add(actor_id, code, wording, why)
        return [[code, 0, 1]]
    number = editions.reword(actor_id, code, before.number, wording, why)
    return [[code, before.number, number]]


def take_back(actor: Actor, done: Any) -> bool:
    """Word a competency as before, or delete one that came; False where it was changed or used."""
    code, before, after = done
    row = next((row for row in framework.competencies() if row.code == code), None)
    if row is None or row.edition != after:
        return False
    if not before:
        if uses.is_used(code):
            return False
        editions.remove(actor.id, code)
        return True
    history = {edition.number: edition for edition in editions.history(code)}
    why = Why(clock.today(), f"Impor dibatalkan: kembali ke versi {before}")
    editions.reword(actor.id, code, after, history[before].wording, why)
    return True
