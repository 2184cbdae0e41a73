"""The agency's rule: who is told, who must set it up before anything else, and resets by HR."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from elearn import clock
from elearn.database import db, transaction
from elearn.factors import requiring
from elearn.people import accounts, delegations, second_factor, staffing
from elearn.people.access import COOKIE
from elearn.people.accounts import Verified, Way
from elearn.people.factor_rule import FactorRule
from elearn.people.holding import Period
from elearn.people.models import AuditEntry, Notice, RoleGrant, SignIn
from elearn.people.permissions import Role
from tests.factors.builders import with_factor
from tests.factors.test_enrolling import NEW, turned_on
from tests.people_cast import PASSWORD, Cast, actor_of, browser, signed_in

HR = frozenset({Role.HR_UNIT, Role.HR_AGENCY})


def require(roles: frozenset[Role], *, grace_days: int, since: date | None = None) -> None:
    rule = FactorRule(roles, since or clock.today(), grace_days)
    with transaction():
        requiring.change(None, rule, may_trust=False)


def test_within_the_days_to_get_ready_one_is_told_at_each_sign_in(app: Flask, cast: Cast) -> None:
    require(HR, grace_days=14)
    client = browser(app)
    form = {"nip": cast.citra.nip, "password": PASSWORD}
    for _ in range(2):
        page = client.post("/login", data=form, follow_redirects=True).text
        assert "peran Anda memerlukan verifikasi dua langkah" in page
        assert 'href="/account/factor"' in page
        client.post("/logout")
    page = browser(app).post("/login", data={**form, "nip": cast.ani.nip}, follow_redirects=True)
    assert "verifikasi dua langkah" not in page.text


def test_after_them_nothing_else_can_be_done_first(app: Flask, cast: Cast) -> None:
    require(HR, grace_days=0)
    client = signed_in(app, cast.citra)
    for path in ("/", "/hr/people", "/account", "/account/factor", f"/hr/people/{cast.ani.id}"):
        assert client.get(path).location == NEW
    script = client.post("/attempts/x/answers/1", json={}, headers={"Sec-Fetch-Mode": "cors"})
    assert script.status_code == 401
    page = client.get(NEW).text
    assert "Keluar dahulu" in page
    assert "tidak lagi memerlukannya" not in page
    client.post("/account/factor/again")
    assert client.get("/account").location == NEW
    _, page = turned_on(client)
    assert "Kode pemulihan" in page
    assert client.get("/hr/people").status_code == 200
    assert client.get("/account/factor/off").status_code == 403
    assert client.post("/account/factor/off").status_code == 403
    assert "tidak dapat dimatikan" in client.get("/account/factor").text


def test_others_are_not_asked(app: Flask, cast: Cast) -> None:
    require(HR, grace_days=0)
    for person in (cast.ani, cast.budi, cast.dewi):
        assert signed_in(app, person).get("/account").status_code == 200


def due_of(person_id: int) -> int | None:
    return db.session.scalar(select(SignIn.factor_due_ms).where(SignIn.person_id == person_id))


def test_who_is_signed_in_learns_of_a_rule_a_role_and_their_end(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.ani)
    require(frozenset({Role.INSTRUCTOR}), grace_days=0)
    assert due_of(cast.ani.id) is None
    with transaction():
        staffing.grant(None, cast.ani.id, Role.INSTRUCTOR)
    assert client.get("/account").location == NEW
    granted = select(RoleGrant.id).where(RoleGrant.person_id == cast.ani.id)
    with transaction():
        staffing.revoke(None, cast.ani.id, db.session.scalars(granted).one())
    assert client.get("/account").status_code == 200
    with transaction():
        staffing.grant(None, cast.ani.id, Role.INSTRUCTOR)
    require(frozenset(), grace_days=0)
    assert client.get("/account").status_code == 200


def test_a_lent_role_asks_for_it_too(app: Flask, cast: Cast) -> None:
    require(HR, grace_days=0)
    with_factor(cast.citra)
    client = signed_in(app, cast.ani)
    giver = actor_of(cast.citra)
    [own] = delegations.lendable(giver)
    now_ms = clock.now_ms()
    with transaction():
        delegations.give(giver, own.id, cast.ani.id, Period(now_ms, now_ms + clock.DAY_MS), "cuti")
    assert client.get("/account").location == NEW


def test_a_role_that_ended_meanwhile_lets_one_go_on(app: Flask, cast: Cast) -> None:
    now_ms = clock.now_ms()
    require(frozenset({Role.AUDITOR}), grace_days=0)
    with transaction():
        staffing.grant(None, cast.ani.id, Role.AUDITOR, None, Period(now_ms, now_ms + 60_000))
    client = signed_in(app, cast.ani)
    assert client.get("/account").location == NEW
    with clock.set_to(now_ms + 60_000):
        assert "tidak lagi memerlukannya" in client.get(NEW).text
        assert client.post("/account/factor/again").location == "/"
        assert client.get("/account").status_code == 200


def test_a_second_factor_of_the_agencys_sign_on_is_enough(app: Flask, cast: Cast) -> None:
    require(HR, grace_days=0)
    client = browser(app)
    for has_second, location in ((True, None), (False, NEW)):
        verified = Verified(cast.citra.id, way=Way.AGENCY, has_second=has_second)
        with transaction():
            token = accounts.accept(verified, device="", remember=False)
        client.set_cookie(COOKIE, token)
        assert client.get("/account").location == location


def test_the_admin_reads_the_coverage_and_sets_the_rule(app: Flask, cast: Cast) -> None:
    with_factor(cast.citra)
    client = signed_in(app, cast.dewi)
    assert "Kepegawaian unit" in client.get("/admin/second-factor").text
    since = (clock.today() + timedelta(days=30)).isoformat()
    form: dict[str, Any] = {"roles": ["hr_unit", "admin"], "since": since, "grace_days": "7"}
    assert client.post("/admin/second-factor", data=form).status_code == 303
    page = client.get("/admin/second-factor").text
    assert page.count("checked") == 2
    assert f'value="{since}"' in page
    rule = FactorRule(frozenset({Role.HR_UNIT, Role.ADMIN}), date.fromisoformat(since), 7)
    assert second_factor.rule() == rule
    assert "Peran yang memerlukan verifikasi dua langkah" in client.get("/admin/audit").text
    found = {each.role: (each.holders, each.with_factor) for each in requiring.coverage()}
    assert found[Role.HR_UNIT] == (2, 1)


WRONG: list[tuple[dict[str, str], str]] = [
    ({"roles": "hr_unit", "grace_days": "7"}, "Isi mulai tanggal berapa"),
    ({"roles": "hr_unit", "since": "besok", "grace_days": "7"}, "Tulis tanggal"),
    ({"roles": "raja", "grace_days": "7"}, "Pilih dari daftar."),
    ({"grace_days": "366"}, "0 sampai 365"),
    ({"grace_days": "banyak"}, "bilangan bulat"),
]


def test_a_wrong_rule_is_refused(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.dewi)
    for form, sentence in WRONG:
        response = client.post("/admin/second-factor", data=form)
        assert response.status_code == 422
        assert sentence in response.text
    assert second_factor.rule() == FactorRule()


def test_the_rule_is_the_admins(app: Flask, cast: Cast) -> None:
    for person in (cast.ani, cast.citra, cast.syamsul, cast.budi, cast.fadli):
        client = signed_in(app, person)
        assert client.get("/admin/second-factor").status_code == 404
        assert client.post("/admin/second-factor", data={"grace_days": "1"}).status_code == 404


RESETS = [
    ("citra", "ani", 303),  # of her branch
    ("dewi", "ani", 303),
    ("dewi", "citra", 303),
    ("syamsul", "citra", 303),
    ("stranger", "ani", 404),  # HR of another branch
    ("ani", "citra", 404),  # a learner
    ("budi", "ani", 404),
    ("fadli", "ani", 403),  # sees all, changes nothing
    ("citra", "citra", 403),  # nobody their own
    ("dewi", "dewi", 403),
    ("syamsul", "dewi", 403),  # an admin may more than HR
]


def test_who_may_reset_whose_second_factor(app: Flask, cast: Cast) -> None:
    for name, of, status in RESETS:
        target = getattr(cast, of)
        with_factor(target)
        client, address = signed_in(app, getattr(cast, name)), f"/hr/people/{target.id}/factor"
        looked = client.get(address).status_code
        assert (looked, name, of) == (200 if status == 303 else status, name, of)
        assert client.post(address).status_code == status
        assert second_factor.is_on(target.id) is (status != 303)


def test_a_reset_is_told_ends_the_devices_and_lets_the_password_in(app: Flask, cast: Cast) -> None:
    with_factor(cast.ani)
    theirs = signed_in(app, cast.ani)
    client = signed_in(app, cast.citra)
    assert f"/hr/people/{cast.ani.id}/factor" in client.get(f"/hr/people/{cast.ani.id}").text
    assert client.post(f"/hr/people/{cast.ani.id}/factor").status_code == 303
    assert theirs.get("/account").status_code == 303
    assert client.post(f"/hr/people/{cast.ani.id}/factor").status_code == 409
    form = {"nip": cast.ani.nip, "password": PASSWORD}
    entered = browser(app)
    assert entered.post("/login", data=form).location == "/"
    assert "mengatur ulang verifikasi dua langkah" in entered.get("/inbox").text
    kinds = db.session.scalars(select(Notice.kind).where(Notice.person_id == cast.ani.id))
    assert "factor_reset" in set(kinds)
    said = select(AuditEntry.actor_id).where(AuditEntry.action == "factor:reset")
    assert db.session.scalars(said).all() == [cast.citra.id]


def test_wrong_methods(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.dewi)
    for path in ("/login/code", NEW, "/account/factor", "/admin/second-factor"):
        assert client.put(path).status_code == 405


def test_nobody_by_that_id(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.citra)
    for bad in ("999999", "0"):
        assert client.get(f"/hr/people/{bad}/factor").status_code == 404
        assert client.post(f"/hr/people/{bad}/factor").status_code == 404
