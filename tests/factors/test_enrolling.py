"""The account's second factor: set up, its codes renewed, changed, turned off."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from elearn import clock
from elearn.database import db, transaction
from elearn.errors import Invalid
from elearn.factors import enrolling
from elearn.people import accounts, delegations, notices, staffing
from elearn.people.factor_models import Authenticator, RecoveryCode
from elearn.people.models import AuditEntry, Notice
from tests.factors.builders import code_at, code_now, half_signed_in, with_factor
from tests.people_cast import PASSWORD, Cast, actor_of, signed_in

NEW, OWN = "/account/factor/new", "/account/factor"


def secret_on(page: str) -> str:
    [shown] = re.findall(r'<code class="nip secret">([A-Z2-7 ]+)</code>', page)
    return str(shown).replace(" ", "")


def codes_on(page: str) -> list[str]:
    return re.findall(r"<li><code class=\"nip\">([A-Z0-9-]{14})</code></li>", page)


def turned_on(client: FlaskClient) -> tuple[str, str]:
    secret = secret_on(client.get(NEW).text)
    return secret, client.post(NEW, data={"code": code_now(secret)}).text


def test_setting_up_shows_ten_codes_once_and_signs_the_others_out(app: Flask, cast: Cast) -> None:
    other, client = signed_in(app, cast.ani), signed_in(app, cast.ani)
    page = client.get(NEW).text
    assert "<svg" in page
    assert "style=" not in page
    secret = secret_on(page)
    assert secret_on(client.get(NEW).text) == secret  # loaded again, it is the same
    response = client.post(NEW, data={"code": code_now(secret)})
    assert response.headers["Cache-Control"] == "no-store"
    codes = codes_on(response.text)
    assert len(set(codes)) == 10
    assert not any(code in client.get(OWN).text for code in codes)
    assert "10 dari 10" in client.get(OWN).text
    assert other.get("/account").status_code == 303
    entered = half_signed_in(app, cast.ani)
    assert entered.post("/login/code", data={"code": codes[0]}).status_code == 303
    hashes = db.session.scalars(select(RecoveryCode.hash)).all()
    assert all(hashed.startswith("$argon2id$") for hashed in hashes)
    told = db.session.scalars(select(Notice.kind).where(Notice.person_id == cast.ani.id))
    assert "factor_on" in set(told)


def test_the_first_code_cannot_be_used_again_to_sign_in(app: Flask, cast: Cast) -> None:
    now_ms = clock.now_ms()
    with clock.set_to(now_ms):
        secret, _ = turned_on(signed_in(app, cast.ani))
        client = half_signed_in(app, cast.ani)
        assert client.post("/login/code", data={"code": code_at(now_ms, secret)}).status_code == 422


def test_a_wrong_first_code_keeps_the_secret_and_turns_nothing_on(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.ani)
    secret = secret_on(client.get(NEW).text)
    for typed in ("", "12345", "abc", "x" * 100):
        response = client.post(NEW, data={"code": typed})
        assert response.status_code == 422
        assert secret_on(response.text) == secret
    assert db.session.scalars(select(Authenticator)).all() == []


def test_an_offer_is_for_one_person_and_half_an_hour(app: Flask, cast: Cast) -> None:
    offer = enrolling.offer(cast.ani.id)
    assert enrolling.offered(cast.ani.id, offer)
    for person_id, text in ((cast.budi.id, offer), (cast.ani.id, ""), (cast.ani.id, offer[:-8])):
        with pytest.raises(Invalid, match="offer_over"):
            enrolling.offered(person_id, text)
    later = clock.now_ms() + enrolling.OFFER_LIFE_MS + 1
    with clock.set_to(later), pytest.raises(Invalid, match="offer_over"):
        enrolling.offered(cast.ani.id, offer)


def test_another_phone_takes_the_place_of_the_first(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.ani)
    first, page = turned_on(client)
    second, _ = turned_on(client)
    assert first != second
    entered = half_signed_in(app, cast.ani)
    assert entered.post("/login/code", data={"code": codes_on(page)[0]}).status_code == 422
    later = clock.now_ms() + 60_000
    with clock.set_to(later):
        assert entered.post("/login/code", data={"code": code_at(later, first)}).status_code == 422
        assert entered.post("/login/code", data={"code": code_at(later, second)}).status_code == 303


def test_new_codes_end_the_old_ones(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    client = signed_in(app, cast.ani)
    before = set(db.session.scalars(select(RecoveryCode.hash)))
    page = client.post("/account/factor/codes").text
    assert len(codes_on(page)) == 10
    assert before.isdisjoint(db.session.scalars(select(RecoveryCode.hash)))
    assert signed_in(app, cast.budi).post("/account/factor/codes").status_code == 403


def test_it_can_be_turned_off_where_no_role_needs_it(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    client = signed_in(app, cast.ani)
    assert client.get("/account/factor/off").status_code == 200
    assert client.post("/account/factor/off").location == OWN
    assert "Belum aktif" in client.get(OWN).text
    assert db.session.scalars(select(RecoveryCode)).all() == []
    assert client.post("/account/factor/off").status_code == 403


WEIGHTY = [
    ("ani", "/account/factor/codes", {}),
    ("ani", "/account/factor/off", {}),
    ("ani", NEW, {"code": "123456"}),
    ("dewi", "/admin/people/{}/roles", {"role": "auditor"}),
    ("dewi", "/admin/second-factor", {"grace_days": "7"}),
    ("citra", "/hr/delegations", {"reason": "cuti"}),
    ("dewi", "/hr/people/{}/factor", {}),
]


SHOWS = {"dewi": "/admin/second-factor", "citra": "/hr/delegations"}


@pytest.mark.parametrize(("name", "path", "form"), WEIGHTY, ids=[path for _, path, _ in WEIGHTY])
def test_a_weighty_act_asks_for_the_password_after_ten_minutes(
    app: Flask, cast: Cast, name: str, path: str, form: dict[str, str]
) -> None:
    with_factor(cast.ani)
    client, address = signed_in(app, getattr(cast, name)), path.format(cast.ani.id)
    later = clock.now_ms() + accounts.JUST_MS
    if name == "citra":
        [own] = delegations.lendable(actor_of(cast.citra))
        today = clock.day_of(later).isoformat()
        to_whom = {"grant": str(own.id), "target": str(cast.ani.id)}
        form = form | to_whom | {"since": today, "until": today}
    before = db.session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()))
    with clock.set_to(later):
        for typed in ({}, {"password": "salah sama sekali"}):
            refused = client.post(address, data=form | typed)
            assert refused.status_code == 422
            assert 'name="password"' in refused.text
            assert "salah sama sekali" not in refused.text
        assert db.session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc())) == before
        accepted = client.post(address, data=form | {"password": PASSWORD})
        assert 'id="password-error"' not in accepted.text
        fresh = client.get(SHOWS.get(name, OWN))
        assert 'name="password"' not in fresh.text  # shown a moment ago


def test_without_a_password_one_signs_in_again_instead(app: Flask, cast: Cast) -> None:
    with transaction():
        accounts.set_password_hash(staffing.locked(cast.ani.id), "", must_change=False)
    client = signed_in(app, cast.ani)
    with clock.set_to(clock.now_ms() + accounts.JUST_MS):
        for address in (NEW, "/account/data"):
            refused = client.post(address, data={"code": "123456", "password": "apa saja ini"})
            assert refused.status_code == 422
            assert "masuk kembali dengan akun instansi" in refused.text


def test_guessing_the_password_there_is_slowed_down(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    client = signed_in(app, cast.ani)
    with clock.set_to(clock.now_ms() + accounts.JUST_MS):
        tries = [client.post("/account/factor/off", data={"password": "salah"}) for _ in range(6)]
    assert [each.status_code for each in tries] == [422] * 5 + [429]


def test_the_account_shows_the_last_sign_in_and_ends_the_other_devices(
    app: Flask, cast: Cast
) -> None:
    for _ in range(2):
        verified = accounts.authenticate(cast.ani.nip, PASSWORD)
        with transaction():
            accounts.accept(verified, device="Firefox, Linux", remember=False)
    other, client = signed_in(app, cast.ani), signed_in(app, cast.ani)
    page = client.get("/account").text
    assert "Masuk sebelum ini" in page
    assert "Keluarkan semua perangkat lain" in page
    assert client.post("/account/devices/others").location == "/account"
    assert other.get("/account").status_code == 303
    page = client.get("/account").text
    assert "Keluarkan semua perangkat lain" not in page
    assert notices.inbox(cast.ani.id).messages == []
