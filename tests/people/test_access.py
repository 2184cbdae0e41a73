"""Who may open what: the guard, the cookie, and every page of people."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn.database import db, transaction
from elearn.people import accounts, actors, passwords
from elearn.people.access import (
    COOKIE,
    device_name,
    is_audited,
    is_public,
    local_path,
    permission_of,
    public,
    require,
    rule_of,
)
from elearn.people.models import AuditEntry, Person, RoleGrant, SignIn
from elearn.people.permissions import Permission
from tests.people_cast import PASSWORD, Cast, browser, signed_in, token_of

EVERYBODYS = ["/account", "/account/password", "/inbox"]
ADMINS = [
    "/admin",
    "/admin/people",
    "/admin/people/new",
    "/admin/people/{ani}",
    "/admin/people/{ani}/edit",
    "/admin/people/{ani}/move",
    "/admin/people/{ani}/nip",
    "/admin/people/{ani}/deactivate",
]
CHANGES = [
    "/admin/people/find",
    "/admin/people/new",
    "/admin/people/{ani}/edit",
    "/admin/people/{ani}/move",
    "/admin/people/{ani}/nip",
    "/admin/people/{ani}/roles",
    "/admin/people/{ani}/roles/{grant}/revoke",
    "/admin/people/{ani}/deactivate",
    "/admin/people/{ani}/reactivate",
]
STRANGERS_TO_ADMIN = ["ani", "budi", "citra", "syamsul", "fadli"]


def address(cast: Cast, pattern: str) -> str:
    grant = db.session.scalar(select(RoleGrant.id).where(RoleGrant.person_id == cast.budi.id))
    return pattern.format(ani=cast.ani.id, grant=grant)


def state_of_everything() -> list[Any]:
    people = select(Person.id, Person.nip, Person.unit_id, Person.active, Person.password_hash)
    grants = select(RoleGrant.id, RoleGrant.person_id)
    noted = select(func.count()).select_from(AuditEntry)
    return [db.session.execute(query).all() for query in (people, grants, noted)]


def test_every_view_of_people_says_who_may_open_it(app: Flask) -> None:
    views = {name: view for name, view in app.view_functions.items() if name.startswith("people.")}
    assert len(views) > 20
    assert [name for name, view in views.items() if rule_of(view) is None] == []
    public_views = {name for name, view in views.items() if is_public(view)}
    assert {name for name, view in views.items() if permission_of(view) is None} == public_views
    assert public_views == {"people.show_login", "people.login", "people.show_help"}
    assert [name for name, view in views.items() if is_audited(view)] == ["people.show_person"]


def test_a_view_that_names_nothing_is_closed_to_everybody(app: Flask, cast: Cast) -> None:
    app.view_functions["people.show_inbox"] = lambda: "open"
    response = signed_in(app, cast.dewi).get("/inbox")
    assert response.status_code == 500
    assert "open" not in response.text.split("<main")[-1][:20]


def test_a_view_may_be_known_but_not_done(app: Flask, cast: Cast) -> None:
    view = require(Permission.PERSON_RESET, seen_with=Permission.PERSON_READ)(lambda: "done")
    app.view_functions["people.show_inbox"] = view
    assert signed_in(app, cast.fadli).get("/inbox").status_code == 403
    assert signed_in(app, cast.ani).get("/inbox").status_code == 404
    assert signed_in(app, cast.citra).get("/inbox").text == "done"
    assert permission_of(public(lambda: "anybody")) is None


@pytest.mark.parametrize("path", EVERYBODYS)
def test_everybody_opens_their_own_pages(app: Flask, cast: Cast, path: str) -> None:
    for person in (cast.ani, cast.dewi, cast.fadli):
        assert signed_in(app, person).get(path).status_code == 200


@pytest.mark.parametrize("pattern", ADMINS)
def test_the_admin_opens_the_pages_of_administration(app: Flask, cast: Cast, pattern: str) -> None:
    assert signed_in(app, cast.dewi).get(address(cast, pattern)).status_code == 200


@pytest.mark.parametrize("pattern", ADMINS)
def test_for_other_roles_administration_does_not_exist(
    app: Flask, cast: Cast, pattern: str
) -> None:
    for name in STRANGERS_TO_ADMIN:
        client = signed_in(app, getattr(cast, name))
        assert client.get(address(cast, pattern)).status_code == 404, name


@pytest.mark.parametrize("pattern", CHANGES)
def test_other_roles_change_nothing(app: Flask, cast: Cast, pattern: str) -> None:
    before = state_of_everything()
    for name in STRANGERS_TO_ADMIN:
        client = signed_in(app, getattr(cast, name))
        assert client.post(address(cast, pattern)).status_code == 404, name
    assert state_of_everything() == before


@pytest.mark.parametrize("name", ["dewi", "fadli"])
def test_admin_and_auditor_read_the_audit_log(app: Flask, cast: Cast, name: str) -> None:
    assert signed_in(app, getattr(cast, name)).get("/admin/audit").status_code == 200


@pytest.mark.parametrize("name", ["ani", "citra", "syamsul"])
def test_for_others_the_audit_log_does_not_exist(app: Flask, cast: Cast, name: str) -> None:
    assert signed_in(app, getattr(cast, name)).get("/admin/audit").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/admin/people/9999",
        "/admin/people/9999/edit",
        "/admin/people/9999/move",
        "/admin/people/9999/nip",
        "/admin/people/9999/deactivate",
        "/admin/people/99999999999999999999",
        "/admin/people/satu",
        "/admin/people?unit=9999",
        "/forgot?unit=9999",
    ],
)
def test_a_bad_id_is_not_found(app: Flask, cast: Cast, path: str) -> None:
    assert signed_in(app, cast.dewi).get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/admin/people/9999/move",
        "/admin/people/9999/roles",
        "/admin/people/9999/deactivate",
        "/admin/people/9999/reactivate",
        "/admin/people/9999/edit",
        "/admin/people/9999/nip",
        "/hr/people/9999/code",
    ],
)
def test_a_change_of_nobody_is_not_found(app: Flask, cast: Cast, path: str) -> None:
    form = {"role": "auditor", "nip": "199404122024212901"}
    assert signed_in(app, cast.dewi).post(path, data=form).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/admin/people?page=0", "/admin/people?page=-1&unit=x&sort=y&state=zz", "/inbox?page=9e9"],
)
def test_nonsense_in_an_address_counts_as_not_given(app: Flask, cast: Cast, path: str) -> None:
    assert signed_in(app, cast.dewi).get(path).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/logout"),
        ("get", "/account/devices"),
        ("post", "/account"),
        ("put", "/login"),
        ("delete", "/admin/people"),
        ("get", "/admin/people/1/roles"),
        ("get", "/hr/people/1/code"),
        ("post", "/forgot"),
    ],
)
def test_a_wrong_method_is_told_so(app: Flask, cast: Cast, method: str, path: str) -> None:
    assert getattr(signed_in(app, cast.dewi), method)(path).status_code == 405


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/account", "/login?next=/account"),
        ("/admin/people?unit=2&q=ani", "/login?next=/admin/people?unit%3D2%26q%3Dani"),
    ],
)
def test_who_is_not_signed_in_is_asked_to_and_comes_back(
    app: Flask, cast: Cast, path: str, target: str
) -> None:
    client = browser(app)
    response = client.get(path)
    assert (response.status_code, response.location) == (303, target)
    page = client.get(response.location)
    assert path.replace("&", "&amp;") in page.text
    form = {"nip": cast.dewi.nip, "password": PASSWORD, "next": path}
    assert client.post("/login", data=form).location == path


def test_a_post_without_a_sign_in_does_not_come_back_to_itself(app: Flask, cast: Cast) -> None:
    assert browser(app).post("/logout").location == "/login"


def test_a_script_without_a_sign_in_is_told_401(app: Flask, cast: Cast) -> None:
    client = browser(app)
    assert client.get("/inbox", headers={"Sec-Fetch-Mode": "cors"}).status_code == 401
    assert client.get("/inbox", headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/record", "/record"),
        ("/courses?q=a b", "/courses?q=a b"),
        ("", "/"),
        ("record", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_one_comes_back_to_this_site_only(target: str, expected: str) -> None:
    assert local_path(target) == expected


def test_who_is_signed_in_needs_no_sign_in_page(app: Flask, cast: Cast) -> None:
    response = signed_in(app, cast.ani).get("/login?next=/inbox")
    assert (response.status_code, response.location) == (302, "/inbox")


def test_the_cookie_is_kept_from_scripts_and_other_sites(app: Flask, cast: Cast) -> None:
    form = {"nip": cast.ani.nip, "password": PASSWORD, "remember": "y"}
    cookies = browser(app).post("/login", data=form).headers.getlist("Set-Cookie")
    [cookie] = [text for text in cookies if text.startswith(COOKIE)]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=2592000" in cookie
    assert "Secure" not in cookie


def test_behind_https_the_cookie_is_secure_and_unremembered_it_ends_with_the_browser(
    app: Flask, cast: Cast
) -> None:
    app.config["SESSION_COOKIE_SECURE"] = True
    form = {"nip": cast.ani.nip, "password": PASSWORD}
    cookies = browser(app).post("/login", data=form).headers.getlist("Set-Cookie")
    [cookie] = [text for text in cookies if text.startswith(COOKIE)]
    assert "Secure" in cookie
    assert "Max-Age" not in cookie


def test_a_copied_cookie_is_dead_after_sign_out(app: Flask, cast: Cast) -> None:
    token = token_of(cast.ani)
    owner, thief = browser(app), browser(app)
    for client in (owner, thief):
        client.set_cookie(COOKIE, token)
    assert thief.get("/account").status_code == 200
    assert owner.post("/logout").location == "/login"
    assert thief.get("/account").status_code == 303
    assert owner.get_cookie(COOKIE) is None


def test_a_copied_cookie_is_dead_after_a_password_change(app: Flask, cast: Cast) -> None:
    owner, thief = signed_in(app, cast.ani), signed_in(app, cast.ani)
    new = "sampan kecil hilir"
    form = {"old": PASSWORD, "new": new, "again": new}
    assert owner.post("/account/password", data=form).status_code == 303
    assert thief.get("/account").status_code == 303
    assert owner.get("/account").status_code == 200


def test_a_cookie_is_dead_after_deactivation(app: Flask, cast: Cast) -> None:
    ani = signed_in(app, cast.ani)
    assert signed_in(app, cast.dewi).post(f"/admin/people/{cast.ani.id}/deactivate").location
    assert ani.get("/account").status_code == 303


def test_who_must_set_a_password_goes_nowhere_else_first(app: Flask, cast: Cast) -> None:
    code = passwords.new_code()
    with transaction():
        accounts.reset_to_code(cast.ani.id, code)
    client = browser(app)
    form = {"nip": cast.ani.nip, "password": code.text}
    assert client.post("/login", data=form).location == "/"
    for path in ("/account", "/inbox", "/admin"):
        assert client.get(path).location == "/account/password"
    assert client.post("/inbox").location == "/account/password"
    page = client.get("/account/password")
    assert page.status_code == 200
    assert 'name="old"' not in page.text
    new = "sampan kecil hilir"
    assert client.post("/account/password", data={"new": new, "again": new}).location == "/"
    assert client.get("/account").status_code == 200


def test_who_must_set_a_password_may_still_leave(app: Flask, cast: Cast) -> None:
    with transaction():
        accounts.set_password_hash(cast.ani, "x", must_change=True)
    client = signed_in(app, cast.ani)
    assert client.get("/forgot").status_code == 200
    assert client.post("/logout").location == "/login"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 13; SM-A035F) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/119.0.0.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/120.0 Safari/537.36 Edg/120.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox, Linux",
        ),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_as_people_know_it(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


def test_a_made_up_cookie_is_nobody(app: Flask, cast: Cast) -> None:
    stamp = db.session.scalar(select(SignIn.stamp)) or actors.stamp_of("x")
    client = browser(app)
    for value in ("", "x", stamp, "\u00e9" * 50, "a" * 3000):
        client.set_cookie(COOKIE, value)
        assert client.get("/account").status_code == 303
