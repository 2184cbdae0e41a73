"""A file of rows, whichever kind it is: what it is, its sheet, its rows. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from elearn.tables import delimited, xlsx
from elearn.tables.cells import Fault, Row, Unreadable

MAX_BYTES = 25_000_000
HEAD_ROWS = 30
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OTHERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"Rar!",
    b"7z\xbc\xaf",
    b"PK\x05\x06",
)
Judge = Callable[[Sequence[Row]], bool]


@dataclass(frozen=True)
class Table:
    """A sheet of a file, empty for CSV; ``size`` is about how many rows it has.

    ``passed_over`` and ``hidden`` name the other sheets.
    """

    sheet: str
    size: int
    rows: Callable[[], Iterator[Row]]
    passed_over: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def table_of(content: bytes, is_wanted: Judge) -> Table:
    """The first sheet whose first rows are wanted, else the first that people see.

    Raises Unreadable, also while rows are taken.
    """
    if len(content) > MAX_BYTES:
        raise Unreadable(Fault.LARGE)
    if not content.startswith(ZIP):
        _refuse_others(content)
        return Table("", content.count(b"\n") + 1, lambda: delimited.rows(content))
    book = xlsx.Workbook(content)
    seen = [sheet for sheet in book.sheets if not sheet.is_hidden]
    if not seen:
        raise Unreadable(Fault.NO_SHEET)
    chosen = next((sheet for sheet in seen if is_wanted(head_of(book.rows(sheet)))), seen[0])
    return Table(
        chosen.name,
        book.survey(chosen).rows,
        lambda: book.rows(chosen),
        [sheet.name for sheet in seen if sheet is not chosen],
        [sheet.name for sheet in book.sheets if sheet.is_hidden],
    )


def head_of(rows: Iterator[Row]) -> list[Row]:
    """The first rows, among which the headings stand."""
    return list(islice(rows, HEAD_ROWS))


def _refuse_others(content: bytes) -> None:
    """What is no table of text, by how it begins."""
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        raise Unreadable(Fault.EMPTY)
    if content.startswith(OLE):
        raise Unreadable(Fault.PASSWORD if ENCRYPTED in content else Fault.OLD_EXCEL)
    if start.startswith(b"<"):
        raise Unreadable(Fault.WEB_PAGE)
    if content.startswith(OTHERS):
        raise Unreadable(Fault.OTHER_KIND)
