"""What an author does with a folder: begin, check, give ids."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from elearn.content.folders import check_folder, fix_ids, new_course
from elearn.errors import Invalid
from tests.content.sources import HEAD, KNOWN, LESSON

QUIZ = """## Kuis: Uji

### Berapa hari cuti tahunan?

`2 poin` `mudah`

- [ ] 10
- [x] 12

### Soal 2

Siapa yang menyetujui cuti?

Jawaban: atasan

### Kelompok: Lain

`ambil 1`

#### Berapa hari cuti tahunan?

- [ ] 20
- [x] 12

### Sudah bernama?

`#nama` `1 poin`

Jawaban: ya
"""


def _ids(path: Path) -> list[str]:
    return re.findall(r"`#([^`]+)`", path.read_text())


def test_a_new_course_needs_only_more_text(tmp_path: Path) -> None:
    new_course(tmp_path / "layanan-baru")
    done = check_folder(tmp_path / "layanan-baru", KNOWN)
    assert done.course is not None
    assert [(problem.path, problem.line) for problem in done.problems] == [
        ("01-memulai/01-pengantar.md", 1),
        ("01-memulai/01-pengantar.md", 2),  # the minutes are set for more text than there is
    ]


def test_a_new_course_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    with pytest.raises(FileExistsError):
        new_course(tmp_path / "ada")
    with pytest.raises(Invalid):
        new_course(tmp_path / "Nama Salah")
    assert list(tmp_path.iterdir()) == [tmp_path / "ada"]


def test_missing_ids_are_written_once_and_change_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "contoh"
    (folder / "bank").mkdir(parents=True)
    (folder / "course.md").write_text(HEAD)
    lesson = folder / "01-satu.md"
    lesson.write_text(LESSON + "### Cek pemahaman: apa itu cuti?\n\nJawaban: hak\n\n" + QUIZ)
    bank = folder / "bank" / "dasar.md"
    bank.write_bytes(b"# Bank: Dasar\r\n\r\n## Apa?\r\n\r\nJawaban: a\r\n")
    assert fix_ids(folder) == 5
    assert _ids(lesson) == [
        "apa-itu-cuti",
        "berapa-hari-cuti-tahunan",
        "siapa-yang-menyetujui-cuti",
        "berapa-hari-cuti-tahunan-2",
        "nama",
    ]
    assert bank.read_bytes() == (
        b"# Bank: Dasar\r\n\r\n## Apa?\r\n\r\n`#apa`\r\n\r\nJawaban: a\r\n"
    )
    assert "`#berapa-hari-cuti-tahunan` `2 poin` `mudah`" in lesson.read_text()
    done = check_folder(folder, KNOWN)
    assert done.course is not None
    assert fix_ids(folder) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["01-satu.md", "bank", "course.md"]


def test_ids_of_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert fix_ids(tmp_path / "tidak-ada") == 0
