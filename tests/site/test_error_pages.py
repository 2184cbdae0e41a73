"""Whatever goes wrong becomes a page in the product's look, with the right status."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest
from flask import Flask, abort
from werkzeug.exceptions import HTTPException

from elearn import errors
from elearn.database import db
from elearn.people.access import public
from tests.conftest import Shared, fresh_application
from tests.people_cast import Cast, browser, signed_in

JSON = {"Accept": "application/json"}


@lru_cache(maxsize=1)
def _with_an_address(database: str) -> Shared:
    made = fresh_application(database)
    made.add_url_rule("/masalah", "masalah", public(lambda: ""))
    return Shared(made)


@pytest.fixture
def application(database: str) -> Flask:
    """An application with one address more."""
    return _with_an_address(database).as_made()


def with_view(app: Flask, problem: Callable[[], Any]) -> None:
    """Let a problem happen at the address."""
    app.view_functions["masalah"] = public(lambda: problem())


def throwing(problem: Exception) -> Callable[[], Any]:
    def throw() -> None:
        raise problem

    return throw


@pytest.mark.parametrize(
    ("problem", "status", "title"),
    [
        (errors.Invalid("x"), 422, "Isian belum dapat diterima"),
        (errors.NotFound(), 404, "Halaman tidak ditemukan"),
        (errors.NotAllowed(), 403, "Anda tidak dapat mengubah ini"),
        (errors.FormExpired(), 403, "Formulir ini sudah tidak berlaku"),
        (errors.Conflict("moved"), 409, "Keadaannya sudah berubah"),
        (errors.Unavailable(7), 503, "Sedang sibuk"),
        (errors.TooManyTries(9), 429, "Terlalu banyak percobaan"),
        (errors.DomainError(), 500, "Ada yang salah di pihak kami"),
        (ZeroDivisionError(), 500, "Ada yang salah di pihak kami"),
    ],
)
def test_every_problem_has_its_page(
    app: Flask, problem: Exception, status: int, title: str, caplog: pytest.LogCaptureFixture
) -> None:
    with_view(app, throwing(problem))
    response = browser(app).get("/masalah")
    assert response.status_code == status
    assert title in response.text
    assert "Belajar ASN" in response.text
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    retry = {503: "7", 429: "9"}.get(status)
    assert response.headers.get("Retry-After") == retry
    assert ("unexpected error" in caplog.text) == isinstance(problem, ZeroDivisionError)


@pytest.mark.parametrize("code", [400, 401, 405, 408, 413, 415, 418, 429, 500, 501, 503, 504])
def test_every_http_error_is_a_page_with_its_status(app: Flask, code: int) -> None:
    try:
        abort(code)
    except HTTPException as problem:
        with_view(app, throwing(problem))
    response = browser(app).get("/masalah")
    assert response.status_code == code
    assert "Ke Beranda" in response.text


def test_a_script_gets_the_status_and_the_reason(app: Flask) -> None:
    with_view(app, throwing(errors.Conflict("moved")))
    response = browser(app).get("/masalah", headers=JSON)
    assert response.json == {"status": 409, "reason": "moved"}


def test_a_page_about_an_outage_asks_nothing_of_the_database(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ani = signed_in(app, cast.ani)
    ani.get("/inbox")

    def cut_off(*_: object, **__: object) -> None:
        raise errors.Unavailable

    monkeypatch.setattr(db.session.__class__, "__call__", cut_off)
    monkeypatch.setattr(type(db.engine), "connect", cut_off)
    with caplog.at_level(logging.ERROR):
        response = ani.get("/inbox")
    assert response.status_code == 503
    assert "Sedang sibuk" in response.text
    assert response.headers["Retry-After"] == "2"
    assert caplog.records == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/tidak-ada", 404),
        ("GET", "/%ff%fe", 404),
        ("GET", "/courses/%00", 400),
        ("GET", "/courses?q=%00", 400),
        ("GET", "/static/tidak-ada.css", 404),
        ("GET", "/static/../config.py", 404),
        ("GET", "/static/%2e%2e/config.py", 404),
        ("POST", "/", 405),
        ("DELETE", "/courses", 405),
        ("PROPFIND", "/", 405),
        ("GET", "/" + "a" * 3000, 404),
        ("GET", "/attempts/" + "x" * 3000, 404),
        ("GET", "/hr/people/" + "9" * 60, 404),
        ("POST", "/inbox/" + "9" * 60 + "/read", 404),
        ("GET", "/courses?page=1e9&level=%F0%9F%98%80", 200),
    ],
)
def test_odd_requests_are_answered_in_the_look_of_the_product(
    app: Flask, cast: Cast, method: str, path: str, status: int
) -> None:
    response = signed_in(app, cast.ani).open(path, method=method)
    assert response.status_code == status
    assert "Belajar ASN" in response.text
    if status == 405:
        assert response.headers["Allow"]


def test_a_body_with_a_nul_is_refused(app: Flask) -> None:
    response = browser(app).post("/login", data={"nip": "1\x00", "password": "x"})
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"nip=" + b"x" * 1_000_001, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"a%d=1" % n for n in range(2000)), "application/x-www-form-urlencoded", 422),
        (b"\xff\xfe\x00=\xff", "application/x-www-form-urlencoded", 422),
        (b"nip=%ff%fe&password=%ff", "application/x-www-form-urlencoded", 422),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 422),
        (b"broken", "multipart/form-data", 422),
        (b"\xff", "text/plain; charset=klingon", 422),
    ],
)
def test_bodies_that_are_no_form_of_ours_never_break_a_page(
    app: Flask, cast: Cast, body: bytes, kind: str, status: int
) -> None:
    response = browser(app).post("/login", data=body, content_type=kind)
    assert response.status_code < 500
    assert "Belajar ASN" in response.text
    if status in {400, 413}:
        assert response.status_code == status
