"""Files of rows: what comes out is what people see, and harmful ones end with a reason."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.tables import cells, xlsx
from elearn.tables.cells import Fault, Row, Unreadable
from elearn.tables.places import column_of, letters_of, place
from elearn.tables.reading import head_of, table_of

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
GRIDS = st.lists(st.lists(TEXTS, min_size=1, max_size=5), min_size=1, max_size=6)


def a_book(fill: Callable[[Any, Any], None]) -> bytes:
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        fill(book, book.add_worksheet("Data"))
    return held.getvalue()


def rows(content: bytes) -> list[Row]:
    return list(table_of(content, lambda _rows: True).rows())


def seen(grid: list[list[str]]) -> list[tuple[int, list[str]]]:
    """What is left of a grid: no empty rows, no empty cells at the end."""
    found = []
    for number, line in enumerate(grid, 1):
        filled = [at for at, text in enumerate(line, 1) if text]
        if filled:
            found.append((number, line[: filled[-1]]))
    return found


def trimmed(row: Row) -> list[Any]:
    filled = [at for at, cell in enumerate(row.cells, 1) if cell != ""]
    return row.cells[: filled[-1]] if filled else []


@given(GRIDS)
@settings(max_examples=30)
def test_texts_of_a_workbook_come_out_as_they_were_written(grid: list[list[str]]) -> None:
    def fill(_book: Any, page: Any) -> None:
        for at, line in enumerate(grid):
            for column, text in enumerate(line):
                page.write_string(at, column, text)

    assert [(row.number, trimmed(row)) for row in rows(a_book(fill))] == seen(grid)


@given(st.lists(st.lists(st.text("abc é\"'ß", max_size=6), min_size=2, max_size=4), min_size=1))
@settings(max_examples=30)
@pytest.mark.parametrize(
    ("sign", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"), (",", "cp1252")]
)
def test_texts_of_csv_come_out_whatever_parts_and_encodes_them(
    sign: str, encoding: str, grid: list[list[str]]
) -> None:
    quoted = [["x", "y"], *([cell.replace('"', '""') for cell in line] for line in grid)]
    text = "\r\n".join(sign.join(f'"{cell}"' for cell in line) for line in quoted)
    wanted = [["x", "y"], *(line for line in grid if any(cell.strip() for cell in line))]
    assert [row.cells for row in rows(text.encode(encoding))] == wanted


@given(st.integers(0, 20_000))
def test_letters_of_columns_lead_back(column: int) -> None:
    assert column_of(letters_of(column)) == column
    assert letters_of(0) == "A"
    assert place("ABC12") == (12, column_of("ABC"))
    assert place("12") is None


def test_days_numbers_formulas_and_merged_cells_are_told_apart() -> None:
    def fill(book: Any, page: Any) -> None:
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        money = book.add_format({"num_format": '"Rp" #,##0'})
        page.write_datetime(0, 0, datetime(2026, 11, 24), day)  # noqa: DTZ001
        page.write_number(0, 1, 46350.5, money)
        page.write_boolean(0, 2, True)
        page.write_formula(1, 0, "=A1+1", day, 46351)
        page.write_rich_string(1, 1, "Ani ", book.add_format({"bold": True}), "Pratiwi")
        page.merge_range("A3:B4", "Dinas Kesehatan")
        page.write_string("C4", "isi")
        page.set_row(3, None, None, {"hidden": True})

    first, second, third, fourth = rows(a_book(fill))
    assert first.cells == [date(2026, 11, 24), 46350.5, True]
    assert (second.cells, second.formulas) == ([date(2026, 11, 25), "Ani Pratiwi"], {0})
    assert (third.at(0), third.merged) == ("Dinas Kesehatan", {1})
    assert (fourth.at(2), fourth.merged, fourth.is_hidden) == ("isi", {0, 1}, True)
    assert fourth.at(99) == ""


def test_the_sheet_that_is_wanted_is_read_and_the_others_are_named() -> None:
    def fill(book: Any, page: Any) -> None:
        page.write_string(0, 0, "Petunjuk")
        hidden = book.add_worksheet("Rahasia")
        hidden.write_string(0, 0, "NIP")
        hidden.hide()
        book.add_worksheet("Pegawai").write_string(0, 0, "NIP")

    table = table_of(a_book(fill), lambda head: any("NIP" in row.cells for row in head))
    assert (table.sheet, table.passed_over, table.hidden) == ("Pegawai", ["Data"], ["Rahasia"])
    other = table_of(a_book(fill), lambda _head: False)
    assert other.sheet == "Data"


def replaced(content: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == member else data, zipfile.ZIP_DEFLATED)
    return held.getvalue()


BOOK = a_book(lambda _book, page: page.write_row(0, 0, ["NIP", "Nama"]))
SHEET = "xl/worksheets/sheet1.xml"
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
MERGES = b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (replaced(BOOK, SHEET, lambda _data: BOMB), Fault.DOCTYPE),
        (replaced(BOOK, "xl/sharedStrings.xml", lambda _data: BOMB), Fault.DOCTYPE),
        (replaced(BOOK, "xl/workbook.xml", lambda data: data[:-30]), Fault.BROKEN),
        (replaced(BOOK, SHEET, lambda data: data.replace(b"<v>1<", b"<v>99<")), Fault.BROKEN),
        (replaced(BOOK, SHEET, lambda d: d.replace(b"</worksheet>", MERGES)), Fault.MERGED),
        (b"a\0b;c\n", Fault.OTHER_KIND),
        (b'"a;b\n' + b"x" * 200_000, Fault.BROKEN),
        (b"", Fault.EMPTY),
    ],
)
def test_a_harmful_file_is_refused_with_the_reason(content: bytes, fault: Fault) -> None:
    with pytest.raises(Unreadable) as refused:
        rows(content)
    assert refused.value.fault is fault


def test_what_unpacks_to_more_than_is_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_UNPACKED", 100_000)
    padded = replaced(BOOK, SHEET, lambda data: data + b" " * 200_000)
    assert len(padded) < 10_000
    with pytest.raises(Unreadable, match="large"):
        rows(padded)


def test_a_row_far_below_costs_nothing_and_far_columns_are_left_out() -> None:
    def fill(_book: Any, page: Any) -> None:
        page.write_string(1_000_000, 0, "x")
        page.write_string(1_000_000, cells.MAX_COLUMNS + 5, "y")

    (row,) = rows(a_book(fill))
    assert (row.number, row.cells) == (1_000_001, ["x"])


def test_the_head_of_a_table_is_short() -> None:
    text = "\n".join(f"{n};x" for n in range(100))
    assert len(head_of(table_of(text.encode(), lambda _rows: True).rows())) == 30
