"""Roles with dates, and roles that are lent: they hold in their time, in the giver's name."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock
from elearn.database import db, transaction
from elearn.errors import Invalid, NotAllowed, NotFound
from elearn.people import accounts, actors, audit, delegations, staffing, units
from elearn.people.actors import Actor
from elearn.people.history_models import Delegation
from elearn.people.holding import Period
from elearn.people.models import Person, RoleGrant
from elearn.people.permissions import Permission, Role
from tests.people_cast import Cast, actor_of, signed_in, token_of

DAY = clock.DAY_MS
NOW = clock.now_ms()
WEEK = Period(NOW, NOW + 7 * DAY)


def grant_of(person: Person) -> int:
    wanted = select(RoleGrant.id).where(RoleGrant.person_id == person.id)
    return db.session.scalars(wanted.order_by(RoleGrant.id)).first() or 0


def lend(cast: Cast, to: Person, period: Period = WEEK, giver: Person | None = None) -> Delegation:
    giver = giver or cast.citra
    with transaction():
        return delegations.give(actor_of(giver), grant_of(giver), to.id, period, "cuti tahunan")


def at(person: Person, now_ms: int) -> Actor:
    """The person as they are signed in at another moment."""
    found = actors.load(token_of(person), now_ms)
    assert found is not None
    return found


def test_a_lent_role_holds_from_its_first_to_its_last_moment(cast: Cast, query_count: Any) -> None:
    lend(cast, cast.ani, Period(NOW + DAY, NOW + 3 * DAY))
    reached = {
        moment: at(cast.ani, NOW + moment).acts_in(cast.pustu.path)
        for moment in (0, DAY - 1, DAY, 3 * DAY - 1, 3 * DAY)
    }
    assert reached == {0: False, DAY - 1: False, DAY: True, 3 * DAY - 1: True, 3 * DAY: False}
    token = token_of(cast.ani)
    with query_count() as count:
        during = actors.load(token, NOW + DAY)
    assert count.total == 1
    assert during is not None
    assert during.may(Permission.REPORT_READ)
    assert not during.acts_in(cast.works.path)
    assert during.giver_of(Permission.REPORT_READ) == "Citra Lestari"
    assert during.giver_of(Permission.COURSE_STUDY) == ""


def test_a_lent_role_of_the_agency_reaches_everywhere_and_hr_of_a_unit_keeps_its_own(
    cast: Cast,
) -> None:
    lend(cast, cast.citra, giver=cast.syamsul)
    citra = actor_of(cast.citra)
    assert citra.acts_in(cast.works.path)
    assert citra.giver_in(cast.works.path) == "Syamsul Bahri"
    assert citra.giver_in(cast.pustu.path) == ""
    assert citra.giver_of(Permission.COURSE_APPROVE) == "Syamsul Bahri"
    assert [own.role for own in delegations.lendable(citra)] == [Role.HR_UNIT]


@pytest.mark.parametrize(
    ("who", "period", "reason"),
    [
        ("citra", WEEK, "delegate_wrong"),
        ("ani", Period(NOW, None), "period_wrong"),
        ("ani", Period(NOW - 2 * DAY, NOW - DAY), "period_wrong"),
        ("ani", Period(NOW + 2 * DAY, NOW + DAY), "period_wrong"),
        ("ani", Period(NOW, NOW + 200 * DAY), "period_too_long"),
    ],
)
def test_what_cannot_be_lent_is_refused(cast: Cast, who: str, period: Period, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        lend(cast, getattr(cast, who), period)
    assert refused.value.reason == reason
    assert delegations.everything() == []


def test_nobody_lends_what_is_not_their_own_or_to_strangers(cast: Cast) -> None:
    lend(cast, cast.ani)
    ani = actor_of(cast.ani)
    assert delegations.lendable(ani) == []
    for giver, grant in ((ani, grant_of(cast.citra)), (actor_of(cast.dewi), grant_of(cast.dewi))):
        with pytest.raises(NotFound), transaction():
            delegations.give(giver, grant, cast.budi.id, WEEK, "x")
    with pytest.raises(NotFound):
        lend(cast, cast.stranger)
    with pytest.raises(Invalid, match="delegation_held"):
        lend(cast, cast.ani, Period(NOW + DAY, NOW + 2 * DAY))


def test_a_delegation_is_no_longer_than_the_grant(cast: Cast) -> None:
    with transaction():
        held = db.session.get_one(RoleGrant, grant_of(cast.citra))
        held.until_ms = NOW + 2 * DAY
    with pytest.raises(Invalid, match="period_beyond_grant"):
        lend(cast, cast.ani)
    lend(cast, cast.ani, Period(NOW, NOW + 2 * DAY))
    assert not at(cast.ani, NOW + 2 * DAY).may(Permission.REPORT_READ)
    assert not at(cast.citra, NOW + 2 * DAY).may(Permission.REPORT_READ)


@pytest.mark.parametrize("how", ["ended", "revoked", "giver_left", "taker_left_and_back"])
def test_a_delegation_ends_at_once(cast: Cast, how: str) -> None:
    lent = lend(cast, cast.ani)
    assert actor_of(cast.ani).may(Permission.REPORT_READ)
    with transaction():
        match how:
            case "ended":
                delegations.end(actor_of(cast.citra), lent.id)
            case "revoked":
                staffing.revoke(cast.dewi.id, cast.citra.id, grant_of(cast.citra))
            case "giver_left":
                accounts.deactivate(cast.dewi.id, cast.citra.id)
            case "taker_left_and_back":
                accounts.deactivate(cast.dewi.id, cast.ani.id)
                accounts.reactivate(cast.dewi.id, cast.ani.id)
    assert not actor_of(cast.ani).may(Permission.REPORT_READ)
    assert [row.state for row in delegations.of(cast.ani.id)] == ["ended"]


def test_only_the_giver_and_an_admin_end_it(cast: Cast) -> None:
    lent = lend(cast, cast.ani)
    for who, refusal in ((cast.ani, NotAllowed), (cast.stranger, NotFound), (cast.budi, NotFound)):
        with pytest.raises(refusal), transaction():
            delegations.end(actor_of(who), lent.id)
    with transaction():
        delegations.end(actor_of(cast.dewi), lent.id)
        delegations.end(actor_of(cast.dewi), lent.id)
    with pytest.raises(NotFound), transaction():
        delegations.end(actor_of(cast.dewi), 9999)


def test_by_a_lent_role_nobody_of_hr_is_reset(cast: Cast) -> None:
    lend(cast, cast.ani)
    ani = actor_of(cast.ani)
    with pytest.raises(NotAllowed):
        accounts.resettable(ani, cast.citra.id)
    lend(cast, cast.ani, giver=cast.syamsul)
    everywhere = actor_of(cast.ani)
    accounts.resettable(everywhere, cast.budi.id)
    for held in (cast.stranger, cast.syamsul, cast.dewi, cast.citra):
        with pytest.raises(NotAllowed):
            accounts.resettable(everywhere, held.id)


def test_nobody_enters_by_the_sign_in_of_who_is_lent_a_role(cast: Cast) -> None:
    lend(cast, cast.ani, Period(NOW + DAY, NOW + 2 * DAY), giver=cast.syamsul)
    with pytest.raises(NotAllowed):
        accounts.resettable(actor_of(cast.citra), cast.ani.id)


def test_hr_of_a_unit_is_also_who_holds_it_for_a_time(cast: Cast) -> None:
    lend(cast, cast.ani)
    assert {contact.name for contact in units.hr_of(cast.pustu.id)} == {
        "Citra Lestari",
        "Ani Pratiwi, A.Md.Kep.",
    }


def test_what_is_done_by_a_lent_role_stands_in_the_audit_log_in_whose_name(
    app: Flask, cast: Cast
) -> None:
    budi_unit = cast.budi.unit_id
    lend(cast, cast.ani)
    client = signed_in(app, cast.ani)
    assert client.get(f"/hr/people/{cast.citra.id}").status_code == 200
    entry = audit.find(audit.Wanted(action="person:viewed")).entries[0]
    assert (entry.subject, entry.values) == ("Citra Lestari", {"on_behalf": "Citra Lestari"})
    client.post("/logout")
    entry = audit.find(audit.Wanted(action="account:signed_out")).entries[0]
    assert entry.values == {}
    page = signed_in(app, cast.dewi).get("/admin/audit").text
    assert "a.n.: Citra Lestari" in page
    assert budi_unit != cast.pustu.id


def test_a_role_with_dates_holds_between_them_and_can_be_given_again(cast: Cast) -> None:
    with transaction():
        period = Period(NOW + DAY, NOW + 2 * DAY)
        staffing.grant(cast.dewi.id, cast.ani.id, Role.AUDITOR, None, period)
    held = {day: Role.AUDITOR in at(cast.ani, NOW + day * DAY).roles for day in range(3)}
    assert held == {0: False, 1: True, 2: False}
    with pytest.raises(Invalid, match="role_held"), transaction():
        staffing.grant(cast.dewi.id, cast.ani.id, Role.AUDITOR)
    with clock.set_to(NOW + 3 * DAY):
        with pytest.raises(Invalid, match="period_wrong"), transaction():
            staffing.grant(cast.dewi.id, cast.ani.id, Role.AUDITOR, None, WEEK_BEFORE)
        with transaction():
            staffing.grant(cast.dewi.id, cast.ani.id, Role.AUDITOR)
        assert Role.AUDITOR in actor_of(cast.ani).roles


WEEK_BEFORE = Period(NOW - 7 * DAY, NOW)


def test_the_page_lends_and_says_what_is_wrong(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.citra)
    page = client.get("/hr/delegations?q=ani").text.split("<main")[1]
    assert "Ani Pratiwi, A.Md.Kep. – Pustu Bukit Sari" in page
    today = clock.today().isoformat()
    form = {"grant": str(grant_of(cast.citra)), "target": str(cast.ani.id), "since": today}
    form |= {"until": today, "reason": "cuti tahunan"}
    for changes, sentence in (
        ({"until": "2020-01-01"}, "belum lewat"),
        ({"target": str(cast.stranger.id)}, "Pilih salah satu"),
        ({"grant": "9999"}, "Pilih salah satu"),
        ({"reason": ""}, "Isian ini perlu diisi."),
    ):
        refused = client.post("/hr/delegations?q=", data=form | changes)
        assert (refused.status_code, sentence in refused.text) == (422, True)
    assert client.post("/hr/delegations", data=form).location == "/hr/delegations"
    assert (
        "mendelegasikan tugas kepegawaian kepada Anda"
        in signed_in(app, cast.ani).get("/inbox").text
    )
    assert "Akhiri" in client.get("/hr/delegations").text
    [lent] = delegations.everything()
    roles = signed_in(app, cast.dewi).get("/admin/roles").text
    assert "cuti tahunan" in roles
    assert "Kepegawaian unit" in roles
    for who, status in ((cast.budi, 404), (cast.ani, 403), (cast.citra, 303)):
        ended = signed_in(app, who).post(f"/hr/delegations/{lent.id}/end")
        assert ended.status_code == status
    assert signed_in(app, cast.ani).get("/hr/delegations").status_code == 404
    assert signed_in(app, cast.citra).get("/admin/roles").status_code == 404
