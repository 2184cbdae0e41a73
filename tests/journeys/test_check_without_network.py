"""A certificate is checked where there is no network: genuine, forged, cut off."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from elearn import clock
from elearn.competency import compact
from elearn.signing import KeyRing
from tests import conftest as base
from tests.competency.test_compact import RECORD
from tests.journeys.conftest import Site, Visits

pytestmark = pytest.mark.journey


def test_a_kept_page_tells_genuine_from_forged(visit: Visits, site: Site) -> None:
    phone = visit(360)
    page, id_ = phone.page, "abcde23456fghjk789mn"
    sign = KeyRing(Path(base.KEYS.name)).sign
    record = compact.encode(id_, RECORD, sign)
    today = clock.today()
    lasts = compact.encode(id_, RECORD._replace(expires_on=today), sign)
    over = compact.encode(id_, RECORD._replace(expires_on=today - timedelta(days=1)), sign)
    page.goto(f"{site.url}/verify")
    page.evaluate("navigator.serviceWorker.ready.then((kept) => kept.active.state)")
    page.wait_for_function("navigator.serviceWorker.controller", timeout=15_000)
    phone.expected += ["ERR_INTERNET_DISCONNECTED", "Failed to load resource"]
    phone.context.set_offline(True)
    for address, record_text, says in (
        (id_, record, "pencabutan tidak dapat diketahui"),
        ("bcde23456fghjk789mnp", record, "Tanda tangannya tidak cocok"),
        (id_, lasts, "pencabutan tidak dapat diketahui"),
        (id_, over, "sudah kedaluwarsa"),
        (id_, record[:-3], "Kode QR ini tidak utuh"),
        (id_, "", "Tidak ada yang dapat diperiksa"),
    ):
        page.goto("about:blank")
        page.goto(f"{site.url}/verify/{address}#{record_text}")
        expect(page.get_by_text(says)).to_be_visible()
        if says.startswith("pencabutan"):
            expect(page.get_by_text(RECORD.name)).to_be_visible()
            expect(page.get_by_text("24 November 2026")).to_be_visible()
        if record_text in (record, lasts, over):
            until = page.locator('[data-only="expires"]')
            expect(until).to_be_visible(visible=record_text != record)
