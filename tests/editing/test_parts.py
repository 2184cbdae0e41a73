"""Settings, quizzes, pools, surveys, reflections and text changed by forms, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from elearn.content.drafts import File
from elearn.editing import form_edits, new_parts, pages, settings_forms, text_forms
from elearn.editing.pages import TEXT, ShownHead, ShownText
from elearn.errors import Conflict, Invalid
from tests.editing.examples import FILES, file_of, written
from tests.editing.test_pages import (
    BANK,
    EDIT,
    LESSON,
    QUIZ,
    budi,
    cast,
    number,
    page,
    text,
)
from tests.people_cast import Cast

__all__ = ["budi", "cast"]
BANKS = {"bank/dasar.md": "Dasar", "bank/aduan.md": "Aduan"}
# The banks of the courses hold nothing but questions, which are tried in test_lossless.
SOME = [file for file in FILES if not file.path.startswith("bank/")][::2]


def heads(file: File) -> list[ShownHead]:
    return [part.item for part in pages.parts_of(file) if isinstance(part.item, ShownHead)]


@pytest.mark.parametrize("odd", [False, True])
def test_every_form_sent_untouched_changes_nothing(odd: bool) -> None:
    for original in SOME[odd::2]:
        file = written(original, crlf=odd, mark=odd)
        raw = form_edits.raw(file.content)
        shown = settings_forms.shown(file.path, raw)
        assert shown is not None, file.path
        title = text_forms.title_of(file.path, raw)
        assert pages.with_settings(file, title, shown) == file.content
        for part in pages.parts_of(file):
            item = part.item
            if isinstance(item, ShownHead):
                assert item.fields is not None, (file.path, item.place.title)
                assert pages.with_head(file, item.position, item.fields, BANKS) == file.content
            elif isinstance(item, ShownText):
                typed = item.place.source
                assert pages.with_text(file, item.position, typed) == file.content


def test_every_line_of_a_lesson_stands_in_a_form() -> None:
    for file in SOME[::3]:
        lines = form_edits.raw(file.content).split("\n")
        held: set[int] = set()
        for part in pages.parts_of(file):
            last = getattr(part.item.place, "last", part.item.place.end)
            held |= set(range(part.item.place.start, last + 1))
        head = text_forms.texts(file.path, form_edits.raw(file.content))
        left = [line for at, line in enumerate(lines, 1) if at not in held and line.strip()]
        fences = [at for at, line in enumerate(left) if line == "---"]
        body = left[fences[1] + 1 :] if len(fences) > 1 and left[0] == "---" else left
        assert len(body) <= 1, (file.path, body, head)  # the title


COURSE = """---
judul: Melayani # nama resmi
ringkasan: Satu kalimat.
kategori: pelayanan
# disepakati rapat
jp: 2   # usul
kompetensi: {M.05: 2}
berakhlak:
  - akuntabel
  # yang kedua
  - adaptif
---
# Melayani

Untuk petugas.
"""
LESSON_TEXT = """# Belajar

Halo **semua**.

<!-- catatan penulis -->

## Kuis: Pengaduan

`lulus 70` `3x` · `acak soal`

Bacalah.

### Berapa?

Jawaban: 2

### Kelompok: Dari bank

`ambil 2` `@M.05`

[Bank dasar](../bank/dasar.md)

## Refleksi: Satu hal

`min 50 kata`

Tulis.

## Survei: Pendapat

### Berguna?

Skala: 1..5

[^1]: Catatan.
"""


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came."""
    old, new = before.split("\n"), after.split("\n")
    return [row for row in old if row not in new], [row for row in new if row not in old]


@pytest.mark.parametrize(
    ("typed", "gone", "come"),
    [
        ({"jp": ("3",)}, ["jp: 2   # usul"], ["jp: 3   # usul"]),
        ({"kompetensi": ("M.05:3",)}, ["kompetensi: {M.05: 2}"], ["kompetensi: {M.05: 3}"]),
        ({"bahasa": ("en",)}, [], ["bahasa: en"]),
        ({"penyelenggara": ('PT: "A"',)}, [], ['penyelenggara: "PT: \\"A\\""']),
        ({"selesai": ("materi 80%", "kuis semua lulus")}, [],
         ["selesai: [materi 80%, kuis semua lulus]"]),
        ({"berakhlak": ("akuntabel", "loyal")},
         ["  - akuntabel", "  # yang kedua", "  - adaptif"],
         ["  [akuntabel, loyal]", "# yang kedua"]),
        ({"ringkasan": ("",)}, ["ringkasan: Satu kalimat."], []),
        ({"uji-awal": ("bank/dasar.md ambil 8",)}, [], ["uji-awal: [bank/dasar.md ambil 8]"]),
    ],
)  # fmt: skip
def test_only_the_setting_that_changed_is_written(
    typed: dict[str, tuple[str, ...]], gone: list[str], come: list[str]
) -> None:
    file = file_of("course.md", COURSE)
    after = pages.with_settings(file, None, typed).decode()
    assert changed(COURSE, after) == (gone, come)
    again = settings_forms.shown("course.md", after)
    assert again is not None
    assert {name: again[name] for name in typed} == typed


