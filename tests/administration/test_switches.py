"""What is turned off is neither linked nor reachable, nothing kept is lost, and it comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock, settings
from elearn.announcements import desk
from elearn.announcements.desk import Wish
from elearn.announcements.models import Importance
from elearn.competency.models import Certificate
from elearn.database import db, transaction
from elearn.people import supervisors
from elearn.people.access import permission_of, switch_of
from elearn.people.models import Person
from elearn.people.permissions import GRANTED, Permission, Role
from elearn.settings import Switch
from elearn.site import navigation
from tests.kept import kept
from tests.people_cast import Cast, actor_of, make_cast
from tests.reports.school import NOW_MS, browser_of, page_of, passes, publish

# Somebody who uses the capability, its page, and a page that leads there.
USED: dict[Switch, tuple[str, str, str]] = {
    Switch.OUTSIDE_SUBMISSION: ("ani", "/record/outside-learning/new", "/record"),
    Switch.WAY: ("ani", "/record/way", "/record"),
    Switch.TEAM: ("citra", "/team", "/account"),
    Switch.BADGE: ("ani", "/certificates/{paper}.jwt", "/certificates/{paper}"),
    Switch.SIASN: ("citra", "/hr/completions/siasn", "/hr/completions"),
    Switch.DELEGATION: ("citra", "/hr/delegations", "/hr/people"),
    Switch.ANNOUNCEMENTS: ("citra", "/hr/announcements", "/hr"),
    Switch.ANALYSIS: ("syamsul", "/admin/privacy/analysis", "/admin/privacy"),
    Switch.EXCHANGE: ("budi", "/teach/question_bank", "/teach"),
}
USERS: dict[Permission | None, str] = {
    Permission.RECORD_OWN: "ani",
    Permission.PERSON_READ: "citra",
    Permission.ANALYSIS_TAKE: "syamsul",
    Permission.COURSE_TEACH: "budi",
}
FILLED = {
    "area": "hr",
    "act": "withdraw",
    "slug": "keamanan",
    "key": "kuis",
    "id": "x",
    "kind": "csv",
    "person_id": "1",
}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.set_to(NOW_MS):
        yield


@pytest.fixture
def cast(app: Flask) -> Cast:
    return school()


@kept
def school() -> Cast:
    made = make_cast()
    publish(made)
    passes(made.ani)
    with transaction():
        ani = db.session.get_one(Person, made.ani.id)
        supervisors.choose(made.syamsul.id, ani, made.citra.id)
    return made


def turn(switch: Switch, *, on: bool) -> None:
    with transaction():
        settings.change(switch, 2026, on, None)


@pytest.mark.parametrize("switch", USED)
def test_a_capability_goes_and_comes_back(app: Flask, cast: Cast, switch: Switch) -> None:
    who, page, leads = USED[switch]
    paper = db.session.scalar(select(Certificate.id)) or ""
    page, leads = page.format(paper=paper), leads.format(paper=paper)
    browser = browser_of(app, getattr(cast, who))
    for on in (True, False, True):
        turn(switch, on=on)
        assert browser.get(page).status_code == (200 if on else 404)
        assert (f'href="{page}"' in page_of(app, getattr(cast, who), leads)) is on


def test_no_view_of_what_is_off_can_be_reached(app: Flask, cast: Cast) -> None:
    browsers = {who: browser_of(app, getattr(cast, who)) for who in set(USERS.values())}
    found = set()
    for switch in Switch:
        turn(switch, on=False)
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        switch = switch_of(view)
        if switch is None:
            continue
        found.add(switch)
        permission = permission_of(view)
        browser = browsers[USERS.get(permission, "citra")]
        values = {name: FILLED.get(name, "1") for name in rule.arguments}
        path = app.url_map.bind("localhost").build(rule.endpoint, values)
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        assert browser.open(path, method=method).status_code == 404, rule.endpoint
    assert found == set(Switch) - {Switch.PRETEST}


@pytest.mark.parametrize(
    ("slice_name", "switch"),
    [
        ("siasn.", Switch.SIASN),
        ("exchange.", Switch.EXCHANGE),
        ("announcements.", Switch.ANNOUNCEMENTS),
    ],
)
def test_every_view_of_a_slice_goes_with_it(app: Flask, slice_name: str, switch: Switch) -> None:
    views = {name: view for name, view in app.view_functions.items() if slice_name in name}
    assert views
    assert [name for name, view in views.items() if switch_of(view) is not switch] == []


def test_home_and_messages_go_on_without_announcements(app: Flask, cast: Cast) -> None:
    hr, today = actor_of(cast.syamsul), clock.today()
    with transaction():
        wish = Wish("Layanan dirawat", "Sabtu malam.", Importance.PLAIN, None, None, today, today)
        desk.publish(hr, desk.write(hr, wish).id)
    for on in (True, False):
        turn(Switch.ANNOUNCEMENTS, on=on)
        assert ("Layanan dirawat" in page_of(app, cast.ani, "/")) is on


def test_the_public_check_goes_on_without_the_check_of_files(app: Flask, cast: Cast) -> None:
    visitor = app.test_client()
    assert "/verify/file" in visitor.get("/verify").text
    turn(Switch.FILE_CHECK, on=False)
    page = visitor.get("/verify")
    assert page.status_code == 200
    assert "/verify/file" not in page.text
    assert (
        visitor.post("/verify/file", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 404
    )


def test_places_that_are_off_are_not_in_the_navigation() -> None:
    permissions = GRANTED[Role.INSTRUCTOR]
    off = frozenset({Switch.EXCHANGE.value})
    shown = [place.url for place in navigation.build("/teach", permissions, off).items]
    assert shown == ["/teach"]


def test_who_may_not_use_it_is_told_the_same_whether_it_is_on(app: Flask, cast: Cast) -> None:
    turn(Switch.SIASN, on=False)
    for who, status in (("ani", 404), ("dewi", 404), ("fadli", 404)):
        page = browser_of(app, getattr(cast, who)).get("/hr/completions/siasn")
        assert page.status_code == status


def test_every_switch_is_a_setting_that_is_on_unless_somebody_turns_it_off() -> None:
    for switch in Switch:
        known = settings.known(switch)
        assert known.default is True
        assert known.holds_at_once
        assert "Bila dimatikan" in str(known.about)


def test_the_admin_turns_one_off_on_its_page(app: Flask, cast: Cast) -> None:
    dewi = browser_of(app, cast.dewi)
    here = "/admin/settings/switch_way"
    assert dewi.post(here, data={"value": "no", "reason": "belum dipakai"}).status_code == 303
    assert not settings.is_on(Switch.WAY)
    assert "dimatikan" in page_of(app, cast.dewi, "/admin/settings")
    assert (
        browser_of(app, cast.syamsul)
        .post(here, data={"value": "yes", "reason": "dipakai lagi"})
        .status_code
        == 403
    )
