"""The catalogue and the page of a course, as a browser sees them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.content.course import Category, CompetencyLevel
from elearn.content.models import Course, CourseState
from elearn.content.publishing import Published
from elearn.database import db, transaction
from elearn.learning.models import Enrolment
from tests.builders import (
    EXAM,
    SLUG,
    TEXT,
    a_course,
    a_lesson,
    a_published_version,
    an_attempt,
    an_enrolment,
    finish,
    pass_everything,
)
from tests.people_cast import Cast, browser, signed_in

SERVICE = "pelayanan"


def publish_service(cast: Cast) -> None:
    """A second course that differs from the first in everything one can filter by."""
    service = a_course(
        [a_lesson("m/antrean", title="Menata antrean")],
        slug=SERVICE,
        digest="p1",
        title="Pelayanan prima",
        summary="Melayani warga.",
        category=Category.SERVICE,
        jp=2,
        competencies=(CompetencyLevel("M.06", 3),),
    )
    a_published_version(cast, service)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {SLUG, SERVICE}),
        ("q=antrean", {SERVICE}),
        ("q=KEAMANAN", {SLUG}),
        ("q=M.05", {SLUG}),
        ("category=pelayanan", {SERVICE}),
        ("category=tidak-ada", {SLUG, SERVICE}),
        ("competency=M.06", {SLUG, SERVICE}),
        ("competency=M.06&level=2", {SERVICE}),
        ("jp=3", {SLUG}),
        ("jp=dua&page=abc&level=-1", {SLUG, SERVICE}),
        ("q=zzz", set()),
        ("page=99999999999999999999", {SLUG, SERVICE}),
        ("q=%25", {SLUG, SERVICE}),
        ("q=" + "a" * 5000, set()),
        ("q=%ff%fe", set()),
    ],
)
def test_the_catalogue_searches_and_filters(
    app: Flask, cast: Cast, course: Published, query: str, shown: set[str]
) -> None:
    publish_service(cast)
    page = signed_in(app, cast.ani).get(f"/courses?{query}")
    assert page.status_code == 200
    found = {slug for slug in (SLUG, SERVICE) if f'href="/courses/{slug}"' in page.text}
    assert found == shown
    assert ("Tidak ada kursus yang cocok" in page.text) == (not shown)


def test_an_empty_catalogue_says_so(app: Flask, cast: Cast) -> None:
    assert "Belum ada kursus yang dibuka" in signed_in(app, cast.ani).get("/courses").text


def test_the_catalogue_shows_where_one_stands(app: Flask, cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    browser = signed_in(app, cast.ani)
    assert f'href="/courses/{SLUG}/lessons/{TEXT}"' in browser.get("/courses").text
    attempt_id = an_attempt(cast.ani)
    assert f'href="/attempts/{attempt_id}"' in browser.get("/courses").text


def test_a_course_page_invites_and_entering_opens_the_first_lesson(
    app: Flask, cast: Cast, course: Published
) -> None:
    ani = signed_in(app, cast.ani)
    page = ani.get(f"/courses/{SLUG}").text
    assert f'action="/courses/{SLUG}/enrol"' in page
    assert "mendukung" in page
    response = ani.post(f"/courses/{SLUG}/enrol")
    assert response.location == f"/courses/{SLUG}/lessons/{TEXT}"
    assert ani.post(f"/courses/{SLUG}/enrol").status_code == 302
    assert len(db.session.scalars(select(Enrolment.id)).all()) == 1


def test_entering_again_goes_on_where_one_stopped(
    app: Flask, cast: Cast, course: Published
) -> None:
    an_enrolment(cast.ani)
    finish(cast.ani)
    response = signed_in(app, cast.ani).post(f"/courses/{SLUG}/enrol")
    assert response.location == f"/courses/{SLUG}/lessons/{EXAM}"


def test_missing_prerequisites_are_named_with_a_link(
    app: Flask, cast: Cast, course: Published
) -> None:
    later = a_course([a_lesson("m/a")], slug="lanjutan", digest="l", prerequisites=(SLUG,))
    a_published_version(cast, later)
    ani = signed_in(app, cast.ani)
    page = ani.get("/courses/lanjutan").text
    assert f'href="/courses/{SLUG}"' in page
    assert "/courses/lanjutan/enrol" not in page
    assert ani.post("/courses/lanjutan/enrol").location == "/courses/lanjutan"
    assert "Selesaikan dahulu kursus prasyaratnya." in ani.get("/courses/lanjutan").text


def test_why_not_yet_lists_each_unmet_rule_with_a_link(
    app: Flask, cast: Cast, course: Published
) -> None:
    an_enrolment(cast.ani)
    page = signed_in(app, cast.ani).get(f"/courses/{SLUG}").text
    reasons = page.split("Mengapa belum selesai?")[1].split("</section>")[0]
    assert reasons.count("<a ") == 4
    for word in ("Materi belum ditandai", "Kuis belum lulus", "Refleksi belum ditulis"):
        assert word in reasons


def test_a_completed_course_offers_its_certificate(
    app: Flask, cast: Cast, course: Published
) -> None:
    pass_everything(cast.ani)
    page = signed_in(app, cast.ani).get(f"/courses/{SLUG}").text
    assert "Lihat sertifikat" in page
    assert "Mengapa belum selesai?" not in page


def test_a_newer_version_is_offered_and_chosen(app: Flask, cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    ani = signed_in(app, cast.ani)
    assert "Versi baru tersedia" not in ani.get(f"/courses/{SLUG}").text
    a_published_version(cast, a_course([a_lesson("dasar/baru")], digest="versi-2"))
    assert "Versi baru tersedia" in ani.get(f"/courses/{SLUG}").text
    assert ani.post(f"/courses/{SLUG}/version").status_code == 302
    page = ani.get(f"/courses/{SLUG}").text
    assert "Anda kini belajar di versi terbaru" in page
    assert "Materi dasar/baru" in page
    assert ani.post(f"/courses/{SLUG}/version").status_code == 302


def test_an_open_quiz_keeps_one_in_the_version(app: Flask, cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    an_attempt(cast.ani)
    a_published_version(cast, a_course([a_lesson("dasar/baru")], digest="versi-2"))
    ani = signed_in(app, cast.ani)
    ani.post(f"/courses/{SLUG}/version")
    assert "Selesaikan dahulu kuis" in ani.get(f"/courses/{SLUG}").text


def test_a_course_that_is_closed_or_unknown_is_not_found(
    app: Flask, cast: Cast, course: Published
) -> None:
    with transaction() as session:
        session.get_one(Course, course.course_id).state = CourseState.RETIRED
    ani = signed_in(app, cast.ani)
    for path in (f"/courses/{SLUG}", "/courses/tidak-ada", "/courses/%ff%fe"):
        assert ani.get(path).status_code == 404
    assert ani.post(f"/courses/{SLUG}/enrol").status_code == 404


@pytest.mark.parametrize("path", ["/courses", f"/courses/{SLUG}"])
def test_nobody_sees_courses_without_signing_in(
    app: Flask, cast: Cast, course: Published, path: str
) -> None:
    response = browser(app).get(path)
    assert response.status_code == 303
    assert response.location.startswith("/login?next=")


@pytest.mark.parametrize("path", [f"/courses/{SLUG}/enrol", f"/courses/{SLUG}/version"])
def test_what_changes_something_is_not_opened_by_a_link(
    app: Flask, cast: Cast, course: Published, path: str
) -> None:
    response = signed_in(app, cast.ani).get(path)
    assert response.status_code == 405
    assert "Cara membuka halaman ini keliru" in response.text


def test_a_post_from_another_site_changes_nothing(
    app: Flask, cast: Cast, course: Published
) -> None:
    headers: dict[str, Any] = {"Sec-Fetch-Site": "cross-site"}
    response = signed_in(app, cast.ani).post(f"/courses/{SLUG}/enrol", headers=headers)
    assert response.status_code == 403
    assert db.session.scalars(select(Enrolment.id)).all() == []