def test_a_title_changes_wherever_it_is_written() -> None:
    file = file_of("course.md", COURSE)
    after = pages.with_settings(file, "Melayani warga", {}).decode()
    assert changed(COURSE, after) == (
        ["judul: Melayani # nama resmi", "# Melayani"],
        ["judul: Melayani warga # nama resmi", "# Melayani warga"],
    )
    bare = file_of("02-kuis.md", "# Kuis: A\n\n### B?\n\nJawaban: 1\n")
    assert pages.with_settings(bare, "Baru", {}).startswith(b"---\njudul: Baru\n---\n# Kuis: A\n")


@pytest.mark.parametrize(
    ("title", "typed", "told"),
    [
        ("", {}, "no_title"),
        ("Kuis: A", {}, "reads_otherwise"),
        (None, {"jp": ("0",)}, "bad_jp"),
        (None, {"jp": ("",)}, "bad_jp"),
        (None, {"kompetensi": ()}, "bad_kompetensi"),
        (None, {"kompetensi": ("M.05:9",)}, "bad_kompetensi"),
        (None, {"berlaku": ("x",)}, "bad_berlaku"),
        (None, {"kategori": ("lain",)}, "bad_kategori"),
        (None, {"selesai": ()}, "no_completion"),
        (None, {"ringkasan": ("a" * 501,)}, "long_text"),
        (None, {"uji-awal": ("bank/dasar.md ambil x",)}, "bad_uji-awal"),
    ],
)
def test_an_odd_setting_is_refused(
    title: str | None, typed: dict[str, tuple[str, ...]], told: str
) -> None:
    without_heading = file_of("course.md", COURSE)
    with pytest.raises(Invalid, match=told):
        pages.with_settings(without_heading, title, typed)


@pytest.mark.parametrize(
    ("at", "fields", "gone", "come"),
    [
        (0, {"pass_percent": "80"}, ["`lulus 70` `3x` · `acak soal`"],
         ["`lulus 80%` `3x` · `acak soal`"]),
        (0, {"shuffled": False, "minutes": "20"}, ["`lulus 70` `3x` · `acak soal`"],
         ["`lulus 70` `3x` `waktu 20 menit`"]),
        (0, {"title": "Aduan"}, ["## Kuis: Pengaduan", "`lulus 70` `3x` · `acak soal`"],
         ["## Kuis: Aduan", "`lulus 70` `3x` · `acak soal` `#pengaduan`"]),
        (0, {"text": "Baca dahulu."}, ["Bacalah."], ["Baca dahulu."]),
        (0, {"reveal": "tidak pernah"}, ["`lulus 70` `3x` · `acak soal`"],
         ["`lulus 70` `3x` · `acak soal` `buka pembahasan: tidak pernah`"]),
        (1, {"draw": "5", "competencies": "", "difficulty": "mudah"}, ["`ambil 2` `@M.05`"],
         ["`ambil 5` `mudah`"]),
        (1, {"banks": ("bank/dasar.md", "bank/aduan.md")}, ["[Bank dasar](../bank/dasar.md)"],
         ["[Aduan](../bank/aduan.md)", "[Dasar](../bank/dasar.md)"]),
        (2, {"words": "", "text": "Ceritakan."}, ["`min 50 kata`", "Tulis."], ["Ceritakan."]),
        (3, {"text": "Tanpa nama."}, [], ["Tanpa nama."]),
    ],
)  # fmt: skip
def test_only_what_changed_of_a_head_is_written(
    at: int, fields: dict[str, Any], gone: list[str], come: list[str]
) -> None:
    file = file_of("01-a/01-b.md", LESSON_TEXT)
    shown = heads(file)[at].fields
    assert shown is not None
    after = pages.with_head(file, at, replace(shown, **fields), BANKS).decode()
    assert changed(LESSON_TEXT, after) == (gone, come)


