"""An instructor writes a course without seeing Markdown; what is typed outlives the network."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import Site, Visit, Visits

SHAPES = ("single", "multiple", "true_false", "text", "number")


def begin(visit: Visit, site: Site, title: str) -> None:
    visit.sign_in(site.world.instructor)
    visit.go("/teach/new")
    visit.page.get_by_label("Judul kursus").fill(title)
    visit.page.get_by_role("button", name="Buat kursus").click()
    expect(visit.page.get_by_text("Siap terbit")).to_be_visible()


def test_a_quiz_of_five_questions_is_published_by_forms(visit: Visits, site: Site) -> None:
    author = visit(360)
    begin(author, site, "Kuis lewat formulir")
    page = author.page
    address = "/teach/kuis-lewat-formulir/edit"
    author.go(f"{address}/form/01-memulai/02-kuis.md")
    for at, shape in enumerate(SHAPES):
        page.get_by_label("Bentuk soal").select_option(shape)
        page.get_by_label("Tempat").first.select_option("quiz" if at == 0 else "2")
        page.get_by_role("button", name="Tambah soal").click()
        expect(page.locator(f"#soal-{at}")).to_be_attached()
    first = page.locator("#soal-0")
    if first.locator("details").first.get_attribute("open") is None:
        first.locator("summary").first.click()
    first.get_by_label("Pertanyaan").fill("Siapa yang dilayani lebih dahulu?")
    first.get_by_role("button", name="Simpan soal").click()
    expect(page.get_by_text("Soal tersimpan.")).to_be_visible()
    author.go(address)
    page.get_by_role("button", name="Lihat dampaknya, lalu terbitkan").click()
    page.wait_for_url("**/versions/1")


def test_what_is_typed_without_network_comes_back_and_is_sent(visit: Visits, site: Site) -> None:
    author = visit(1280)
    author.expected += ["ERR_INTERNET_DISCONNECTED", "Failed to load resource"]
    begin(author, site, "Jaringan putus")
    page = author.page
    address = "/teach/jaringan-putus/edit/files/01-memulai/01-pengantar.md"
    author.go(address)
    text = page.get_by_role("textbox", name="Isi berkas")
    text.click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+End")
    author.context.set_offline(True)
    page.keyboard.type("Catatan dari lapangan.")
    expect(page.get_by_text("Jaringan terputus")).to_be_visible()
    page.wait_for_timeout(100)
    author.context.set_offline(False)
    expect(page.get_by_text("Tersimpan", exact=True)).to_be_visible()
    author.go(address)
    expect(text).to_contain_text("Catatan dari lapangan.")
