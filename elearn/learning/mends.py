"""Mended keys: which questions of a course are graded by another version of themselves, and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select

from elearn.content import catalogue
from elearn.content.course import Question, Shape
from elearn.content.models import CourseVersion
from elearn.database import db
from elearn.learning import grading
from elearn.learning.answers import Answer
from elearn.learning.grading import Result
from elearn.learning.models import Regrade


class Mend(NamedTuple):
    """The question by whose key answers are graded, and whether no answer may earn less by it."""

    question: Question
    never_worse: bool


def of_version(version_id: int, digests: Iterable[str]) -> dict[str, Mend]:
    """The mends in force for questions of a version's course, by digest; the newest counts."""
    statement = (
        select(Regrade.question, Regrade.mended, Regrade.never_worse)
        .join(CourseVersion, CourseVersion.course_id == Regrade.course_id)
        .where(CourseVersion.id == version_id, Regrade.question.in_(list(digests)))
        .order_by(Regrade.id)
    )
    found = {row.question: row for row in db.session.execute(statement)}
    mended = catalogue.questions([row.mended for row in found.values()])
    return {
        digest: Mend(question, row.never_worse)
        for (digest, row), question in zip(found.items(), mended, strict=True)
    }


def grade(
    questions: Sequence[Question],
    answers: Mapping[int, Answer],
    pass_percent: int,
    mended: Mapping[str, Mend],
) -> Result:
    """Grade an attempt for the first time, by mended keys where there are any. Pure."""
    result = grading.grade_all(questions, answers, pass_percent)
    return again(questions, answers, pass_percent, result, mended) if mended else result


def again(
    questions: Sequence[Question],
    answers: Mapping[int, Answer],
    pass_percent: int,
    was: Result,
    mended: Mapping[str, Mend],
) -> Result:
    """Grade an attempt anew where keys are mended; all other questions keep their points. Pure.

    Under "never worse" neither a question nor the whole may come to less than it was.
    """
    hundredths = tuple(
        _again(mended.get(question.digest), answers.get(i, []), earned)
        for i, (question, earned) in enumerate(zip(questions, was.hundredths, strict=True))
    )
    weights = [asked_as(mended, question).points for question in questions]
    result = grading.result_of(weights, hundredths, pass_percent)
    if any(mend.never_worse for mend in mended.values()):
        return not_worse(was, result)
    return result


def not_worse(was: Result, now: Result) -> Result:
    """What is counted now, but neither the score nor the pass below what it was. Pure."""
    score_tenths = max(now.score_tenths, was.score_tenths)
    return Result(now.hundredths, score_tenths, was.passed or now.passed)


def _again(mend: Mend | None, answer: Answer, earned: int) -> int:
    if mend is None or (mend.question.shape is Shape.ESSAY and not mend.question.voided):
        return earned
    now = grading.grade(mend.question, answer)
    return max(now, earned) if mend.never_worse else now


def asked_as(mended: Mapping[str, Mend], question: Question) -> Question:
    """The question by whose key and points answers to another are graded."""
    mend = mended.get(question.digest)
    return mend.question if mend else question