@pytest.mark.parametrize(
    ("at", "fields", "told"),
    [
        (0, {"pass_percent": "0"}, "bad_pass"),
        (0, {"attempts": "x"}, "bad_attempts"),
        (0, {"minutes": "999"}, "bad_minutes"),
        (0, {"text": "### Apa?"}, "reads_otherwise"),
        (0, {"text": "`lulus 20%`"}, "reads_otherwise"),
        (0, {"title": " "}, "no_title"),
        (1, {"draw": ""}, "bad_draw"),
        (2, {"text": " "}, "no_prompt"),
        (2, {"words": "9999"}, "bad_words"),
    ],
)
def test_an_odd_head_is_refused(at: int, fields: dict[str, str], told: str) -> None:
    file = file_of("01-a/01-b.md", LESSON_TEXT)
    shown = heads(file)[at].fields
    assert shown is not None
    with pytest.raises(Invalid, match=told):
        pages.with_head(file, at, replace(shown, **fields), BANKS)
    with pytest.raises(Conflict):
        pages.with_head(file, at + 1, shown, BANKS)


@pytest.mark.parametrize(
    ("at", "typed", "told"),
    [
        (0, "Apa kabar?\n\nBaik.", ""),
        (0, "", ""),
        (0, "## Kuis: lain", "reads_otherwise"),
        (1, "[^1]: Lain.", ""),
        (1, "Teks di bawah soal.", "reads_otherwise"),
    ],
)
def test_text_is_changed_and_never_becomes_a_question(at: int, typed: str, told: str) -> None:
    file = file_of("01-a/01-b.md", LESSON_TEXT)
    parts = [part.item for part in pages.parts_of(file) if part.kind == TEXT]
    old = parts[at].place.source  # type: ignore[union-attr]  # a text
    if told:
        with pytest.raises(Invalid, match=told):
            pages.with_text(file, at, typed)
        return
    assert pages.with_text(file, at, typed).decode() == LESSON_TEXT.replace(
        old + ("\n\n" if not typed else ""), typed
    )


def test_parts_are_added_where_they_say_what_they_are() -> None:
    file = file_of("01-a/01-b.md", LESSON_TEXT)
    text_added = new_parts.with_part(file, "text", "Penutup")
    assert text_added.decode().startswith(LESSON_TEXT + "\n## Penutup\n\n")
    reflected = replace(file, content=new_parts.with_part(file, "reflection", "Lagi"))
    assert [head.place.title for head in heads(reflected)][-1] == "Lagi"
    pooled = replace(file, content=new_parts.with_pool(file, 0, "Lain", "bank/aduan.md", BANKS))
    fields = heads(pooled)[2].fields
    assert fields is not None
    assert (fields.title, fields.draw, fields.banks) == ("Lain", "1", ("bank/aduan.md",))
    bare = file_of("x.md", "# Kuis: A\n\n## B?\n\nJawaban: 1\n")
    with pytest.raises(Invalid):
        new_parts.with_part(bare, "text", "Di dalam kuis")


def test_a_part_goes_with_all_that_stands_in_it() -> None:
    file = file_of("01-a/01-b.md", LESSON_TEXT)
    start, end = LESSON_TEXT.index("## Kuis"), LESSON_TEXT.index("## Refleksi")
    assert new_parts.without_head(file, 0).decode() == LESSON_TEXT[:start] + LESSON_TEXT[end:]


# --- over HTTP -----------------------------------------------------------------------------------


def post(client: FlaskClient, cast: Cast, act: str, path: str, **data: Any) -> Any:
    return client.post(f"{EDIT}/{act}/{path}", data={"based_on": number(cast, path), **data})


SETTINGS = {
    "title": "Layanan prima", "ringkasan": "Melayani: cepat, ramah.", "kategori": "pelayanan",
    "jp": "1", "jenis": "16", "code-0": "M.05", "level-0": "1", "code-1": "", "level-1": "1",
    "materi": "100", "selesai": ["kuis semua lulus"], "bahasa": "id", "uji:bank/dasar.md": "",
    "penyelenggara": "", "berlaku": "",
}  # fmt: skip


