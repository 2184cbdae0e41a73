"""An instructor writes a course without seeing Markdown; what is typed outlives the network."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Site, Visit, Visits

# What is typed into each of the five questions, by label.
QUESTIONS = (
    ("single", {"Pertanyaan": "Siapa yang dilayani lebih dahulu?"}),
    ("multiple", {"Pertanyaan": "Apa saja yang dicatat?"}),
    ("true_false", {"Pertanyaan": "Aduan lisan dicatat"}),
    ("text", {"Pertanyaan": "Di mana aduan dicatat?", "Jawaban yang diterima": "buku aduan"}),
    ("number", {"Pertanyaan": "Berapa menit satu JP?", "Jawaban yang diterima": "45 menit"}),
)


def begin(visit: Visit, site: Site, title: str) -> None:
    visit.sign_in(site.world.instructor)
    visit.go("/teach/new")
    visit.page.get_by_label("Judul kursus").fill(title)
    visit.page.get_by_role("button", name="Buat kursus").click()
    expect(visit.page.get_by_text("Siap terbit")).to_be_visible()


def press(page: Page, name: str, told: str) -> None:
    """Press the button of an open form and wait for what the next page says."""
    page.get_by_role("button", name=name, exact=True).and_(page.locator(":visible")).first.click()
    expect(page.get_by_text(told).first).to_be_visible()


def add(page: Page, kind: str, title: str) -> None:
    page.get_by_label("Jenis").select_option(kind)
    page.get_by_label("Judul", exact=True).fill(title)
    page.get_by_role("button", name="Tambah", exact=True).click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def opened(page: Page, place: str) -> Locator:
    """A part of the page whose form is open."""
    part = page.locator(place)
    if part.locator("details").first.get_attribute("open") is None:
        part.locator("summary").first.click()
    return part


def ask(page: Page, at: int, shape: str, typed: dict[str, str], room: str) -> None:
    page.get_by_label("Bentuk soal").select_option(shape)
    page.get_by_label("Tempat").first.select_option(room)
    page.get_by_role("button", name="Tambah soal").click()
    question = page.locator(f"#soal-{at}")
    expect(question).to_be_attached()
    question = opened(page, f"#soal-{at}")
    for label, words in typed.items():
        question.get_by_label(label, exact=True).fill(words)
    question.get_by_role("button", name="Simpan soal").click()
    expect(page.get_by_text("Tersimpan.").first).to_be_visible()
    expect(page.locator(f"#soal-{at} summary").first).to_contain_text(typed["Pertanyaan"])


def write_lesson(author: Visit, edit: str) -> None:
    page = author.page
    author.go(f"{edit}/order")
    add(page, "lesson", "Mencatat aduan")
    opened(page, "#pengaturan-0").get_by_label("Lama belajar").fill("10")
    press(page, "Simpan pengaturan", "Tersimpan.")
    text = opened(page, "#teks-0").get_by_label("Teks", exact=True)
    text.fill("Dengarkan dahulu.\n\nCatat kemudian.")
    text.evaluate("area => area.setSelectionRange(0, 9)")
    page.locator("#teks-0").get_by_role("button", name="Tebal").click()
    press(page, "Simpan teks", "Tersimpan.")


def write_quiz(author: Visit, edit: str) -> None:
    page = author.page
    author.go(f"{edit}/order")
    add(page, "quiz", "Ujian")
    for at, (shape, typed) in enumerate(QUESTIONS):
        ask(page, at, shape, typed, "0")
    head = opened(page, "#bagian-0")
    head.get_by_label("Nilai lulus (%)").fill("80")
    head.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_text("Tersimpan.").first).to_be_visible()


def test_a_course_is_made_with_forms_alone_and_published(visit: Visits, site: Site) -> None:
    author = visit(360)
    begin(author, site, "Kursus lewat formulir")
    page = author.page
    edit = "/teach/kursus-lewat-formulir/edit"
    author.go(f"{edit}/form/course.md")
    page.get_by_label("Jam pelajaran (JP)").fill("1")
    page.locator("[name=code-1]").select_option("M.06")
    press(page, "Simpan pengaturan", "Tersimpan.")
    write_lesson(author, edit)
    write_quiz(author, edit)
    author.go(f"{edit}/order")
    add(page, "survey", "Pendapat Anda")
    expect(page.locator("#soal-0")).to_be_attached()
    author.go(f"{edit}/order")
    page.get_by_role("button", name="Naik Pendapat Anda").click()
    expect(page.get_by_text("Urutan diubah.")).to_be_visible()
    author.go(f"{edit}/preview/01-memulai/03-mencatat-aduan.md")
    expect(page.locator("strong", has_text="Dengarkan")).to_be_visible()
    author.go(edit)
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
