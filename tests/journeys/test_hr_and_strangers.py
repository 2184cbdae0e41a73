"""HR finds and exports a completion; nobody outside the branch sees anything of it."""

from __future__ import annotations

import csv
import io

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Site, Visits

pytestmark = pytest.mark.journey


def test_hr_finds_the_completion_and_exports_it(visit: Visits, site: Site, completed: str) -> None:
    hr = visit(1280)
    hr.sign_in(site.world.hr)
    hr.go("/hr/completions")
    hr.page.get_by_role("searchbox", name="Cari").last.fill("Wulandari")
    hr.page.get_by_role("button", name="Terapkan").click()
    row = hr.page.get_by_role("row").filter(has_text="Wulandari")
    expect(row).to_contain_text("Keamanan informasi untuk ASN")
    text = hr.context.request.get(f"{site.url}/hr/completions.csv").text()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert any("199802022021012917" in row for row in rows)
    sheet = hr.context.request.get(f"{site.url}/hr/completions.xlsx")
    assert sheet.ok
    assert sheet.body()[:2] == b"PK"


def test_a_stranger_is_refused(visit: Visits, site: Site, completed: str) -> None:
    for who in (site.world.other, site.world.other_hr):
        stranger = visit(360)
        stranger.expected.append("404")
        stranger.sign_in(who)
        person = site.world.graduate.id
        assert stranger.page.goto(f"{site.url}/certificates/{completed}").status == 404
        assert stranger.page.goto(f"{site.url}/hr/people/{person}").status == 404
    nobody = visit(360)
    nobody.go("/hr/completions")
    assert "/login" in nobody.page.url


def test_the_first_sign_in_asks_for_a_password_of_ones_own(visit: Visits, site: Site) -> None:
    newcomer = visit(360)
    newcomer.sign_in(site.world.newcomer, site.world.newcomer_code)
    page = newcomer.page
    expect(page).to_have_url(f"{site.url}/account/password")
    newcomer.go("/courses")
    expect(page).to_have_url(f"{site.url}/account/password")


def test_a_copied_cookie_is_dead_after_sign_out(visit: Visits, site: Site) -> None:
    person = visit(1280)
    person.sign_in(site.world.other)
    expect(person.page.get_by_role("heading", level=1)).to_contain_text("Rudi")
    thief = visit(1280)
    thief.context.add_cookies(person.context.cookies())
    thief.go("/account")
    expect(thief.page.get_by_role("main")).to_contain_text("Rudi")
    person.go("/account")
    person.page.get_by_role("button", name="Keluar", exact=True).first.click()
    thief.go("/account")
    assert "/login" in thief.page.url
