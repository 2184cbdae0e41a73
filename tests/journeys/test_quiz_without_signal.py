"""A quiz on a phone: without signal nothing that was answered is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys import answers
from tests.journeys.conftest import Site, Visits

pytestmark = pytest.mark.journey
SLUG = "memimpin-tim-kerja"


def _start_quiz(opened, slug: str, lesson: str) -> None:
    opened.begin(slug)
    opened.go(f"/courses/{slug}/lessons/{lesson}")
    opened.page.get_by_role("button", name="Mulai kuis").click()


def test_answers_without_signal_arrive_when_it_returns(visit: Visits, site: Site) -> None:
    phone = visit(360)
    phone.sign_in(site.world.other)
    _start_quiz(phone, SLUG, "memulai/tujuan-dan-peran")
    page = phone.page
    badge = page.locator(".saved")
    answers.give(page, 0, [_first_option(page, 0)])
    expect(badge).to_have_attribute("data-state", "sent")

    phone.expected += ["ERR_INTERNET_DISCONNECTED", "Failed to load resource"]
    phone.context.set_offline(True)
    page.get_by_role("button", name="Berikutnya").click()
    chosen = _first_option(page, 1)
    answers.give(page, 1, [chosen])
    expect(badge).to_have_attribute("data-state", "kept")

    phone.context.set_offline(False)
    expect(badge).to_have_attribute("data-state", "sent", timeout=15_000)

    desk = visit(1280)
    desk.sign_in(site.world.other)
    desk.page.goto(page.url)
    kept = desk.page.locator(f'.question[data-position="1"] input[value="{chosen}"]')
    expect(kept).to_be_checked()


def _first_option(page, position: int) -> str:
    return page.locator(
        f'.question[data-position="{position}"] fieldset input'
    ).first.get_attribute("value")
