"""An instructor's courses: learners, results question by question, reflections."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from elearn.database import transaction
from elearn.people import staffing
from elearn.people.permissions import Role
from tests.people_cast import Cast
from tests.reports.school import (
    REFLECTION,
    WRONG,
    a_course,
    begin,
    browser_of,
    fails,
    page_of,
    passes,
    publish,
    reflect,
    rows_of,
    take_quiz,
    text_of,
    written,
)

HERE = "/teach/keamanan"
PAGES = ["", "/questions", "/reflections"]


@pytest.fixture
def taught(cast: Cast, course_id: int) -> Cast:
    """Ani passed, Citra is studying, the stranger is out of attempts."""
    passes(cast.ani)
    begin(cast.citra)
    fails(cast.stranger)
    return cast


def test_the_instructor_sees_the_own_courses(app: Flask, taught: Cast) -> None:
    publish(taught, a_course("arsip", "Arsip digital"), approved=False)
    waiting, course = rows_of(page_of(app, taught.budi, "/teach"))
    assert "menunggu persetujuan" in waiting
    assert "menunggu persetujuan" not in course
    for part in (
        f'href="{HERE}"',
        f'href="{HERE}?state=studying">1<',
        f'href="{HERE}?state=failed">1<',
        f'href="{HERE}?state=passed">1<',
    ):
        assert part in course


def test_without_courses_the_page_says_so(app: Flask, cast: Cast) -> None:
    assert "Belum ada kursus yang Anda ajar" in page_of(app, cast.budi, "/teach")


def test_the_learners_of_a_course_are_listed_without_nip(app: Flask, taught: Cast) -> None:
    text = page_of(app, taught.budi, HERE)
    ani, citra, hendra = rows_of(text)
    assert "lulus" in ani
    assert "sedang" in citra
    assert "kuis belum lulus" in hendra
    assert "Kesempatan habis: Kuis akhir" in hendra
    assert "Beri satu kesempatan" not in ani + citra
    assert not re.search(r"\d{8} \d{6} \d \d{3}|\d{18}", text)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("?state=failed", ["Hendra"]),
        ("?q=lestari", ["Citra"]),
        ("?sort=-name", ["Hendra", "Citra", "Ani"]),
        ("?sort=-percent", ["Ani", "Citra", "Hendra"]),
        ("?sort=-score", ["Ani", "Hendra", "Citra"]),
        ("?state=x&sort=x&page=5", ["Ani", "Citra", "Hendra"]),
    ],
)
def test_learners_are_narrowed_and_sorted(
    app: Flask, taught: Cast, asked: str, names: list[str]
) -> None:
    rows = rows_of(page_of(app, taught.budi, HERE + asked))
    found = [name for row in rows for name in ("Ani", "Citra", "Hendra") if f"<b>{name}" in row]
    assert found == names


def test_no_learner_that_fits_is_said(app: Flask, taught: Cast) -> None:
    assert "Tidak ada peserta yang cocok" in page_of(app, taught.budi, HERE + "?q=zzz")


def test_one_more_attempt_is_given_from_the_list(app: Flask, taught: Cast) -> None:
    budi = browser_of(app, taught.budi)
    row = rows_of(text_of(budi.get(HERE)))[2]
    action = re.search(r'action="([^"]+/attempts/kuis)"', row)
    assert action
    page = budi.post(action[1])
    assert (page.status_code, page.headers["Location"]) == (302, HERE)
    row = rows_of(text_of(budi.get(HERE)))[2]
    assert "Beri satu kesempatan" not in row
    assert "sedang" in row
    take_quiz(taught.stranger, WRONG)
    row = rows_of(text_of(budi.get(HERE)))[2]
    assert "Beri satu kesempatan" in row


def test_the_instructor_reads_reflections(app: Flask, taught: Cast) -> None:
    address = HERE + "/reflections"
    assert "Belum ada refleksi" in page_of(app, taught.budi, address)
    reflect(taught.citra)
    text = page_of(app, taught.budi, address)
    for part in (REFLECTION, "Citra Lestari", "Niat", "9 kata"):
        assert part in text
    assert REFLECTION not in page_of(app, taught.budi, address + "?q=pratiwi")


def test_a_reflection_is_shown_as_text(app: Flask, taught: Cast) -> None:
    reflect(taught.citra, "<script>alert(1)</script> satu dua tiga")
    text = page_of(app, taught.budi, HERE + "/reflections")
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["ani", "citra", "syamsul", "dewi", "fadli"])
def test_who_does_not_teach_finds_nothing(app: Flask, taught: Cast, who: str, page: str) -> None:
    assert browser_of(app, getattr(taught, who)).get(HERE + page).status_code == 404
    assert browser_of(app, getattr(taught, who)).get("/teach").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_an_instructor_of_another_course_finds_nothing(app: Flask, taught: Cast, page: str) -> None:
    with transaction():
        staffing.grant(None, taught.ani.id, Role.INSTRUCTOR)
    before = written()
    ani = browser_of(app, taught.ani)
    assert ani.get("/teach").status_code == 200
    assert ani.get(HERE + page).status_code == 404
    assert ani.get(f"/teach/lain{page}").status_code == 404
    assert browser_of(app, taught.budi).post(HERE + page).status_code == 405
    assert written() == before
