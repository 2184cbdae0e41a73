"""How one edition of a course differs from another, as its author must see it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from elearn.content.course import Course, Lesson, Question, Quiz, Shape
from elearn.content.keys import ClozeKey, EssayKey, MatchingKey


class LessonChange(StrEnum):
    """What became of a lesson."""

    ADDED = "added"
    REMOVED = "removed"
    TEXT = "text"
    QUIZ = "quiz"  # what is read stays, its questions or the rules of its quiz differ
    RENAMED = "renamed"  # the same under another key


class QuestionChange(StrEnum):
    """What became of a question."""

    ADDED = "added"
    REMOVED = "removed"
    WORDING = "wording"
    KEY = "key"
    VOIDED = "voided"


class Fact(StrEnum):
    """What else of a course, or of one of its quizzes, may differ."""

    TITLE = "title"
    JP = "jp"
    KIND = "kind"
    COMPETENCIES = "competencies"
    RULES = "rules"
    PASS_PERCENT = "pass_percent"  # noqa: S105  # not a password
    MAX_ATTEMPTS = "max_attempts"
    TIME_LIMIT = "time_limit_minutes"
    QUESTION_COUNT = "question_count"
    REVEAL = "reveal"
    PRETEST = "pretest_ids"


COURSE_FACTS = (
    Fact.TITLE,
    Fact.JP,
    Fact.KIND,
    Fact.COMPETENCIES,
    Fact.RULES,
    Fact.PRETEST,
)
TERMS = frozenset({Fact.JP, Fact.KIND, Fact.COMPETENCIES})
QUIZ_FACTS = tuple(fact for fact in Fact if fact not in COURSE_FACTS)


@dataclass(frozen=True)
class ChangedLesson:
    """A lesson that is not what it was; ``title`` as it is now, or was."""

    key: str
    title: str
    what: LessonChange


@dataclass(frozen=True)
class ChangedQuestion:
    """A question that is not what it was; None where it is not there."""

    id: str
    what: QuestionChange
    before: Question | None
    after: Question | None

    @property
    def shown(self) -> Question:
        """The question as it is now, or was."""
        found = self.after or self.before
        assert found is not None  # noqa: S101  # one of the two is always there
        return found


@dataclass(frozen=True)
class ChangedFact:
    """A value that is not what it was; ``quiz`` is the title of its quiz, or empty."""

    what: Fact
    before: Any
    after: Any
    quiz: str = ""


@dataclass(frozen=True)
class Difference:
    """Everything that an author sees before publishing."""

    lessons: tuple[ChangedLesson, ...]
    questions: tuple[ChangedQuestion, ...]
    facts: tuple[ChangedFact, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.lessons or self.questions or self.facts)

    @property
    def changes_terms(self) -> bool:
        """Whether HR of the agency is asked again."""
        return any(fact.what in TERMS for fact in self.facts)

    @property
    def mended(self) -> tuple[ChangedQuestion, ...]:
        """Questions whose key alone is another: attempts may be graded again by it."""
        keys = (QuestionChange.KEY, QuestionChange.VOIDED)
        return tuple(question for question in self.questions if question.what in keys)


def difference(old: Course, new: Course) -> Difference:
    """What a new compilation changes."""
    return Difference(
        tuple(_lessons(old, new)),
        tuple(_questions(old, new)),
        (*_facts(old, new, COURSE_FACTS), *_quiz_facts(old, new)),
    )


def _lessons(old: Course, new: Course) -> Iterator[ChangedLesson]:
    before = {lesson.key: lesson for lesson in old.lessons}
    for lesson in new.lessons:
        key = next((key for key in (lesson.key, *lesson.old_keys) if key in before), "")
        known = before.pop(key, None)
        what = _became(known, lesson)
        if what:
            yield ChangedLesson(lesson.key, lesson.title, what)
    for lesson in before.values():
        yield ChangedLesson(lesson.key, lesson.title, LessonChange.REMOVED)


def _became(before: Lesson | None, lesson: Lesson) -> LessonChange | None:
    if before is None:
        return LessonChange.ADDED
    if before.digest == lesson.digest:
        return None if before.key == lesson.key else LessonChange.RENAMED
    same = before.title == lesson.title and read_of(before) == read_of(lesson)
    return LessonChange.QUIZ if same else LessonChange.TEXT


def read_of(lesson: Lesson) -> tuple[Any, ...]:
    """What is read in a lesson: its blocks, of a quiz no more than where it stands."""
    return tuple((b.key, b.intro_html) if isinstance(b, Quiz) else b for b in lesson.blocks)


def _questions(old: Course, new: Course) -> Iterator[ChangedQuestion]:
    asked, asks = questions_of(old), questions_of(new)
    for id_ in (*asks, *(id_ for id_ in asked if id_ not in asks)):
        before, after = asked.get(id_), asks.get(id_)
        what = _question_became(before, after)
        if what:
            yield ChangedQuestion(id_, what, before, after)


def questions_of(course: Course) -> dict[str, Question]:
    """The graded questions of a course by the id their author gave them."""
    return {q.id: q for quiz in course.quizzes for pool in quiz.pools for q in pool.questions}


def _question_became(before: Question | None, after: Question | None) -> QuestionChange | None:
    if before is None or after is None:
        return QuestionChange.REMOVED if before else QuestionChange.ADDED
    if before.digest == after.digest:
        return None
    if after.voided and not before.voided:
        return QuestionChange.VOIDED
    return QuestionChange.KEY if is_mended(before, after) else QuestionChange.WORDING


def is_mended(before: Question, after: Question) -> bool:
    """Whether an answer to the one is an answer to the other, and only what is right differs.

    The options are the same however they are ordered; hints and explanations may differ.
    """
    if after.shape in (Shape.ESSAY, Shape.SCALE):  # no key of theirs grades an answer
        return False
    same = before.id == after.id and before.shape == after.shape
    same = same and before.stem_text == after.stem_text
    return same and _offered(before) == _offered(after) and _rights(before) != _rights(after)


def _offered(question: Question) -> tuple[Any, ...]:
    """What one answers to, beside the text of the question."""
    options = {(option.key, option.html) for option in question.options}
    match question.key:
        case MatchingKey(prompts):
            return options, [(prompt.key, prompt.html) for prompt in prompts]
        case ClozeKey(pieces, gaps):
            return options, pieces, [frozenset(gap.choices) for gap in gaps]
        case EssayKey(criteria):
            return options, criteria
        case _:
            return (options,)


def _rights(question: Question) -> tuple[Any, ...]:
    earns = {(option.key, option.correct, option.percent) for option in question.options}
    order = [o.key for o in question.options] if question.shape is Shape.ORDERING else []
    rules = (question.partial, question.voided, question.points)
    return earns, order, question.key, rules


def _facts(old: Any, new: Any, facts: tuple[Fact, ...], quiz: str = "") -> Iterator[ChangedFact]:
    for fact in facts:
        before, after = getattr(old, fact.value), getattr(new, fact.value)
        if before != after:
            yield ChangedFact(fact, before, after, quiz)


def _quiz_facts(old: Course, new: Course) -> Iterator[ChangedFact]:
    before = {quiz.key: quiz for quiz in old.quizzes}
    for quiz in new.quizzes:
        if quiz.key in before:
            yield from _facts(before[quiz.key], quiz, QUIZ_FACTS, quiz.title)


def with_key_of(before: Question, after: Question) -> Question:
    """The question as it was asked, with the key and the explanation of its mended version."""
    mended = {option.key: option for option in after.options}
    return replace(
        before,
        options=tuple(mended.get(option.key, option) for option in before.options),
        key=after.key if after.shape is before.shape else before.key,
        explanation_html=after.explanation_html,
        voided=after.voided,
    )
