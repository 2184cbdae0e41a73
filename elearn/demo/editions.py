"""The courses of the demo: the folders as they are, and the first edition of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from elearn.competency import framework
from elearn.content.compiler import Compiled, Known, compile_course
from elearn.content.course import Course, Question, Shape
from elearn.content.reader import Source, read_folder
from elearn.errors import Invalid

SECURITY = "keamanan-informasi"
LEADING = "memimpin-tim-kerja"
ARCHIVE = "arsip-digital"  # a draft with problems
COMPLAINTS = "pelayanan-publik"  # in review
LITERACY = "literasi-digital-2024"  # closed
SOURCES = Path(__file__).parent / "sources"
SWAPPED = "d-ulang"  # the fourth question of the course
RIGHT, WRONG = "- [x]", "- [ ]"
OLD_REMARK = (
    "Bagian ini akan dilengkapi setelah pengelola surel dinas mengumumkan tata cara yang baru."
)
COURSE_FILE = "course.md"
EXAM_FILE, CASE_FILE, LATER_EXAM_FILE = (
    "04-ujian-akhir.md",
    "04-tugas-kasus.md",
    "05-ujian-akhir.md",
)
WITHOUT_CASE = "Anda menulis refleksi sedikitnya 50 kata tentang tim Anda sendiri."
WITH_CASE = " Sebelum ujian akhir Anda menulis satu tugas kasus yang dinilai pengajar."


@dataclass(frozen=True)
class Editions:
    """The compiled courses, in the order they were first published, those in review and closed.

    ``folders`` are the files of each course as they were first kept, by its slug, and
    ``newest_security`` those of one course that have changed since.
    """

    first_security: Course
    security: Course
    leading: Course
    complaints: Course
    literacy: Course
    folders: dict[str, dict[str, bytes]]
    newest_security: dict[str, bytes]

    def newest(self, slug: str) -> Course:
        """A course as it is today."""
        given = {SECURITY: self.security, LEADING: self.leading, LITERACY: self.literacy}
        return given[slug]

    def truth(self, slug: str) -> dict[str, Question]:
        """The questions of a course with their right keys, by the id the author gave them."""
        return {
            question.id: question
            for quiz in self.newest(slug).quizzes
            for pool in quiz.pools
            for question in pool.questions
            if question.shape is not Shape.ESSAY
        }


def compile_all(courses: Path) -> Editions:
    """Compile the courses of the demo. Raises Invalid with the first thing that is wrong."""
    known = Known(competencies=framework.seed_codes(), courses=frozenset({SECURITY, LEADING}))
    security = read_folder(courses / SECURITY)
    first, leading = first_edition(security), with_case(read_folder(courses / LEADING))
    complaints, archive = read_folder(SOURCES / COMPLAINTS), read_folder(SOURCES / ARCHIVE)
    literacy = read_folder(SOURCES / LITERACY)
    kept = (first, leading, complaints, archive, literacy)
    before, after = _contents(first), _contents(security)
    return Editions(
        first_security=_sound(compile_course(first, known)),
        security=_sound(compile_course(security, known)),
        leading=_sound(compile_course(leading, known)),
        complaints=_sound(compile_course(complaints, known)),
        literacy=_sound(compile_course(literacy, known)),
        folders={source.slug: _contents(source) for source in kept},
        newest_security={path: text for path, text in after.items() if text != before[path]},
    )


def _contents(source: Source) -> dict[str, bytes]:
    return {path: file.content for path, file in source.files.items()}


def with_case(source: Source) -> Source:
    """The course as this agency gives it: before the exam a case to write, which is marked."""
    contents = _contents(source)
    exam = next((path for path in contents if path.endswith(EXAM_FILE)), "")
    if not exam or WITHOUT_CASE.encode() not in contents[COURSE_FILE]:
        raise Invalid("demo_course_changed")
    folder = exam.removesuffix(EXAM_FILE)
    contents[f"{folder}{LATER_EXAM_FILE}"] = contents.pop(exam)
    contents[f"{folder}{CASE_FILE}"] = (SOURCES / LEADING / "tugas-kasus.md").read_bytes()
    text = contents[COURSE_FILE].decode().replace(WITHOUT_CASE, WITHOUT_CASE + WITH_CASE)
    contents[COURSE_FILE] = text.encode()
    return Source.from_texts(source.slug, contents)


def first_edition(source: Source) -> Source:
    """The course as it was before: another text and a wrong key, both in one lesson."""
    contents = _contents(source)
    path = next((p for p, file in source.files.items() if f"`#{SWAPPED}`" in file.text), "")
    if not path:
        raise Invalid("demo_course_changed")
    contents[path] = _older(source.files[path].text).encode()
    return Source.from_texts(source.slug, contents)


def _older(text: str) -> str:
    title, _, rest = text.partition("\n")
    return f"{title}\n\n{OLD_REMARK}\n\n{_swapped(rest.lstrip())}"


def _swapped(text: str) -> str:
    """The text with the key of the question moved to its first wrong option."""
    at = text.index(f"`#{SWAPPED}`")
    before, asked = text[:at], text[at:]
    right, wrong = asked.index(RIGHT), asked.index(WRONG)
    letters = list(asked)
    letters[right : right + len(RIGHT)] = WRONG
    letters[wrong : wrong + len(WRONG)] = RIGHT
    return before + "".join(letters)


def _sound(compiled: Compiled) -> Course:
    if compiled.course is None:
        raise Invalid(str(compiled.problems[0]))
    return compiled.course
