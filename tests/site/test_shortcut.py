"""The lesson page past Flask is the page of Flask, byte for byte, or is left to it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from elearn import clock
from elearn.content import catalogue
from elearn.database import db, transaction
from elearn.learning import quizzes
from elearn.learning.models import AttemptAnswer
from elearn.people import accounts, notices, staffing
from elearn.people.models import Person
from elearn.people.permissions import Role
from elearn.site.shortcut import Shortcut
from tests.builders import SLUG, TEXT, a_published_version, an_attempt, an_enrolment, finish
from tests.people_cast import Cast, make_cast, signed_in

URL = f"/courses/{SLUG}/lessons/{TEXT}"
# Flask answers this one: the arguments of an address are its business.
BY_FLASK = f"{URL}?lewat=flask"
NOW_MS = 1_790_000_000_000
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The cast, with a course that Ani has entered."""
    catalogue.forget()
    cast = make_cast()
    a_published_version(cast)
    an_enrolment(cast.ani)
    return cast


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


# --- an answer to a quiz

SENT = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def receipts(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each answer sent was saved past Flask."""
    seen: list[bool] = []
    inner = Shortcut._receipt

    def receipt(self: Shortcut, environ: Any) -> bytes | None:
        found = inner(self, environ)
        seen.append(found is not None)
        return found

    monkeypatch.setattr(Shortcut, "_receipt", receipt)
    return seen


@pytest.fixture
def address(cast: Cast) -> str:
    """Where the first answer of Ani's open attempt is sent."""
    return f"/attempts/{an_attempt(cast.ani)}/answers/0"


def send(client: FlaskClient, address: str, counter: int, **more: Any) -> TestResponse:
    asked: dict[str, Any] = {"json": {"answer": ["a"], "counter": counter}, "headers": SENT}
    return client.post(address, **(asked | more))


@pytest.mark.parametrize("headers", [SENT, SENT | GZIP])
def test_an_answer_saved_past_flask_gets_the_same_receipt(
    app: Flask,
    cast: Cast,
    address: str,
    headers: dict[str, str],
    receipts: list[bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "now_ms", lambda: NOW_MS)
    ani = signed_in(app, cast.ani)
    past = send(ani, address, 1, headers=headers)
    through = send(ani, f"{address}?lewat=flask", 1, headers=headers)
    assert past.json == {"saved_ms": NOW_MS, "counter": 1, "stale": False}
    assert same(past, through)
    assert receipts == [True, False]
    assert kept(address) == (1, '["a"]')


def kept(address: str) -> tuple[int, str]:
    """The counter and body of the answer at an address."""
    db.session.remove()
    attempt_id = address.split("/")[2]
    row = db.session.get_one(AttemptAnswer, (attempt_id, 0))
    return row.counter, row.body


def test_an_answer_is_one_statement(
    app: Flask, cast: Cast, address: str, query_count: Any, receipts: list[bool]
) -> None:
    ani = signed_in(app, cast.ani)
    with query_count() as count:
        assert send(ani, address, 1).status_code == 200
    assert count.total == 1
    assert receipts == [True]


def test_what_cannot_be_saved_is_explained_by_flask(
    app: Flask, cast: Cast, address: str, receipts: list[bool]
) -> None:
    ani, stranger = signed_in(app, cast.ani), signed_in(app, cast.stranger)
    assert send(ani, address, 5).status_code == 200
    stale = send(ani, address, 4)
    assert stale.json
    assert (stale.json["counter"], stale.json["stale"]) == (5, True)
    assert send(stranger, address, 6).status_code == 404
    assert send(app.test_client(), address, 6).status_code in {303, 401}
    assert send(ani, address.replace("/0", "/99"), 6).status_code == 404
    assert send(ani, address, 6, json={"answer": 3}).status_code == 422
    assert send(ani, address, 6, json=None, data=b"[" * 50_000).status_code in {400, 415, 422}
    assert kept(address)[0] == 5
    assert receipts.count(True) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"headers": {"Sec-Fetch-Site": ""}},
        {"headers": {"Sec-Fetch-Site": "cross-site"}},
        {"headers": {"Sec-Fetch-Site": "same-site"}},
        {"json": None, "data": '{"answer": ["a"], "counter": 1}', "content_type": "text/plain"},
    ],
)
def test_what_no_page_of_ours_sent_is_left_to_flask(
    app: Flask, cast: Cast, address: str, more: dict[str, Any], receipts: list[bool]
) -> None:
    ani = signed_in(app, cast.ani)
    assert send(ani, address, 1, **more).status_code != 500
    assert receipts == [False]


def test_a_dead_cookie_saves_nothing(
    app: Flask, cast: Cast, address: str, receipts: list[bool]
) -> None:
    ani = signed_in(app, cast.ani)
    send(ani, address, 1)
    with transaction():
        accounts.deactivate(None, cast.ani.id)
    assert send(ani, address, 2).status_code in {303, 401}
    assert kept(address)[0] == 1
    assert receipts == [True, False]


def test_a_first_password_comes_before_an_answer(
    app: Flask, cast: Cast, address: str, receipts: list[bool]
) -> None:
    ani = signed_in(app, cast.ani)
    with transaction() as session:
        session.get_one(Person, cast.ani.id).must_change_password = True
    assert send(ani, address, 1).status_code in {303, 401}
    assert receipts == [False]


def test_a_closed_attempt_takes_no_answer(
    app: Flask, cast: Cast, address: str, receipts: list[bool]
) -> None:
    ani = signed_in(app, cast.ani)
    with transaction() as session:
        quizzes.submit(session, cast.ani.id, address.split("/")[2])
    assert send(ani, address, 1).status_code == 409
    assert receipts == [False]
