"""A second factor from its first code to a passkey, in a browser whose device is played."""

from __future__ import annotations

import pyotp
import pytest

from tests.journeys.conftest import Site, Visit, Visits

pytestmark = pytest.mark.journey
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def _give_device(visit: Visit) -> None:
    devices = visit.context.new_cdp_session(visit.page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def _press(visit: Visit, name: str) -> None:
    with visit.page.expect_navigation():
        visit.page.get_by_role("button", name=name, exact=True).click()


def test_a_code_then_a_passkey(visit: Visits, site: Site) -> None:
    opened = visit(360)
    page = opened.page
    _give_device(opened)
    opened.sign_in(site.world.auditor)
    opened.go("/account/factor/new")
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    page.get_by_label("Kode 6 angka").fill(pyotp.TOTP(secret).now())
    _press(opened, "Aktifkan")
    assert page.locator("ol.codes li").count() == 10
    opened.go("/account/factor/passkeys/new")
    page.get_by_label("Nama passkey").fill("Ponsel pribadi")
    _press(opened, "Buat passkey")
    assert page.get_by_text("Ponsel pribadi").count() == 1
    opened.go("/account")
    _press(opened, "Keluar")
    opened.sign_in(site.world.auditor)
    page.wait_for_url("**/login/code")
    _press(opened, "Masuk dengan passkey")
    opened.go("/account/factor/off")
    _press(opened, "Matikan")
    assert page.get_by_text("Belum aktif").count() == 1
