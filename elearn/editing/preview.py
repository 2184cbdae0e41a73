"""A draft as learners will see it: compiled by the publishing compiler, shown by lesson."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from elearn.competency import framework
from elearn.content import catalogue, drafts
from elearn.content.compiler import Compiled, Known, compile_course
from elearn.content.course import Block, Check, Course, Pretest, Question
from elearn.content.drafts import Draft
from elearn.content.problems import Problem
from elearn.learning import checks
from elearn.learning.checks import CheckState


@dataclass(frozen=True)
class Preview:
    """A file as it will show. ``blocks`` of a lesson, ``questions`` of a bank, or plain HTML.

    The front page of a course has its ``pretest`` too.
    """

    path: str
    title: str
    blocks: Sequence[Block] = ()
    questions: Sequence[Question] = ()
    html: str = ""
    problems: Sequence[Problem] = ()
    pretest: Pretest | None = None

    @property
    def all_questions(self) -> list[Question]:
        """Every question on the page."""
        checks = [block.question for block in self.blocks if isinstance(block, Check)]
        drawn = [
            question
            for block in self.blocks
            for pool in getattr(block, "pools", ())
            for question in pool.questions
        ]
        asked = [q for form in self.pretest.forms for q in form] if self.pretest else []
        return [*checks, *drawn, *self.questions, *asked]


def compiled(draft: Draft, changed: Mapping[str, bytes] | None = None) -> Compiled:
    """The working copy compiled, with files that were not saved yet."""
    known = Known(
        framework.known_codes(),
        frozenset(catalogue.slugs()),
        retired=framework.retired_codes(),
    )
    return compile_course(drafts.source(draft, changed), known)


def titles(done: Compiled) -> dict[str, str]:
    """What files of a course are called, by path, as far as it can be read."""
    course = done.partial
    if course is None:
        return {}
    named = {lesson.path: lesson.title for lesson in course.lessons}
    heads = {
        _folder_of(lesson.path): module for module in course.modules for lesson in module.lessons
    }
    return named | {
        f"{folder}/module.md": module.title for folder, module in heads.items() if folder
    }


def _folder_of(path: str) -> str:
    return path.rpartition("/")[0]


def of_file(done: Compiled, path: str) -> Preview:
    """How a file shows, as far as it can be read, and what is wrong in it."""
    problems = [problem for problem in done.problems if problem.path == path]
    course = done.partial
    if course is None:
        return Preview(path, "", problems=problems)
    if path == "course.md":
        shown = Preview(path, course.title, html=course.overview_html, problems=problems)
        return replace(shown, pretest=course.pretest)
    if path in done.banks:
        return Preview(path, "", questions=done.banks[path], problems=problems)
    return _of_lesson(course, path, problems)


def _of_lesson(course: Course, path: str, problems: list[Problem]) -> Preview:
    for lesson in course.lessons:
        if lesson.path == path:
            return Preview(path, lesson.title, blocks=lesson.blocks, problems=problems)
    folder = path.partition("/")[0].lstrip("0123456789-_. ")
    for module in course.modules:
        if path.endswith("/module.md") and folder == module.key:
            return Preview(path, module.title, html=module.intro_html, problems=problems)
    return Preview(path, "", problems=problems)


def check_state(page: Preview, key: str, fields: Mapping[str, list[str]]) -> CheckState | None:
    """What the address asks of a question of the page; nothing is kept."""
    found = next((question for question in page.all_questions if question.id == key), None)
    return checks.state_of(key, found, fields) if found else None


def as_check(question: Question) -> Check:
    """A question of a quiz as one that is answered on the spot."""
    return Check(question.id, question)
