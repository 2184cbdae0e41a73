"""Every example of the author guide compiles, and the guide leaves no shape, key or chip out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from elearn.content.chips import KNOWN as CHIPS
from elearn.content.compiler import Compiled
from elearn.content.course import Course, Shape
from elearn.content.settings import COURSE_SCHEMA
from tests.content.sources import LESSON, compiled, errors, warnings

GUIDE = (Path(__file__).parents[2] / "docs" / "penulis.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^````markdown ?(?P<path>\S*)\n(?P<text>.*?)^````$", re.MULTILINE | re.DOTALL)
EXAMPLES = [(found["path"], found["text"]) for found in EXAMPLE.finditer(GUIDE)]
FILES = {path: text for path, text in EXAMPLES if path}
PIECES = [text for path, text in EXAMPLES if not path]
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg"></svg>'
ENGLISH_CHIPS = {"easy", "medium", "hard", "partial", "shuffle", "fixed order", "max 3 attempts"}


def _alone(piece: str) -> Compiled:
    """A question in a quiz of its own; a check, a quiz, a survey or a reflection in a lesson."""
    is_question = piece.startswith("### ") and not piece.startswith("### Cek pemahaman:")
    return compiled({"01-satu.md": LESSON + ("## Kuis: Uji\n\n" if is_question else "") + piece})


def _whole() -> Compiled:
    """The course whose files the guide shows one by one."""
    return compiled({**FILES, "assets/alur.svg": PICTURE}, "pelayanan-aduan")


def _shapes(course: Course) -> set[Shape]:
    asked = [
        question for quiz in course.quizzes for pool in quiz.pools for question in pool.questions
    ]
    surveyed = [
        q for lesson in course.lessons for survey in lesson.surveys for q in survey.questions
    ]
    return {question.shape for question in (*asked, *surveyed)}


@pytest.mark.parametrize("piece", PIECES, ids=lambda text: text.splitlines()[0].strip("# "))
def test_each_example_compiles_alone(piece: str) -> None:
    done = _alone(piece)
    assert (errors(done), warnings(done)) == ([], [])


def test_the_files_of_the_guide_are_one_course() -> None:
    done = _whole()
    assert (errors(done), warnings(done)) == ([], [])


def test_every_shape_of_a_question_has_an_example() -> None:
    courses = [done.course for done in (_whole(), *map(_alone, PIECES))]
    assert set(Shape) == set().union(*(_shapes(course) for course in courses if course))


def test_the_guide_names_every_setting_of_a_course() -> None:
    settings = set(COURSE_SCHEMA.synonyms.values())
    assert [name for name in sorted(settings) if f"`{name}`" not in GUIDE] == []


def test_the_guide_names_every_chip() -> None:
    reveals = {chip for chip in CHIPS if chip.startswith("buka pembahasan") and "lulus" not in chip}
    chips = set(CHIPS) - ENGLISH_CHIPS - reveals
    assert [chip for chip in sorted(chips) if f"`{chip}`" not in GUIDE] == []


def test_the_contents_of_the_guide_lead_to_its_parts() -> None:
    headings = re.findall(r"^#{2,3} (.+)$", re.sub(EXAMPLE, "", GUIDE), re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", GUIDE)) <= anchors
