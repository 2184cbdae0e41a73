"""A certificate is checked where there is no network: genuine, forged, cut off."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from elearn import clock
from elearn.competency import compact
from elearn.competency.certificates import mark_of
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
    revoked = compact.encode("cde23456fghjk789mnpq", RECORD, sign)
    replaced = compact.encode("bcdef3456fghjk789mnp", RECORD, sign)
    phone.expected += ["ERR_INTERNET_DISCONNECTED", "Failed to load resource"]
    phone.context.set_offline(True)
    _take_back(page, "cde23456fghjk789mnpq", "bcdef3456fghjk789mnp")
    for address, record_text, says in (
        (id_, record, "pencabutan sesudahnya tidak dapat diketahui"),
        ("cde23456fghjk789mnpq", revoked, "sertifikat ini sudah dicabut"),
        ("bcdef3456fghjk789mnp", replaced, "Sertifikat penggantinya sudah terbit"),
        ("bcde23456fghjk789mnp", record, "Tanda tangannya tidak cocok"),
        (id_, lasts, "pencabutan sesudahnya tidak dapat diketahui"),
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


def _take_back(page: Page, revoked: str, replaced: str) -> None:
    """Let the kept page name two certificates as the server would."""
    marks = {"revoked": mark_of(revoked), "replaced": mark_of(replaced)}
    page.evaluate(
        """async (marks) => {
          const cache = await caches.open("verify-1"), shell = "/verify/offline";
          let text = await (await cache.match(shell, { ignoreVary: true })).text();
          for (const [word, mark] of Object.entries(marks))
            text = text.replace(`data-${word}="`, `data-${word}="0000000000000000 ${mark} `);
          const headers = { "Content-Type": "text/html; charset=utf-8" };
          await cache.delete(shell, { ignoreVary: true });
          await cache.put(shell, new Response(text, { headers }));
        }""",
        marks,
    )
