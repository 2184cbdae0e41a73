"""Rows become a CSV or an XLSX file: text stays text, and no cell is read as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter

from elearn import clock

Cell = str | int | float | date | None
FORMULA_STARTS = frozenset("=+-@\t\r")
# How a cell that begins with such a sign stands in a CSV file; one with \r is always quoted.
CELL_STARTS: dict[str, tuple[str, ...]] = {
    sign: ("," + sign, "\n" + sign, '"' + sign) for sign in FORMULA_STARTS
}
CELL_STARTS["\r"] = ('"\r',)
BYTE_ORDER_MARK = "\ufeff"
ROWS_A_PIECE = 500
BYTES_A_PIECE = 64 * 1024
COLUMN_WIDTH = 20


@dataclass(frozen=True)
class Sheet:
    """A list to be taken away. ``name`` is the stem of the file name, without NIP or person."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]

    def file_name(self, ending: str) -> str:
        """The name of the file, with the day it was made."""
        return f"{self.name}-{clock.today().isoformat()}.{ending}"


def safe(cell: Cell) -> Cell:
    """A cell that no spreadsheet program reads as a formula."""
    if isinstance(cell, str) and cell[:1] in FORMULA_STARTS:
        return "'" + cell
    return cell


def csv_pieces(sheet: Sheet) -> Iterator[str]:
    """The file in pieces, as the rows come; starts with a byte order mark."""
    head = BYTE_ORDER_MARK + _csv([sheet.header])
    rows = iter(sheet.rows)
    while piece := list(islice(rows, ROWS_A_PIECE)):
        yield head + _safe_csv(piece)
        head = ""
    if head:
        yield head


def _safe_csv(rows: Sequence[Sequence[Cell]]) -> str:
    """To look at each cell costs more than to write them all, so that is done where it may help."""
    text = _csv(rows)
    if _may_hold_formula(text):
        return _csv([safe(cell) for cell in row] for row in rows)
    return text


def _may_hold_formula(text: str) -> bool:
    return text[:1] in FORMULA_STARTS or any(
        sign in text and any(start in text for start in starts)
        for sign, starts in CELL_STARTS.items()
    )


def _csv(rows: Iterable[Iterable[Cell]]) -> str:
    held = io.StringIO()
    csv.writer(held).writerows(rows)
    return held.getvalue()


def xlsx(sheet: Sheet) -> bytes:
    """The file of one worksheet."""
    return b"".join(xlsx_pieces(sheet))


def xlsx_pieces(sheet: Sheet) -> Iterator[bytes]:
    """The file in pieces; it is whole, on disk, before the first one is given."""
    made = TemporaryFile()  # noqa: SIM115  # closed by who reads it to the end, or lets it go
    _write_book(made, sheet)
    made.seek(0)
    return _pieces(made)


def _pieces(made: IO[bytes]) -> Iterator[bytes]:
    with made:
        while piece := made.read(BYTES_A_PIECE):
            yield piece


def _write_book(made: IO[bytes], sheet: Sheet) -> None:
    """Write it row by row, in constant memory."""
    book = xlsxwriter.Workbook(made, {"constant_memory": True})
    book.set_properties({"created": clock.now().replace(tzinfo=None)})
    page = book.add_worksheet()
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd-mm-yyyy"})
    page.set_column(0, len(sheet.header) - 1, COLUMN_WIDTH)
    page.freeze_panes(1, 0)
    for column, label in enumerate(sheet.header):
        page.write_string(0, column, label, bold)
    for at, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            _write(page, (at, column), cell, day)
    book.close()


def _write(page: Any, place: tuple[int, int], cell: Cell, day: Any) -> None:
    cell = safe(cell)
    match cell:
        case str():
            page.write_string(*place, cell)
        case date():
            page.write_datetime(*place, cell, day)
        case int() | float():
            page.write_number(*place, cell)
        case None:
            pass
