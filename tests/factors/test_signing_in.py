"""Signing in by two steps: what the half-signed-in may do, and which codes end it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from elearn import clock, signing
from elearn.database import db, transaction
from elearn.errors import Invalid
from elearn.factors import checking, requiring
from elearn.people import accounts, brake, half, passwords
from elearn.people.access import COOKIE
from elearn.people.entering import HALF_COOKIE, TRUST_COOKIE
from elearn.people.factor_models import RecoveryCode
from elearn.people.factor_rule import FactorRule
from elearn.people.models import AuditEntry, Notice, SignIn
from tests.factors.builders import code_at, code_now, codes, half_signed_in, with_factor
from tests.people_cast import PASSWORD, Cast, browser, signed_in


def sign_ins() -> int:
    return db.session.scalar(select(func.count()).select_from(SignIn)) or 0


def test_the_password_alone_signs_nobody_in(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    client = half_signed_in(app, cast.ani)
    assert sign_ins() == 0
    assert client.get_cookie(COOKIE) is None
    for path in ("/", "/account", "/record", "/account/factor", "/account/password"):
        assert client.get(path).location.startswith("/login")
    assert client.post("/account/factor/off").location.startswith("/login")


def test_the_code_signs_in_and_goes_where_one_was_going(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    client = half_signed_in(app, cast.ani)
    page = client.get("/login/code").text
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
    response = client.post("/login/code", data={"code": f"{code_now()[:3]} {code_now()[3:]}"})
    assert response.location == "/record"
    assert client.get("/account").status_code == 200
    assert client.get_cookie(HALF_COOKIE, path="/login") is None


def test_without_a_first_step_there_is_no_second(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    client = browser(app)
    assert client.get("/login/code").location == "/login"
    assert client.post("/login/code", data={"code": code_now()}).location == "/login"
    assert "habis" in client.get("/login").text
    assert sign_ins() == 0


def test_a_phone_may_be_off_by_a_minute(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    now_ms = clock.now_ms()
    with clock.set_to(now_ms):
        for off_ms in (-60_000, 60_000):
            client = half_signed_in(app, cast.ani)
            shown = code_at(now_ms + off_ms)
            assert client.post("/login/code", data={"code": shown}).status_code == 303


def test_a_code_works_once_for_all_browsers(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    first, second = half_signed_in(app, cast.ani), half_signed_in(app, cast.ani)
    now_ms = clock.now_ms()
    with clock.set_to(now_ms):
        shown = code_at(now_ms)
        assert first.post("/login/code", data={"code": shown}).status_code == 303
        again = second.post("/login/code", data={"code": shown})
        assert again.status_code == 422
        assert "Kode ini sudah dipakai" in again.text
        earlier = second.post("/login/code", data={"code": code_at(now_ms - 30_000)})
        assert earlier.status_code == 422
    assert sign_ins() == 1


def test_a_wrong_code_is_refused(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    client = half_signed_in(app, cast.ani)
    for typed in ("12", "", "semua huruf", "ABCD-2345-EFGH", "x" * 500, "１２３４５６"):
        response = client.post("/login/code", data={"code": typed})
        assert response.status_code == 422
        assert 'aria-invalid="true"' in response.text
    assert sign_ins() == 0


def test_guessing_codes_is_slowed_down_whatever_browser_asks(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    now_ms = clock.now_ms()
    with clock.set_to(now_ms):
        clients = [half_signed_in(app, cast.ani) for _ in range(2)]
        for tried in range(brake.FREE_FAILURES):
            clients[tried % 2].post("/login/code", data={"code": "ABCDEFGH"})
        response = clients[0].post("/login/code", data={"code": code_at(now_ms)})
        assert response.status_code == 429
        assert response.headers["Retry-After"]
    with transaction():
        told = select(AuditEntry.subject_id).where(AuditEntry.action == "account:refused")
        assert set(db.session.scalars(told)) == {cast.ani.id}
    kinds = select(Notice.kind).where(Notice.person_id == cast.ani.id)
    assert "factor_guessed" in set(db.session.scalars(kinds))
    assert sign_ins() == 0


def test_the_half_signed_in_state_lasts_five_minutes(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_factor(cast.ani)
    client = half_signed_in(app, cast.ani)
    monkeypatch.setattr(half, "LIFE_SECONDS", -1)
    assert client.post("/login/code", data={"code": code_now()}).location == "/login"


def test_a_password_that_changes_meanwhile_ends_the_half_signed_in_state(
    app: Flask, cast: Cast
) -> None:
    with_factor(cast.ani)
    client = half_signed_in(app, cast.ani)
    with transaction():
        accounts.reset_to_code(cast.ani.id, passwords.new_code())
    response = client.post("/login/code", data={"code": code_now()})
    assert response.status_code == 422
    assert "Akun ini baru saja berubah" in response.text
    assert sign_ins() == 0


def test_a_damaged_half_is_nobody(app: Flask, cast: Cast) -> None:
    client = browser(app)
    for damage in ("", "x", "eyJhIjoxfQ.aaaa.bbbb"):
        client.set_cookie(HALF_COOKIE, damage, path="/login")
        assert client.get("/login/code").location == "/login"


def test_a_one_time_code_is_used_up_by_the_second_step_only(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    code = passwords.new_code()
    with transaction():
        accounts.reset_to_code(cast.ani.id, code)
    client = browser(app)
    form = {"nip": cast.ani.nip, "password": code.text}
    for _ in range(2):
        assert client.post("/login", data=form).location == "/login/code"
    assert client.post("/login/code", data={"code": code_now()}).status_code == 303
    assert client.get("/record").location == "/account/password"
    assert client.post("/login", data=form).status_code == 422


def test_a_recovery_code_works_once_and_is_told(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    shown = codes()[3].text
    client = half_signed_in(app, cast.ani)
    page = client.get("/login/code?with=recovery").text
    assert "Kode pemulihan" in page
    typed = {"code": shown.lower().replace("-", " ")}
    assert client.post("/login/code?with=recovery", data=typed).status_code == 303
    again = half_signed_in(app, cast.ani).post("/login/code?with=recovery", data=typed)
    assert again.status_code == 422
    assert db.session.scalar(select(func.count(RecoveryCode.used_ms))) == 1
    kinds = select(Notice.kind).where(Notice.person_id == cast.ani.id)
    assert "recovery_code_used" in set(db.session.scalars(kinds))
    assert "tersisa 9" in signed_in(app, cast.ani).get("/inbox").text


def test_of_two_tries_side_by_side_one_wins(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    for text in (code_now(), codes()[0].text):
        both = [checking.prove(cast.ani.id, text) for _ in range(2)]
        with transaction():
            checking.spend(both[0])
        with transaction(), pytest.raises(Invalid, match="factor_used"):
            checking.spend(both[1])


def test_a_code_of_somebody_else_is_none(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    with_factor(cast.budi, "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU")
    client = half_signed_in(app, cast.budi)
    for code in (code_now(), ""):
        assert client.post("/login/code", data={"code": code}).status_code == 422


def test_a_lost_key_is_told_and_recovery_codes_still_work(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_factor(cast.ani)
    client = half_signed_in(app, cast.ani)
    monkeypatch.setattr("elearn.factors.sealing.KEY", "another-key")
    refused = client.post("/login/code", data={"code": code_now()})
    assert refused.status_code == 422
    assert "Pakai kode pemulihan" in refused.text
    assert client.post("/login/code", data={"code": codes()[0].text}).status_code == 303


def test_no_secret_stands_in_the_database(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    kept = db.session.connection().exec_driver_sql("select sealed_secret from authenticator")
    sealed = bytes(kept.scalar() or b"")
    assert code_now().encode() not in sealed
    assert b"JBSWY3DP" not in sealed
    assert signing.ring().secret("second-factor") not in sealed


def trusting(cast: Cast, *, may_trust: bool) -> None:
    with transaction():
        requiring.change(cast.dewi.id, FactorRule(), may_trust=may_trust)


def test_a_trusted_device_is_asked_for_no_code_while_the_agency_allows_it(
    app: Flask, cast: Cast
) -> None:
    with_factor(cast.ani)
    client = half_signed_in(app, cast.ani)
    assert 'name="trust"' not in client.get("/login/code").text
    trusting(cast, may_trust=True)
    assert 'name="trust"' in client.get("/login/code").text
    client.post("/login/code", data={"code": code_now(), "trust": "y"})
    assert client.get_cookie(TRUST_COOKIE) is not None
    client.post("/logout")
    form = {"nip": cast.ani.nip, "password": PASSWORD}
    assert client.post("/login", data=form).location == "/"
    with_factor(cast.budi)
    client.post("/logout")
    other = {"nip": cast.budi.nip, "password": PASSWORD}
    assert client.post("/login", data=other).location == "/login/code"  # it is Ani's
    trusting(cast, may_trust=False)
    assert client.post("/login", data=form).location == "/login/code"
    trusting(cast, may_trust=True)
    with clock.set_to(clock.now_ms() + checking.TRUSTED_MS):
        assert client.post("/login", data=form).location == "/login/code"


@pytest.mark.parametrize("way", ["others", "password", "code"])
def test_trust_ends_with_the_password_and_with_the_other_devices(
    app: Flask, cast: Cast, way: str
) -> None:
    with_factor(cast.ani)
    trusting(cast, may_trust=True)
    client = half_signed_in(app, cast.ani)
    client.post("/login/code", data={"code": code_now(), "trust": "y"})
    if way == "others":
        assert client.post("/account/devices/others").location == "/account"
    else:
        with transaction():
            if way == "password":
                change = accounts.PasswordChange(
                    cast.ani.id, cast.ani.password_hash, cast.ani.password_hash
                )
                accounts.change_password(change)
            else:
                accounts.reset_to_code(cast.ani.id, passwords.OneTimeCode("", "x"))
                db.session.execute(
                    update(type(cast.ani)).values(password_hash=cast.budi.password_hash)
                )
    client.post("/logout")
    form = {"nip": cast.ani.nip, "password": PASSWORD}
    response = client.post("/login", data=form)
    assert response.status_code == 422 or response.location == "/login/code"
