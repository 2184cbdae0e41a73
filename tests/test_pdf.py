"""Documents as PDF: archival and tagged, the same bytes each time, no text taken for typst."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from elearn import pdf

TEMPLATE = """#let data = json("data.json")
#set document(title: data.title)
#set text(lang: "id", font: "Libertinus Serif")
= #data.title
#data.text
"""


@pytest.fixture(autouse=True)
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "note.typ").write_text(TEMPLATE)
    monkeypatch.setattr(pdf, "TEMPLATES", tmp_path)


def page(text: str) -> pdf.Page:
    return pdf.Page("note", {"title": "Catatan", "text": text}, moment_ms=1_790_000_000_000)


def test_a_document_says_what_it_is_and_in_which_language() -> None:
    made = PdfReader(BytesIO(pdf.render(page("Isi"))))
    assert made.metadata is not None
    assert made.metadata.title == "Catatan"
    assert made.trailer["/Root"]["/Lang"] == "id"
    assert made.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert made.xmp_metadata is not None
    assert "pdfaid:part" in made.xmp_metadata.stream.get_data().decode()


def test_the_same_page_gives_the_same_bytes() -> None:
    assert pdf.render(page("Isi")) == pdf.render(page("Isi"))


def test_text_is_never_taken_for_typst() -> None:
    text = '#panic("x") $ [ \\ @preview #import'
    assert text in PdfReader(BytesIO(pdf.render(page(text)))).pages[0].extract_text()


def test_a_letter_that_no_font_has_costs_the_archival_form_only() -> None:
    made = PdfReader(BytesIO(pdf.render(page("Nama 李"))))
    assert "Nama" in made.pages[0].extract_text()
