"""Reads a spreadsheet from a stranger: measured before it is unpacked, its first sheet as cells."""

from __future__ import annotations

import lzma
import re
import string
import struct
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

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
MAX_BYTES = 1_000_000
MAX_COLUMNS = 40
MAX_UNPACKED = 8_000_000
MAX_MEMBERS = 100
# Where a cell or a row says it stands: a far one would make the reader fill all between.
PLACE = re.compile(rb"""\sr\s*=\s*["']([^"']*)["']""")
CELL = re.compile(rb"([A-Z]{0,3})(\d{1,7})")
FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")
FORMULA_CELL = re.compile(rb"<(?:\w{1,20}:)?c(\s[^>]{0,200})?>\s{0,20}<(?:\w{1,20}:)?f[\s/>]")


class Fault(StrEnum):
    """Why a file cannot be read as a whole."""

    BROKEN = "broken"
    LARGE = "large"
    DOCTYPE = "doctype"


class Unreadable(Exception):
    """The file is no spreadsheet that is read here."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Grid:
    """The cells of the first sheet: str, float, bool, date, datetime, "" for none.

    ``formulas`` are the places, row and column from 1, whose value was computed; (0, 0) stands
    for one that does not say where it is.
    """

    rows: list[list[Any]]
    formulas: frozenset[tuple[int, int]]


def read(content: bytes, max_rows: int) -> Grid:
    """The first sheet of an XLSX file. Raises Unreadable."""
    if len(content) > MAX_BYTES:
        raise Unreadable(Fault.LARGE)
    repacked, formulas = _repacked(content, max_rows)
    return Grid(_rows(repacked), formulas)


def _repacked(content: bytes, max_rows: int) -> tuple[bytes, frozenset[tuple[int, int]]]:
    """The workbook packed anew from what was measured, whatever the original said of itself."""
    held, formulas = BytesIO(), set[tuple[int, int]]()
    try:
        with zipfile.ZipFile(BytesIO(content)) as book, zipfile.ZipFile(held, "w") as again:
            left = MAX_UNPACKED
            members = book.infolist()
            if len(members) > MAX_MEMBERS:
                raise Unreadable(Fault.LARGE)
            for member in members:
                data = _member(book, member, left, max_rows)
                left -= len(data)
                formulas |= _formulas(data)
                again.writestr(member.filename, data)
    except DAMAGED:
        raise Unreadable(Fault.BROKEN) from None
    return held.getvalue(), frozenset(formulas)


def _member(book: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, max_rows: int) -> bytes:
    with book.open(member) as file:
        data = file.read(left + 1)
    far = _is_sheet(data) and any(_is_far(place, max_rows) for place in PLACE.findall(data))
    if len(data) > left or far:
        raise Unreadable(Fault.LARGE)
    if b"<!DOCTYPE" in data[:2000]:
        raise Unreadable(Fault.DOCTYPE)
    return data


def _is_sheet(data: bytes) -> bool:
    """Its relations name a sheet, not its place in the file."""
    return b"sheetData" in data


def _is_far(place: bytes, max_rows: int) -> bool:
    row, column = _place(place)
    return row == 0 or row > max_rows or column > MAX_COLUMNS


def _place(text: bytes) -> tuple[int, int]:
    """Row and column from 1; the row is 0 for what is no place, the column 0 for a whole row."""
    found = CELL.fullmatch(text)
    if not found:
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * len(string.ascii_uppercase) + letter - ord("A") + 1
    return int(found[2]), column


def _formulas(data: bytes) -> set[tuple[int, int]]:
    if not _is_sheet(data):
        return set()
    cells = FORMULA_CELL.findall(data)
    places = [PLACE.search(attributes) for attributes in cells]
    found = {_place(place[1]) if place else (0, 0) for place in places}
    return found if len(cells) == len(FORMULA.findall(data)) else found | {(0, 0)}


def _rows(content: bytes) -> list[list[Any]]:
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError):
        raise Unreadable(Fault.BROKEN) from None
