"""Lessons, modules and settings: keys, minutes, links, sections, warnings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from elearn.content.assets import UnsafeSvg, media_type_of, refuse_unsafe_svg, size_of
from elearn.content.compiler import compile_course
from elearn.content.course import Category, Check, Html, Reflection, Rule, RuleKind
from elearn.content.reader import Source
from tests.content.sources import HEAD, KNOWN, LESSON, compiled, errors, warnings

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 200"><rect width="1"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (320).to_bytes(4, "big") + (240).to_bytes(4, "big")
TICKS = "- [ ] 10\n- [x] 20\n"


def html_of(text: str, **files: str | bytes) -> str:
    """The HTML of the text blocks of a lesson."""
    done = compiled({"01-satu.md": LESSON + text, **files})
    assert done.course is not None, errors(done)
    return "".join(b.html for b in done.course.lessons[0].blocks if isinstance(b, Html))


def test_settings_of_a_course() -> None:
    head = HEAD.replace(
        "jp: 1",
        "jp: 1\njenis: 3\nberakhlak: [Berorientasi Pelayanan, loyal]\nprasyarat: dasar-layanan\n"
        "penyelenggara: BKPSDM\nberlaku: 24\nselesai: materi 80%, kuis uji lulus",
    )
    text = f"{LESSON}## Kuis: Uji\n\n### Berapa?\n\n{TICKS}"
    course = compiled({"course.md": head, "01-satu.md": text}).course
    assert course is not None
    assert (course.title, course.category, course.jp, course.kind) == (
        "Contoh",
        Category.SERVICE,
        1,
        3,
    )
    assert course.core_values == ("berorientasi-pelayanan", "loyal")
    assert (course.prerequisites, course.organiser) == (("dasar-layanan",), "BKPSDM")
    assert course.valid_months == 24
    assert course.rules == (Rule(RuleKind.LESSONS, 80), Rule(RuleKind.QUIZ, quiz_key="uji"))
    assert course.overview_html == "<p>Ikhtisar.</p>"


def test_settings_have_english_keys_and_defaults() -> None:
    head = (
        "---\ncategory: leadership\nhours: 1\ncompetencies: {m.05: 2}\n---\n"
        "# Judul dari teks\n\nParagraf *pertama*.\n"
    )
    course = compiled({"course.md": head, "01-satu.md": LESSON}).course
    assert course is not None
    assert (course.title, course.summary) == ("Judul dari teks", "Paragraf pertama.")
    assert (course.category, course.kind, course.language) == (Category.LEADERSHIP, 16, "id")
    assert course.rules == (Rule(RuleKind.LESSONS),)


def test_keys_are_paths_without_numbers() -> None:
    files: dict[str, str | bytes] = {
        "02-akhir/01-tutup.md": "# 2. Tutup\n\nIsi.\n",
        "01-awal/10-dua.md": "# Dua\n\nIsi.\n",
        "01-awal/2-satu.md": LESSON,
        "01-awal/module.md": "---\njudul: Awal\n---\nPengantar.\n",
    }
    course = compiled(files).course
    assert course is not None
    assert [lesson.key for lesson in course.lessons] == ["awal/satu", "awal/dua", "akhir/tutup"]
    assert [(m.key, m.title, m.intro_html) for m in course.modules] == [
        ("awal", "Awal", "<p>Pengantar.</p>"),
        ("akhir", "Akhir", ""),
    ]
    assert course.lessons[2].title == "Tutup"


def test_a_lesson_may_keep_its_identity_and_name_its_old_ones() -> None:
    text = LESSON.replace("menit: 45", "menit: 45\nid: pembuka\nslug-lama: [lama, modul/lain]")
    course = compiled({"01-awal/01-satu.md": text}).course
    assert course is not None
    assert course.lessons[0].key == "pembuka"
    assert course.lessons[0].old_keys == ("awal/lama", "modul/lain")


def test_a_renamed_module_renames_its_lessons() -> None:
    files: dict[str, str | bytes] = {
        "01-awal/module.md": "---\nslug-lama: mula\n---\n# Awal\n",
        "01-awal/01-satu.md": LESSON,
    }
    course = compiled(files).course
    assert course is not None
    assert course.lessons[0].old_keys == ("mula/satu",)


def test_minutes_count_words_checks_drawn_questions_and_reflections() -> None:
    question = "### Soal {}\n\nApa {}?\n\nJawaban: a\n\n"
    words = "kata " * 450
    text = (
        f"# Satu\n\n{words}\n\n## Cek pemahaman: apa?\n\nJawaban: a\n\n"
        "## Refleksi: kerja\n\n`min 80 kata`\n\nApa?\n\n## Kuis: Uji\n\n"
        + "".join(question.format(n, n) for n in "abcd")
    )
    course = compiled({"01-satu.md": text, "02-dua.md": LESSON}).course
    assert course is not None
    first = course.lessons[0]
    assert first.minutes == 4  # 450 / 180 + 1 = 3.5
    assert course.minutes == 62  # 3.5 + 8 + 4 × 1.5 + 45 = 62.5


def test_an_optional_lesson() -> None:
    course = compiled({"01-satu.md": LESSON.replace("menit: 45", "menit: 45\nwajib: tidak")}).course
    assert course is not None
    assert not course.lessons[0].required


def test_sections_come_in_reading_order() -> None:
    text = (
        LESSON + "### Cek pemahaman: a?\n\nJawaban: b\n\n> Karena.\n\n## Lanjut\n\nTeks.\n\n"
        "## Refleksi: Kerja saya\n\n`min 50 kata`\n\nApa yang *berubah*?\n\n"
        "## Penutup\n\nSelesai.\n"
    )
    course = compiled({"01-satu.md": text}).course
    assert course is not None
    blocks = course.lessons[0].blocks
    assert [type(block) for block in blocks] == [Html, Check, Html, Reflection, Html]
    assert blocks[3] == Reflection(
        "kerja-saya", "Kerja saya", "<p>Apa yang <em>berubah</em>?</p>", 50
    )
    assert isinstance(blocks[4], Html)
    assert blocks[4].html.startswith('<h2 id="c-t-penutup">')


def test_links_lead_to_lessons_files_and_sections() -> None:
    html = html_of(
        "[dua](02-dua.md#cara) ![Alur](assets/alur.svg) [unduh](assets/a%20b.pdf) "
        "[kursus](course.md)",
        **{
            "02-dua.md": "# Dua\n\n## Cara\n\nIsi.\n",
            "assets/alur.svg": SVG,
            "assets/a b.pdf": b"%PDF-1.7",
        },
    )
    assert '<a href="/courses/contoh/lessons/dua#c-t-cara">' in html
    assert 'width="640"' in html
    assert '/a%20b.pdf">unduh</a>' in html
    assert '<a href="/courses/contoh">kursus</a>' in html


def test_only_linked_files_are_part_of_the_course() -> None:
    done = compiled(
        {
            "01-satu.md": LESSON + "![Alur](assets/a.svg)\n",
            "assets/a.svg": SVG,
            "assets/b.svg": SVG,
        }
    )
    assert done.course is not None
    assert [asset.path for asset in done.course.assets] == ["assets/a.svg"]
    assert [t for t in warnings(done) if "b.svg" in t] == [
        "assets/b.svg: peringatan: berkas ini tidak ditautkan dari mana pun, "
        "jadi tidak ikut terbit."
    ]


def test_captions_of_a_video_come_along() -> None:
    files: dict[str, str | bytes] = {
        "01-satu.md": LESSON + "![Cara](assets/a.mp4)\n",
        "assets/a.mp4": b"\0\0\0\x18ftypmp42",
        "assets/a.vtt": "WEBVTT\n",
    }
    course = compiled(files).course
    assert course is not None
    assert [asset.media_type for asset in course.assets] == ["video/mp4", "text/vtt"]


def test_definitions_below_serve_every_piece_of_the_page() -> None:
    html = html_of(
        "Satu[^a].\n\n### Cek pemahaman: b?\n\nJawaban: c\n\n## Dua\n\nLagi [situs].\n\n"
        "[^a]: Catatan kaki.\n[situs]: https://example.org/\n"
    )
    assert "Catatan kaki." in html
    assert '<a href="https://example.org/"' in html
    assert html.count("Catatan kaki.") == 1


def test_a_broken_link_in_a_note_is_told_with_its_line() -> None:
    done = compiled({"01-satu.md": LESSON + "a[^1] [b]\n\n[^1]: [x](hilang.md)\n[b]: lenyap.md\n"})
    assert [t.split(": ")[0] for t in errors(done)] == ["01-satu.md:10", "01-satu.md:11"]


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("#### Melompat\n", "01-satu.md:8: peringatan: tingkat judul melompat dari # ke ####"),
        ("# Lagi\n", "01-satu.md:8: peringatan: judul `#` kedua"),
        ("![](assets/a.svg)\n", "01-satu.md:8: peringatan: gambar tanpa keterangan"),
        ("- a\n  - b\n", "01-satu.md:9: peringatan: daftar bersusun kurang menjorok"),
        ("1) a\n", "01-satu.md:8: peringatan: daftar bernomor dengan kurung"),
        ("<div>a</div>\n", "01-satu.md:8: peringatan: HTML mentah"),
        ("a <span>b</span>\n", "01-satu.md:8: peringatan: HTML mentah"),
    ],
)
def test_what_deserves_a_second_look_is_a_warning(text: str, fragment: str) -> None:
    done = compiled({"01-satu.md": LESSON + text, "assets/a.svg": SVG})
    assert any(t.startswith(fragment) for t in warnings(done)), warnings(done)
    assert done.course is not None


@pytest.mark.parametrize(
    "text",
    ["- a\n    - b\n\n        c\n", "> - a\n>   - b\n", "a<br>b H<sub>2</sub>O\n", "1. a\n2. b\n"],
)
def test_what_is_fine_is_not_warned_of(text: str) -> None:
    assert warnings(compiled({"01-satu.md": LESSON + text})) == []


def test_a_check_may_stand_at_any_level() -> None:
    text = LESSON + "#### Cek pemahaman: a?\n\nJawaban: b\n"
    assert warnings(compiled({"01-satu.md": text})) == []


def test_a_long_lesson_is_warned_of() -> None:
    done = compiled({"01-satu.md": "# Satu\n\n" + ("kata " * 180 + "\n\n") * 46})
    assert any("paling lama 20 menit" in str(problem) for problem in done.problems)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"%PDF-1.4", "application/pdf"),
        (b"\0\0\0\x20ftypisom", "video/mp4"),
        (b"\x1aE\xdf\xa3", "video/webm"),
        (b"WEBVTT\n", "text/vtt"),
        (SVG.encode(), "image/svg+xml"),
        (b"<?xml version='1.0'?><svg/>", "image/svg+xml"),
        (b"<!DOCTYPE html><script>", ""),
        (b"<html>", ""),
        (b"", ""),
        (b"PK\x03\x04", ""),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_content(content: bytes, media_type: str) -> None:
    assert media_type_of(content) == media_type


@pytest.mark.parametrize(
    ("content", "media_type", "size"),
    [
        (PNG, "image/png", (320, 240)),
        (b"GIF89a\x40\x01\xf0\x00", "image/gif", (320, 240)),
        (
            b"\xff\xd8\xff\xe0\0\x04aa\xff\xc0\0\x11\x08\x00\xf0\x01\x40",
            "image/jpeg",
            (320, 240),
        ),
        (SVG.encode(), "image/svg+xml", (640, 200)),
        (b"<svg width='12.4px' height='7'>", "image/svg+xml", (12, 7)),
        (b"<svg width='100%'>", "image/svg+xml", (0, 0)),
        (b"<svg viewBox='0 0 . .'>", "image/svg+xml", (0, 0)),
        (b"RIFF....WEBPVP8X" + bytes(8) + b"\x3f\x01\0\xef\0\0", "image/webp", (320, 240)),
        (b"RIFF....WEBPVP8L....\x2f\x3f\xc1\x3b\0", "image/webp", (320, 240)),
        (b"RIFF....WEBPVP8 " + bytes(10) + b"\x40\x01\xf0\0", "image/webp", (320, 240)),
        (b"RIFF....WEBPVP8?", "image/webp", (0, 0)),
        (b"\x89PNG", "image/png", (0, 0)),
        (b"\xff\xd8\xff", "image/jpeg", (0, 0)),
    ],
)
def test_the_size_of_a_picture(content: bytes, media_type: str, size: tuple[int, int]) -> None:
    assert size_of(content, media_type) == size


def test_a_picture_of_too_many_pixels_is_refused() -> None:
    huge = PNG[:16] + (5_000).to_bytes(4, "big") * 2
    done = compiled({"01-satu.md": LESSON + "![Peta](assets/a.png)\n", "assets/a.png": huge})
    assert errors(done) == [
        "assets/a.png: gambar lebih besar dari 16 juta titik. Kecilkan lebar dan tingginya."
    ]


OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


@pytest.mark.parametrize(
    "content",
    [
        f"{OPEN}<script>alert(1)</script></svg>",
        f"{OPEN}<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject></svg>",
        f"{OPEN}<rect onclick='alert(1)'/></svg>",
        f"{OPEN}<rect ONLOAD='alert(1)'/></svg>",
        f"{OPEN}<a href='https://evil.example'><rect/></a></svg>",
        f"{OPEN}<use xlink:href='https://evil.example/x.svg#a'/></svg>",
        f"{OPEN}<image href='https://evil.example/x.png'/></svg>",
        f"{OPEN}<animate attributeName='href' to='javascript:alert(1)'/></svg>",
        f"{OPEN}<set attributeName='onclick' to='x'/></svg>",
        f"{OPEN}<rect style='fill:url(https://evil.example/x)'/></svg>",
        f"{OPEN}<rect fill='url(//evil.example/x)'/></svg>",
        f"{OPEN}<style>@import 'https://evil.example/x.css';</style></svg>",
        f"{OPEN}<style>@im\\port 'x';</style></svg>",
        f"{OPEN}<x:a xmlns:x='urn:y'/></svg>",
        "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>",
        f"<?xml-stylesheet href='https://evil.example/x.css'?>{OPEN}</svg>",
        "<svg><rect/></svg>",
        f"{OPEN}<rect></svg>",
        "<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "<?xml version='1.0' encoding='utf-99'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        "",
    ],
)
def test_a_picture_that_may_act_or_load_is_refused(content: str) -> None:
    with pytest.raises(UnsafeSvg):
        refuse_unsafe_svg(content.encode())


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        f"{OPEN}<defs><path id='a'/></defs><use xlink:href='#a'/><rect fill='url(#b)'/></svg>",
        f"{OPEN}<title>Alur</title><style>.a {{ fill: #fff }}</style></svg>",
    ],
)
def test_a_plain_picture_passes(content: str) -> None:
    refuse_unsafe_svg(content.encode())


BANK = "# Bank: Dasar\n\n## Apa?\n\nJawaban: a\n"
POOL = "## Kuis: Uji\n\n### Kelompok: A\n\n`ambil 1`\n\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("## Kuis: Uji\n\n### Refleksi: a\n", "01-satu.md:10: `Refleksi:` tidak dapat berada di"),
        ("## Kelompok: a\n", "01-satu.md:8: `Kelompok:` tidak dapat berada di sini."),
        ("## Bank: a\n", "01-satu.md:8: `Bank:` tidak dapat berada di sini."),
        ("## Kuis:\n\n### a?\n\nJawaban: b\n", "01-satu.md:8: judul `Kuis:` belum bernama."),
        ("### Cek pemahaman: a\n", "01-satu.md:8: cek pemahaman belum memuat soal."),
        (POOL, "01-satu.md:10: kelompok tidak memuat soal."),
        (POOL + "Teks biasa.\n", "01-satu.md:14: teks di kelompok harus berupa satu tautan"),
        (POOL + "- a\n", "01-satu.md:14: teks di kelompok harus berupa satu tautan"),
        (
            POOL + "[b](bank/dasar.md)\n\n#### c?\n\nJawaban: d\n",
            "01-satu.md:10: kelompok memuat tautan bank dan soal sekaligus.",
        ),
        (
            POOL.replace("`ambil 1`", "`ambil 1` `mudah`") + "#### c?\n\nJawaban: d\n",
            "01-satu.md:10: penyaring hanya berlaku",
        ),
        (
            "## Refleksi: a\n\nApa?\n\n## Refleksi: a\n\nApa?\n",
            "01-satu.md:12: refleksi `a` sudah ada di 01-satu.md:8.",
        ),
        ("[x](/admin)\n", "01-satu.md:8: tautan `/admin` tidak ditemukan."),
        ("[x](ftp://a.example)\n", "01-satu.md:8: tautan `ftp://a.example` tidak diterima."),
        ("[x]()\n", "01-satu.md:8: tautan ini kosong."),
        ("![x]()\n", "01-satu.md:8: tautan ini kosong."),
        ("![x](assets/a.pdf)\n", "01-satu.md:8: `assets/a.pdf` bukan gambar atau video."),
        ("[x](01-modul/module.md)\n", "01-satu.md:8: tautan `01-modul/module.md` tidak"),
        ("## Kuis: A\n\n### b?\n\nJawaban: " + "a" * 130, "01-satu.md:12: jawaban terlalu panjang"),
        ("### Cek pemahaman: b?\n\nJawaban:\n", "01-satu.md:10: soal belum berkunci."),
        ("### Cek pemahaman: b?\n\n-[x] a\n-[ ] c\n", "Tulis spasi setelah tanda `-`."),
        ("### Cek pemahaman: b?\n\n- a\n- c\n", "Untuk daftar ini tulis juga `Kunci: B`."),
    ],
)
def test_what_stops_a_lesson_is_told_with_its_line(text: str, message: str) -> None:
    files: dict[str, str | bytes] = {"01-satu.md": LESSON + text, "bank/dasar.md": BANK}
    told = errors(compiled({**files, "assets/a.pdf": b"%PDF-1.7"}))
    assert len(told) == 1, told
    assert message in told[0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("judul: Contoh", "judul: [a]", "course.md:2:1: `judul` harus berupa teks satu baris."),
        ("Contoh\nr", "a" * 300 + "\nr", "course.md:2:1: `judul` terlalu panjang."),
        ("jp: 1", "jp: 1\nberakhlak: {a: b}", "course.md:6:1: `berakhlak` harus berupa daftar"),
        ("jp: 1", "jp: 1\nberakhlak: [loyall]", "course.md:6:13: `loyall` bukan nilai"),
        ("jp: 1", "jp: 1\nprasyarat: contoh", "course.md:6:12: kursus tidak dapat menjadi"),
        ("jp: 1", "jp: 1\nselesai: survei", "course.md:6:10: aturan selesai meminta survei"),
        (
            "jp: 1",
            "jp: 1\nselesai: kuis semua lulus",
            "course.md:6:10: aturan selesai meminta",
        ),
        ("{M.05: 2}", "M.05", "course.md:6:1: `kompetensi` harus ditulis seperti"),
        ("{M.05: 2}", "{}", "course.md:6:1: `kompetensi` harus ditulis seperti"),
        ("{M.05: 2}", "{M.05: 2, M.05: 3}", "course.md:6:23: kunci `M.05` ditulis dua kali."),
        ("Ikhtisar.", "## Kuis: a", "course.md:10: `Kuis:` tidak dapat berada di sini."),
        ("ringkasan: Kursus kecil untuk pengujian.\n", "", "course.md:1: `ringkasan` belum ada"),
        ("judul: Contoh\n", "", "course.md:1: judul belum ada."),
    ],
)
def test_what_is_wrong_in_the_settings_is_told_with_its_place(
    old: str, new: str, message: str
) -> None:
    head = HEAD.replace(old, new)
    if new == "":
        head = head.replace("# Contoh\n\nIkhtisar.", "")
    told = errors(compiled({"course.md": head, "01-satu.md": LESSON}))
    assert len(told) == 1, told
    assert told[0].startswith(message)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"01-a/b/c.md": "# C\n"}, "01-a/b/c.md: folder terlalu dalam."),
        ({"02-dua.md": "---\nid: A B\n---\n# Dua\n\nIsi.\n"}, "02-dua.md:2: nama `A B` tidak"),
        (
            {"02-dua.md": "---\nwajib: mungkin\n---\n# Dua\n\nIsi.\n"},
            "02-dua.md:2:1: `wajib`",
        ),
        (
            {"02-dua.md": "---\nslug-lama: a/b/c\n---\n# Dua\n\nIsi.\n"},
            "02-dua.md:2:12: nama",
        ),
        ({"02-dua.md": "# Dua\n"}, "02-dua.md:1: pelajaran ini kosong."),
        ({"bank/b.md": "# Bank: B\n"}, "bank/b.md:1: bank tidak memuat soal."),
        ({"bank/b.md": "# Bank: B\n\n## Kuis: C\n"}, "bank/b.md:3: `Kuis:` tidak dapat berada"),
        ({"bank/b.md": "[" * 3000}, "bank/b.md:1: teks terlalu rumit"),
    ],
)
def test_what_is_wrong_beside_a_lesson_is_told(files: dict[str, str | bytes], message: str) -> None:
    told = errors(compiled({"01-satu.md": LESSON, **files}))
    assert len(told) == 1, told
    assert told[0].startswith(message)


def test_a_module_without_lessons_is_told() -> None:
    told = errors(compiled({"01-a/01-satu.md": LESSON, "02-b/module.md": "# B\n"}))
    assert told == [
        "02-b/module.md:1: modul tidak berisi pelajaran. Tambahkan pelajaran atau hapus foldernya."
    ]


def test_files_that_serve_nothing_are_warned_of() -> None:
    files: dict[str, str | bytes] = {"catatan.txt": "a", "bank/a.txt": "a", "README.md": "a"}
    told = warnings(compiled({"01-satu.md": LESSON, **files}))
    assert [t.split(":")[0] for t in told] == ["bank/a.txt", "catatan.txt"]


def test_audiences_are_checked_where_they_are_known() -> None:
    head = HEAD.replace("jp: 1", "jp: 1\nsasaran: [pelaksana, JF terampil]")
    source = Source.from_texts("contoh", {"course.md": head, "01-satu.md": LESSON})
    free = compile_course(source, KNOWN).course
    known = replace(KNOWN, audiences=frozenset({"pelaksana", "jf_terampil"}))
    checked = compile_course(source, known).course
    assert free is not None
    assert checked is not None
    assert free.audience == ("pelaksana", "JF terampil")
    assert checked.audience == ("pelaksana", "jf_terampil")
    unknown = replace(KNOWN, audiences=frozenset({"administrator"}))
    assert "bukan nilai `sasaran`" in errors(compile_course(source, unknown))[0]


def test_a_question_that_is_a_title_may_open_a_page() -> None:
    text = "---\nmenit: 45\n---\n# Kuis: Akhir\n\n## Apa?\n\nJawaban: a\n"
    course = compiled({"01-satu.md": text}).course
    assert course is not None
    assert (course.lessons[0].title, course.quizzes[0].key) == ("Akhir", "akhir")


def test_a_piece_that_costs_too_much_is_told_with_its_line() -> None:
    cells = "| a " * 10
    text = f"{cells}|\n{'|---' * 10}|\n" + "".join(f"{cells}|\n" for _ in range(600))
    told = errors(compiled({"01-satu.md": LESSON + "Isi.\n\n" + text}))
    assert told[0].startswith("01-satu.md:10: teks terlalu rumit")
