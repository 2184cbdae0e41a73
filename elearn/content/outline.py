"""The shape of a version without its text: what rules, pages and lists need. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from elearn.content import stored
from elearn.content.course import (
    PRETEST,
    Category,
    CompetencyLevel,
    Course,
    Lesson,
    Pretest,
    Quiz,
    Reveal,
    Rule,
)
from elearn.content.minutes import quiz_minutes, reflection_minutes
from elearn.errors import NotFound


@dataclass(frozen=True)
class QuizSummary:
    """The rules of a quiz, without its questions; ``minutes`` is what they take, rounded up."""

    key: str
    title: str
    question_count: int
    pass_percent: int
    max_attempts: int
    time_limit_minutes: int
    reveal: Reveal
    minutes: int = 0


@dataclass(frozen=True)
class ReflectionSummary:
    """A reflection that a lesson asks for."""

    key: str
    title: str
    min_words: int


@dataclass(frozen=True)
class SurveySummary:
    """A survey that stands in a lesson."""

    key: str
    title: str


@dataclass(frozen=True)
class OutlineLesson:
    """A lesson without its text. ``minutes`` counts text and checks, ``whole_minutes`` all."""

    key: str
    title: str
    minutes: int
    digest: str
    required: bool
    has_text: bool
    quizzes: tuple[QuizSummary, ...] = ()
    reflections: tuple[ReflectionSummary, ...] = ()
    old_keys: tuple[str, ...] = ()
    surveys: tuple[SurveySummary, ...] = ()

    @property
    def whole_minutes(self) -> int:
        """Text and checks, quizzes and reflections."""
        asked = sum(quiz.minutes for quiz in self.quizzes)
        written = sum(math.ceil(reflection_minutes(r.min_words)) for r in self.reflections)
        return self.minutes + asked + written


@dataclass(frozen=True)
class OutlineModule:
    """A titled run of lessons."""

    key: str
    title: str
    intro_html: str
    lessons: tuple[OutlineLesson, ...]


@dataclass(frozen=True)
class Outline:
    """A version without text and questions."""

    slug: str
    digest: str
    title: str
    summary: str
    category: Category
    jp: int
    kind: int
    minutes: int
    competencies: tuple[CompetencyLevel, ...]
    modules: tuple[OutlineModule, ...]
    rules: tuple[Rule, ...]
    core_values: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    organiser: str = ""
    valid_months: int = 0
    language: str = "id"
    version_id: int = 0
    course_id: int = 0
    number: int = 0
    pretest: QuizSummary | None = None

    @cached_property
    def lessons(self) -> tuple[OutlineLesson, ...]:
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @cached_property
    def lesson_keys(self) -> list[str]:
        return [lesson.key for lesson in self.lessons]

    @cached_property
    def _by_key(self) -> dict[str, OutlineLesson]:
        old = {key: lesson for lesson in self.lessons for key in lesson.old_keys}
        return old | {lesson.key: lesson for lesson in self.lessons}

    def find(self, key: str) -> OutlineLesson:
        """The lesson with a key, or that had it before. Raises NotFound."""
        try:
            return self._by_key[key]
        except KeyError:
            raise NotFound from None

    def module_of(self, key: str) -> OutlineModule:
        """The module a lesson stands in."""
        return next(m for m in self.modules if any(le.key == key for le in m.lessons))

    def next_key(self, key: str) -> str:
        """The key of the lesson after; empty after the last."""
        at = self.lesson_keys.index(self.find(key).key)
        return self.lesson_keys[at + 1] if at + 1 < len(self.lesson_keys) else ""

    def previous_key(self, key: str) -> str:
        """The key of the lesson before; empty before the first."""
        at = self.lesson_keys.index(self.find(key).key)
        return self.lesson_keys[at - 1] if at else ""

    def quiz(self, key: str) -> QuizSummary:
        """The quiz with a key, the pretest too. Raises NotFound."""
        if key == PRETEST and self.pretest:
            return self.pretest
        return self._quizzes[self._known(key)][0]

    def lesson_of_quiz(self, key: str) -> OutlineLesson:
        """The lesson a quiz stands in. Raises NotFound."""
        return self._quizzes[self._known(key)][1]

    def _known(self, key: str) -> str:
        if key not in self._quizzes:
            raise NotFound
        return key

    @cached_property
    def final_quiz_key(self) -> str:
        """The key of the last quiz, empty without one: its first attempt is the post-test."""
        return next(reversed(self._quizzes), "")

    @cached_property
    def _quizzes(self) -> dict[str, tuple[QuizSummary, OutlineLesson]]:
        return {quiz.key: (quiz, lesson) for lesson in self.lessons for quiz in lesson.quizzes}

    def reflection(self, key: str) -> ReflectionSummary:
        """The reflection with a key. Raises NotFound."""
        found = (r for lesson in self.lessons for r in lesson.reflections if r.key == key)
        reflection = next(found, None)
        if reflection is None:
            raise NotFound
        return reflection

    def lesson_of_reflection(self, key: str) -> OutlineLesson:
        """The lesson a reflection stands in. Raises NotFound."""
        self.reflection(key)
        return next(le for le in self.lessons if any(r.key == key for r in le.reflections))

    def lesson_of_survey(self, key: str) -> OutlineLesson:
        """The lesson a survey stands in. Raises NotFound."""
        found = (le for le in self.lessons if any(s.key == key for s in le.surveys))
        lesson = next(found, None)
        if lesson is None:
            raise NotFound
        return lesson


def outline_of(course: Course) -> Outline:
    """The outline of a compiled course."""
    return Outline(
        slug=course.slug,
        digest=course.digest,
        title=course.title,
        summary=course.summary,
        category=course.category,
        jp=course.jp,
        kind=course.kind,
        minutes=course.minutes,
        competencies=course.competencies,
        modules=tuple(
            OutlineModule(m.key, m.title, m.intro_html, tuple(_lesson(le) for le in m.lessons))
            for m in course.modules
        ),
        rules=course.rules,
        core_values=course.core_values,
        audience=course.audience,
        prerequisites=course.prerequisites,
        organiser=course.organiser,
        valid_months=course.valid_months,
        language=course.language,
        pretest=_pretest(course.pretest) if course.pretest else None,
    )


def _lesson(lesson: Lesson) -> OutlineLesson:
    return OutlineLesson(
        lesson.key,
        lesson.title,
        lesson.minutes,
        lesson.digest,
        lesson.required,
        any(not isinstance(block, Quiz) for block in lesson.blocks),
        tuple(_quiz(quiz) for quiz in lesson.quizzes),
        tuple(ReflectionSummary(r.key, r.title, r.min_words) for r in lesson.reflections),
        lesson.old_keys,
        tuple(SurveySummary(s.key, s.title) for s in lesson.surveys),
    )


def _pretest(pretest: Pretest) -> QuizSummary:
    return _quiz(pretest.quiz(0))


def _quiz(quiz: Quiz) -> QuizSummary:
    return QuizSummary(
        quiz.key,
        quiz.title,
        quiz.question_count,
        quiz.pass_percent,
        quiz.max_attempts,
        quiz.time_limit_minutes,
        quiz.reveal,
        math.ceil(quiz_minutes(quiz)),
    )


def encode(outline: Outline) -> dict[str, Any]:
    """The outline as JSON values."""
    body: dict[str, Any] = stored.encode(outline)
    return body


def decode(body: dict[str, Any]) -> Outline:
    """The outline of stored JSON values."""
    return stored.decode(Outline, body)
