"""Headers, static files, formats, navigation, health and what home costs."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from elearn import clock, demo_mark
from elearn.app import create_app
from elearn.competency import framework
from elearn.content import catalogue
from elearn.database import db, transaction
from elearn.people import contracts, staffing
from elearn.people.contracts import Term
from elearn.people.models import Status
from elearn.people.permissions import Permission, Role, permissions_of
from elearn.people.units import UnitNode
from elearn.site import amounts, assets, formats, navigation
from tests import conftest
from tests.builders import a_course, a_lesson, a_published_version, an_enrolment, pass_everything
from tests.people_cast import Cast, browser, signed_in

MOMENT = datetime(2026, 11, 24, 2, 42, tzinfo=UTC)
MOMENT_MS = 1_795_488_120_000


# --- headers and files


def test_every_answer_is_guarded_by_its_headers(app: Flask, cast: Cast) -> None:
    for response in (
        browser(app).get("/login"),
        browser(app).get("/tidak-ada"),
        signed_in(app, cast.ani).get("/courses"),
        browser(app).get("/healthz"),
    ):
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in response.headers


def test_pages_of_a_person_are_kept_by_no_shared_cache(app: Flask, cast: Cast) -> None:
    response = signed_in(app, cast.ani).get("/courses")
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_a_site_behind_https_asks_for_nothing_else(database: str) -> None:
    config = conftest._config(database)
    app = create_app(config.__class__(**{**config.__dict__, "url": "https://belajar.example"}))
    with app.app_context():
        response = app.test_client().get("/login")
        db.session.remove()
        db.engine.dispose()
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert app.config["SESSION_COOKIE_SECURE"]


def test_pages_are_compressed_for_who_understands_it(app: Flask, cast: Cast) -> None:
    ani = signed_in(app, cast.ani)
    packed = ani.get("/courses", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Kursus" in gzip.decompress(packed.data).decode()
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert "Content-Encoding" not in ani.get("/courses").headers
    short = ani.get("/healthz", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in short.headers


def test_static_files_are_named_by_their_content_and_kept_for_ever(app: Flask) -> None:
    address = app.jinja_env.globals["asset"]("css/app.css")  # type: ignore[operator]
    client = app.test_client()
    response = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert response.headers["Cache-Control"] == assets.FOR_EVER
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert gzip.decompress(response.data) == Path("static/css/app.css").read_bytes()
    plain = client.get("/static/css/app.css")
    assert plain.headers["Cache-Control"] == "no-cache"
    assert plain.data == Path("static/css/app.css").read_bytes()
    again = client.get(address, headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_every_asset_a_template_names_is_there(app: Flask) -> None:
    for path in ("js/attempt.js", "js/check.js", "js/parts.js", "css/app.css", "brand.svg"):
        assert app.test_client().get(f"/static/{path}").status_code == 200


def test_health_says_ok_only_when_the_database_answers(app: Flask) -> None:
    response = app.test_client().get("/healthz")
    assert response.json == {"status": "ok"}
    assert response.headers["Cache-Control"] == "no-store"


def test_the_style_guide_is_for_development(app: Flask, database: str) -> None:
    assert app.test_client().get("/styleguide").status_code == 404
    config = conftest._config(database)
    values = {**config.__dict__, "development": True}
    with create_app(config.__class__(**values)).app_context() as context:
        assert context.app.test_client().get("/styleguide").status_code == 200
        db.session.remove()
        db.engine.dispose()


# --- formats


@pytest.mark.parametrize(
    ("formatted", "wanted"),
    [
        (lambda: formats.format_date(MOMENT_MS), "24 November 2026"),
        (lambda: formats.format_date(MOMENT), "24 November 2026"),
        (lambda: formats.format_date(date(2027, 1, 2)), "2 Januari 2027"),
        (lambda: formats.format_date(None), ""),
        (
            lambda: formats.unit_options([UnitNode(3, "A & B", "/1/3/", 1)]),
            '<option value="3">\u2003A &amp; B</option>',
        ),
        (
            lambda: formats.unit_options([UnitNode(3, "A", "/3/", 0)], 3),
            '<option value="3" selected>A</option>',
        ),
        (lambda: formats.format_time(MOMENT_MS), "09.42 WIB"),
        (lambda: formats.format_datetime(MOMENT_MS), "24 November 2026 pukul 09.42 WIB"),
        (lambda: formats.format_datetime(None), ""),
        (lambda: formats.format_number(1234.56), "1.234,6"),
        (lambda: formats.format_number(1234.0), "1.234"),
        (lambda: formats.format_number(12.345, 0), "12"),
        (lambda: formats.format_percent(86.4), "86%"),
        (lambda: formats.format_percent(62.5), "63%"),
        (lambda: formats.format_percent(46.25, 1), "46,3%"),
        (lambda: formats.format_percent(86.44, 1), "86,4%"),
        (lambda: formats.format_score(867), "86,7"),
        (lambda: formats.format_score(1000), "100"),
        (lambda: formats.format_score(None), "–"),
        (lambda: formats.format_jp(1200), "1.200 JP"),
    ],
)
def test_values_look_as_people_write_them(
    app: Flask, formatted: Callable[[], str], wanted: str
) -> None:
    assert formatted() == wanted


# --- navigation


def places(path: str, *roles: Role) -> dict[str, bool]:
    """The addresses of the present area, and which of them is the current one."""
    built = navigation.build(path, permissions_of(frozenset(roles)))
    return {place.url: place.current for place in built.items}


def test_a_learner_sees_one_area_and_where_they_are() -> None:
    built = navigation.build("/courses/keamanan", permissions_of(frozenset()))
    assert [area[0] for area in built.areas] == ["study"]
    assert places("/courses/keamanan")["/courses"]
    assert not places("/courses/keamanan")["/"]
    assert places("/")["/"]


@pytest.mark.parametrize(
    ("role", "areas"),
    [
        (Role.INSTRUCTOR, ["study", "teach"]),
        (Role.HR_UNIT, ["study", "hr"]),
        (Role.ADMIN, ["study", "admin"]),
        (Role.AUDITOR, ["study", "hr", "admin"]),
    ],
)
def test_each_role_enters_its_areas(role: Role, areas: list[str]) -> None:
    built = navigation.build("/", permissions_of(frozenset({role})))
    assert [area[0] for area in built.areas] == areas


def test_only_places_one_may_enter_are_shown_and_an_area_opens_at_the_first() -> None:
    assert "/hr/approvals" in places("/hr", Role.HR_AGENCY)
    assert "/hr/approvals" not in places("/hr", Role.HR_UNIT)
    auditor = navigation.build("/", permissions_of(frozenset({Role.AUDITOR})))
    assert {key: url for key, _, url in auditor.areas}["admin"] == "/admin/audit"
    assert places("/hr") == {}


def test_every_place_of_the_navigation_is_there(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    for area in navigation.AREAS:
        for place in area.places:
            assert adapter.test(place.url, "GET"), place.url
            assert isinstance(place.needs, Permission)


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/hr", "/hr"),
        ("/hr/expiring", "/hr/completions"),
        ("/hr/outside-learning/import", "/hr/completions"),
        ("/hr/contracts", "/hr/people"),
        ("/hr/peoples", "/hr"),
        ("/hr/units/3", "/hr/units"),
        ("/hr/more", None),
    ],
)
def test_a_page_belongs_to_the_place_that_covers_most_of_its_address(
    path: str, current: str | None
) -> None:
    found = places(path, Role.HR_AGENCY).items()
    assert next((url for url, is_current in found if is_current), None) == current


def test_a_phone_shows_five_places_and_the_rest_on_a_page(app: Flask, cast: Cast) -> None:
    def built(path: str) -> navigation.Navigation:
        return navigation.build(path, permissions_of(frozenset({Role.HR_AGENCY})))

    assert built("/").more is None
    more = built("/hr").more
    assert more is not None
    assert not more.current
    assert [place.url for place in built("/hr").beyond][-1] == "/hr/approvals"
    for path in ("/hr/more", "/hr/approvals"):
        assert built(path).more == replace(more, current=True)
    page = signed_in(app, cast.syamsul).get(more.url)
    assert page.text.count('href="/hr/approvals"') == 2
    assert signed_in(app, cast.ani).get(more.url).status_code == 404


def test_a_demo_says_on_each_page_that_its_people_are_invented(app: Flask, cast: Cast) -> None:
    assert "Data contoh" not in browser(app).get("/login").text
    app.extensions.pop("demo")
    with transaction():
        demo_mark.mark()
    assert "Data contoh" in browser(app).get("/login").text
    assert "Data contoh" in signed_in(app, cast.ani).get("/courses").text


# --- home


@pytest.mark.parametrize("status", [Status.PNS, Status.PPPK])
def test_home_sends_at_most_eight_statements(
    app: Flask, cast: Cast, query_count: Callable[[], Any], status: Status
) -> None:
    a_published_version(cast)
    for number in range(6):
        course = a_course([a_lesson("m/a")], slug=f"k{number}", digest=f"k{number}")
        a_published_version(cast, course)
        an_enrolment(cast.ani, f"k{number}")
    pass_everything(cast.ani)
    with transaction():
        nurse = staffing.position("Perawat Terampil", "jf_terampil")
        person = db.session.merge(cast.ani)
        person.status, person.position_id = status, nurse.id
        if status == Status.PPPK:
            contracts.add(None, person.id, Term(starts_on=date(2024, 3, 1)))
        framework.load_seed()
    ani = signed_in(app, cast.ani)
    ani.get("/courses")
    for cold in (True, False):
        if cold:
            catalogue.forget()
        db.session.remove()
        with query_count() as count:
            assert ani.get("/").status_code == 200
        assert count.total <= 8, "\n".join(count.statements)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0 B"), (999, "999 B"), (1_250, "1,3 kB"), (5_000_000, "5 MB"), (2 * 10**15, "2.000 TB")],
)
def test_a_size_is_told_in_words(app: Flask, value: int, words: str) -> None:
    assert amounts.format_bytes(value) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "baru saja"),
        (59, "59 menit yang lalu"),
        (60, "1 jam yang lalu"),
        (47 * 60, "47 jam yang lalu"),
        (48 * 60, "2 hari yang lalu"),
    ],
)
def test_an_age_is_told_in_words(app: Flask, minutes: int, words: str) -> None:
    with clock.set_to(1_795_500_000_000):
        assert amounts.format_age(clock.now_ms() - minutes * amounts.MINUTE_MS) == words
