"""A spreadsheet of learning elsewhere, row by row: what it says, and what is wrong where. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter

from elearn.competency.outside_rules import Learning
from elearn.people import nip
from elearn.people.nip import NipError
from elearn.spreadsheets import Grid

MAX_LINES = 200
MAX_ROWS = MAX_LINES + 50
LONGEST = {"title": 200, "organiser": 200, "number": 120, "letter_number": 120}
DAYS = ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d")


class Column(StrEnum):
    """The columns of the template, by their headings."""

    NIP = "NIP"
    NAME = "Nama"
    TITLE = "Nama pelatihan"
    KIND = "Bentuk"
    ORGANISER = "Penyelenggara"
    NUMBER = "Nomor sertifikat"
    STARTED = "Tanggal mulai"
    ENDED = "Tanggal selesai"
    JP = "JP"
    LETTER = "Nomor surat tugas"
    LETTER_ON = "Tanggal surat tugas"


# The name only helps people to find their way, and own initiative has no letter.
NEEDED = tuple(c for c in Column if c not in {Column.NAME, Column.LETTER, Column.LETTER_ON})


class Problem(NamedTuple):
    """What is wrong in a row, and in which column; ``reason`` is a stable word."""

    column: Column
    reason: str
    value: str = ""


@dataclass
class Line:
    """A row of the sheet by its number there. ``learning`` is None where something is wrong."""

    number: int
    nip: str
    name: str
    learning: Learning | None
    problems: list[Problem] = field(default_factory=list)


class NoHeader(Exception):
    """No row names the columns that are needed."""


class TooManyLines(Exception):
    """More rows than are brought in at once."""


def lines_of(grid: Grid, kinds: Mapping[str, str]) -> list[Line]:
    """The filled rows under the headings; ``kinds`` are names by id.

    Raises NoHeader and TooManyLines.
    """
    first, places = _header(grid.rows)
    by_name = {_folded(name): id for id, name in kinds.items()} | {id: id for id in kinds}
    lines = [
        _Reader(number, cells, places, grid.formulas).line(by_name)
        for number, cells in enumerate(grid.rows[first + 1 :], first + 2)
        if any(str(cells[place]).strip() for place in places.values() if place < len(cells))
    ]
    if len(lines) > MAX_LINES:
        raise TooManyLines
    return lines


def _header(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[Column, int]]:
    for number, row in enumerate(rows):
        found = {_folded(str(cell)): place for place, cell in reversed([*enumerate(row)])}
        places = {c: found[_folded(c.value)] for c in Column if _folded(c.value) in found}
        if places.keys() >= set(NEEDED):
            return number, places
    raise NoHeader


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


class _Reader:
    """Reads one row and collects what is wrong in it."""

    def __init__(
        self,
        number: int,
        cells: Sequence[Any],
        places: Mapping[Column, int],
        formulas: frozenset[tuple[int, int]],
    ) -> None:
        self.number, self.cells, self.places, self.formulas = number, cells, places, formulas
        self.problems: list[Problem] = []

    def line(self, kinds: Mapping[str, str]) -> Line:
        for column, place in self.places.items():
            if (self.number, place + 1) in self.formulas:
                self.problems.append(Problem(column, "formula"))
        digits = self._read(Column.NIP, _nip)
        facts = {
            "title": self._text(Column.TITLE, "title"),
            "kind": self._read(Column.KIND, lambda cell: _kind(cell, kinds)),
            "jp": self._read(Column.JP, _jp),
            "number": self._text(Column.NUMBER, "number"),
            "organiser": self._text(Column.ORGANISER, "organiser"),
            "started_on": self._read(Column.STARTED, _day),
            "ended_on": self._read(Column.ENDED, _day),
        }
        letter = self._text(Column.LETTER, "letter_number")
        letter_on = self._read(Column.LETTER_ON, _day)
        known = not self.problems
        learning = (
            Learning(**facts, letter_number=letter, letter_on=letter_on or None) if known else None
        )
        name = str(self._cell(Column.NAME)).strip()
        return Line(self.number, digits or "", name, learning, self.problems)

    def _cell(self, column: Column) -> Any:
        place = self.places.get(column, len(self.cells))
        return self.cells[place] if place < len(self.cells) else ""

    def _read(self, column: Column, read: Callable[[Any], Any]) -> Any:
        cell = self._cell(column)
        if isinstance(cell, str) and not cell.strip():
            if column in NEEDED and not self._is_known_bad(column):
                self.problems.append(Problem(column, "missing"))
            return None
        try:
            return read(cell)
        except Refused as problem:
            if not self._is_known_bad(column):
                self.problems.append(Problem(column, problem.reason, _shown(cell)))
            return None

    def _is_known_bad(self, column: Column) -> bool:
        return any(problem.column is column for problem in self.problems)

    def _text(self, column: Column, name: str) -> str:
        read: str | None = self._read(column, lambda cell: _text(cell, LONGEST[name]))
        return read or ""


class Refused(Exception):
    """A cell that cannot be taken as it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _shown(cell: Any) -> str:
    return f"{cell:.15g}".replace(".", ",") if isinstance(cell, float) else str(cell).strip()[:40]


