"""The Excel template: soal, pilihan A to E, kunci, pembahasan; in."""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

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

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
MAX_ROWS = 600
MAX_COLUMNS = 40
MAX_UNPACKED = 8_000_000
MAX_MEMBERS = 100
OPTIONS = 5
HEADER = ("soal", *(f"pilihan {letter}" for letter in LETTERS[:OPTIONS]), "kunci", "pembahasan")
# Where a cell or a row says it stands: a far one would make the reader fill all between.
PLACE = re.compile(rb"""\sr\s*=\s*["']([^"']*)["']""")
# What a formula last came to may be old, empty or made up.
FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")
CELL = re.compile(rb"([A-Z]{0,3})(\d{1,7})")


def read_sheet(content: bytes, codes: frozenset[str], language: str = "id") -> Imported:
    """The questions of a filled template. Raises Unreadable for what is no such file."""
    refuse_large(content)
    rows = _rows(_repacked(content))
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


def _repacked(content: bytes) -> bytes:
    """The workbook packed anew from what was measured, whatever the original said of itself."""
    held = BytesIO()
    try:
        with zipfile.ZipFile(BytesIO(content)) as book, zipfile.ZipFile(held, "w") as again:
            left = MAX_UNPACKED
            members = book.infolist()
            if len(members) > MAX_MEMBERS:
                raise Unreadable(say.SHEET_LARGE.format(rows=MAX_ROWS))
            for member in members:
                data = _member(book, member, left)
                left -= len(data)
                again.writestr(member.filename, data)
    except DAMAGED:
        raise Unreadable(say.SHEET_BROKEN) from None
    return held.getvalue()


def _member(book: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    with book.open(member) as file:
        data = file.read(left + 1)
    # Its relations name a sheet, not its place in the file.
    is_sheet = b"sheetData" in data
    if len(data) > left or (is_sheet and any(_is_far(place) for place in PLACE.findall(data))):
        raise Unreadable(say.SHEET_LARGE.format(rows=MAX_ROWS))
    if b"<!DOCTYPE" in data[:2000]:
        raise Unreadable(say.XML_DOCTYPE)
    if is_sheet and FORMULA.search(data):
        raise Unreadable(say.SHEET_FORMULA)
    return data


def _is_far(place: bytes) -> bool:
    found = CELL.fullmatch(place)
    if not found or int(found[2]) > MAX_ROWS:
        return True
    column = 0
    for letter in found[1]:
        column = column * len(LETTERS) + letter - ord("A") + 1
    return column > MAX_COLUMNS


def _rows(content: bytes) -> list[list[str]]:
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError):
        raise Unreadable(say.SHEET_BROKEN) from None
    return [[_cell(value) for value in row] for row in rows]


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
