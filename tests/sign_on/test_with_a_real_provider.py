"""Signing in with the agency's account, against a real provider on this host."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from elearn.database import db, transaction
from elearn.people import accounts, audit
from elearn.people.access import COOKIE
from elearn.people.audit import Action
from elearn.people.models import Person, SignIn, Way
from elearn.sign_on.provider import Provider
from elearn.sign_on.refusing import Reason
from tests.factors.builders import with_factor
from tests.people_cast import Cast, browser
from tests.sign_on.conftest import SITE, connect

NOBODYS = "199001152015031991"


def at_provider(begun: TestResponse, name: str, session: requests.Session | None = None) -> str:
    """Sign in at the provider as ``name``, or cancel; the path that leads back, with its answer."""
    session = session or requests.Session()
    page = session.get(begun.location, timeout=10)
    form = {"cancel": "yes"} if name == "cancel" else {"name": name}
    answer = session.post(page.url, form, timeout=10, allow_redirects=False)
    while not answer.headers["Location"].startswith(SITE):
        where = requests.compat.urljoin(answer.url, answer.headers["Location"])
        answer = session.get(where, timeout=10, allow_redirects=False)
    session.close()
    return answer.headers["Location"].removeprefix(SITE)


def came(client: FlaskClient, name: str, begin: str = "/login/oidc") -> TestResponse:
    """The whole way, up to what the application says to the answer."""
    return client.get(at_provider(client.get(begin), name))


def refusals() -> list[tuple[str, str]]:
    found = audit.everything(audit.Wanted(action=Action.AGENCY_REFUSED))
    return [(entry.values["refused_for"], entry.subject) for entry in found]


def test_who_is_known_is_signed_in_where_they_were_going(
    app: Flask, cast: Cast, agency: Provider
) -> None:
    client = browser(app)
    response = came(client, cast.ani.nip, "/login/oidc?next=/inbox")
    assert (response.status_code, response.location) == (303, "/inbox")
    page = client.get("/account").text
    assert "akun instansi" in page
    assert cast.ani.full_name in page
    (entry,) = audit.everything(audit.Wanted(action=Action.SIGNED_IN))
    assert (entry.subject, entry.values["way"]) == (cast.ani.full_name, Way.AGENCY)
    assert client.get("/login/oidc?next=/courses").location == "/courses"


def test_what_is_asked_for_holds_one_attempt_of_one_browser(
    app: Flask, cast: Cast, agency: Provider
) -> None:
    first, second = (browser(app).get("/login/oidc") for _ in range(2))
    asked = [dict(parse_qsl(urlsplit(each.location).query)) for each in (first, second)]
    assert asked[0]["code_challenge_method"] == "S256"
    assert asked[0]["redirect_uri"] == f"{SITE}/login/oidc/callback"
    assert (asked[0]["response_type"], asked[0]["scope"]) == ("code", "openid")
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name]) == 43
        assert asked[0][name] != asked[1][name]
    cookie = first.headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/login/oidc"))


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nobody_is_led_elsewhere(app: Flask, cast: Cast, agency: Provider, target: str) -> None:
    assert came(browser(app), cast.ani.nip, f"/login/oidc?next={target}").location == "/"


def test_an_answer_counts_once_and_in_its_own_browser(
    app: Flask, cast: Cast, agency: Provider
) -> None:
    client, other = browser(app), browser(app)
    back = at_provider(client.get("/login/oidc"), cast.ani.nip)
    cookie = client.get_cookie("elearn_oidc", path="/login/oidc")
    assert cookie is not None
    other.get("/login/oidc")
    assert other.get(back).location == f"/login/oidc/refused/{Reason.STATE}"
    assert browser(app).get(back).location == f"/login/oidc/refused/{Reason.NOT_BEGUN}"
    assert client.get(back).location == "/"
    client.set_cookie("elearn_oidc", cookie.value, path="/login/oidc")
    again = client.get(back)
    assert again.location == f"/login/oidc/refused/{Reason.USED}"
    client.set_cookie("elearn_oidc", cookie.value, path="/login/oidc")
    missing = client.get("/login/oidc/callback?code=x")
    assert missing.location == f"/login/oidc/refused/{Reason.STATE}"
    assert refusals() == [(Reason.USED, "")]


PEOPLE = [
    ("none", Reason.NIP_MISSING, "belum memuat NIP"),
    ("1,99404122019033E+17", Reason.NIP_DAMAGED, "bukan NIP yang sah"),
    (NOBODYS, Reason.NIP_UNKNOWN, "Akun tidak dibuat dengan sendirinya"),
    ("ani", Reason.LEFT, "sudah ditutup"),
    ("cancel", Reason.DECLINED, "Masuk dibatalkan"),
]


@pytest.mark.parametrize(("name", "reason", "words"), PEOPLE)
def test_who_is_not_let_in_is_told_why(
    app: Flask, cast: Cast, agency: Provider, name: str, reason: Reason, words: str
) -> None:
    with transaction():
        accounts.deactivate(None, cast.ani.id)
    client = browser(app)
    response = came(client, cast.ani.nip if name == "ani" else name)
    page = client.get(response.location)
    assert words in page.text
    assert page.status_code == (400 if reason is Reason.DECLINED else 403)
    assert client.get_cookie(COOKIE) is None
    subject = cast.ani.full_name if reason is Reason.LEFT else ""
    assert refusals() == ([] if reason is Reason.DECLINED else [(reason, subject)])
    kept = [str(entry.values) for entry in audit.everything(audit.Wanted())]
    assert not any(NOBODYS in values for values in kept)


def test_no_password_has_to_be_set_first(app: Flask, cast: Cast, agency: Provider) -> None:
    with transaction() as session:
        session.get_one(Person, cast.ani.id).must_change_password = True
    client = browser(app)
    came(client, cast.ani.nip)
    assert client.get("/").status_code == 200
    assert client.get("/inbox").status_code == 200


def test_who_signs_in_again_shows_anew_who_they_are(
    app: Flask, cast: Cast, agency: Provider
) -> None:
    client = browser(app)
    came(client, cast.ani.nip)
    begun = client.get("/login/oidc?again=1&next=/account/data")
    asked = dict(parse_qsl(urlsplit(begun.location).query))
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    assert client.get(at_provider(begun, cast.ani.nip)).location == "/account/data"
    assert db.session.query(SignIn).count() == 1  # the one before has ended


def test_signing_out_leads_to_where_the_provider_ends_its_own(
    app: Flask, cast: Cast, agency: Provider
) -> None:
    client = browser(app)
    came(client, cast.ani.nip)
    response = client.post("/logout")
    assert response.location == "/login/out"
    page = client.get("/login/out").text
    link = agency.end_session_url()
    assert link.replace("&", "&amp;") in page
    assert client.get("/account").location.startswith("/login")
    assert requests.get(link, timeout=10).status_code == 200


def test_another_verifier_or_secret_opens_nothing(
    app: Flask, cast: Cast, agency: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(app)
    back = at_provider(client.get("/login/oidc"), cast.ani.nip)
    kept = agency._redeemed
    monkeypatch.setattr(
        agency, "_redeemed", lambda attempt, code: kept(replace(attempt, verifier="v" * 43), code)
    )
    assert client.get(back).location == f"/login/oidc/refused/{Reason.CODE}"
    connect(app, replace(agency.settings, client_secret="another"))
    assert came(browser(app), cast.ani.nip).location == f"/login/oidc/refused/{Reason.CODE}"


def test_a_second_factor_is_asked_here_unless_that_of_the_provider_is_trusted(
    app: Flask, cast: Cast, agency: Provider
) -> None:
    with_factor(cast.ani)
    client = browser(app)
    assert came(client, cast.ani.nip).location == "/login/code"
    assert client.get("/account").location.startswith("/login")
    connect(app, replace(agency.settings, trusted_factors=frozenset({"otp"})))
    assert came(browser(app), cast.ani.nip).location == "/"
    connect(app, replace(agency.settings, trusted_factors=frozenset({"hwk"})))
    assert came(browser(app), cast.ani.nip).location == "/login/code"