def _text(cell: Any, longest: int) -> str:
    text = f"{cell:.15g}" if isinstance(cell, float) else str(cell).strip()
    if len(text) > longest:
        raise Refused("too_long")
    return text


def _nip(cell: Any) -> str:
    if not isinstance(cell, str):
        raise Refused("nip_spreadsheet")
    try:
        return nip.parse(cell).digits
    except NipError as problem:
        raise Refused(f"nip_{problem.reason.value}") from problem


def _kind(cell: Any, kinds: Mapping[str, str]) -> str:
    found = kinds.get(_folded(_text(cell, LONGEST["title"])))
    if found is None:
        raise Refused("unknown_kind")
    return found


def _jp(cell: Any) -> int:
    text = _text(cell, LONGEST["number"])
    whole = text.removeprefix("-")
    if not (whole.isascii() and whole.isdigit() and len(whole) < len("10000")):
        raise Refused("jp_not_whole")
    if int(text) < 1:
        raise Refused("jp_below_one")
    return int(text)


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float | bool):
        raise Refused("day_is_number")
    for pattern in DAYS:
        try:
            return datetime.strptime(str(cell).strip(), pattern).date()  # noqa: DTZ007  # a day
        except ValueError:
            continue
    raise Refused("day_unreadable")


# --- the template ------------------------------------------------------------------------------

EXAMPLE = {
    Column.NIP: "199404122019032901",
    Column.NAME: "Ani Pratiwi",
    Column.TITLE: "Contoh: hapus atau timpa baris ini",
    Column.KIND: "Bimbingan Teknis",
    Column.ORGANISER: "BPSDM Provinsi Jambi",
    Column.NUMBER: "893/012/2026",
    Column.STARTED: "04-05-2026",
    Column.ENDED: "06-05-2026",
    Column.JP: "24",
}
WIDTH = 22


def template(kinds: Sequence[str]) -> bytes:
    """The empty sheet with one example, every cell as text, and a list of the forms."""
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        page = book.add_worksheet("pembelajaran")
        names = book.add_worksheet("bentuk")
        head = book.add_format({"bold": True, "bottom": 1})
        text = book.add_format({"num_format": "@"})
        page.set_column(0, len(Column) - 1, WIDTH, text)
        for at, column in enumerate(Column):
            page.write_string(0, at, column.value, head)
            page.write_string(1, at, EXAMPLE.get(column, ""), text)
        for at, name in enumerate(kinds):
            names.write_string(at, 0, name)
        _offer(page, len(kinds))
        page.freeze_panes(1, 0)
    return held.getvalue()


def _offer(page: Any, count: int) -> None:
    """A list to choose the form from in each row."""
    column = list(Column).index(Column.KIND)
    source = {"validate": "list", "source": f"=bentuk!$A$1:$A${count}"}
    page.data_validation(1, column, MAX_LINES, column, source)


def duplicates(lines: Sequence[Line]) -> Iterator[tuple[Line, int]]:
    """Each row that says the same as an earlier one, with the number of that one."""
    seen: dict[tuple[str, str, str], int] = {}
    for line in lines:
        if line.learning is None:
            continue
        number, title = line.learning.number, line.learning.title
        key = (line.nip, _folded(number).replace(" ", ""), _folded(title))
        if key in seen:
            yield line, seen[key]
        else:
            seen[key] = line.number
