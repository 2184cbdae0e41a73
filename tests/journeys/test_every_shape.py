"""Every shape of question on a phone: put in order by hand and by keys, kept, marked, told."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from elearn.app import create_app
from elearn.content import catalogue
from elearn.database import db, transaction
from tests import conftest as base
from tests.journeys import world as worlds
from tests.journeys.conftest import Site, Visits

pytestmark = pytest.mark.journey
SLUG = "contoh-bentuk"
FOLDER = Path(__file__).resolve().parents[1] / "courses" / SLUG
ORDER = ["Terima dan catat", "Pilah menurut kewenangan", "Tindak lanjuti", "Kabari pelapor"]
TYPING_MS = 800  # how long static/js/attempt.js waits for the next key
PAIRS = ["pengawasan internal", "pengembangan kompetensi", "kanal pengaduan daring"]


@pytest.fixture(scope="module", autouse=True)
def _published(site: Site) -> None:
    app = create_app(base._config(site.database))
    catalogue.forget()
    with app.app_context():
        with transaction():
            worlds.publish(FOLDER, site.world.instructor.id, site.world.head.id)
        db.session.remove()
        db.engine.dispose()
    catalogue.forget()


def _steps(question: Locator) -> list[str]:
    return [text.strip() for text in question.locator("li .pair > span").all_text_contents()]


def _drag_to_the_top(page: Page, step: Locator) -> None:
    step.scroll_into_view_if_needed()
    box, top = step.locator(".handle").bounding_box(), step.locator("..").bounding_box()
    assert box is not None
    assert top is not None
    page.mouse.move(box["x"] + 8, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 8, top["y"] + 2, steps=8)
    page.mouse.up()


def _put_in_order(question: Locator) -> None:
    for place, text in enumerate(ORDER):
        while _steps(question).index(text) > place:
            step = question.locator("li").nth(_steps(question).index(text))
            step.locator(".up").press("Enter")


def _answer(page: Page) -> None:
    expect(page.get_by_role("button", name="Berikutnya")).to_be_visible()
    pairs = page.locator("#soal-1 select")
    for at, text in enumerate(PAIRS):
        pairs.nth(at).select_option(label=text)
    page.locator(".steps a").nth(1).click()
    question = page.locator("#soal-2")
    last = _steps(question)[-1]
    _drag_to_the_top(page, question.locator("li").last)
    assert _steps(question)[0] == last
    _put_in_order(question)
    page.locator(".steps a").nth(2).click()
    page.locator("#soal-3 select").select_option("diteruskan")
    for at, text in enumerate(("3", "pelapor")):
        page.locator("#soal-3 input.gap").nth(at).fill(text)
    page.locator(".steps a").nth(5).click()
    _type_and_leave(page, page.locator("#soal-6 textarea"), "Pelapor berhak tahu.")
    expect(page.locator(".steps a.done")).to_have_count(4)
    expect(page.locator(".saved")).to_have_attribute("data-state", "sent")


def _type_and_leave(page: Page, field: Locator, text: str) -> None:
    """Leaving the field sends what was typed, and its timer does not send it once more."""
    sent: list[str] = []
    page.on("request", lambda request: "/answers/" in request.url and sent.append(request.url))
    field.fill(text)
    with page.expect_request("**/answers/*"):
        field.blur()
    page.wait_for_timeout(TYPING_MS + 200)
    assert len(sent) == 1


def test_from_the_answers_to_the_mark(visit: Visits, site: Site) -> None:
    phone = visit(360)
    phone.sign_in(site.world.other)
    phone.begin(SLUG)
    phone.go(f"/courses/{SLUG}/lessons/kuis")
    phone.page.get_by_role("button", name="Mulai kuis").click()
    _answer(phone.page)
    phone.page.reload()
    assert _steps(phone.page.locator("#soal-2")) == ORDER
    phone.page.on("dialog", lambda dialog: dialog.accept())
    phone.page.locator(".steps a").nth(5).click()
    phone.page.get_by_role("button", name="Kirim jawaban").click()
    expect(phone.page.get_by_role("heading", name="Menunggu penilaian")).to_be_visible()

    desk = visit(1280)
    desk.sign_in(site.world.instructor)
    desk.go(f"/teach/{SLUG}/essays")
    expect(desk.page.get_by_role("main")).not_to_contain_text(site.world.other.name)
    desk.page.get_by_role("cell").get_by_role("link").click()
    for at in range(2):
        desk.page.locator(".field select").nth(at).select_option(index=3 - at)
    desk.page.get_by_role("button", name="Simpan nilai").click()
    expect(desk.page.get_by_text("Penilaian tersimpan.")).to_be_visible()

    phone.page.reload()
    expect(phone.page.get_by_role("heading", name="Anda lulus kuis ini")).to_be_visible()
