"""A folder becomes source within limits; nothing outside it is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from elearn.content import frontmatter, reader
from elearn.content.frontmatter import Schema
from elearn.content.problems import FileReport, Report
from elearn.content.reader import read_folder, tidy, without_number


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a course file."""
    path = tmp_path / "contoh"
    path.mkdir()
    (path / "course.md").write_text("# Contoh\n")
    return path


def told(folder: Path) -> list[str]:
    return [str(problem) for problem in read_folder(folder).problems]


def test_a_sound_folder_is_read_without_problems(folder: Path) -> None:
    (folder / "assets").mkdir()
    (folder / "assets" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    source = read_folder(folder)
    assert source.problems == ()
    assert list(source.files) == ["assets/a.png", "course.md"]
    assert source.files["course.md"].text == "# Contoh\n"


def test_a_symlink_is_refused_and_not_followed(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "rahasia.md"
    secret.write_text("rahasia")
    (folder / "01-satu.md").symlink_to(secret)
    (folder / "02-modul").symlink_to(tmp_path)
    assert [t.split(":")[0] for t in told(folder)] == ["01-satu.md", "02-modul"]
    assert "rahasia" not in str(read_folder(folder).files)


def test_a_pipe_is_refused_without_waiting_for_it(folder: Path) -> None:
    os.mkfifo(folder / "01-satu.md")
    assert told(folder) == ["01-satu.md: bukan berkas biasa. Hapus dari folder kursus."]


def test_a_lesson_of_ten_megabytes_is_refused(folder: Path) -> None:
    (folder / "01-satu.md").write_bytes(b"a" * 10_000_000)
    assert told(folder) == [
        "01-satu.md: berkas lebih besar dari 1024 KB. Perkecil atau bagi menjadi beberapa berkas."
    ]


def test_a_lesson_text_has_a_limit_of_its_own(folder: Path) -> None:
    (folder / "01-satu.md").write_bytes(b"a" * 300_000)
    assert told(folder) == [
        "01-satu.md: teks lebih panjang dari 200 KB. Bagi menjadi beberapa pelajaran."
    ]


def test_a_course_has_a_limit_in_all(folder: Path) -> None:
    for number in range(22):
        (folder / f"{number}.bin").write_bytes(bytes(1_000_000))
    assert "course.md: folder lebih besar dari 20 MB. Perkecil gambar dan video." in told(folder)


def test_a_folder_of_too_many_files_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MAX_FILES", 5)
    for number in range(9):
        (folder / f"{number}.txt").write_text("a")
    assert told(folder) == [
        "course.md: folder berisi lebih dari 5 berkas. Pindahkan yang tidak dipakai."
    ]


def test_binary_and_foreign_encodings_are_told_with_their_line(folder: Path) -> None:
    (folder / "01-satu.md").write_bytes(b"# A\n\nb\0c\n")
    (folder / "02-dua.md").write_bytes("# A\n\n\n\xe9".encode("latin-1"))
    assert [t.split(": ")[0] for t in told(folder)] == ["01-satu.md:3", "02-dua.md:4"]


def test_hidden_files_and_copies_of_editors_are_passed_over(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_bytes(b"\0")
    (folder / "01-satu.md~").write_bytes(b"\0")
    assert told(folder) == []


def test_a_name_that_breaks_messages_is_refused(folder: Path) -> None:
    (folder / "01-sa\ntu.md").write_text("a")
    os.close(os.open(os.fsencode(folder) + b"/\xff.md", os.O_CREAT | os.O_WRONLY))
    assert len(told(folder)) == 2
    assert all("\n" not in t and "nama berkas" in t for t in told(folder))


def test_a_missing_folder_and_a_file_in_its_place_are_told(tmp_path: Path) -> None:
    assert "tidak ditemukan" in told(tmp_path / "tidak-ada")[0]
    (tmp_path / "berkas").write_text("a")
    assert "tidak ditemukan" in told(tmp_path / "berkas")[0]


def test_the_name_of_the_folder_is_an_address(tmp_path: Path) -> None:
    path = tmp_path / "Kursus Baru"
    path.mkdir()
    (path / "course.md").write_text("# A\n")
    assert "nama folder kursus" in told(path)[0]


def test_an_empty_folder_lacks_its_course_file(tmp_path: Path) -> None:
    (tmp_path / "kosong").mkdir()
    assert told(tmp_path / "kosong") == [
        "course.md: berkas course.md tidak ada. Buat berkas itu di dalam folder kursus."
    ]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("01-satu", "satu"),
        ("12_dua", "dua"),
        ("3. tiga", "tiga"),
        ("empat", "empat"),
        ("2024", "2024"),
        ("01-", "01-"),
        ("10-2-lima", "2-lima"),
    ],
)
def test_numbers_give_the_order_and_no_name(name: str, slug: str) -> None:
    assert without_number(name) == slug


def test_text_is_tidied_without_moving_lines() -> None:
    assert tidy("a\r\nb\rc\n") == "a\nb\nc\n"
    assert tidy("-\tsatu") == "-   satu"
    assert tidy("-\u00a0[\u00a0]\u00a0dua\u00a0JP") == "- [ ] dua\u00a0JP"
    assert tidy("a\u2028b\x0cc\x07d") == "a b cd"


SCHEMA = Schema({"judul": "judul", "title": "judul", "daftar": "daftar", "jp": "jp"})


def matter_problems(head: str) -> list[str]:
    report = FileReport(Report(), "a.md")
    frontmatter.read(f"---\n{head}\n---\nisi", SCHEMA, report)
    return [str(problem) for problem in report.report.sorted()]


def test_every_problem_of_the_settings_has_line_and_column() -> None:
    assert matter_problems("judul: a\nTitle: b\n  \njudl: c\nx: &k 1\n") == [
        "a.md:6:4: tanda & dan * dari YAML tidak diterima. Tulis nilainya langsung, "
        "atau beri kutip."
    ]
    assert matter_problems("judul: a\nTitle: b\n\njudl: c\n") == [
        "a.md:3:1: kunci `title` ditulis dua kali. Sisakan satu.",
        "a.md:5:1: kunci `judl` tidak dikenal. Maksud Anda `judul`? Hapus atau perbaiki kunci itu.",
    ]


@pytest.mark.parametrize(
    "head",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]",
        "judul: !!python/object/apply:os.system ['true']",
        "judul: !lokal x",
        "daftar: " + "[" * 50 + "]" * 50,
        "daftar: " + "[" * 5_000,
        "judul: " + "a" * 9_000,
        "judul: 'tidak ditutup",
        "- daftar\n- saja",
        "judul",
        "? [a, b]\n: c",
        "judul: a\n\tjp: 1",
        "%YAML 9.9",
        "<<: *x",
        "judul: \x00",
        "{judul: a",
    ],
)
def test_settings_that_explode_or_name_types_are_refused(head: str) -> None:
    assert matter_problems(head)


def test_scalars_are_read_by_what_the_key_wants() -> None:
    report = FileReport(Report(), "a.md")
    text = "---\njudul: no\ndaftar: satu, dua\njp: '3'\n---\nisi"
    matter, body = frontmatter.read(text, SCHEMA, report)
    assert matter.text("judul") == "no"
    assert [value.text for value in matter.words("daftar", "x")] == ["satu", "dua"]
    assert matter.whole("jp", 1, 9) == 3
    assert body == "\n\n\n\n\nisi"
    assert report.report.sorted() == ()