def test_the_settings_of_a_course_are_a_form(budi: FlaskClient, cast: Cast) -> None:
    before = text(cast, "course.md")
    shown = page(budi, f"{EDIT}/form/course.md")
    for words in ("disetujui Kepegawaian", "Syarat selesai", "M.05", "Jenis diklat", "Sasaran"):
        assert words in shown or words.lower() in shown.lower(), words
    assert post(budi, cast, "settings", "course.md", **SETTINGS).status_code == 303
    assert text(cast, "course.md") == before
    sent = {**SETTINGS, "jp": "2", "code-1": "M.06", "berakhlak": ["loyal"]}
    assert post(budi, cast, "settings", "course.md", **sent).status_code == 303
    after = text(cast, "course.md")
    assert changed(before, after)[1] == [
        "jp: 2", "kompetensi: {M.05: 1, M.06: 1}", "berakhlak: [loyal]"
    ]  # fmt: skip
    refused = post(budi, cast, "settings", "course.md", **{**sent, "jp": "banyak"})
    assert refused.status_code == 422
    assert "banyak" in refused.get_data(as_text=True)
    assert text(cast, "course.md") == after


@pytest.mark.parametrize(
    ("act", "path", "sent", "told"),
    [
        ("text", LESSON, {"part": "0", "text": "Isi yang baru."}, "Isi yang baru."),
        ("settings", LESSON, {"title": "Pembukaan", "menit": "45", "wajib": "1"}, "# Pembukaan"),
        ("settings", "01-memulai/module.md", {"title": "Mulai"}, "judul: Mulai"),
        ("head", QUIZ, {"part": "0", "role": "Kuis", "title": "Memulai", "pass_percent": "80",
                        "attempts": "3", "shuffled": "on"}, "`lulus 80%`"),
        ("head", QUIZ, {"part": "1", "role": "Kelompok", "title": "dari bank dasar", "draw": "1",
                        "banks": ["bank/dasar.md"]}, "`ambil 1`"),
        ("head", BANK, {"part": "0", "role": "Bank", "title": "Pokok"}, "# Bank: Pokok"),
        ("parts", LESSON, {"kind": "reflection", "title": "Di kantor"}, "## Refleksi: Di kantor"),
        ("parts", QUIZ, {"kind": "pool", "title": "Lagi", "quiz": "0", "bank": BANK}, "Lagi"),
        ("add", LESSON, {"shape": "scale", "room": "survey"}, "## Survei: Survei"),
    ],
)  # fmt: skip
def test_each_form_writes_its_part(
    budi: FlaskClient, cast: Cast, act: str, path: str, sent: dict[str, Any], told: str
) -> None:
    assert post(budi, cast, act, path, **sent).status_code in (302, 303)
    assert told in text(cast, path)
    page(budi, f"{EDIT}/form/{path}")
    stale = budi.post(f"{EDIT}/{act}/{path}", data={**sent, "based_on": "1", "title": "Yang lain"})
    assert stale.status_code in (409, 422), act


def test_what_no_form_would_send_is_refused(budi: FlaskClient, cast: Cast) -> None:
    odd = {"question": "0", "id": "tanda-benar", "title": "A", "shape": "scale"}
    assert post(budi, cast, "form", BANK, **odd).status_code == 422
    assert post(budi, cast, "form", BANK, **{**odd, "shape": "x"}).status_code == 404
    assert post(budi, cast, "form", BANK, **{**odd, "question": "99"}).status_code == 409
    assert post(budi, cast, "head", QUIZ, part="0", role="x").status_code == 404
    assert post(budi, cast, "head", QUIZ, part="0", role="text").status_code == 409
    assert post(budi, cast, "text", LESSON, part="99", text="x").status_code == 409
    assert post(budi, cast, "parts", LESSON, kind="x", title="A").status_code == 404
    assert budi.post(f"{EDIT}/settings/assets/a.svg", data={"based_on": "1"}).status_code == 404


def test_a_part_is_removed_and_what_is_odd_is_kept_in_its_field(
    budi: FlaskClient, cast: Cast
) -> None:
    sent = {"part": "0", "text": "Halo\n\n## Kuis: lain"}
    answer = post(budi, cast, "text", LESSON, **sent)
    assert answer.status_code == 422
    assert "## Kuis: lain" in answer.get_data(as_text=True)
    assert post(budi, cast, "parts/remove", QUIZ, part="1").status_code == 303
    assert "Kelompok" not in text(cast, QUIZ)
    assert post(budi, cast, "parts/remove", QUIZ, part="9").status_code == 404
