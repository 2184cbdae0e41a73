"""Which requests may come from another site, as a table, and on the wire."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from elearn.people.crossing import Verdict, judge
from tests.people_cast import PASSWORD, Cast

OWN = {"http://localhost", "https://belajar.example.go.id"}


@pytest.mark.parametrize(
    ("method", "fetch_site", "origin", "expected"),
    [
        ("GET", "cross-site", "https://evil.example", Verdict.ALLOW),
        ("HEAD", None, None, Verdict.ALLOW),
        ("OPTIONS", "cross-site", None, Verdict.ALLOW),
        ("POST", "same-origin", None, Verdict.ALLOW),
        ("POST", "same-origin", "null", Verdict.ALLOW),
        ("POST", "none", None, Verdict.ALLOW),
        ("POST", "same-site", None, Verdict.REFUSE),
        ("POST", "cross-site", None, Verdict.REFUSE),
        ("POST", "cross-site", "http://localhost", Verdict.REFUSE),
        ("POST", "", "http://localhost", Verdict.REFUSE),
        ("PUT", "unheard-of", None, Verdict.REFUSE),
        ("POST", None, "http://localhost", Verdict.ALLOW),
        ("POST", None, "https://belajar.example.go.id", Verdict.ALLOW),
        ("POST", None, "https://localhost", Verdict.REFUSE),
        ("POST", None, "http://localhost:8080", Verdict.REFUSE),
        ("POST", None, "http://localhost.evil.example", Verdict.REFUSE),
        ("POST", None, "null", Verdict.REFUSE),
        ("DELETE", None, "https://evil.example", Verdict.REFUSE),
        ("POST", None, None, Verdict.NEEDS_TOKEN),
        ("PATCH", None, None, Verdict.NEEDS_TOKEN),
    ],
)
def test_fetch_site_decides_then_origin_then_a_token(
    method: str, fetch_site: str | None, origin: str | None, expected: Verdict
) -> None:
    assert judge(method, fetch_site, origin, OWN) is expected


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({}, 403),
        ({"X-CSRFToken": "made-up"}, 403),
    ],
)
def test_a_sign_in_posted_from_elsewhere_is_refused(
    app: Flask, cast: Cast, headers: dict[str, str], status: int
) -> None:
    form = {"nip": cast.ani.nip, "password": PASSWORD}
    assert app.test_client().post("/login", data=form, headers=headers).status_code == status


def test_a_client_without_either_header_signs_in_with_the_token_of_the_page(
    app: Flask, cast: Cast
) -> None:
    client = app.test_client()
    page = client.get("/login").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = {"nip": cast.ani.nip, "password": PASSWORD, "csrf_token": token[1]}
    assert client.post("/login", data=form).status_code == 303
    assert client.get("/account").status_code == 200
