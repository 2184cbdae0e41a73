"""Home from a shell is the page of the template, for everybody their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from elearn.content import catalogue
from elearn.people.models import Person
from tests.builders import a_published_version, an_attempt, an_enrolment, finish, pass_everything
from tests.people_cast import Cast, make_cast, signed_in


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The cast, with a course that is open."""
    catalogue.forget()
    cast = make_cast()
    a_published_version(cast)
    return cast


def as_template(app: Flask, person: Person) -> str:
    """The page by its template alone, as in development."""
    app.config["DEVELOPMENT"] = True
    try:
        return plain(signed_in(app, person).get("/").text)
    finally:
        app.config["DEVELOPMENT"] = False


def plain(page: str) -> str:
    """Without the token of a form, which differs from session to session."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def from_shell(app: Flask, person: Person) -> str:
    return plain(signed_in(app, person).get("/").text)


@pytest.mark.parametrize(
    "until_now",
    [[], [an_enrolment], [an_enrolment, finish], [an_enrolment, an_attempt], [pass_everything]],
)
def test_the_shell_is_what_the_template_gives(app: Flask, cast: Cast, until_now: list[Any]) -> None:
    for do in until_now:
        do(cast.ani)
    assert from_shell(app, cast.ani) == as_template(app, cast.ani)
    assert from_shell(app, cast.ani) == as_template(app, cast.ani)


def test_what_is_kept_names_nobody(app: Flask, cast: Cast) -> None:
    an_enrolment(cast.ani)
    assert cast.ani.full_name in from_shell(app, cast.ani)
    page = from_shell(app, cast.citra)
    assert cast.ani.full_name not in page
    assert cast.citra.full_name in page
    assert page == as_template(app, cast.citra)
    shells = [app.extensions[name]._made for name in ("home_parts", "shells")]
    kept = repr([(key, vars(shell)) for made in shells for key, shell in made.items()])
    assert cast.ani.name not in kept
    assert cast.citra.name not in kept


def test_home_follows_what_a_person_does(app: Flask, cast: Cast) -> None:
    before = from_shell(app, cast.ani)
    an_enrolment(cast.ani)
    after = from_shell(app, cast.ani)
    assert before != after
    assert "Lanjutkan belajar" in after


GOING_ON: list[list[Callable[[Person], Any]]] = [
    [an_enrolment],
    [an_enrolment, finish],
    [an_enrolment, an_attempt],
    [pass_everything],
]


@pytest.mark.parametrize("until_now", GOING_ON)
def test_past_flask_and_through_it_are_the_same_bytes(
    app: Flask, cast: Cast, until_now: list[Callable[[Person], Any]], answered: list[bool]
) -> None:
    for do in until_now:
        do(cast.ani)
    ani = signed_in(app, cast.ani)
    assert ani.get("/?lewat=flask").status_code == 200
    past, through = ani.get("/"), ani.get("/?lewat=flask")
    assert past.data == through.data
    assert sorted(past.headers) == sorted(through.headers)
    assert answered == [True]


def test_to_begin_the_first_course_is_left_to_flask(
    app: Flask, cast: Cast, answered: list[bool]
) -> None:
    ani = signed_in(app, cast.ani)
    assert "csrf_token" in ani.get("/").text
    assert "csrf_token" in ani.get("/").text
    assert answered == [False, False]


def test_each_goes_on_in_their_own_attempt(app: Flask, cast: Cast, answered: list[bool]) -> None:
    for who in (cast.ani, cast.citra):
        an_enrolment(who)
    hers, his = an_attempt(cast.ani), an_attempt(cast.citra)
    for who in (cast.ani, cast.citra):
        signed_in(app, who).get("/")
    page = signed_in(app, cast.citra).get("/").text
    assert f"/attempts/{his}" in page
    assert f"/attempts/{hers}" not in page
    assert answered[-1]


def test_a_message_is_shown_once(app: Flask, cast: Cast) -> None:
    ani = signed_in(app, cast.ani)
    with ani.session_transaction() as session:
        session["_flashes"] = [("ok", "Tersimpan.")]
    assert "Tersimpan." in ani.get("/").text
    assert "Tersimpan." not in ani.get("/").text


def test_home_stays_within_eight_statements(app: Flask, cast: Cast, query_count: Any) -> None:
    an_enrolment(cast.ani)
    ani = signed_in(app, cast.ani)
    ani.get("/")
    with query_count() as count:
        ani.get("/?lewat=flask")
    assert count.total <= 8
    with query_count() as count:
        ani.get("/")
    assert count.total <= 5  # who, what is begun, offered, asked, what the post asks
