"""The agency's account alone: passwords are off, and an admin has a way in all the same."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from config import Config, oidc_of
from elearn.database import db, transaction
from elearn.people import accounts, passwords
from elearn.people.access import COOKIE
from elearn.people.models import Person, SignIn, Way
from elearn.sign_on.provider_settings import ProviderSettings
from tests.people_cast import PASSWORD, SAME_SITE, Cast, browser, token_of
from tests.sign_on.conftest import connect

SETTINGS = ProviderSettings("http://127.0.0.1:9", "elearn")


@pytest.fixture
def alone(app: Flask) -> Flask:
    """The application with the agency's sign-on and without passwords."""
    app.config["PASSWORD_SIGN_IN"] = False
    connect(app, SETTINGS)
    return app


def tried(app: Flask, person: Person, secret: str) -> TestResponse:
    return browser(app).post("/login", data={"nip": person.nip, "password": secret})


def code_of(person: Person) -> str:
    code = passwords.new_code()
    with transaction():
        accounts.reset_to_code(person.id, code)
    return code.text


def from_agency(app: Flask, person: Person) -> Any:
    client = app.test_client()
    client.environ_base.update(SAME_SITE)
    with transaction():
        token = accounts.sign_in(db.session.get_one(Person, person.id), way=Way.AGENCY)
    client.set_cookie(COOKIE, token)
    return client


def test_a_password_opens_nothing(alone: Flask, cast: Cast) -> None:
    page = browser(alone).get("/login").text
    assert "Masuk dengan akun instansi" in page
    assert "Lupa kata sandi" not in page
    for person in (cast.ani, cast.dewi):
        answer = tried(alone, person, PASSWORD)
        assert answer.status_code == 422
        assert "NIP atau kode tidak cocok" in answer.text


def test_only_an_admin_gets_in_by_a_code_and_needs_no_password_then(
    alone: Flask, cast: Cast
) -> None:
    assert tried(alone, cast.citra, code_of(cast.citra)).status_code == 422
    response = tried(alone, cast.dewi, code_of(cast.dewi))
    assert response.status_code == 303
    client = browser(alone)
    client.set_cookie(COOKIE, response.headers["Set-Cookie"].split("=", 1)[1].split(";")[0])
    assert client.get("/admin").status_code == 200
    assert db.session.query(SignIn).one().way == Way.RESCUE


def test_what_is_about_passwords_is_not_there(alone: Flask, cast: Cast) -> None:
    client = browser(alone)
    client.set_cookie(COOKIE, token_of(cast.dewi))
    assert "/account/password" not in client.get("/account").text
    assert client.get("/account/password").status_code == 404
    assert "Buat kode masuk" not in client.get(f"/hr/people/{cast.ani.id}").text
    assert client.post(f"/hr/people/{cast.ani.id}/code").status_code == 404


def test_who_has_no_password_is_led_back_to_the_agency_for_weighty_acts(
    app: Flask, cast: Cast
) -> None:
    connect(app, SETTINGS)
    with transaction() as session:
        accounts.set_password_hash(session.get_one(Person, cast.ani.id), "", must_change=True)
    client = from_agency(app, cast.ani)
    assert client.get("/account/password").status_code == 403
    assert "/account/password" not in client.get("/account").text
    again = "/login/oidc?again=1&amp;next=/account/data"
    assert again not in client.get("/account/data").text
    with transaction() as session:
        session.query(SignIn).update({"confirmed_ms": 0})
    assert again in client.get("/account/data").text


ENVIRONMENT = {
    "ELEARN_OIDC_ISSUER": "https://akun.example/realms/asn",
    "ELEARN_OIDC_CLIENT_ID": "elearn",
    "ELEARN_OIDC_CLIENT_SECRET": "hush",
    "ELEARN_OIDC_TRUSTED_FACTORS": "otp hwk",
}


def test_the_environment_tells_the_provider() -> None:
    found = oidc_of(ENVIRONMENT)
    assert found == ProviderSettings(
        "https://akun.example/realms/asn",
        "elearn",
        "hush",
        trusted_factors=frozenset({"otp", "hwk"}),
    )
    assert "hush" not in repr(found)
    assert oidc_of({}) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"ELEARN_OIDC_ISSUER": "http://akun.example"},
        {"ELEARN_OIDC_CLIENT_ID": ""},
        {"ELEARN_OIDC_NIP_CLAIM": ""},
        {"ELEARN_OIDC_SCOPE": "profile"},
    ],
)
def test_what_cannot_work_is_refused_at_the_start(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="ELEARN_OIDC"):
        oidc_of({**ENVIRONMENT, **wrong})


def test_passwords_may_be_off_only_beside_a_provider() -> None:
    with pytest.raises(ValueError, match="ELEARN_PASSWORD_SIGN_IN"):
        Config("sqlite://", "key", "http://localhost", password_sign_in=False)
    assert not Config("sqlite://", "key", "", oidc=SETTINGS, password_sign_in=False).testing
