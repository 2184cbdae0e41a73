"""The Excel template: soal, pilihan A to E, kunci, pembahasan; out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO

import xlsxwriter

from elearn.content.course import Shape
from elearn.content.formats import notes as say
from elearn.content.formats.exchange import Exported, Notes
from elearn.content.formats.fields import LETTERS, Fields
from elearn.content.formats.leaving import asked_text, name_of, note_plain_losses
from elearn.content.formats.sheet import HEADER, OPTIONS
from elearn.content.formats.written import WrittenQuestion
from elearn.content.structure import inline_words

WIDTHS = (60, *[24] * OPTIONS, 10, 40)
EXAMPLE = Fields(
    "Berapa JP pengembangan kompetensi paling sedikit bagi PNS dalam setahun?",
    ("10 JP", "20 JP", "24 JP"),
    "B",
    "Contoh: hapus atau timpa baris ini.",
)


def template() -> bytes:
    """The empty template with one example."""
    return _book([EXAMPLE])


def write_sheet(questions: Iterable[WrittenQuestion], _: str = "id") -> Exported:
    """A filled template: choices of up to five options, true/false and typed answers."""
    notes = Notes()
    rows = []
    for number, question in enumerate(questions, 1):
        place = f"{number}. {name_of(question)}"[:80]
        if question.shape in CARRIED and len(question.options) <= OPTIONS:
            note_plain_losses(question, place, notes)
            rows.append(_as_fields(question))
        elif question.shape in CARRIED:
            notes.left_out(place, say.CHOICES_MANY.format(limit=OPTIONS))
        else:
            notes.left_out(place, say.SHAPE_NOT_HERE)
    return Exported(_book(rows), tuple(notes.rows))


CARRIED = (Shape.SINGLE, Shape.MULTIPLE, Shape.TRUE_FALSE, Shape.TEXT, Shape.NUMBER)


def _as_fields(question: WrittenQuestion) -> Fields:
    options = tuple(inline_words(option.text) for option in question.options)
    right = [LETTERS[place] for place, option in enumerate(question.options) if option.correct]
    key = ", ".join(right) or next(a.text for a in question.answers if a.percent == 100)
    return Fields(_words(asked_text(question)), options, key, _words(question.explanation))


def _words(text: str) -> str:
    return "\n".join(inline_words(part) for part in text.split("\n\n"))


def _book(rows: Iterable[Fields]) -> bytes:
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        page = book.add_worksheet("soal")
        head = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        for column, (name, width) in enumerate(zip(HEADER, WIDTHS, strict=True)):
            page.set_column(column, column, width, wrapped)
            page.write_string(0, column, name, head)
        for number, cells in enumerate(map(_cells, rows), 1):
            for column, cell in enumerate(cells):
                page.write_string(number, column, cell, wrapped)
        page.freeze_panes(1, 0)
    return held.getvalue()


def _cells(fields: Fields) -> Iterator[str]:
    spare = [""] * (OPTIONS - len(fields.options))
    yield from (fields.text, *fields.options, *spare, fields.key, fields.explanation)
