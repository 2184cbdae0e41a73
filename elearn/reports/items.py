"""Question by question: how each version of a question was answered in submitted attempts."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select

from elearn.content import catalogue
from elearn.content.course import Option, Question
from elearn.content.models import Course
from elearn.database import db
from elearn.errors import NotFound
from elearn.learning.grading import FULL
from elearn.learning.models import Attempt, AttemptAnswer, AttemptState, Enrolment
from elearn.reports import branch
from elearn.reports.branch import AnyRow


class OptionShare(NamedTuple):
    """How often an option was chosen, of all times the question was shown."""

    option: Option
    chosen: int
    percent: float


class QuestionResult(NamedTuple):
    """One version of a question. Shares are percent of the times it was shown.

    ``is_current`` says whether the newest version of the course still asks it so.
    """

    question: Question
    shown: int
    answered: int
    right_percent: float
    points_percent: float
    options: list[OptionShare]
    is_current: bool


class QuizResult(NamedTuple):
    """The questions of a quiz that anybody was asked."""

    key: str
    title: str
    attempts: int
    questions: list[QuestionResult]


@dataclass
class _Tally:
    shown: int = 0
    answered: int = 0
    right: int = 0
    hundredths: int = 0
    chosen: Counter[str] = field(default_factory=Counter)


class _Quiz(NamedTuple):
    attempts: list[str]
    tallies: defaultdict[str, _Tally]


def results(course_id: int) -> list[QuizResult]:
    """The results of every quiz of a course, in its order; a fixed number of statements."""
    version_id = db.session.scalar(select(Course.latest_version_id).where(Course.id == course_id))
    if version_id is None:
        raise NotFound
    quizzes = _tallied(course_id)
    titles = {
        quiz.key: quiz.title
        for lesson in catalogue.outline(version_id).lessons
        for quiz in lesson.quizzes
    }
    keys = [key for key in titles if key in quizzes] + sorted(quizzes.keys() - titles.keys())
    return [_quiz(version_id, key, titles.get(key, ""), quizzes[key]) for key in keys]


def _tallied(course_id: int) -> dict[str, _Quiz]:
    quizzes: dict[str, _Quiz] = {}
    drawn: dict[str, tuple[str, list[str]]] = {}
    for attempt in _attempts(course_id):
        quiz = quizzes.setdefault(attempt.quiz_key, _Quiz([], defaultdict(_Tally)))
        quiz.attempts.append(attempt.id)
        digests = [digest for digest, _ in json.loads(attempt.questions)]
        drawn[attempt.id] = (attempt.quiz_key, digests)
        for digest, points in zip(digests, json.loads(attempt.points), strict=True):
            _count(quiz.tallies[digest], points)
    for answer in _answers(course_id):
        key, digests = drawn[answer.attempt_id]
        given = [part for part in json.loads(answer.body) if part]
        if given:
            tally = quizzes[key].tallies[digests[answer.position]]
            tally.answered += 1
            tally.chosen.update(given)
    return quizzes


def _count(tally: _Tally, points: int) -> None:
    tally.shown += 1
    tally.hundredths += points
    tally.right += points == FULL


def _attempts(course_id: int) -> Iterator[AnyRow]:
    columns = (Attempt.id, Attempt.quiz_key, Attempt.questions, Attempt.points)
    statement = select(*columns).join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    return iter(branch.read(statement.where(_submitted(course_id))))


def _answers(course_id: int) -> Iterator[AnyRow]:
    columns = (AttemptAnswer.attempt_id, AttemptAnswer.position, AttemptAnswer.body)
    statement = (
        select(*columns)
        .join(Attempt, Attempt.id == AttemptAnswer.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    )
    return iter(branch.read(statement.where(_submitted(course_id))))


def _submitted(course_id: int) -> ColumnElement[bool]:
    done = Attempt.state == AttemptState.SUBMITTED
    return and_(Enrolment.course_id == course_id, done)


def _quiz(version_id: int, key: str, title: str, tallied: _Quiz) -> QuizResult:
    current = _current(version_id, key)
    questions = catalogue.questions(list(tallied.tallies))
    found = [
        _question(question, tallied.tallies[question.digest], is_current=question.digest in current)
        for question in questions
    ]
    found.sort(key=lambda result: (result.question.id, not result.is_current))
    return QuizResult(key, title, len(tallied.attempts), found)


def _current(version_id: int, key: str) -> set[str]:
    try:
        quiz = catalogue.quiz(version_id, key)
    except NotFound:  # the newest version no longer has this quiz
        return set()
    return {question.digest for pool in quiz.pools for question in pool.questions}


def _question(question: Question, tally: _Tally, *, is_current: bool) -> QuestionResult:
    return QuestionResult(
        question,
        tally.shown,
        tally.answered,
        100 * tally.right / tally.shown,
        100 * tally.hundredths / (FULL * tally.shown),
        [_option(option, tally) for option in question.options],
        is_current,
    )


def _option(option: Option, tally: _Tally) -> OptionShare:
    chosen = tally.chosen[option.key]
    return OptionShare(option, chosen, 100 * chosen / tally.shown)
