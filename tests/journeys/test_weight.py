"""A lesson is light: on the first visit, and on each next page."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Site, Visits

pytestmark = pytest.mark.journey
LONGEST_FIRST_VISIT = 60_000
LONGEST_NEXT = 15_000
MOST_REQUESTS = 12


def test_a_lesson_is_light(visit: Visits, site: Site) -> None:
    phone = visit(360)
    phone.sign_in(site.world.weigher)
    phone.begin("keamanan-informasi")
    address = phone.page.url
    first = visit(360)
    first.context.add_cookies(phone.context.cookies())
    client = first.context.new_cdp_session(first.page)
    client.send("Network.enable")
    weights: dict[str, int] = {}
    kinds: dict[str, str] = {}
    client.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    client.on(
        "Network.loadingFinished",
        lambda e: weights.update({e["requestId"]: int(e["encodedDataLength"])}),
    )
    first.page.goto(address, wait_until="networkidle")
    light = {i: w for i, w in weights.items() if kinds.get(i) != "Image"}
    assert sum(light.values()) <= LONGEST_FIRST_VISIT
    assert len(weights) <= MOST_REQUESTS
    weights.clear()
    with first.page.expect_navigation(wait_until="networkidle"):
        first.page.get_by_role("button", name="Selesai, lanjut").click()
    assert weights
    later = {i: w for i, w in weights.items() if kinds.get(i) != "Image"}
    assert sum(later.values()) <= LONGEST_NEXT
