"""The XML of a sheet, fed piece by piece: each row as soon as it is whole. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from xml.parsers import expat

from elearn.tables.cells import MAX_COLUMNS, MAX_ROWS, Cell, Fault, Row, Unreadable
from elearn.tables.places import place

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # a spreadsheet knows no zone
DAYS_TO_1904 = 1462
LAST_DAY = 2_958_465  # 31-12-9999
MAX_CELLS = 20_000_000
MAX_CELL_TEXT = 32_767  # what a cell may hold by the specification


class XmlParser:
    """Elements by their names without prefix. A document type is refused: it may hold a bomb."""

    def __init__(self) -> None:
        self._expat = expat.ParserCreate()
        self._expat.StartElementHandler = self.start
        self._expat.EndElementHandler = self.close
        self._expat.CharacterDataHandler = self.text
        self._expat.StartDoctypeDeclHandler = _refuse_doctype
        self._expat.buffer_text = True

    def feed(self, piece: bytes) -> None:
        """Take in the next bytes."""
        self._expat.Parse(piece, False)

    def end(self) -> None:
        """There are no more."""
        self._expat.Parse(b"", True)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def close(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text within an element."""


def _refuse_doctype(*_about: object) -> None:
    raise Unreadable(Fault.DOCTYPE)


def local(name: str) -> str:
    """The name of an element without its prefix."""
    return name.rpartition(":")[2] if ":" in name else name


class RowParser(XmlParser):
    """Rows of a sheet; ``row`` is the number of the one that is read."""

    def __init__(
        self,
        texts: Sequence[str],
        dates: frozenset[str],
        merged: dict[int, set[int]],
        is_1904: bool,
    ) -> None:
        super().__init__()
        self._texts, self._dates, self._merged = texts, dates, merged
        self._shift = DAYS_TO_1904 if is_1904 else 0
        self.row = 0
        self._done: list[Row] = []
        self._filled = self._cells_seen = 0
        self._cells: list[Cell] = []
        self._formulas: set[int] = set()
        self._hidden = False
        self._column = -1
        self._kind = self._style = ""
        self._held: list[str] = []
        self._within = False

    def taken(self) -> list[Row]:
        """The rows that have become whole since the last time."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "c":
                self._begin_cell(attributes)
            case "v" | "t":
                self._within = True
            case "f":
                self._formulas.add(self._column)
            case "row":
                self._begin_row(attributes)

    def text(self, text: str) -> None:
        if self._within:
            self._held.append(text)

    def close(self, name: str) -> None:
        match local(name):
            case "v" | "t":
                self._within = False
            case "c":
                self._end_cell()
            case "row":
                self._end_row()

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self.row = int(number) if number.isascii() and number.isdigit() else self.row + 1
        self._hidden = attributes.get("hidden") in {"1", "true"}
        self._cells, self._formulas, self._column = [], set(), -1

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        at = place(attributes.get("r", ""))
        self._column = at[1] if at else self._column + 1
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._held = []
        self._cells_seen += 1
        if self._cells_seen > MAX_CELLS:
            raise Unreadable(Fault.LARGE)

    def _end_cell(self) -> None:
        text = "".join(self._held)
        if not text or self._column >= MAX_COLUMNS:
            return
        if len(self._cells) <= self._column:
            self._cells.extend([""] * (self._column + 1 - len(self._cells)))
        self._cells[self._column] = self._value(text[:MAX_CELL_TEXT])

    def _value(self, text: str) -> Cell:
        match self._kind:
            case "s":
                return self._texts[int(text)]
            case "b":
                return text == "1"
            case "d":
                return text[:10]
            case "n" | "":
                return self._number(text)
        return text

    def _number(self, text: str) -> Cell:
        try:
            number = float(text)
        except ValueError:
            return text
        if self._style in self._dates and 1 <= number <= LAST_DAY:
            return _day(number + self._shift)
        return number

    def _end_row(self) -> None:
        if not any(cell != "" for cell in self._cells):
            return
        self._filled += 1
        if self._filled > MAX_ROWS:
            raise Unreadable(Fault.LARGE)
        merged = frozenset(self._merged.get(self.row, ()))
        formulas = frozenset(self._formulas)
        self._done.append(Row(self.row, self._cells, formulas, merged, self._hidden))


def _day(number: float) -> date:
    return (EPOCH + timedelta(days=int(number))).date()
