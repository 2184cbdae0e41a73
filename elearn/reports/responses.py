"""First attempts at a quiz, read from their rows as sittings for the item statistics."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, and_, cast, func, select

from elearn.content import catalogue
from elearn.learning.grading import FULL
from elearn.learning.models import Attempt, AttemptAnswer, AttemptState, Enrolment
from elearn.reports import branch
from elearn.reports.branch import AnyRow
from elearn.reports.items import Response, Sitting

# The newest attempts that are read: at 5,000 an interval is at most 3 points wide.
MOST_ATTEMPTS = 5000
SECOND_MS = 1000


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
    """A person's first attempt, in their first round, once its score stands."""
    return and_(
        Enrolment.course_id == course_id,
        Enrolment.round == 1,
        Attempt.number == 1,
        Attempt.state == AttemptState.SUBMITTED,
        Attempt.score_tenths.is_not(None),
    )


def sittings(course_id: int, quiz_key: str) -> list[Sitting]:
    """The newest first attempts at a quiz; two statements, and one for questions not kept."""
    newest = _newest(course_id, quiz_key)
    attempts = branch.read(
        select(Attempt.id, Attempt.questions, Attempt.points, Attempt.started_ms).where(
            Attempt.id.in_(newest)
        )
    )
    answers = _answers(newest)
    drawn = {row.id: [digest for digest, _ in json.loads(row.questions)] for row in attempts}
    weights = _weights(digest for digests in drawn.values() for digest in digests)
    return [_sitting(row, drawn[row.id], answers[row.id], weights) for row in attempts]


def _newest(course_id: int, quiz_key: str) -> Select[str]:
    return (
        select(Attempt.id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(_first(course_id), Attempt.quiz_key == quiz_key)
        .order_by(Attempt.submitted_ms.desc(), Attempt.id)
        .limit(MOST_ATTEMPTS)
    )


def _answers(newest: Select[str]) -> dict[str, list[AnyRow]]:
    found: dict[str, list[AnyRow]] = defaultdict(list)
    columns = (AttemptAnswer.position, AttemptAnswer.body, AttemptAnswer.saved_ms)
    statement = select(AttemptAnswer.attempt_id, *columns).where(
        AttemptAnswer.attempt_id.in_(newest)
    )
    for row in branch.read(statement):
        found[row.attempt_id].append(row)
    return found


def _weights(digests: Iterable[str]) -> dict[str, int]:
    return {q.digest: q.points for q in catalogue.questions(list(dict.fromkeys(digests)))}


def _sitting(
    attempt: AnyRow, digests: Sequence[str], answers: list[AnyRow], weights: dict[str, int]
) -> Sitting:
    given = {row.position: [part for part in json.loads(row.body) if part] for row in answers}
    took = seconds_of(attempt.started_ms, {row.position: row.saved_ms for row in answers})
    return [
        Response(
            digest=digest,
            mark=points / FULL,
            points=weights[digest],
            picked=frozenset(given.get(position, ())),
            answered=bool(given.get(position)),
            seconds=took.get(position),
        )
        for position, (digest, points) in enumerate(
            zip(digests, json.loads(attempt.points), strict=True)
        )
    ]


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
