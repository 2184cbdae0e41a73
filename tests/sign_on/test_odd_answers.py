"""What no good provider says: each refused with its reason, and never a failure of our own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from elearn import clock
from elearn.database import transaction
from elearn.people import accounts, audit
from elearn.people.access import COOKIE
from elearn.people.audit import Action
from elearn.sign_on import documents
from elearn.sign_on.refusing import Reason
from elearn.sign_on.routes import EXTENSION
from tests.people_cast import Cast, browser
from tests.sign_on.conftest import connect
from tests.sign_on.odd_provider import KEY, NEXT, OTHER, OddProvider

NOW = int(time.time())
ANI = "199404122019032901"
ANOTHERS = {"sub": "another", "nip": ANI}
BROKEN_KEYS = b'{"keys": [1, {}, {"kty": "oct", "k": "AA"}, {"kty": "RSA", "n": "x"}]}'
Break = Callable[[OddProvider], Any]


def answered(
    app: Flask, odd: OddProvider, more: str = "", begin: str = "/login/oidc", **claims: object
) -> TestResponse:
    """What the application says to an answer of the provider: it is Ani, but for ``claims``."""
    client = browser(app)
    begun = client.get(begin)
    asked = dict(parse_qsl(urlsplit(begun.location).query))
    odd.nonce = odd.nonce or asked["nonce"]
    odd.claims = {"nip": ANI, **odd.claims, **claims}
    answer = client.get(f"/login/oidc/callback?state={asked['state']}&code=c{more}")
    assert bool(client.get_cookie(COOKIE)) == (answer.location == "/")
    return answer


def told() -> list[str]:
    found = audit.everything(audit.Wanted(action=Action.AGENCY_REFUSED))
    return [entry.values["refused_for"] for entry in found]


def set_to(**values: object) -> Break:
    return lambda odd: [setattr(odd, name, value) for name, value in values.items()]


WRONG: list[tuple[str, Reason, Break]] = [
    ("another issuer", Reason.ISSUER, set_to(claims={"iss": "https://other.example"})),
    ("no issuer", Reason.ISSUER, set_to(claims={"iss": None})),
    ("another audience", Reason.AUDIENCE, set_to(claims={"aud": "another"})),
    ("several audiences", Reason.AUDIENCE, set_to(claims={"aud": ["elearn", "another"]})),
    ("for another, by us", Reason.AUDIENCE, set_to(claims={"aud": "another", "azp": "elearn"})),
    ("another party", Reason.AUDIENCE, set_to(claims={"azp": "another"})),
    ("another nonce", Reason.NONCE, set_to(nonce="another")),
    ("no nonce", Reason.NONCE, set_to(claims={"nonce": None})),
    ("expired", Reason.EXPIRED, set_to(claims={"exp": NOW - 3600})),
    ("no end", Reason.EXPIRED, set_to(claims={"exp": None})),
    ("from the future", Reason.CLAIM, set_to(claims={"iat": NOW + 3600})),
    ("no subject", Reason.CLAIM, set_to(claims={"sub": None})),
    ("another access token", Reason.CLAIM, set_to(claims={"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"})),
    ("another key", Reason.SIGNATURE, set_to(key=OTHER)),
    ("an unknown key", Reason.SIGNATURE, set_to(key=NEXT)),
    ("no signature", Reason.ALGORITHM, set_to(forged="none")),
    ("the public key as a secret", Reason.ALGORITHM, set_to(forged="HS256")),
    ("no NIP", Reason.NIP_MISSING, set_to(claims={"nip": None})),
    ("a rounded NIP", Reason.NIP_DAMAGED, set_to(claims={"nip": int(ANI)})),
    ("a damaged NIP", Reason.NIP_DAMAGED, set_to(claims={"nip": "199404122019032"})),
    ("several NIPs", Reason.NIP_DAMAGED, set_to(claims={"nip": [ANI]})),
    ("an unknown NIP", Reason.NIP_UNKNOWN, set_to(claims={"nip": "199001152015031991"})),
    ("no token", Reason.SIGNATURE, set_to(broken={"/token": b'{"access_token": "x"}'})),
    ("a refused code", Reason.CODE, set_to(broken={"/token": b'{"error": "invalid_grant"}'})),
    ("no JSON", Reason.AWAY, set_to(broken={"/token": b"<html>"})),
    ("a list", Reason.AWAY, set_to(broken={"/token": b"[1]"})),
    ("no keys", Reason.SIGNATURE, set_to(broken={"/keys": b'{"keys": "none"}'})),
    ("broken keys", Reason.SIGNATURE, set_to(broken={"/keys": BROKEN_KEYS})),
    ("told of another", Reason.NIP_MISSING, set_to(claims={"nip": None}, userinfo=ANOTHERS)),
]


@pytest.mark.parametrize(
    ("reason", "breaks"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_a_wrong_answer_is_refused_with_its_reason(
    app: Flask, cast: Cast, odd: OddProvider, reason: Reason, breaks: Break
) -> None:
    breaks(odd)
    answer = answered(app, odd)
    assert answer.location == f"/login/oidc/refused/{reason}"
    assert told() == [reason]
    page = browser(app).get(answer.location)
    assert 400 <= page.status_code <= 503
    assert f"<code>{reason}</code>" in page.text


@pytest.mark.parametrize(("ago", "is_let_in"), [(None, False), (3600, False), (0, True)])
def test_who_is_asked_to_sign_in_again_has_just_done_so(
    app: Flask, cast: Cast, odd: OddProvider, ago: int | None, is_let_in: bool
) -> None:
    shown = None if ago is None else clock.now_ms() // 1000 - ago
    answer = answered(app, odd, begin="/login/oidc?again=1", auth_time=shown)
    assert answer.location == ("/" if is_let_in else f"/login/oidc/refused/{Reason.STALE}")


def test_who_has_left_is_refused(app: Flask, cast: Cast, odd: OddProvider) -> None:
    with transaction():
        accounts.deactivate(None, cast.ani.id)
    assert answered(app, odd).location.endswith(f"/{Reason.LEFT}")


def test_a_good_token_opens_and_what_is_sent_is_as_it_should_be(
    app: Flask, cast: Cast, odd: OddProvider
) -> None:
    assert answered(app, odd).location == "/"
    assert odd.form["code"] == ["c"]
    assert len(odd.form["code_verifier"][0]) == 43
    assert "/userinfo" not in odd.asked  # the token has it
    odd.mend()
    now = clock.now_ms() // 1000
    assert answered(app, odd, iat=now + 50, exp=now - 50).location == "/"  # clocks do differ


def test_the_nip_may_stand_in_another_claim_or_be_told_when_asked(
    app: Flask, cast: Cast, odd: OddProvider
) -> None:
    settings = app.extensions[EXTENSION].settings
    connect(app, replace(settings, nip_claim="pegawai"))
    assert answered(app, odd, pegawai=f"{ANI[:8]} {ANI[8:]}").location == "/"
    odd.mend()
    odd.userinfo = {"sub": "s", "pegawai": ANI}
    assert answered(app, odd).location == "/"


def test_new_keys_are_looked_for_once(app: Flask, cast: Cast, odd: OddProvider) -> None:
    assert answered(app, odd).location == "/"
    odd.mend()
    odd.key, odd.published = NEXT, [NEXT]
    with clock.set_to(clock.now_ms() + documents.PAUSE_MS):
        assert answered(app, odd).location == "/"
        assert odd.asked.count("/keys") == 1
        odd.key, odd.nonce = KEY, ""  # which is no longer published
        assert answered(app, odd).location.endswith(Reason.SIGNATURE)
    assert odd.asked.count("/keys") == 1


def test_an_answer_names_its_issuer_where_the_provider_says_so(
    app: Flask, cast: Cast, odd: OddProvider
) -> None:
    other = answered(app, odd, "&iss=https://other.example")
    assert other.location.endswith(Reason.ISSUER)
    odd.mend()
    odd.metadata = {"authorization_response_iss_parameter_supported": True}
    connect(app, app.extensions[EXTENSION].settings)
    assert answered(app, odd).location.endswith(Reason.ISSUER)
    odd.nonce = ""
    assert answered(app, odd, f"&iss={odd.issuer}").location == "/"


def test_an_error_of_the_provider_is_told(app: Flask, cast: Cast, odd: OddProvider) -> None:
    assert answered(app, odd, "&error=server_error").location.endswith(Reason.PROVIDER)
    assert told() == [Reason.PROVIDER]


AWAY: list[tuple[str, Break]] = [
    ("no JSON", set_to(broken={"/.well-known/openid-configuration": b"<html>"})),
    ("another issuer", set_to(metadata={"issuer": "https://other.example"})),
    ("no encryption", set_to(metadata={"token_endpoint": "http://other.example/token"})),
    ("no keys", set_to(metadata={"jwks_uri": 7})),
    ("slow", set_to(wait_seconds=0.4)),
]


@pytest.mark.parametrize("breaks", [case[1] for case in AWAY], ids=[case[0] for case in AWAY])
def test_a_provider_that_is_away_or_slow_is_told_at_once(
    app: Flask, cast: Cast, odd: OddProvider, breaks: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "TIMEOUT", (0.2, 0.2))
    breaks(odd)
    page = browser(app).get("/login/oidc")
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "30"
    assert "NIP dan kata sandi" in page.text
    asked = len(odd.asked)
    assert browser(app).get("/login/oidc").status_code == 503
    assert len(odd.asked) == asked  # not asked again for a moment
    assert browser(app).get("/login/out").status_code == 200


def test_a_provider_that_is_not_there_keeps_nobody_from_the_other_pages(
    app: Flask, cast: Cast, odd: OddProvider
) -> None:
    settings = app.extensions[EXTENSION].settings
    connect(app, replace(settings, issuer="http://127.0.0.1:9"))
    assert browser(app).get("/login/oidc").status_code == 503
    assert browser(app).get("/login").status_code == 200


def test_only_so_many_wait_for_the_provider(app: Flask, cast: Cast, odd: OddProvider) -> None:
    provider = app.extensions[EXTENSION]
    for _ in range(8):
        provider._waiting.acquire()
    assert browser(app).get("/login/oidc").status_code == 503
    assert odd.asked == []


def test_without_a_provider_there_is_no_such_page(app: Flask, cast: Cast) -> None:
    assert "akun instansi" not in browser(app).get("/login").text
    paths = ("/login/oidc", "/login/oidc/callback", "/login/oidc/refused/left", "/login/out")
    assert [browser(app).get(path).status_code for path in paths] == [404] * 4


def test_an_unknown_reason_is_no_page(app: Flask, cast: Cast, odd: OddProvider) -> None:
    assert browser(app).get("/login/oidc/refused/whatever").status_code == 404
