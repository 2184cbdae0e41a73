"""A lesson as a browser sees it: text, self-checks, reflection, the way on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from elearn.content.course import Html, Shape
from elearn.content.keys import NumberKey, TextKey
from elearn.content.publishing import Published
from elearn.database import db
from elearn.journal.models import Event
from elearn.learning import reflections
from tests.builders import (
    EXAM,
    OWN,
    QUIZ,
    SECRETS,
    SLUG,
    TEXT,
    WORDS,
    WRONG,
    a_check,
    a_course,
    a_lesson,
    a_published_version,
    a_quiz,
    a_reflection,
    an_attempt,
    an_enrolment,
    finish,
    hand_in,
)
from tests.people_cast import Cast, browser, signed_in

PART = {"X-Part": "check"}


def lesson_url(key: str = TEXT) -> str:
    return f"/courses/{SLUG}/lessons/{key}"


def enter(app: Flask, cast: Cast) -> FlaskClient:
    an_enrolment(cast.ani)
    return signed_in(app, cast.ani)


def events() -> int:
    return db.session.scalar(select(func.count()).select_from(Event)) or 0


def test_a_lesson_shows_its_text_and_the_way_on(app: Flask, cast: Cast, course: Published) -> None:
    ani = enter(app, cast)
    page = ani.get(lesson_url())
    assert page.status_code == 200
    assert "<p>Isi dasar/teks.</p>" in page.text
    assert "Selesai, lanjut" in page.text
    assert f'href="{lesson_url(EXAM)}"' in page.text


def test_finishing_goes_on_to_the_next_lesson_and_the_last_one_to_the_course(
    app: Flask, cast: Cast, course: Published
) -> None:
    ani = enter(app, cast)
    assert ani.post(lesson_url()).location == lesson_url(EXAM)
    assert ani.post(lesson_url(OWN)).location == f"/courses/{SLUG}"
    assert "selesai</span>" in ani.get(lesson_url()).text
    assert "Selesai, lanjut" not in ani.get(lesson_url()).text


def test_the_last_step_says_that_the_course_is_passed(
    app: Flask, cast: Cast, course: Published
) -> None:
    ani = enter(app, cast)
    hand_in(cast.ani, an_attempt(cast.ani))
    finish(cast.ani, OWN)
    ani.post(f"/courses/{SLUG}/reflections/niat", data={"text": WORDS})
    response = ani.post(lesson_url(), follow_redirects=True)
    assert "Selamat, Anda lulus." in response.text


def test_opening_a_lesson_writes_nothing(app: Flask, cast: Cast, course: Published) -> None:
    ani = enter(app, cast)
    before = events()
    for key in (TEXT, EXAM, OWN):
        assert ani.get(lesson_url(key)).status_code == 200
    assert events() == before


def test_a_lesson_shows_each_state_of_its_quiz(app: Flask, cast: Cast, course: Published) -> None:
    ani = enter(app, cast)
    assert "Mulai kuis" in ani.get(lesson_url(EXAM)).text
    attempt_id = an_attempt(cast.ani)
    assert "Lanjutkan kuis" in ani.get(lesson_url(EXAM)).text
    hand_in(cast.ani, attempt_id, WRONG)
    assert "Coba lagi" in ani.get(lesson_url(EXAM)).text
    for _ in range(2):
        hand_in(cast.ani, an_attempt(cast.ani), WRONG)
    page = ani.get(lesson_url(EXAM)).text
    assert "Satu kesempatan lagi terbuka sendiri pada" in page
    assert page.count("/result") == 3
    assert not any(secret in page for secret in SECRETS)


# --- self-checks, answered in the address


def with_check(cast: Cast, **changes: Any) -> None:
    blocks = (Html("<p>Baca dahulu.</p>"), a_check(**changes))
    a_published_version(cast, a_course([a_lesson(TEXT, *blocks)]))


def test_a_self_check_is_answered_without_a_script_and_writes_nothing(
    app: Flask, cast: Cast
) -> None:
    with_check(cast)
    ani = enter(app, cast)
    before = events()
    assert not any(secret in ani.get(lesson_url()).text for secret in SECRETS)
    right = ani.get(lesson_url() + "?cek=cek-1&jawab=a").text
    assert "<b>Benar</b>" in right
    assert "PEMBAHASAN cek" in right
    wrong = ani.get(lesson_url() + "?cek=cek-1&jawab=b").text
    assert "<b>Belum tepat</b>" in wrong
    assert "UMPAN BALIK tidak" in wrong
    assert events() == before


def test_a_script_gets_the_check_alone(app: Flask, cast: Cast) -> None:
    with_check(cast)
    ani = enter(app, cast)
    part = ani.get(lesson_url() + "?cek=cek-1&jawab=a", headers=PART).text
    assert part.lstrip().startswith("<form")
    assert "<html" not in part


HINTS = ("<p>PERTAMA</p>", "<p>KEDUA</p>")


@pytest.mark.parametrize(
    ("query", "readable"),
    [
        ("", [False, False]),
        ("?cek=cek-1&petunjuk=1", [True, False]),
        ("?cek=cek-1&petunjuk=2&terbuka=1&jawab=b", [True, True]),
        ("?cek=cek-1&terbuka=1", [True, False]),
        ("?cek=cek-1&petunjuk=999", [True, True]),
        ("?cek=cek-1&petunjuk=-1&petunjuk=x&petunjuk=9999", [False, False]),
        ("?cek=lain&petunjuk=1", [False, False]),
    ],
)
def test_hints_of_a_check_open_one_by_one_in_the_address(
    app: Flask, cast: Cast, query: str, readable: list[bool]
) -> None:
    with_check(cast, hints_html=HINTS)
    page = enter(app, cast).get(lesson_url() + query)
    assert page.status_code == 200
    assert [text in page.text for text in HINTS] == readable
    assert not any(secret in page.text for secret in SECRETS)
    assert (" checked" in page.text) is ("jawab=b" in query)
    assert ("Pilih atau ketik" in page.text) is (query == "?cek=cek-1&terbuka=1")
    assert ('name="petunjuk"' in page.text) is not all(readable)
    if not all(readable):
        assert page.text.index("Periksa") < page.text.index('name="petunjuk"')


def test_an_empty_answer_to_a_check_shows_no_key(app: Flask, cast: Cast) -> None:
    with_check(cast)
    ani = enter(app, cast)
    for query in ("?cek=cek-1", "?cek=cek-1&jawab=", "?cek=lain&jawab=a", "?jawab=a"):
        page = ani.get(lesson_url() + query)
        assert page.status_code == 200
        assert not any(secret in page.text for secret in SECRETS)
    assert "Pilih atau ketik jawaban dahulu." in ani.get(lesson_url() + "?cek=cek-1").text


@pytest.mark.parametrize(
    ("shape", "key", "typed", "verdict"),
    [
        (Shape.TEXT, TextKey(("masyarakat",)), "Masyarakat", "Benar"),
        (Shape.TEXT, TextKey(("masyarakat",)), "<b>x</b>", "Belum tepat"),
        (Shape.NUMBER, NumberKey("20", "20", "JP"), "20 jp", "Benar"),
        (Shape.NUMBER, NumberKey("20", "20"), "x" * 3000, "Belum tepat"),
    ],
)
def test_typed_checks_keep_what_was_typed_and_escape_it(
    app: Flask, cast: Cast, shape: Shape, key: Any, typed: str, verdict: str
) -> None:
    with_check(cast, shape=shape, options=(), key=key)
    page = enter(app, cast).get(lesson_url(), query_string={"cek": "cek-1", "jawab": typed})
    assert f"<b>{verdict}</b>" in page.text
    assert "<b>x</b>" not in page.text


# --- reflections


def test_a_reflection_is_saved_and_shown_again(app: Flask, cast: Cast, course: Published) -> None:
    ani = enter(app, cast)
    response = ani.post(f"/courses/{SLUG}/reflections/niat", data={"text": WORDS})
    assert response.location == lesson_url(OWN)
    page = ani.get(lesson_url(OWN)).text
    assert "Refleksi Anda tersimpan." in page
    assert WORDS in page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("dua kata", "masih terlalu pendek"),
        ("<script>alert(1)</script>", "masih terlalu pendek"),
        ("kata " * 4001, "terlalu panjang"),
    ],
)
def test_a_refused_reflection_keeps_what_was_typed(
    app: Flask, cast: Cast, course: Published, text: str, told: str
) -> None:
    response = enter(app, cast).post(f"/courses/{SLUG}/reflections/niat", data={"text": text})
    assert response.status_code == 422
    assert told in response.text
    assert "<script>alert" not in response.text
    assert text.strip().replace("<", "&lt;").replace(">", "&gt;") in response.text
    assert reflections.of(an_enrolment(cast.ani).key.id) == {}


# --- those who have no business here


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", lesson_url(), 404),
        ("POST", lesson_url(), 404),
        ("POST", f"/courses/{SLUG}/reflections/niat", 404),
        ("POST", f"/courses/{SLUG}/quizzes/{QUIZ}", 404),
        ("POST", f"/courses/{SLUG}/version", 404),
    ],
)
def test_who_has_not_entered_finds_nothing_and_writes_nothing(
    app: Flask, cast: Cast, course: Published, method: str, path: str, status: int
) -> None:
    an_enrolment(cast.ani)
    before = events()
    response = signed_in(app, cast.stranger).open(path, method=method, data={"text": WORDS})
    assert response.status_code == status
    assert "Halaman tidak ditemukan" in response.text
    assert browser(app).open(path, method=method).status_code == 303
    assert events() == before


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", lesson_url("dasar/tidak-ada"), 404),
        ("POST", lesson_url("dasar/tidak-ada"), 404),
        ("GET", lesson_url("%ff%fe"), 404),
        ("GET", lesson_url(TEXT + "%00"), 400),
        ("GET", lesson_url() + "?cek=%00", 400),
        ("DELETE", lesson_url(), 405),
        ("GET", f"/courses/{SLUG}/reflections/niat", 405),
        ("POST", f"/courses/{SLUG}/reflections/lain", 404),
        ("GET", f"/courses/{SLUG}/quizzes/{QUIZ}", 405),
        ("POST", f"/courses/{SLUG}/quizzes/lain", 404),
        ("PUT", "/attempts/x", 405),
    ],
)
def test_odd_addresses_get_a_page_with_the_right_status(
    app: Flask, cast: Cast, course: Published, method: str, path: str, status: int
) -> None:
    response = enter(app, cast).open(path, method=method, data={"text": WORDS})
    assert response.status_code == status
    assert "Belajar ASN" in response.text


# --- what a page costs


def test_a_lesson_page_sends_at_most_four_statements(
    app: Flask, cast: Cast, query_count: Callable[[], Any]
) -> None:
    everything = a_lesson(TEXT, Html("<p>Isi.</p>"), a_check(), a_quiz(), a_reflection())
    plain = [a_lesson(f"m/{number}") for number in range(30)]
    a_published_version(cast, a_course([everything, *plain]))
    ani = enter(app, cast)
    hand_in(cast.ani, an_attempt(cast.ani), WRONG)
    ani.get("/courses")
    costs = {}
    for key in (TEXT, "m/0"):
        for temperature in ("cold", "warm"):
            db.session.remove()
            with query_count() as count:
                assert ani.get(lesson_url(key)).status_code == 200
            costs[key, temperature] = count.total
    assert costs[TEXT, "warm"] <= 4
    assert costs["m/0", "cold"] <= 4
    assert costs["m/0", "warm"] <= 2
