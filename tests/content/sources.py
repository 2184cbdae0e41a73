"""Small courses from text, for tests of the compiler."""

from __future__ import annotations

from elearn.content.compiler import Compiled, Known, compile_course
from elearn.content.course import Question
from elearn.content.reader import Source

KNOWN = Known(frozenset({"M.05", "M.06", "DIG.AMAN"}), frozenset({"dasar-layanan", "pengaduan"}))
HEAD = """---
judul: Contoh
ringkasan: Kursus kecil untuk pengujian.
kategori: pelayanan
jp: 1
kompetensi: {M.05: 2}
---
# Contoh

Ikhtisar.
"""
LESSON = """---
menit: 45
---
# Satu

Isi.

"""


def compiled(files: dict[str, str | bytes], slug: str = "contoh") -> Compiled:
    """Compile a course given by its files; course.md is there by default."""
    return compile_course(Source.from_texts(slug, {"course.md": HEAD, **files}), KNOWN)


def with_question(body: str, head: str = HEAD) -> Compiled:
    """Compile a course whose only question has this body, under the heading "Berapa?"."""
    text = f"{LESSON}## Kuis: Uji\n\n### Berapa?\n\n{body}"
    return compiled({"course.md": head, "01-satu.md": text})


def question(body: str, head: str = HEAD) -> Question:
    """The only question of a course, which must compile."""
    done = with_question(body, head)
    assert done.course is not None, [str(problem) for problem in done.problems]
    return done.course.quizzes[0].pools[0].questions[0]


def errors(done: Compiled) -> list[str]:
    """The errors as an author reads them."""
    return [str(problem) for problem in done.errors]


def warnings(done: Compiled) -> list[str]:
    """The warnings as an author reads them, without those every small test course has."""
    told = [str(p) for p in done.problems if p not in done.errors]
    return [t for t in told if "menit" not in t]
