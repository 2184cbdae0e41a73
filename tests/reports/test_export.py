"""Rows become files: pieces of CSV as they come, text cells in XLSX."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from elearn.reports import export
from elearn.reports.export import Sheet


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+62", "'+62"),
        ("-5", "'-5"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("a=b", "a=b"),
        ("", ""),
        (-5, -5),
        (None, None),
        (date(2026, 1, 2), date(2026, 1, 2)),
    ],
)
def test_only_text_that_looks_like_a_formula_is_changed(cell: export.Cell, safe: object) -> None:
    assert export.safe(cell) == safe


def test_a_csv_comes_in_pieces_and_reads_back() -> None:
    rows = [(f"Orang, {at}", "199404122019032901", at) for at in range(1200)]
    pieces = list(export.csv_pieces(Sheet("x", ["Nama", "NIP", "JP"], rows)))
    assert len(pieces) == 3
    found = list(csv.reader(io.StringIO("".join(pieces).removeprefix("\ufeff"))))
    assert found == [["Nama", "NIP", "JP"], *([a, b, str(c)] for a, b, c in rows)]


CELLS = st.text(alphabet="=+-@\t\r\n,\"' ab1", max_size=4) | st.integers() | st.none()


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=4))
def test_no_cell_of_a_csv_begins_as_a_formula(rows: list[list[export.Cell]]) -> None:
    text = "".join(export.csv_pieces(Sheet("x", ["a", "b", "c"], rows)))
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerows([["a", "b", "c"], *([export.safe(cell) for cell in row] for row in rows)])
    assert text == export.BYTE_ORDER_MARK + held.getvalue()


def test_a_file_without_rows_has_its_header() -> None:
    assert "".join(export.csv_pieces(Sheet("x", ["Nama"], []))) == "\ufeffNama\r\n"


def test_an_xlsx_keeps_text_numbers_and_days() -> None:
    row = ("0123", 3, 86.5, date(2026, 11, 24), None, "http://x")
    made = export.xlsx(Sheet("x", ["a", "b", "c", "d", "e", "f"], [row]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(made))
    assert book.get_sheet_by_index(0).to_python()[1] == [
        "0123",
        3.0,
        86.5,
        date(2026, 11, 24),
        "",
        "http://x",
    ]
