"""First attempts at a quiz, read from their rows as sittings for the item statistics."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    cast,
    func,
    literal,
    select,
    union_all,
)

from elearn.content import catalogue
from elearn.content.course import PRETEST, Question, Shape
from elearn.learning import grading
from elearn.learning.answers import Answer
from elearn.learning.grading import FULL
from elearn.learning.models import Attempt, AttemptAnswer, AttemptState, Enrolment, HintOpened
from elearn.reports import branch
from elearn.reports.branch import AnyRow, Query
from elearn.reports.items import Response, Sitting

# The newest attempts that are read: at 5,000 an interval is at most 3 points wide.
MOST_ATTEMPTS = 5000
SECOND_MS = 1000
TENTHS = 1000  # tenths of a percent in the whole
NOTHING = "[]"  # an answer that was never saved


class FirstAttempt(NamedTuple):
    """A person's first attempt: the score that stands (0 to 1), and each answer by its own key."""

    score: float
    sitting: Sitting


class Mark(NamedTuple):
    """What there is of a quiz: it differs as soon as an attempt is handed in or regraded."""

    quiz_key: str
    attempts: int
    last_id: str
    last_ms: int
    checksum: int


def marks(course_id: int) -> list[Mark]:
    """The quizzes of a course with first attempts, each with its mark; one statement."""
    weighed = cast(Attempt.score_tenths, BigInteger) * Attempt.enrolment_id
    statement = (
        select(
            Attempt.quiz_key,
            func.count(),
            func.max(Attempt.id),
            func.max(Attempt.submitted_ms),
            func.sum(weighed),
        )
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(_first(course_id))
        .group_by(Attempt.quiz_key)
        .order_by(Attempt.quiz_key)
    )
    return [
        Mark(key, count, last_id, last_ms, int(weight))
        for key, count, last_id, last_ms, weight in branch.read(statement)
    ]


def _first(course_id: int) -> ColumnElement[bool]:
    """A person's first attempt, in their first round, once its score stands; no pretest."""
    return and_(
        Enrolment.course_id == course_id,
        Enrolment.round == 1,
        Attempt.number == 1,
        Attempt.quiz_key != PRETEST,
        Attempt.state == AttemptState.SUBMITTED,
        Attempt.score_tenths.is_not(None),
    )


def first_attempts(course_id: int, quiz_key: str, mended: Collection[str]) -> list[FirstAttempt]:
    """The newest first attempts at a quiz; two statements, and one for questions not kept.

    Answers to questions that are ``mended`` (digests) were graded by another key since: here they
    are marked by their own, as the figures of a version are about its own key.
    """
    newest = _newest(course_id, quiz_key)
    columns = (Attempt.id, Attempt.questions, Attempt.points, Attempt.started_ms)
    attempts = branch.read(select(*columns, Attempt.score_tenths).where(Attempt.id.in_(newest)))
    given = _given(newest)
    drawn = {row.id: [digest for digest, _ in json.loads(row.questions)] for row in attempts}
    digests = dict.fromkeys(digest for asked in drawn.values() for digest in asked)
    questions = {q.digest: q for q in catalogue.questions(list(digests))}
    # Essays have no key of their own: what they were given stands.
    own = {d for d in mended if d in questions and questions[d].shape is not Shape.ESSAY}
    read = _Answers()
    return [
        FirstAttempt(
            row.score_tenths / TENTHS,
            _sitting(row, [questions[d] for d in drawn[row.id]], given[row.id], read, own),
        )
        for row in attempts
    ]


def _newest(course_id: int, quiz_key: str) -> Select[str]:
    return (
        select(Attempt.id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(_first(course_id), Attempt.quiz_key == quiz_key)
        .order_by(Attempt.submitted_ms.desc(), Attempt.id)
        .limit(MOST_ATTEMPTS)
    )


class _Given:
    """What somebody did in an attempt, by position: answers as stored, their moments, hints."""

    __slots__ = ("bodies", "hinted", "moments")

    def __init__(self) -> None:
        self.bodies: dict[int, str] = {}
        self.moments: dict[int, int] = {}
        self.hinted: set[int] = set()


def _given(newest: Select[str]) -> dict[str, _Given]:
    """By attempt, what was answered and which hints were opened; one statement for both."""
    found: dict[str, _Given] = defaultdict(_Given)
    for attempt_id, position, body, saved_ms, is_hint in branch.each(_answers_and_hints(newest)):
        given = found[attempt_id]
        if is_hint:
            given.hinted.add(position)
        else:
            given.bodies[position] = body
            given.moments[position] = saved_ms
    return found


class _Answers(dict[str, tuple[Answer, frozenset[str]]]):
    """Answers as stored, read without what was left empty: most are one of a few."""

    def __missing__(self, body: str) -> tuple[Answer, frozenset[str]]:
        answer = [part for part in json.loads(body) if part]
        self[body] = answer, frozenset(answer)
        return self[body]


def _answers_and_hints(newest: Select[str]) -> Query:
    columns = (AttemptAnswer.position, AttemptAnswer.body, AttemptAnswer.saved_ms)
    answers = select(AttemptAnswer.attempt_id, *columns, literal(0)).where(
        AttemptAnswer.attempt_id.in_(newest)
    )
    hints = select(
        HintOpened.attempt_id, HintOpened.position, literal("[]"), literal(0), literal(1)
    ).where(HintOpened.attempt_id.in_(newest))
    both = union_all(answers, hints).subquery()
    return select(*both.columns)


def _sitting(
    attempt: AnyRow, asked: Sequence[Question], given: _Given, read: _Answers, own: Collection[str]
) -> Sitting:
    took = seconds_of(attempt.started_ms, given.moments)
    found = []
    for at, (question, earned) in enumerate(zip(asked, json.loads(attempt.points), strict=True)):
        answer, picked = read[given.bodies.get(at, NOTHING)]
        hundredths = grading.grade(question, answer) if question.digest in own else earned
        mark, hinted = hundredths / FULL, at in given.hinted
        found.append(
            Response(
                question.digest, mark, question.points, picked, bool(answer), took.get(at), hinted
            )
        )
    return found


def seconds_of(started_ms: int, saved_ms: dict[int, int]) -> dict[int, float]:
    """Seconds between an answer and the one saved before it (or the start), by position.

    Answers saved within a second of each other came on one page: they have no time of their own.
    """
    found: dict[int, float] = {}
    before, last = started_ms, None
    for position, moment in sorted(saved_ms.items(), key=lambda item: item[1]):
        if last is not None and moment - before < SECOND_MS:
            found.pop(last, None)
        else:
            found[position] = (moment - before) / SECOND_MS
        before, last = moment, position
    return found
