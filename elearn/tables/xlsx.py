"""A workbook of the kind ECMA-376 describes: its sheets by name, and one of them row by row.

Nothing is unpacked as a whole: what a file says of its size is never believed, and a sheet costs
the memory of its shared texts and of one row.
"""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from posixpath import join, normpath
from xml.parsers import expat

from elearn.tables.cells import MAX_COLUMNS, Fault, Row, Unreadable
from elearn.tables.places import place
from elearn.tables.sheet_parser import RowParser, XmlParser
from elearn.tables.workbook_parts import SheetNames, StyleDates, Targets, Texts

PIECE = 1 << 16
MAX_MEMBERS = 2_000
MAX_UNPACKED = 400_000_000
MAX_MERGED = 500_000  # cells
WORKBOOK = "xl/workbook.xml"
# As zipfile and what it calls fail on bytes that are no archive.
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
    KeyError,
)
MERGED = re.compile(rb"<(?:\w{1,20}:)?mergeCell\s[^>]{0,200}?ref=[\"']([A-Z]+\d+):([A-Z]+\d+)")
OVERLAP = 300
ROW_END = b"row>"


@dataclass(frozen=True)
class SheetName:
    """A sheet of a workbook, and the member of the archive that holds it."""

    name: str
    member: str
    is_hidden: bool


@dataclass(frozen=True)
class Survey:
    """About how many rows there are, and the columns under a merged cell by row, but its first."""

    rows: int
    merged: dict[int, set[int]]


class Workbook:
    """An archive that is a workbook. Raises Unreadable for what is none."""

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(BytesIO(content))
        except DAMAGED:
            raise Unreadable(Fault.BROKEN) from None
        self._names = set(self._archive.namelist())
        _refuse_others(self._names)
        dates = StyleDates()
        names = SheetNames()
        self._parse(WORKBOOK, names)
        if "xl/styles.xml" in self._names:
            self._parse("xl/styles.xml", dates)
        self._dates, self._is_1904 = dates.styles, names.is_1904
        self._texts: list[str] | None = None
        self._surveys: dict[str, Survey] = {}
        self.sheets = self._sheets(names)

    def _sheets(self, names: SheetNames) -> list[SheetName]:
        targets = Targets()
        self._parse("xl/_rels/workbook.xml.rels", targets)
        found = [
            SheetName(name, normpath(join("xl", targets.found.get(key, ""))).lstrip("/"), hidden)
            for name, key, hidden in names.found
        ]
        return [sheet for sheet in found if sheet.member in self._names]

    def rows(self, sheet: SheetName) -> Iterator[Row]:
        """The filled rows of a sheet. Raises Unreadable."""
        if self._texts is None:
            self._texts = self._shared_texts()
        merged = self.survey(sheet).merged
        parser = RowParser(self._texts, self._dates, merged, self._is_1904)
        try:
            for piece in self._pieces(sheet.member):
                parser.feed(piece)
                yield from parser.taken()
            parser.end()
            yield from parser.taken()
        except (expat.ExpatError, IndexError, OverflowError):
            raise Unreadable(Fault.BROKEN, sheet.name, parser.row) from None
        except Unreadable as problem:
            raise Unreadable(problem.fault, sheet.name, parser.row) from None

    def _shared_texts(self) -> list[str]:
        texts = Texts()
        if "xl/sharedStrings.xml" in self._names:
            self._parse("xl/sharedStrings.xml", texts)
        return texts.found

    def survey(self, sheet: SheetName) -> Survey:
        """What a sheet holds, from one quick look at its bytes; merged cells stand at its end."""
        if sheet.member not in self._surveys:
            self._surveys[sheet.member] = self._surveyed(sheet)
        return self._surveys[sheet.member]

    def _surveyed(self, sheet: SheetName) -> Survey:
        merged: dict[int, set[int]] = {}
        tail, left, rows = b"", MAX_MERGED, 0
        for piece in self._pieces(sheet.member):
            rows += piece.count(ROW_END)
            for first, last in MERGED.findall(tail + piece):
                left -= _mark(merged, first.decode(), last.decode(), left)
            # A match that lies in the overlap is found twice, and marked as it was.
            tail = piece[-OVERLAP:]
        return Survey(rows, merged)

    def _parse(self, member: str, parser: XmlParser) -> None:
        try:
            for piece in self._pieces(member):
                parser.feed(piece)
            parser.end()
        except expat.ExpatError:
            raise Unreadable(Fault.BROKEN) from None

    def _pieces(self, member: str) -> Iterator[bytes]:
        left = MAX_UNPACKED
        try:
            with self._archive.open(member) as file:
                while piece := file.read(PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise Unreadable(Fault.LARGE)
                    yield piece
        except DAMAGED:
            raise Unreadable(Fault.BROKEN) from None


def _refuse_others(names: set[str]) -> None:
    """Other things that are archives too."""
    if len(names) > MAX_MEMBERS:
        raise Unreadable(Fault.LARGE)
    if "xl/workbook.bin" in names:
        raise Unreadable(Fault.BINARY_EXCEL)
    if WORKBOOK not in names:
        is_open = "content.xml" in names and "mimetype" in names
        raise Unreadable(Fault.OPEN_DOCUMENT if is_open else Fault.OTHER_KIND)


def _mark(found: dict[int, set[int]], first: str, last: str, left: int) -> int:
    """Mark what lies under one merged cell; how many cells it covers."""
    top, bottom = place(first), place(last)
    if top is None or bottom is None:
        return 0
    columns = range(top[1], min(bottom[1] + 1, MAX_COLUMNS))
    size = max(0, bottom[0] - top[0] + 1) * len(columns)
    if size > left:
        raise Unreadable(Fault.MERGED, row=top[0])
    for row in range(top[0], bottom[0] + 1):
        found.setdefault(row, set()).update(columns[1:] if row == top[0] else columns)
    return size
