"""Whatever a folder holds, compiling it ends in a course or in problems, never in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.content.compiler import compile_course
from elearn.content.reader import Source, read_folder
from tests.content.sources import HEAD, KNOWN

GOOD = Path(__file__).parent.parent / "courses" / "contoh-baik"
FRAGMENTS = (
    "---\n", "judul: A\n", "jp: 1\n", "kompetensi: {M.05: 2}\n", "a: &x [1]\n", "b: *x\n",
    "? k\n", "# Judul\n", "## Kuis: Uji\n", "### Kelompok: A\n", "### Cek pemahaman: b\n",
    "## Refleksi: c\n", "# Bank: d\n", "## Survei: e\n", "## Kuis\n", "#### Soal 1\n",
    "`ambil 2` `lulus 70%`\n", "`#a` `2 poin` `@M.05:2` `mudah` `parsial`\n", "2 poin mudah\n",
    "`@M.05`\n", "- [ ] satu\n", "- [x] dua\n", "* [X] tiga\n", "- []\n", "- [y] empat\n",
    "- lima\n", "1. enam\n", "  > umpan balik\n", "> Petunjuk: h\n", "> pembahasan\n",
    "Jawaban: 75 ± 0,5\n", "Jawaban:\n", "Jawaban: benar\n", "Kunci: B\n", "a. satu\nb. dua\n",
    "Jawaban: uraian\n", "> Rubrik:\n> - isi `2 poin`\n", "[[ (a) | b ]]\n",
    "`boleh beberapa` `nilai anonim`\n",
    "- x `50%`\n", "1. urut\n2. lagi\n", "### Urutkan\n", "\ue0000\ue001",
    "Jawaban: 1.5\n", "Jawaban: a | b\n", "[[20|dua]]\n", "- a → b\n", "Skala: 1..5\n",
    "![x](../assets/a.svg)\n", "[y](01-satu.md)\n", "[^1]\n", "[^1]: catatan\n    lanjut\n",
    "[z]: ../assets/a.svg\n", "> [!PENTING]\n> isi\n", "| a | b |\n|---|:-:|\n| 1 | 2 |\n",
    "```\nkode\n", "<div onclick=x>\n", "<!-- a\n", "\t- x\n", "\n", "\n\n", "    kode\n",
    "istilah\n:   arti\n", "\xa0- [\xa0] x\n", "[bank](bank/b.md)\n", "   1) a\n", "- - - a\n",
    "> - [x] b\n", "\\", "*", "[", "`", "&#0;", "\x7f", "\u2028", "é́\n",
)  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=12)), max_size=25).map(
    "".join
)
paths = st.sampled_from(
    (
        "course.md", "01-satu.md", "02-dua.md", "01-modul/module.md", "01-modul/01-a.md",
        "bank/b.md", "assets/a.svg", "assets/a.mp4", "assets/a.vtt", "README.md", "x/y/z.md", "..",
        "a\\b.md", "02-.md", "catatan.txt", "assets/gambar (1).png",
    )
)  # fmt: skip
contents = st.one_of(texts, st.binary(max_size=60), st.just(HEAD))


@settings(max_examples=250, deadline=None)
@given(st.dictionaries(paths, contents, max_size=6))
def test_random_folders_never_crash_the_compiler(files: dict[str, str | bytes]) -> None:
    done = compile_course(Source.from_texts("acak", files), KNOWN)
    assert (done.course is None) == bool(done.errors)
    assert all(str(problem) and problem.line >= 0 for problem in done.problems)


@settings(max_examples=150, deadline=None)
@given(texts)
def test_random_lessons_beside_a_sound_course_never_crash(text: str) -> None:
    files = {
        "course.md": HEAD,
        "01-satu.md": f"# Satu\n\n{text}",
        "bank/b.md": f"# Bank: b\n{text}",
    }
    done = compile_course(Source.from_texts("acak", files), KNOWN)
    assert done.course is None or done.course.digest


def _good_texts() -> dict[str, str]:
    return {path: file.content.decode() for path, file in read_folder(GOOD).files.items()}


@st.composite
def mutations(draw: st.DrawFn) -> dict[str, str | bytes]:
    """The good course with a few lines cut, doubled, swapped or replaced."""
    files: dict[str, str | bytes] = dict(_good_texts())
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(sorted(files)))
        lines = str(files[path]).splitlines(keepends=True) or [""]
        at = draw(st.integers(0, len(lines) - 1))
        new = draw(
            st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=8), st.just(lines[at] * 2))
        )
        lines[at] = draw(
            st.sampled_from((new, "", lines[at].lstrip(), lines[at][:-2], new + lines[at]))
        )
        files[path] = "".join(lines)
    return files


@settings(max_examples=200, deadline=None)
@given(mutations())
def test_a_mutated_course_compiles_or_says_why_not(files: dict[str, str | bytes]) -> None:
    done = compile_course(Source.from_texts("contoh-baik", files), KNOWN)
    assert (done.course is None) == bool(done.errors)
    again = compile_course(Source.from_texts("contoh-baik", dict(reversed(files.items()))), KNOWN)
    assert again == done


@settings(max_examples=100, deadline=None)
@given(files=st.dictionaries(st.text(max_size=12), st.binary(max_size=80), max_size=5))
def test_random_bytes_on_disk_never_crash_the_reader(
    files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("kursus")
    for name, content in files.items():
        try:
            (folder / name).write_bytes(content)
        except (OSError, ValueError):
            continue
    done = compile_course(read_folder(folder), KNOWN)
    assert done.course is None
    assert done.errors


def test_the_same_folder_has_the_same_digest() -> None:
    first, second = (compile_course(read_folder(GOOD), KNOWN).course for _ in range(2))
    assert first is not None
    assert first == second


def _renumbered(path: str) -> str:
    return "/".join("9" + part if part[:1].isdigit() else part for part in path.split("/"))


def test_renumbering_files_changes_neither_keys_nor_digest() -> None:
    files = _good_texts()
    moved: dict[str, str | bytes] = {
        _renumbered(path): text.replace("](02-catat.md)", "](902-catat.md)")
        for path, text in files.items()
    }
    before = compile_course(Source.from_texts("contoh-baik", dict(files)), KNOWN).course
    after = compile_course(Source.from_texts("contoh-baik", moved), KNOWN).course
    assert before is not None
    assert after is not None
    assert [lesson.key for lesson in after.lessons] == [lesson.key for lesson in before.lessons]
    assert after.digest == before.digest


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("course.md", "berlaku: 24", "berlaku: 12"),
        ("course.md", "Ikhtisar.", "Ikhtisar lain."),
        ("01-terima/01-kanal.md", "Penutup.", "Penutup!"),
        ("01-terima/01-kanal.md", "- [ ] Benar\n- [x] Salah", "- [x] Benar\n- [ ] Salah"),
        ("02-kuis/01-kuis.md", "lulus 80%", "lulus 75%"),
        ("02-kuis/01-kuis.md", "± 0,5", "± 0,6"),
        ("bank/dasar.md", "`sedang`", "`mudah`"),
        ("assets/alur.svg", "#e3f1f1", "#ffffff"),
        ("01-terima/module.md", "Pengantar", "Pembuka"),
    ],
)
def test_what_a_learner_or_grader_may_notice_changes_the_digest(
    path: str, old: str, new: str
) -> None:
    files = _good_texts()
    before = compile_course(Source.from_texts("contoh-baik", dict(files)), KNOWN)
    assert old in files[path]
    changed = {**files, path: files[path].replace(old, new)}
    after = compile_course(Source.from_texts("contoh-baik", dict(changed)), KNOWN)
    assert before.course is not None
    assert after.course is not None
    assert after.course.digest != before.course.digest
