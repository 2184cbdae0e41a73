"""The Excel template: soal, pilihan A to E, kunci, pembahasan; in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from elearn import spreadsheets
from elearn.content.formats import notes as say
from elearn.content.formats.exchange import (
    Candidate,
    Imported,
    Notes,
    Unreadable,
    refuse_large,
    settle,
)
from elearn.content.formats.fields import LETTERS, Fields, Unusable, question_of
from elearn.spreadsheets import Fault

MAX_ROWS = 600
OPTIONS = 5
HEADER = ("soal", *(f"pilihan {letter}" for letter in LETTERS[:OPTIONS]), "kunci", "pembahasan")
FAULTS = {
    Fault.BROKEN: say.SHEET_BROKEN,
    Fault.LARGE: say.SHEET_LARGE.format(rows=MAX_ROWS),
    Fault.DOCTYPE: say.XML_DOCTYPE,
}


def read_sheet(content: bytes, codes: frozenset[str], language: str = "id") -> Imported:
    """The questions of a filled template. Raises Unreadable for what is no such file."""
    refuse_large(content)
    rows = _rows(content)
    columns = next(((n, found) for n, row in enumerate(rows) if (found := _columns(row))), None)
    if columns is None:
        raise Unreadable(say.SHEET_HEADER)
    first, places = columns
    notes = Notes()
    candidates = []
    for number, row in enumerate(rows[first + 1 :], first + 2):
        fields = _fields(row, places)
        if not any((fields.text, *fields.options, fields.key)):
            continue
        try:
            candidates.append(Candidate(f"baris {number}", question_of(fields)))
        except Unusable as problem:
            notes.left_out(f"baris {number}", problem.reason)
    return settle(candidates, notes, codes, language)


def _rows(content: bytes) -> list[list[str]]:
    try:
        grid = spreadsheets.read(content, MAX_ROWS)
    except spreadsheets.Unreadable as problem:
        raise Unreadable(FAULTS[problem.fault]) from problem
    if grid.formulas:  # what a formula last came to may be old, empty or made up
        raise Unreadable(say.SHEET_FORMULA)
    return [[_cell(value) for value in row] for row in grid.rows]


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", ",")
    if isinstance(value, bool):
        return "Benar" if value else "Salah"
    return str(value).strip()


def _columns(row: Sequence[str]) -> dict[str, int]:
    """The place of each known column, where a row is the header."""
    found = {" ".join(name.lower().split()): place for place, name in reversed([*enumerate(row)])}
    places = {name: found[name.lower()] for name in HEADER if name.lower() in found}
    return places if {"soal", "kunci"} <= places.keys() else {}


def _fields(row: Sequence[str], places: dict[str, int]) -> Fields:
    def cell(name: str) -> str:
        place = places.get(name, len(row))
        return row[place] if place < len(row) else ""

    options = [cell(name) for name in HEADER[1 : OPTIONS + 1]]
    while options and not options[-1]:
        options.pop()
    return Fields(cell("soal"), tuple(options), cell("kunci"), cell("pembahasan"))
