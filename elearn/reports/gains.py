"""What a course adds: pretest and post-test of the same people, for the group only."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import BigInteger, and_, cast, func, select
from sqlalchemy.orm import aliased

from elearn.content import catalogue
from elearn.content.course import PRETEST
from elearn.content.models import CourseVersion
from elearn.learning.grading import FULL
from elearn.learning.models import Attempt, AttemptState, Enrolment
from elearn.learning.quizzes import BY_PERSON
from elearn.reports import branch, estimates
from elearn.reports.branch import AnyRow, Query
from elearn.reports.estimates import Estimate

# Means of fewer could be guessed back to persons.
SMALLEST_GROUP = 5
# The newest people that are read, as for the statistics of questions.
MOST_PEOPLE = 5000
KEPT_COURSES = 32


class Gain(NamedTuple):
    """Mean shares (0 to 1) of a form before and of the other after, and what lies between."""

    before: float
    after: float
    gain: Estimate

    @property
    def people(self) -> int:
        return self.gain.size


class BeforeAfter(NamedTuple):
    """Whether a course asks before and after; ``gain`` is None while too few did both."""

    gain: Gain | None


def of_course(course_id: int, version_id: int) -> BeforeAfter | None:
    """The gain of a course; None if its newest version has no pretest. One statement, or three.

    Only who handed the pretest in before anything else is counted, once, in their first round.
    """
    if catalogue.outline(version_id).pretest is None:
        return None
    return _kept(course_id, _mark(course_id))


class _Mark(NamedTuple):
    """What differs as soon as a first attempt is handed in or regraded."""

    attempts: int
    last_id: str
    last_ms: int
    checksum: int


def _mark(course_id: int) -> _Mark:
    weighed = func.sum(cast(Attempt.score_tenths, BigInteger) * Attempt.enrolment_id)
    statement = (
        select(func.count(), func.max(Attempt.id), func.max(Attempt.submitted_ms), weighed)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.course_id == course_id, Enrolment.round == 1, Attempt.number == 1)
        .where(Attempt.state == AttemptState.SUBMITTED)
    )
    [(count, last_id, last_ms, checksum)] = branch.read(statement)
    return _Mark(count, last_id or "", last_ms or 0, int(checksum or 0))


@lru_cache(maxsize=KEPT_COURSES)
def _kept(course_id: int, _when: _Mark) -> BeforeAfter:
    """The gain as it was when the attempts were so many and came to so much."""
    pairs = list(_pairs(course_id))
    if len(pairs) < SMALLEST_GROUP:
        return BeforeAfter(None)
    before, after = ([pair[at] for pair in pairs] for at in range(2))
    gain = estimates.gain(before, after)
    return BeforeAfter(Gain(sum(before) / len(pairs), sum(after) / len(pairs), gain))


def _pairs(course_id: int) -> Iterator[tuple[float, float]]:
    versions = branch.read(select(CourseVersion.id).where(CourseVersion.course_id == course_id))
    outlines = catalogue.outlines_of(row.id for row in versions)
    final = {id_: outline.final_quiz_key for id_, outline in outlines.items() if outline.pretest}
    for row in branch.read(_both(course_id, set(final.values()))):
        if final.get(row.after_version) == row.quiz_key:
            yield from _shares(row)


def _both(course_id: int, quiz_keys: Collection[str]) -> Query:
    """Pretests that were in time, each with the first attempt at a final quiz."""
    before, after = aliased(Attempt), aliased(Attempt)
    same = and_(
        after.enrolment_id == before.enrolment_id,
        after.quiz_key.in_(quiz_keys),
        after.number == 1,
        after.state == AttemptState.SUBMITTED,
    )
    in_time = and_(before.state == AttemptState.SUBMITTED, before.closed_by == BY_PERSON)
    return (
        select(
            before.questions.label("before_questions"),
            before.points.label("before_points"),
            after.version_id.label("after_version"),
            after.quiz_key,
            after.questions.label("after_questions"),
            after.points.label("after_points"),
        )
        .join(Enrolment, Enrolment.id == before.enrolment_id)
        .join(after, same)
        .where(Enrolment.course_id == course_id, Enrolment.round == 1)
        .where(before.quiz_key == PRETEST, in_time)
        .order_by(after.submitted_ms.desc(), after.id)
        .limit(MOST_PEOPLE)
    )


def _shares(row: AnyRow) -> Iterator[tuple[float, float]]:
    """The share of a form that was right before, of the other after; nothing without either."""
    forms = catalogue.pretest(row.after_version).ids
    asked = _earned(row.before_questions, row.before_points)
    other = {id_ for form in forms for id_ in form}.difference(asked)
    answered = _earned(row.after_questions, row.after_points)
    before, after = _share(asked, asked), _share(answered, other)
    if before is not None and after is not None:
        yield before, after


def _earned(questions: str, points: str) -> dict[str, tuple[int, int]]:
    """By id, what each question of an attempt earned and could earn; none that were voided."""
    asked = catalogue.questions([digest for digest, _ in json.loads(questions)])
    return {
        question.id: (question.points * earned, question.points * FULL)
        for question, earned in zip(asked, json.loads(points), strict=True)
        if not question.voided
    }


def _share(earned: dict[str, tuple[int, int]], of: Collection[str]) -> float | None:
    counted = [earned[id_] for id_ in of if id_ in earned]
    whole = sum(points for _, points in counted)
    return sum(points for points, _ in counted) / whole if whole else None
