"""One folder per mistake: each is told with its file and line, and nothing is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from elearn.content.compiler import Compiled, Known
from elearn.content.folders import check_folder

COURSES = Path(__file__).parent.parent / "courses"
KNOWN = Known(frozenset({"M.05", "M.06", "DIG.AMAN"}), frozenset({"dasar-layanan"}))


def _expectations() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for line in (COURSES / "expected.txt").read_text().splitlines():
        folder, place, fragment = line.split(" | ", 2)
        found.setdefault(folder, []).append((place, fragment))
    return found


EXPECTED = _expectations()


def _check(name: str) -> Compiled:
    return check_folder(COURSES / name, KNOWN)


def test_every_folder_of_a_mistake_is_expected_somewhere() -> None:
    folders = {path.name for path in COURSES.iterdir() if path.is_dir()}
    assert folders - {"contoh-baik", "contoh-bentuk", "contoh-panjang"} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_mistake_is_told_with_file_and_line(name: str) -> None:
    compiled = _check(name)
    told = [str(problem) for problem in compiled.errors]
    assert compiled.course is None
    for place, fragment in EXPECTED[name]:
        assert any(t.startswith(f"{place}: ") and fragment in t for t in told), told


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_one_mistake_is_not_told_as_several(name: str) -> None:
    compiled = _check(name)
    assert len(compiled.errors) == len(EXPECTED[name]), [str(p) for p in compiled.errors]


def test_the_good_course_has_nothing_to_mend() -> None:
    compiled = _check("contoh-baik")
    assert [str(problem) for problem in compiled.problems] == [
        "01-terima/01-kanal.md:2: peringatan: `menit: 20` jauh di atas hitungan 2 menit. "
        "Periksa kembali.",
        "01-terima/02-catat.md:2: peringatan: `menit: 15` jauh di atas hitungan 1 menit. "
        "Periksa kembali.",
    ]
    assert compiled.course is not None
