"""Passkeys in the place of a code: added, asked, refused for whatever is wrong with an answer."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from elearn import clock
from elearn.database import db, transaction
from elearn.factors import passkeys, resets
from elearn.people import accounts
from elearn.people.factor_models import Passkey
from elearn.people.models import Notice, Person
from tests.factors.builders import code_now, half_signed_in, with_factor
from tests.factors.soft_device import PRESENT, SoftDevice
from tests.people_cast import PASSWORD, Cast, signed_in

NEW = "/account/factor/passkeys/new"


def options_on(page: str) -> dict[str, Any]:
    [held] = re.findall(r'data-(?:making|asking)="([^"]+)"', page)
    found: dict[str, Any] = json.loads(html.unescape(held))
    return found


def add(client: FlaskClient, device: SoftDevice, **more: str) -> Any:
    answer = device.make(options_on(client.get(NEW).text))
    return client.post(NEW, data={"name": "Ponsel pribadi", "answer": answer, **more})


def with_passkey(app: Flask, person: Person) -> SoftDevice:
    with_factor(person)
    device = SoftDevice()
    assert add(signed_in(app, person), device).location == "/account/factor"
    return device


def test_a_passkey_signs_in_instead_of_a_code(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    other, client, device = signed_in(app, cast.ani), signed_in(app, cast.ani), SoftDevice()
    page = client.get(NEW).text
    assert cast.ani.nip not in page
    assert options_on(page)["authenticatorSelection"]["userVerification"] == "required"
    assert add(client, device).location == "/account/factor"
    assert "Ponsel pribadi" in client.get("/account/factor").text
    assert other.get("/account").status_code == 303
    told = db.session.scalars(select(Notice.kind).where(Notice.person_id == cast.ani.id))
    assert "passkey_added" in set(told)
    entered = half_signed_in(app, cast.ani)
    answer = device.answer(options_on(entered.get("/login/code").text))
    assert entered.post("/login/passkey", data={"answer": answer}).location == "/record"
    assert entered.get("/account").status_code == 200
    coded = half_signed_in(app, cast.ani)
    assert coded.post("/login/code", data={"code": code_now()}).status_code == 303


def test_an_answer_counts_once(app: Flask, cast: Cast) -> None:
    device = with_passkey(app, cast.ani)
    client = half_signed_in(app, cast.ani)
    answer = device.answer(options_on(client.get("/login/code").text))
    held = client.get_cookie("elearn")
    assert held is not None
    assert client.post("/login/passkey", data={"answer": answer}).status_code == 303
    again = half_signed_in(app, cast.ani)
    again.set_cookie("elearn", held.value)  # the challenge of before, put back
    with transaction():
        db.session.execute(Passkey.__table__.update().values(sign_count=0))
    refused = again.post("/login/passkey", data={"answer": answer})
    assert refused.status_code == 422
    assert "sudah dipakai" in refused.text


def test_whatever_is_wrong_with_an_answer_it_is_refused(app: Flask, cast: Cast) -> None:
    device = with_passkey(app, cast.ani)
    with_factor(cast.budi)
    wrong = {
        "another key": SoftDevice(id=device.id),
        "unknown": SoftDevice(),
        "another site": SoftDevice(host="contoh.test", id=device.id, key=device.key),
        "another page": SoftDevice(origin="http://contoh.test", id=device.id, key=device.key),
        "nobody verified": SoftDevice(flags=PRESENT, id=device.id, key=device.key),
        "counted before": SoftDevice(count=-1, id=device.id, key=device.key),
    }
    now_ms = clock.now_ms()
    for n, (name, odd) in enumerate(wrong.items()):
        with clock.set_to(now_ms + n * clock.DAY_MS):  # tries of yesterday count no more
            client = half_signed_in(app, cast.ani)
            asked = options_on(client.get("/login/code").text)
            odd.count = 5 if odd.count == 0 else 0
            response = client.post("/login/passkey", data={"answer": odd.answer(asked)})
            assert (response.status_code, name) == (422, name)
    with clock.set_to(now_ms + 10 * clock.DAY_MS):
        client = half_signed_in(app, cast.ani)
        client.get("/login/code")
        for text in ("", "x", "{}", "[" * 9000, '{"id": 1}', "x" * 20_000):
            status = client.post("/login/passkey", data={"answer": text}).status_code
            assert status in {422, 429}
        stranger = half_signed_in(app, cast.budi)
        stale = {"answer": device.answer({"challenge": "AAAA"})}
        assert stranger.post("/login/passkey", data=stale).status_code == 422
        assert app.test_client().post("/login/passkey", data=stale).status_code in {303, 403}


def test_an_answer_to_a_challenge_of_long_ago_comes_too_late(app: Flask, cast: Cast) -> None:
    device = with_passkey(app, cast.ani)
    client = half_signed_in(app, cast.ani)
    answer = device.answer(options_on(client.get("/login/code").text))
    with clock.set_to(clock.now_ms() + passkeys.CHALLENGE_LIFE_MS + 1):
        refused = client.post("/login/passkey", data={"answer": answer})
    assert refused.status_code == 422
    assert "Waktunya habis" in refused.text


def test_what_is_wrong_with_a_new_one_is_refused(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.ani)
    assert client.get(NEW).status_code == 403  # no app, so no recovery codes either
    with_factor(cast.ani)
    client = signed_in(app, cast.ani)
    for odd in (SoftDevice(host="contoh.test"), SoftDevice(flags=PRESENT)):
        assert add(client, odd).status_code == 422
    for data in (
        {},
        {"name": "Ponsel"},
        {"name": "", "answer": "{}"},
        {"name": "x", "answer": "["},
    ):
        client.get(NEW)
        assert client.post(NEW, data=data).status_code == 422
    device = SoftDevice()
    assert add(client, device).status_code == 303
    assert add(client, device).status_code == 422  # known already
    assert len(passkeys.of(cast.ani.id)) == 1


def test_it_is_removed_by_its_person_alone(app: Flask, cast: Cast) -> None:
    device = with_passkey(app, cast.ani)
    with_factor(cast.budi)
    [kept] = passkeys.of(cast.ani.id)
    address = f"/account/factor/passkeys/{kept.id}/remove"
    for person in (cast.budi, cast.dewi, cast.citra):
        stranger = signed_in(app, person)
        assert stranger.get(address).status_code == 404
        assert stranger.post(address).status_code == 404
    client = signed_in(app, cast.ani)
    with clock.set_to(clock.now_ms() + accounts.JUST_MS):
        assert client.post(address).status_code == 422
        assert add(client, SoftDevice()).status_code == 422
        assert client.post(address, data={"password": PASSWORD}).status_code == 303
    assert passkeys.of(cast.ani.id) == []
    entered = half_signed_in(app, cast.ani)
    assert "data-asking" not in entered.get("/login/code").text
    stale = {"answer": device.answer({"challenge": "AAAA"})}
    assert entered.post("/login/passkey", data=stale).status_code == 422


def test_another_phone_keeps_passkeys_and_a_reset_takes_them(app: Flask, cast: Cast) -> None:
    with_passkey(app, cast.ani)
    with_factor(cast.ani)  # again, as with another phone
    assert len(passkeys.of(cast.ani.id)) == 1
    with transaction():
        resets.reset_by(None, cast.ani.id)
    assert passkeys.of(cast.ani.id) == []
