"""What a file of rows is made of, and why one cannot be read. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

# What a cell holds; "" for nothing.
Cell = str | float | bool | date | datetime
MAX_ROWS = 100_000
MAX_COLUMNS = 256


class Fault(StrEnum):
    """Why a file cannot be read as a whole."""

    EMPTY = "empty"
    BROKEN = "broken"
    LARGE = "large"
    DOCTYPE = "doctype"
    PASSWORD = "password"  # noqa: S105  # the name of a fault
    OLD_EXCEL = "old_excel"
    BINARY_EXCEL = "binary_excel"
    OPEN_DOCUMENT = "open_document"
    WEB_PAGE = "web_page"
    OTHER_KIND = "other_kind"
    NO_SHEET = "no_sheet"
    MERGED = "merged"


class Unreadable(Exception):
    """The file is no table that is read here; ``sheet`` and ``row`` say where, if anywhere."""

    def __init__(self, fault: Fault, sheet: str = "", row: int = 0) -> None:
        super().__init__(fault.value)
        self.fault, self.sheet, self.row = fault, sheet, row


@dataclass(frozen=True)
class Row:
    """A filled row by its number in the sheet, from 1.

    ``formulas`` and ``merged`` are columns, from 0: whose value was computed, and which lie under
    a merged cell and so hold nothing of their own.
    """

    number: int
    cells: list[Cell]
    formulas: frozenset[int] = frozenset()
    merged: frozenset[int] = frozenset()
    is_hidden: bool = False

    def at(self, column: int) -> Cell:
        """The cell of a column; "" beyond the last one."""
        return self.cells[column] if column < len(self.cells) else ""
