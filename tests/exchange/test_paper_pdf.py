"""A quiz as a PDF: what is asked, its pictures, and on pages of their own the keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from io import BytesIO

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from elearn import files
from elearn.content.course import Pool, Question, Quiz
from elearn.database import transaction
from elearn.exchange import paper_pdf
from elearn.exchange.nodes import data_of, sources_in
from elearn.people import staffing
from elearn.people.permissions import Role
from tests.content.formats.banks import BANK, questions_of
from tests.people_cast import Cast
from tests.reports.school import QUIZ, a_course, browser_of, page_of, publish

MOMENT_MS = 1_790_000_000_000
ODD = '#panic("x") $ [ \\ @preview *a* 李'


def a_quiz(questions: Sequence[Question], intro: str = "<p>Baca baik-baik.</p>") -> Quiz:
    pools = (Pool("", 1, tuple(questions[:1])), Pool("Dasar", 2, tuple(questions[1:])))
    return Quiz("k", "Kuis akhir", pools, intro_html=intro)


def pages_of(quiz: Quiz) -> tuple[PdfReader, list[str]]:
    read = PdfReader(BytesIO(paper_pdf.render(quiz, "Keamanan informasi", MOMENT_MS)))
    return read, [" ".join(page.extract_text().split()) for page in read.pages]


def test_every_shape_is_asked_and_its_key_stands_on_another_page(app: Flask) -> None:
    read, pages = pages_of(a_quiz(questions_of(BANK)))
    first_key = next(n for n, text in enumerate(pages) if "Lembar kunci: Kuis akhir" in text)
    asked, keys = " ".join(pages[:first_key]), " ".join(pages[first_key:])
    for words in (
        "Nama", "Tanggal", "Baca baik-baik.", "1. Berapa JP paling sedikit bagi PNS?", "B. 20 JP",
        "Lengkapi: (1) ____ JP", "Inspektorat …", "11. Pilih yang terbaik", "Halaman 1 dari",
    ):  # fmt: skip
        assert words in asked
    for words in ("75 % ± 0,5", "(1) 20 / dua puluh", "Alasan jelas (3)", "Paling sedikit 20 JP"):
        assert words in keys
        assert words not in asked
    assert read.metadata is not None
    assert read.metadata.title == "Kuis akhir"
    assert read.trailer["/Root"]["/Lang"] == "id"
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]


def stored(media_type: str, content: bytes) -> str:
    """The address of a picture that a course has."""
    digest = sha256(content).hexdigest()
    with transaction():
        files.store(digest, media_type, content)
    return f"/files/{digest}/a"


def test_pictures_are_shown_and_broken_ones_leave_their_words(app: Flask) -> None:
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    whole = stored("image/png", drawn.getvalue())
    cut = stored("image/png", drawn.getvalue()[:30])
    missing = f"/files/{'0' * 64}/b"
    shown = "".join(
        f'<p><img src="{address}" alt="{words}"></p>'
        for address, words in ((whole, "Loket"), (cut, "Terpotong"), (missing, "Hilang"))
    )
    first = replace(questions_of(BANK)[0], stem_html=shown)
    read, pages = pages_of(a_quiz([first]))
    assert len(read.pages[0].images) == 1
    assert "[Terpotong]" in pages[0]
    assert "[Hilang]" in pages[0]
    for content in (b"<svg><rect", b"<?xml version='1.0' encoding='latin-1'?><svg>\xe9</svg>"):
        odd = stored("image/svg+xml", content)
        first = replace(first, stem_html=shown + f'<p><img src="{odd}" alt="Alur"></p>')
        assert "[Alur]" in pages_of(a_quiz([first]))[1][0]


def test_text_is_never_taken_for_typst_and_any_letter_may_stand(app: Flask) -> None:
    _, pages = pages_of(a_quiz([replace(questions_of(BANK)[0], stem_html=f"<p>{ODD}</p>")]))
    assert ODD[:-1] in pages[0]


PIECES = st.lists(
    st.one_of(
        st.text(max_size=6),
        st.sampled_from(
            ["<p>", "</p>", "<ul>", "<li>", "</li>", "</ul>", "<ol start='3'>", "</ol>", "<table>",
             "<tr>", "<td>", "<th>", "</td>", "</tr>", "</table>", "<br>", "<img src='x' alt=''>",
             "<pre>", "<code>", "</code>", "</pre>", "<video>", "</video>", "&amp;", "<sub>"]
        ),
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(PIECES)
def test_any_html_becomes_a_tree(markup: str) -> None:
    assert isinstance(data_of(markup), list)
    assert all(isinstance(address, str) for address in sources_in(markup))


def test_a_tree_keeps_code_as_written_and_drops_players() -> None:
    assert data_of("<pre><code>a\n  b</code></pre><video><source src='v'></video> <p>c\nd</p>") == [
        {"tag": "pre", "inside": [{"tag": "code", "inside": ["a\n  b"]}]},
        {"tag": "p", "inside": ["c d"]},
    ]


def test_a_quiz_is_sent_to_those_who_have_a_part_in_its_course(app: Flask, cast: Cast) -> None:
    publish(cast, a_course())
    address = f"/teach/keamanan/quizzes/{QUIZ}/paper"
    assert f'href="{address}.pdf"' in page_of(app, cast.budi, address)
    taken = browser_of(app, cast.budi).get(f"{address}.pdf")
    assert taken.headers["Content-Type"] == "application/pdf"
    named = 'attachment; filename="keamanan-kuis-akhir.pdf"'
    assert taken.headers["Content-Disposition"] == named
    assert "Soal 1" in PdfReader(BytesIO(taken.data)).pages[0].extract_text()
    with transaction():
        staffing.grant(None, cast.stranger.id, Role.INSTRUCTOR)
    for person in (cast.ani, cast.citra, cast.dewi, cast.stranger):
        assert browser_of(app, person).get(f"{address}.pdf").status_code == 404
    assert browser_of(app, cast.budi).get("/teach/keamanan/quizzes/x/paper.pdf").status_code == 404


@pytest.mark.parametrize("html", ["", "<table></table>", "<ul></ul>", "<table><tr></tr></table>"])
def test_empty_pieces_are_laid_out(app: Flask, html: str) -> None:
    assert pages_of(a_quiz([replace(questions_of(BANK)[0], stem_html=html)], html))[1]
