"""Hints open one after another: with and without scripts, without signal, in the preview."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys import long_course
from tests.journeys.conftest import Site, Visit, Visits
from tests.journeys.long_course import Played

pytestmark = pytest.mark.journey
FIRST, SECOND = "Lihat apa yang diminta", "Kantor tidak pernah meminta sandi"
ONE, TWO = "Buka petunjuk 1 dari 2", "Buka petunjuk 2 dari 2"


def _start_quiz(opened: Visit) -> Locator:
    opened.begin(long_course.SLUG)
    opened.go(f"/courses/{long_course.SLUG}/lessons/kuis")
    opened.page.get_by_role("button", name="Mulai kuis").first.click()
    return opened.page.locator("#soal-1")


def _open(within: Locator, name: str) -> None:
    within.get_by_role("button", name=name).click()


def test_hints_of_a_quiz(visit: Visits, site: Site, played: Played) -> None:
    plain, phone = visit(360, scripts=False), visit(360)
    for opened in (plain, phone):
        opened.sign_in(site.world.other)
    _without_scripts(plain)
    phone.page.goto(plain.page.url)
    _without_signal(phone)


def _without_scripts(plain: Visit) -> None:
    """The enter key saves; the button saves and opens the first hint."""
    question = _start_quiz(plain)
    question.locator("input[type=radio]").nth(1).check()
    typed = plain.page.locator("#soal-6 input[type=text]")
    typed.fill("7")
    typed.press("Enter")
    expect(plain.page.get_by_text("Jawaban Anda tersimpan.")).to_be_visible()
    expect(question).not_to_contain_text(FIRST)
    _open(question, ONE)
    expect(plain.page).to_have_url(re.compile("#soal-1$"))
    expect(question).to_contain_text(FIRST)
    expect(question.locator("input[type=radio]").nth(1)).to_be_checked()
    expect(typed).to_have_value("7")
    assert SECOND not in plain.page.content()


def _without_signal(phone: Visit) -> None:
    """Nothing is lost, and the second hint opens when the signal is back."""
    phone.expected += ["ERR_INTERNET_DISCONNECTED", "Failed to load resource"]
    question = phone.page.locator("#soal-1")
    phone.context.set_offline(True)
    _open(question, TWO)
    expect(question.get_by_role("alert")).to_contain_text("belum dapat dibuka")
    phone.context.set_offline(False)
    question.locator("input[type=radio]").nth(0).check()
    _open(question, TWO)
    expect(question).to_contain_text(SECOND)
    expect(question.locator("[data-trouble]")).to_be_empty()
    expect(question.locator("[data-number='2']")).to_be_focused()
    expect(question.locator("input[type=radio]").nth(0)).to_be_checked()
    expect(question.locator("button[data-hint]")).to_have_count(0)
    _signed_out(phone)


def _signed_out(phone: Visit) -> None:
    """Who was signed out meanwhile is told so; what was answered is sent before."""
    expect(phone.page.locator(".saved")).to_have_attribute("data-state", "sent")
    phone.context.clear_cookies()
    phone.page.locator(".steps a").nth(4).click()
    question = phone.page.locator("#soal-5")
    _open(question, "Buka petunjuk")
    expect(question.get_by_role("alert")).to_contain_text("masuk kembali")


@pytest.mark.parametrize("scripts", [False, True], ids=["plain", "scripts"])
def test_hints_of_a_check_in_the_preview(
    visit: Visits, site: Site, played: Played, scripts: bool
) -> None:
    author = visit(1280, scripts=scripts)
    author.sign_in(site.world.instructor)
    author.go(f"/teach/{long_course.SLUG}/edit/preview/01-cek.md")
    check = author.page.locator("form.check").first
    check.locator("input[type=radio]").first.check()
    _open(check, ONE)
    expect(check).to_contain_text("Siapa yang tidak dapat menunggu")
    _open(check, TWO)
    expect(check).to_contain_text("melainkan yang paling mendesak")
    expect(check.locator("input[type=radio]").first).to_be_checked()
    _open(check, "Periksa")
    expect(check).to_contain_text("Belum tepat")
    if scripts:
        check.get_by_role("link", name="Coba lagi").click()
        expect(check).to_contain_text("melainkan yang paling mendesak")
