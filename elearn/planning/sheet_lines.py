"""The rows of a small sheet by their headings, as text, with what is wrong where. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from elearn.tables import reading
from elearn.tables.cells import Cell, Row, Unreadable

MAX_BYTES = 2_000_000
MAX_LINES = 5000
SHOWN = 40
DAYS = ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d")
T = TypeVar("T")


class Refused(Exception):
    """A cell that cannot be taken as it is; ``reason`` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoTable(Exception):
    """The file holds no rows that can be read here; ``reason`` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Problem(NamedTuple):
    """What is wrong in a row, and in which column."""

    column: str
    reason: str
    value: str = ""


@dataclass
class Line:
    """A row by its number in the sheet: its cells as text by heading."""

    number: int
    cells: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def read(self, column: str, reader: Callable[[str], T], *, required: bool = True) -> T | None:
        """A cell as a value; what is wrong with it is noted and None returned."""
        text = self.cells.get(column, "")
        if not text:
            if required:
                self.refuse(column, "missing")
            return None
        try:
            return reader(text)
        except Refused as problem:
            self.refuse(column, problem.reason)
            return None

    def refuse(self, column: str, reason: str) -> None:
        """Note what is wrong with a cell."""
        self.problems.append(Problem(column, reason, self.cells.get(column, "")[:SHOWN]))


def lines_of(content: bytes, columns: Sequence[str], needed: Sequence[str]) -> list[Line]:
    """The filled rows of a CSV or XLSX file under its headings. Raises NoTable."""
    if len(content) > MAX_BYTES:
        raise NoTable("large")
    try:
        table = reading.table_of(content, lambda head: bool(_headings(head, needed)))
        return _read(list(table.rows()), columns, needed)
    except Unreadable as problem:
        raise NoTable(problem.fault.value) from problem


def _read(rows: Sequence[Row], columns: Sequence[str], needed: Sequence[str]) -> list[Line]:
    found = _headings(rows[: reading.HEAD_ROWS], needed)
    if not found:
        raise NoTable("header")
    first, headings = found
    places = {
        column: headings[_folded(column)] for column in columns if _folded(column) in headings
    }
    lines = [_line(row, places) for row in rows[first + 1 :]]
    if len(lines) > MAX_LINES:
        raise NoTable("many")
    return [line for line in lines if any(line.cells.values())]


def _headings(rows: Sequence[Row], needed: Sequence[str]) -> tuple[int, dict[str, int]] | None:
    for at, row in enumerate(rows):
        places = {_folded(_text(cell)): place for place, cell in reversed([*enumerate(row.cells)])}
        if all(_folded(column) in places for column in needed):
            return at, places
    return None


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _line(row: Row, places: Mapping[str, int]) -> Line:
    line = Line(row.number, {column: _text(row.at(place)) for column, place in places.items()})
    for column, place in places.items():
        if place in row.formulas:
            line.refuse(column, "formula")
    return line


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return str(cell).strip().removeprefix("'")


def level(text: str) -> int:
    """A level from 1 to 5."""
    if text not in {"1", "2", "3", "4", "5"}:
        raise Refused("level")
    return int(text)


def level_or_none(text: str) -> int:
    """A level from 0, which asks nothing, to 5."""
    return 0 if text in {"0", "-", "–"} else level(text)


def day(text: str) -> date:
    """A day as people write it."""
    for pattern in DAYS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  # a day
        except ValueError:
            continue
    raise Refused("day")


def text_of(longest: int) -> Callable[[str], str]:
    """A text of at most so many letters."""

    def read(text: str) -> str:
        if len(text) > longest:
            raise Refused("too_long")
        return text

    return read


def twins(lines: Sequence[Line], key: Callable[[Line], object]) -> Iterator[Line]:
    """Lines whose key an earlier one has."""
    seen: set[object] = set()
    for line in lines:
        this = key(line)
        if this in seen:
            yield line
        seen.add(this)
