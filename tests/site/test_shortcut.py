"""The lesson page past Flask is the page of Flask, byte for byte, or is left to it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from elearn.content import catalogue
from elearn.database import transaction
from elearn.people import accounts, notices, staffing
from elearn.people.models import Person
from elearn.people.permissions import Role
from elearn.site.shortcut import Shortcut
from tests.builders import SLUG, TEXT, a_published_version, an_enrolment, finish
from tests.people_cast import Cast, make_cast, signed_in

URL = f"/courses/{SLUG}/lessons/{TEXT}"
# Flask answers this one: the arguments of an address are its business.
BY_FLASK = f"{URL}?lewat=flask"
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The cast, with a course that Ani has entered."""
    catalogue.forget()
    cast = make_cast()
    a_published_version(cast)
    an_enrolment(cast.ani)
    return cast


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each lesson asked for was answered past Flask."""
    seen: list[bool] = []
    inner = Shortcut._page

    def page(self: Shortcut, asked: Any) -> bytes | None:
        found = inner(self, asked)
        seen.append(found is not None)
        return found

    monkeypatch.setattr(Shortcut, "_page", page)
    return seen


def warmed(app: Flask, person: Person) -> FlaskClient:
    """A browser of somebody whose page has a shell already."""
    client = signed_in(app, person)
    assert client.get(BY_FLASK).status_code == 200
    return client


def headers_of(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "Date"}


def same(one: TestResponse, other: TestResponse) -> bool:
    """Whether two answers are the same to the last byte."""
    return one.data == other.data and headers_of(one) == headers_of(other)


def as_template(app: Flask, client: FlaskClient) -> str:
    """The page by its template alone, as in development."""
    app.config["DEVELOPMENT"] = True
    try:
        return client.get(BY_FLASK).text
    finally:
        app.config["DEVELOPMENT"] = False


@pytest.mark.parametrize("headers", [{}, GZIP])
def test_past_flask_and_through_it_are_the_same_bytes(
    app: Flask, cast: Cast, answered: list[bool], headers: dict[str, str]
) -> None:
    ani = warmed(app, cast.ani)
    assert same(ani.get(URL, headers=headers), ani.get(BY_FLASK, headers=headers))
    assert answered == [True]


def test_the_shell_is_what_the_template_gives(app: Flask, cast: Cast, answered: list[bool]) -> None:
    ani = warmed(app, cast.ani)
    assert ani.get(URL).text == as_template(app, ani)
    finish(cast.ani)
    with transaction():
        notices.notify(cast.ani.id, notices.NoticeKind.EXTRA_ATTEMPT, "satu", title="Kuis")
    ani.get(BY_FLASK)
    assert "belum dibaca" in ani.get(URL).text
    assert ani.get(URL).text == as_template(app, ani)
    assert all(answered)


def test_each_person_sees_their_own_name_and_progress(app: Flask, cast: Cast) -> None:
    an_enrolment(cast.citra)
    finish(cast.ani)
    ani, citra = warmed(app, cast.ani), warmed(app, cast.citra)
    first, second = ani.get(URL).text, citra.get(URL).text
    assert cast.ani.full_name in first
    assert cast.citra.full_name not in first
    assert cast.citra.full_name in second
    assert cast.ani.full_name not in second
    assert "selesai" in first


def test_a_copied_cookie_is_dead_after_sign_out(
    app: Flask, cast: Cast, answered: list[bool]
) -> None:
    ani = warmed(app, cast.ani)
    assert ani.get(URL).status_code == 200
    with transaction():
        accounts.deactivate(None, cast.ani.id)
    assert ani.get(URL).status_code == 303
    assert answered == [True, False]


def test_a_message_of_the_page_before_is_left_to_flask(
    app: Flask, cast: Cast, answered: list[bool]
) -> None:
    ani = warmed(app, cast.ani)
    with ani.session_transaction() as session:
        session["_flashes"] = [("ok", "Tersimpan.")]
    assert "Tersimpan." in ani.get(URL).text
    assert "Tersimpan." not in ani.get(URL).text
    assert answered == [True]


@pytest.mark.parametrize("session", ["%%%", ".eJyrVk", "x", ""])
def test_an_odd_session_cookie_does_no_harm(app: Flask, cast: Cast, session: str) -> None:
    ani = warmed(app, cast.ani)
    ani.set_cookie("elearn", session)
    assert ani.get(URL).status_code == 200


def test_whoever_did_not_enter_the_course_gets_what_flask_says(app: Flask, cast: Cast) -> None:
    warmed(app, cast.ani)
    stranger = signed_in(app, cast.stranger)
    assert same(stranger.get(URL), stranger.get(BY_FLASK))
    assert stranger.get(URL).status_code == 404


def test_a_first_password_comes_before_a_lesson(app: Flask, cast: Cast) -> None:
    ani = warmed(app, cast.ani)
    with transaction() as session:
        person = session.get_one(Person, cast.ani.id)
        person.must_change_password = True
    assert ani.get(URL).status_code == 303


def test_somebody_with_many_roles_sees_the_same_page_too(
    app: Flask, cast: Cast, answered: list[bool]
) -> None:
    an_enrolment(cast.citra)
    with transaction():
        staffing.grant(None, cast.citra.id, Role.INSTRUCTOR)
    citra = warmed(app, cast.citra)
    assert same(citra.get(URL), citra.get(BY_FLASK))
    assert answered == [True]


def test_an_unknown_lesson_is_not_found(app: Flask, cast: Cast) -> None:
    ani = warmed(app, cast.ani)
    assert ani.get(f"/courses/{SLUG}/lessons/tidak-ada").status_code == 404


def test_a_lesson_is_read_by_one_statement(app: Flask, cast: Cast, query_count: Any) -> None:
    ani = warmed(app, cast.ani)
    with query_count() as count:
        assert ani.get(URL).status_code == 200
    assert count.total == 1
