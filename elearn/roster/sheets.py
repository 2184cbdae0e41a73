"""Workbooks the roster gives: the template to be filled, and the rows that have to be mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from elearn.roster.columns import NEEDED, TEMPLATE, Field
from elearn.roster.listing import Entry
from elearn.roster.problems import Problem
from elearn.tables.places import letters_of

WIDTH = 22
ROWS_PREPARED = 5_000
EXAMPLE = {
    Field.NIP: "199001152015031991",
    Field.NAME: "Contoh: hapus atau timpa baris ini",
    Field.DEGREES_AFTER: "S.Kom.",
    Field.STATUS: "PNS",
    Field.GRADE: "III/b",
    Field.POSITION: "Pranata Komputer Ahli Pertama",
    Field.UNIT: "Bidang Aplikasi Informatika",
    Field.PARENT: "Dinas Komunikasi dan Informatika",
}
STATUSES = ("PNS", "CPNS", "PPPK", "PPPK Paruh Waktu")
REPORT = ("Baris", "NIP", "Nama", "Unit kerja", "Kolom", "Masalah dan cara membetulkannya")
Words = Callable[[Problem], str]


def template(classes: Sequence[str]) -> bytes:
    """The empty sheet with one example, every cell as text; ``classes`` are names to choose."""
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        page = book.add_worksheet("pegawai")
        head = book.add_format({"bold": True, "bottom": 1})
        must = book.add_format({"bold": True, "bottom": 1, "bg_color": "#FFF2CC"})
        text = book.add_format({"num_format": "@"})
        page.set_column(0, len(TEMPLATE) - 1, WIDTH, text)
        for at, field in enumerate(TEMPLATE):
            page.write_string(0, at, field.value, must if field in NEEDED else head)
            page.write_string(1, at, EXAMPLE.get(field, ""), text)
        words = book.add_worksheet("pilihan")
        _offer(page, words, Field.STATUS, STATUSES)
        _offer(page, words, Field.POSITION_CLASS, classes)
        page.freeze_panes(1, 0)
    return held.getvalue()


def _offer(page: Any, words: Any, field: Field, choices: Sequence[str]) -> None:
    """A list to choose from in each row; it stands on a sheet of its own."""
    column = TEMPLATE.index(field)
    words.write_column(0, column, list(choices))
    letters = letters_of(column)
    source = f"=pilihan!${letters}$1:${letters}${max(1, len(choices))}"
    choice = {"validate": "list", "source": source}
    page.data_validation(1, column, ROWS_PREPARED, column, choice)


def report(entries: Iterable[Entry], words: Words) -> bytes:
    """Every problem with its row, its column and the mend."""
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("perlu dibetulkan")
        head, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": 1})
        page.set_column(0, len(REPORT) - 2, WIDTH)
        page.set_column(len(REPORT) - 1, len(REPORT) - 1, WIDTH * 4, text)
        for at, name in enumerate(REPORT):
            page.write_string(0, at, name, head)
        row = 0
        for entry in entries:
            for problem in entry.problems:
                row += 1
                page.write_number(row, 0, entry.number)
                told = (entry.nip, entry.name, entry.unit, problem.column, words(problem))
                for at, value in enumerate(told, 1):
                    page.write_string(row, at, value)
        page.autofilter(0, 0, max(1, row), len(REPORT) - 1)
        page.freeze_panes(1, 0)
    return held.getvalue()
