"""Writing as text in the browser: paste, pictures, tools, messages, and two people at once."""

from __future__ import annotations

import re
from base64 import b64encode
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from elearn.app import create_app
from elearn.content import catalogue, drafts, teachers
from elearn.content.models import TeacherRole
from elearn.database import db, transaction
from elearn.people import staffing
from elearn.people.permissions import Role
from tests import conftest as base
from tests.journeys.conftest import Site, Visit, Visits
from tests.journeys.test_editor import begin

pytestmark = pytest.mark.journey
LESSON, QUIZ = "01-memulai/01-pengantar.md", "01-memulai/02-kuis.md"
# As Word puts it on the clipboard: its lists are paragraphs with a bullet of their own.
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal
{margin:0}</style><meta name=Generator content="Microsoft Word 15"></head><body>
<h2>Langkah<o:p></o:p></h2>
<p class=MsoNormal style='margin:0'>Baca <b>dua kali</b>&nbsp;dan <i>tanya</i>.<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst>·<span>&nbsp;&nbsp;</span>Catat</p>
<p class=MsoListParagraphCxSpLast>·<span>&nbsp;&nbsp;</span>Kirim</p>
<table><tr><th>Hari</th><th>Jam</th></tr><tr><td>Senin</td><td>8</td></tr></table>
<script>alert(1)</script></body></html>"""
CLEAN = ("## Langkah", "Baca **dua kali** dan *tanya*.", "- Catat", "- Kirim",
         "| Hari | Jam |", "| Senin | 8 |")  # fmt: skip
GIVE = """(el, [kind, html, picture]) => {
  const held = new DataTransfer();
  if (html) held.setData("text/html", html);
  if (picture) {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    held.items.add(new File([bytes], "IMG_1.png", { type: "image/png" }));
  }
  const about = { bubbles: true, cancelable: true, composed: true };
  el.dispatchEvent(kind === "paste"
    ? new ClipboardEvent("paste", { ...about, clipboardData: held })
    : new DragEvent("drop", { ...about, dataTransfer: held }));
}"""


def text_of(author: Visit) -> Locator:
    return author.page.get_by_role("textbox", name="Isi berkas")


def open_text(author: Visit, slug: str, path: str) -> Locator:
    author.go(f"/teach/{slug}/edit/files/{path}")
    text = text_of(author)
    text.click()
    author.page.keyboard.press("Control+End")
    return text


def a_picture() -> str:
    target = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(target, "PNG")
    return b64encode(target.getvalue()).decode()


def test_what_is_pasted_dropped_and_inserted_becomes_clean_markdown(
    visit: Visits, site: Site
) -> None:
    author = visit(1280)
    author.expected += ["status of 422"]
    begin(author, site, "Tempel dan sisip")
    page = author.page
    text = open_text(author, "tempel-dan-sisip", LESSON)
    page.keyboard.press("Enter")
    text.evaluate(GIVE, ["paste", WORD, ""])
    for line in CLEAN:
        expect(text.locator(".cm-line", has_text=line).first).to_be_attached()
    expect(text).not_to_contain_text("Mso")
    expect(text).not_to_contain_text("alert")

    for kind, words in (("paste", "Loket baru"), ("drop", "Antrean pagi")):
        text.evaluate(GIVE, [kind, "", a_picture()])
        alt = page.get_by_label("Apa yang tampak pada gambar")
        expect(alt).to_be_focused()
        alt.fill(" ")
        page.get_by_role("button", name="Tambah gambar").click()
        expect(page.get_by_text("Tulis apa yang tampak pada gambar")).to_be_visible()
        alt.fill(words)
        page.get_by_role("button", name="Tambah gambar").click()
        expect(text).to_contain_text(f"![{words}](../assets/{words.lower().replace(' ', '-')}-")
    expect(page.locator("[data-live] img")).to_have_count(2)

    page.keyboard.type("penting")
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.get_by_role("button", name="Tebal").click()
    expect(text).to_contain_text("**penting**")
    page.get_by_role("button", name="Kutipan").click()
    expect(text).to_contain_text("> **penting**")


def test_each_shape_is_inserted_checked_and_answered_beside_the_text(
    visit: Visits, site: Site
) -> None:
    author = visit(360)
    begin(author, site, "Sisip tiap bentuk")
    page = author.page
    text = open_text(author, "sisip-tiap-bentuk", QUIZ)
    menu = page.get_by_label("Sisipkan soal")
    shapes = [option for option in menu.locator("option").all_inner_texts() if "…" not in option]
    for shape in shapes:
        page.keyboard.press("Control+End")
        menu.select_option(shape)
    live = page.locator("[data-live]")
    expect(live.locator("form.check")).to_have_count(len(shapes) + 2)
    expect(page.locator("[data-problem-list] li")).to_have_count(0)
    expect(page.locator(".told").first).to_have_text("Belum pernah dijawab dalam kuis.")

    first = live.locator("form.check").first
    first.get_by_role("radio").first.check()
    first.get_by_role("button", name="Periksa").click()
    expect(live.locator("[role=status]").first).to_be_visible()

    text.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n\n### Tanpa kunci?\n\n- [ ] satu\ndua")  # a list goes on by itself
    expect(page.locator(".cm-lint-marker-error").first).to_be_attached()
    told = page.locator("[data-problem-list] li")
    expect(told).to_have_count(1)
    told.get_by_role("button").click()
    expect(text).to_be_focused()


def together(site: Site, slug: str) -> None:
    """Somebody else becomes an instructor and a co-author."""
    app = create_app(base._config(site.database))
    catalogue.forget()
    with app.app_context():
        with transaction():
            staffing.grant(None, site.world.other.id, Role.INSTRUCTOR)
            course = drafts.authored(site.world.instructor.id, slug)
            teachers.assign(course.course_id, site.world.other.id, TeacherRole.COAUTHOR)
        db.session.remove()
        db.engine.dispose()


def test_two_who_write_at_once_are_both_told_and_lose_nothing(visit: Visits, site: Site) -> None:
    slug = "menulis-berdua"
    budi, rudi = visit(1280), visit(360)
    for one in (budi, rudi):
        one.expected += ["status of 409"]
    begin(budi, site, "Menulis berdua")
    together(site, slug)
    rudi.sign_in(site.world.other)
    mine, theirs = open_text(budi, slug, LESSON), open_text(rudi, slug, LESSON)
    theirs.press_sequentially("Dari Rudi.")
    expect(rudi.page.get_by_text("Tersimpan", exact=True)).to_be_visible()
    expect(rudi.page.get_by_text("Budi Hartono juga sedang membuka")).to_be_visible()
    mine.press_sequentially("Dari Budi.")
    told = "Orang lain sudah menyimpan berkas ini"
    expect(budi.page.get_by_text(told)).to_be_visible()
    budi.page.get_by_role("button", name="Simpan", exact=True).click()
    expect(budi.page.get_by_text("Berkas ini sudah diubah orang lain")).to_be_visible()
    expect(budi.page.get_by_label("Isi terbaru")).to_have_value(re.compile("Dari Rudi"))
    both = budi.page.get_by_label("Tulisan Anda")
    both.fill(both.input_value() + "\n\nDari Rudi.\n")
    budi.page.get_by_role("button", name="Simpan tulisan saya").click()
    expect(budi.page.get_by_text("Tersimpan.")).to_be_visible()
    theirs.press_sequentially(" Lagi.")
    expect(rudi.page.get_by_text(told)).to_be_visible()
    expect(theirs).to_contain_text("Dari Rudi. Lagi.")
    budi.go(f"/teach/{slug}/edit/files/{LESSON}")
    for words in ("Dari Budi.", "Dari Rudi."):
        expect(text_of(budi)).to_contain_text(words)


def test_what_was_typed_before_a_crash_comes_back_and_is_saved(visit: Visits, site: Site) -> None:
    author = visit(1280)
    begin(author, site, "Sebelum macet")
    text = open_text(author, "sebelum-macet", LESSON)
    text.press_sequentially("Tersimpan di peramban.")
    author.page.close(run_before_unload=False)
    author.page = author.context.new_page()
    author.go(f"/teach/sebelum-macet/edit/files/{LESSON}")
    expect(text_of(author)).to_contain_text("Tersimpan di peramban.")
    expect(author.page.get_by_text("Tersimpan", exact=True)).to_be_visible()
