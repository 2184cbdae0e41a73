"""The courses of the demo: the folders as they are, and the first edition of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from elearn.competency import framework
from elearn.content.compiler import Compiled, Known, compile_course
from elearn.content.course import Course, Question
from elearn.content.reader import Source, read_folder
from elearn.errors import Invalid

SECURITY = "keamanan-informasi"
LEADING = "memimpin-tim-kerja"
SWAPPED = "d-ulang"  # the fourth question of the course
RIGHT, WRONG = "- [x]", "- [ ]"
OLD_REMARK = (
    "Bagian ini akan dilengkapi setelah pengelola surel dinas mengumumkan tata cara yang baru."
)


@dataclass(frozen=True)
class Editions:
    """The compiled courses, in the order they were first published."""

    first_security: Course
    security: Course
    leading: Course

    def newest(self, slug: str) -> Course:
        """A course as it is today."""
        return self.security if slug == SECURITY else self.leading

    def truth(self, slug: str) -> dict[str, Question]:
        """The questions of a course with their right keys, by the id the author gave them."""
        return {
            question.id: question
            for quiz in self.newest(slug).quizzes
            for pool in quiz.pools
            for question in pool.questions
        }


def compile_all(courses: Path) -> Editions:
    """Compile the courses of the demo. Raises Invalid with the first thing that is wrong."""
    known = Known(competencies=framework.seed_codes(), courses=frozenset({SECURITY, LEADING}))
    source = read_folder(courses / SECURITY)
    return Editions(
        first_security=_sound(compile_course(first_edition(source), known)),
        security=_sound(compile_course(source, known)),
        leading=_sound(compile_course(read_folder(courses / LEADING), known)),
    )


def first_edition(source: Source) -> Source:
    """The course as it was before: another text and a wrong key, both in one lesson."""
    contents = {path: file.content for path, file in source.files.items()}
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
