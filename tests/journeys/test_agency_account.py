"""A learner comes and goes with the agency's account, by a real provider."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.agency_provider import missing
from tests.journeys.conftest import Site, Visits

pytestmark = pytest.mark.journey


def test_a_learner_comes_and_goes_with_the_agencys_account(visit: Visits, site: Site) -> None:
    if not site.issuer:
        missing()
    person = visit(360)
    person.expected.append(site.issuer)
    page = person.page
    person.go("/record")
    page.get_by_role("link", name="Masuk dengan akun instansi").click()
    page.get_by_label("Name").fill(site.world.graduate.nip)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{site.url}/record")
    person.go("/account")
    expect(page.get_by_role("main")).to_contain_text("akun instansi")
    page.get_by_role("button", name="Keluar", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anda sudah keluar")
    page.get_by_role("link", name="Keluar dari akun instansi").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{site.url}/login")
    page.get_by_role("link", name="Masuk dengan akun instansi").click()
    expect(page.get_by_label("Name")).to_be_visible()  # one is out there as well
