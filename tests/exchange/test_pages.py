"""The pages for questions in and out, over HTTP."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from elearn.content.formats import notes as say
from elearn.content.formats.sheet_writer import template
from elearn.database import transaction
from elearn.people import staffing
from elearn.people.permissions import Role
from tests.content.formats.banks import BANK
from tests.people_cast import Cast
from tests.reports.school import a_course, browser_of, page_of, publish, text_of, written

BANK_PAGE = "/teach/question_bank"
GIFT = b"Siapa? {=Budi ~Ani#Bukan. ####Pembahasan}\n\nUrut {>1 a\nb}\n\nHanya teks.\n"


def upload(app: Flask, cast: Cast, content: bytes, form: str, name: str = "soal") -> TestResponse:
    data = {"title": "Soal saya", "format": form, "file": (BytesIO(content), name)}
    return browser_of(app, cast.budi).post(BANK_PAGE, data=data)


def bank_in(page: TestResponse) -> str:
    found = re.search(r'<textarea[^>]*name="bank"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)
    assert found
    return unescape(found[1]).strip()


def test_an_uploaded_file_is_read_and_reported(app: Flask, cast: Cast) -> None:
    before = written()
    page = upload(app, cast, GIFT, "gift")
    assert page.status_code == 200
    assert "1 soal siap" in text_of(page)
    assert "tidak ikut" in text_of(page)
    assert "- [x] Budi\n- [ ] Ani\n  > Bukan." in bank_in(page)
    assert written() == before


def test_every_format_can_be_taken_away_from_the_result(app: Flask, cast: Cast) -> None:
    page = upload(app, cast, BANK.encode(), "markdown")
    assert page.status_code == 200
    for form, ending, mark in (
        ("markdown", "md", b"# Bank: Soal saya"),
        ("gift", "gift.txt", b"::[markdown]"),
        ("moodle", "xml", b"<quiz>"),
        ("aiken", "aiken.txt", b"ANSWER: B"),
        ("excel", "xlsx", b"PK"),
    ):
        data = {"title": "Soal saya", "bank": bank_in(page), "format": form}
        taken = browser_of(app, cast.budi).post(f"{BANK_PAGE}/file", data=data)
        assert taken.status_code == 200, text_of(taken)
        assert taken.headers["Content-Disposition"] == f'attachment; filename="soal-saya.{ending}"'
        assert mark in taken.data


def test_a_file_that_cannot_be_read_says_why_and_keeps_the_rest(app: Flask, cast: Cast) -> None:
    for content, form, reason in (
        (b"<!DOCTYPE a><quiz/>", "moodle", say.XML_DOCTYPE),
        (b"not a sheet", "excel", say.SHEET_BROKEN),
        (b"\0\0", "gift", say.BINARY),
    ):
        page = upload(app, cast, content, form)
        assert page.status_code == 422
        assert reason[1:] in unescape(text_of(page))
        assert f'<option selected value="{form}">' in text_of(page)
        assert 'value="Soal saya"' in text_of(page)


def test_without_a_file_or_with_an_unknown_format_the_form_says_so(app: Flask, cast: Cast) -> None:
    browser = browser_of(app, cast.budi)
    page = browser.post(BANK_PAGE, data={"title": "", "format": "doc"})
    assert page.status_code == 422
    for words in ("Pilih berkas", "Pilih salah satu dari daftar", "Isian ini perlu diisi"):
        assert words in text_of(page)


def test_the_template_can_be_filled_and_uploaded(app: Flask, cast: Cast) -> None:
    taken = browser_of(app, cast.budi).get(f"{BANK_PAGE}/template.xlsx")
    assert taken.data[:2] == b"PK"
    assert "1 soal siap" in text_of(upload(app, cast, template(), "excel"))


PASTED = "1. Siapa?\nA. Ani\nB. Budi\nKunci: B\n2. Apa?\nA. ini\nB. itu\n3. Buang\nA. x\nB. y\n"


def test_pasted_questions_are_confirmed_one_by_one(app: Flask, cast: Cast) -> None:
    browser = browser_of(app, cast.budi)
    page = browser.post(
        f"{BANK_PAGE}/paste", data={"paste-title": "Tempelan", "paste-text": PASTED}
    )
    assert page.status_code == 200
    assert page.text.count(say.NO_KEY.capitalize()) == 2
    typed = {"title": "Tempelan"}
    for number, (text, a, b, key) in enumerate(
        [("Siapa?", "Ani", "Budi", "B"), ("Apa?", "ini", "itu", ""), ("Buang", "x", "y", "")]
    ):
        typed |= {f"questions-{number}-{name}": value for name, value in
                  {"text": text, "a": a, "b": b, "key": key}.items()}  # fmt: skip
    typed |= {"questions-0-keep": "y", "questions-1-keep": "y"}
    refused = browser.post(f"{BANK_PAGE}/confirm", data=typed)
    assert refused.status_code == 422
    assert refused.text.count(say.NO_KEY.capitalize()) == 1
    done = browser.post(f"{BANK_PAGE}/confirm", data={**typed, "questions-1-key": "a"})
    assert done.status_code == 200
    assert "2 soal siap" in text_of(done)
    assert "Buang" not in bank_in(done)
    assert "- [x] ini" in bank_in(done)


def test_text_without_questions_is_refused_and_kept(app: Flask, cast: Cast) -> None:
    browser = browser_of(app, cast.budi)
    page = browser.post(
        f"{BANK_PAGE}/paste", data={"paste-title": "T", "paste-text": "tanpa nomor"}
    )
    assert page.status_code == 422
    assert "Tidak ada soal bernomor" in text_of(page)
    assert "tanpa nomor</textarea>" in page.text


def test_a_bank_that_was_broken_by_hand_is_refused(app: Flask, cast: Cast) -> None:
    data = {"title": "T", "bank": "# Bank: T\n\n## Tanpa kunci?\n\nteks\n", "format": "gift"}
    page = browser_of(app, cast.budi).post(f"{BANK_PAGE}/file", data=data)
    assert page.status_code == 422
    assert "Tanpa kunci?" in page.text


def test_odd_forms_never_fail(app: Flask, cast: Cast) -> None:
    browser = browser_of(app, cast.budi)
    many = {f"questions-{n}-keep": "y" for n in range(60)}
    for path, data in (
        ("/confirm", {}), ("/confirm", {"title": "T"}), ("/confirm", {"title": "T", **many}),
        ("/file", {}), ("/paste", {}), ("", {"format": "gift"}),
        ("/file", {"title": "../../x\r\n", "bank": BANK, "format": "markdown"}),
    ):  # fmt: skip
        assert browser.post(BANK_PAGE + path, data=data).status_code in (200, 422)


@pytest.fixture
def course_id(cast: Cast) -> None:
    publish(cast, a_course())


def test_a_quiz_is_printed_with_its_sheet_of_keys(app: Flask, cast: Cast, course_id: None) -> None:
    links = re.findall(
        r'href="(/teach/keamanan/quizzes/[^"]+)"', page_of(app, cast.budi, BANK_PAGE)
    )
    assert links
    page = page_of(app, cast.budi, links[0])
    assert "Lembar kunci" in page
    assert page.index('class="options"') < page.index("paper-key")


def test_other_roles_and_other_instructors_are_refused(
    app: Flask, cast: Cast, course_id: None
) -> None:
    paper = re.findall(
        r'href="(/teach/keamanan/quizzes/[^"]+)"', page_of(app, cast.budi, BANK_PAGE)
    )[0]
    for path in (BANK_PAGE, f"{BANK_PAGE}/template.xlsx", paper):
        for person in (cast.ani, cast.citra):
            assert browser_of(app, person).get(path).status_code == 404
    for path in ("", "/paste", "/confirm", "/file"):
        assert browser_of(app, cast.ani).post(BANK_PAGE + path, data={}).status_code == 404
    with transaction():
        staffing.grant(None, cast.stranger.id, Role.INSTRUCTOR)
    assert browser_of(app, cast.stranger).get(BANK_PAGE).status_code == 200
    assert browser_of(app, cast.stranger).get(paper).status_code == 404
    budi = browser_of(app, cast.budi)
    assert budi.get("/teach/tidak-ada/quizzes/kuis/paper").status_code == 404
    assert budi.get("/teach/keamanan/quizzes/tidak-ada/paper").status_code == 404
