"""A learner on a phone: from sign-in to the certificate, with and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import answers
from tests.journeys.conftest import Site, Visit, Visits
from tests.journeys.world import Somebody

pytestmark = pytest.mark.journey
REFLECTION = "Mulai besok saya memeriksa alamat setiap tautan sebelum menekannya. " * 8


def _finish_course(visit: Visit, site: Site, slug: str, *, scripts: bool) -> None:
    page = visit.page
    visit.go(f"/courses/{slug}")
    _press(page, page.get_by_role("button", name="Mulai", exact=True))
    if scripts:  # this course asks before it begins
        _take_pretest(page, site)
    for _ in range(40):
        if "/lessons/" not in page.url:
            break
        _do_lesson(page, site, scripts=scripts)
    expect(page.get_by_text("Anda sudah lulus")).to_be_visible()


def _take_pretest(page: Page, site: Site) -> None:
    """One answer, the rest left open: a thank-you, and nothing of right or wrong."""
    _press(page, page.get_by_role("button", name="Mulai uji awal"))
    answers.give(page, 0, answers.keys_of(site, answers.attempt_id_of(page))[0])
    expect(page.locator(".saved")).to_have_attribute("data-state", "sent")
    page.locator(".steps a").last.click()
    page.once("dialog", lambda dialog: dialog.accept())
    _press(page, page.get_by_role("button", name="Kirim jawaban"))
    expect(page.get_by_role("heading", name="Terima kasih")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("Nilai")
    _press(page, page.get_by_role("link", name="Mulai belajar"))


def _press(page: Page, target: Locator) -> None:
    """Follow a link or send a form, and wait until the next page is there to be asked."""
    with page.expect_navigation():
        target.click()


def _do_lesson(page: Page, site: Site, *, scripts: bool) -> None:
    text = page.locator("textarea[name=text]")
    if text.count() and not text.first.input_value():
        text.first.fill(REFLECTION)
        _press(page, page.get_by_role("button", name="Simpan refleksi"))
        return
    start = page.get_by_role("button", name="Mulai kuis")
    if start.count():
        _press(page, start.first)
        _pass_quiz(page, site, scripts=scripts)
        return
    done = page.get_by_role("button", name="Selesai, lanjut")
    onward = done if done.count() else page.locator(".actions a.btn", has_text="Lanjut")
    _press(page, onward.first)


def _pass_quiz(page: Page, site: Site, *, scripts: bool) -> None:
    keys = answers.keys_of(site, answers.attempt_id_of(page))
    for position, key in enumerate(keys):
        answers.give(page, position, key)
        if not scripts:
            continue
        expect(page.locator(".saved")).to_have_attribute("data-state", "sent")
        if position + 1 < len(keys):
            page.get_by_role("button", name="Berikutnya").click()
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_text("Anda lulus kuis ini")).to_be_visible()
    onward = page.get_by_role("link", name="Lanjut", exact=True)
    _press(page, onward.or_(page.get_by_role("link", name="Ke halaman kursus")).first)


def _see_certificate(visit: Visit, who: Somebody) -> str:
    page = visit.page
    page.get_by_role("link", name="Lihat sertifikat").click()
    expect(page.locator(".certificate").first).to_contain_text(who.name)
    return page.url


@pytest.mark.parametrize(
    ("scripts", "slug"), [(True, "keamanan-informasi"), (False, "memimpin-tim-kerja")]
)
def test_a_learner_gets_from_sign_in_to_certificate(
    visit: Visits, site: Site, scripts: bool, slug: str
) -> None:
    learner = visit(360, scripts=scripts)
    learner.sign_in(site.world.learner)
    expect(learner.page.get_by_role("heading", level=1)).to_contain_text("Ani Pratiwi")
    _finish_course(learner, site, slug, scripts=scripts)
    certificate = _see_certificate(learner, site.world.learner)
    paper = learner.context.request.get(f"{certificate}.pdf")
    assert paper.body().startswith(b"%PDF-")
    assert paper.body() == learner.context.request.get(f"{certificate}.pdf").body()
    learner.go("/record")
    expect(learner.page.get_by_role("main")).to_contain_text("3 JP")

    stranger = visit(1280)
    stranger.page.goto(certificate.replace("/certificates/", "/verify/"))
    expect(stranger.page.get_by_role("main")).to_contain_text("Ani Pratiwi")
    expect(stranger.page.get_by_role("main")).not_to_contain_text("199404122019032901")
    stranger.expected.append("404")
    other = visit(360)
    other.sign_in(site.world.other)
    other.expected.append("404")
    assert other.page.goto(certificate).status == 404
