"""Essays wait for their marks: the queue of a course, a mark, and the result that follows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.content import catalogue
from elearn.content.course import Question
from elearn.content.keys import EssayKey
from elearn.database import db
from elearn.errors import Conflict, Invalid, NotFound
from elearn.journal.chain import canonical
from elearn.learning import answers, attempts, grading, quizzes, record, study
from elearn.learning.events import AttemptMarked, EssayMarked, client_id
from elearn.learning.models import Attempt, Enrolment, EssayMark
from elearn.learning.record import Happening
from elearn.people import notices
from elearn.people.models import Person, full_name

MAX_COMMENT = 4_000


@dataclass(frozen=True)
class Waiting:
    """An essay that nobody has marked; ``full_name`` is empty where marking is anonymous."""

    attempt_id: str
    position: int
    quiz_title: str
    question: Question
    submitted_ms: int
    full_name: str


@dataclass(frozen=True)
class EssayPage:
    """An essay to be marked against its rubric, and how many wait beside it."""

    waiting: Waiting
    key: EssayKey
    text: str
    others: int


@dataclass(frozen=True)
class Mark:
    """What an essay was given: points per criterion, and a word to the learner."""

    points: tuple[int, ...]
    comment: str


def queue(course_id: int) -> list[Waiting]:
    """The essays of a course that wait, question by question, the oldest first."""
    found = [
        essay for attempt, person in _unmarked(course_id) for essay in _essays(attempt, person)
    ]
    return sorted(found, key=lambda e: (e.quiz_title, e.question.id, e.submitted_ms, e.attempt_id))


def count(course_id: int) -> int:
    """How many essays of a course wait."""
    statement = select(func.coalesce(func.sum(Attempt.unmarked), 0)).join(
        Enrolment, Enrolment.id == Attempt.enrolment_id
    )
    return db.session.scalar(statement.where(Enrolment.course_id == course_id)) or 0


def _unmarked(course_id: int) -> Sequence[Any]:
    statement = (
        select(Attempt, Person)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Attempt.person_id)
        .where(Enrolment.course_id == course_id, Attempt.unmarked > 0)
    )
    return db.session.execute(statement).all()


def _essays(attempt: Attempt, person: Person) -> list[Waiting]:
    quiz = catalogue.quiz(attempt.version_id, attempt.quiz_key)
    name = (
        ""
        if quiz.anonymous
        else full_name(person.degrees_before, person.name, person.degrees_after)
    )
    questions = catalogue.questions([drawn.digest for drawn in attempts.drawn_of(attempt)])
    points = json.loads(attempt.points)
    return [
        Waiting(attempt.id, i, quiz.title, question, attempt.submitted_ms or 0, name)
        for i, question in enumerate(questions)
        if points[i] == grading.UNMARKED
    ]


def essay_page(course_id: int, attempt_id: str, position: int) -> EssayPage:
    """An essay that waits. Raises NotFound, Conflict("marked") when somebody has marked it."""
    waiting = queue(course_id)
    found = next((w for w in waiting if (w.attempt_id, w.position) == (attempt_id, position)), None)
    if found is None:
        mark = _marks(attempt_id).get(position)
        raise Conflict("marked") if mark and _is_of(course_id, attempt_id) else NotFound()
    stored = attempts.answers_of(attempt_id)[position]
    assert isinstance(found.question.key, EssayKey)  # noqa: S101  # only essays wait
    text = answers.essay_of(stored.answer)
    return EssayPage(found, found.question.key, text, len(waiting) - 1)


def _is_of(course_id: int, attempt_id: str) -> bool:
    statement = select(Attempt.id).join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    statement = statement.where(Attempt.id == attempt_id, Enrolment.course_id == course_id)
    return db.session.scalar(statement) is not None


def _marks(attempt_id: str) -> dict[int, EssayMark]:
    statement = select(EssayMark).where(EssayMark.attempt_id == attempt_id)
    return {mark.position: mark for mark in db.session.scalars(statement)}


def marks_of(attempt_id: str) -> dict[int, Mark]:
    """The marks of an attempt so far, by the place of the question."""
    return {
        position: Mark(tuple(json.loads(mark.points)), mark.comment)
        for position, mark in _marks(attempt_id).items()
    }


def give_mark(session: Session, instructor_id: int, page: EssayPage, given: Mark) -> None:
    """Keep a mark; the last one of an attempt makes its result, and completes what is then due.

    Raises Invalid("points_out_of_range"), Invalid("comment_long") and Conflict("marked") when
    somebody else was faster.
    """
    waiting = page.waiting
    _check(page, given)
    attempt = quizzes.lock(session, waiting.attempt_id)
    points = json.loads(attempt.points)
    if points[waiting.position] != grading.UNMARKED:
        raise Conflict("marked")
    points[waiting.position] = _hundredths(page, given)
    attempt.points = canonical(points)
    attempt.unmarked -= 1
    now_ms = clock.now_ms()
    session.add(_row(waiting, given, instructor_id, now_ms))
    session.flush()
    happening = _marked(attempt, waiting, given, instructor_id, now_ms)
    record.append(session, quizzes.key_of(session, attempt.enrolment_id), [happening])
    if not attempt.unmarked:
        _conclude(session, attempt, points, now_ms)


def _check(page: EssayPage, given: Mark) -> None:
    limits = [criterion.points for criterion in page.key.criteria]
    fits = len(given.points) == len(limits)
    if not fits or any(not 0 <= p <= top for p, top in zip(given.points, limits, strict=True)):
        raise Invalid("points_out_of_range", "points")
    if len(given.comment) > MAX_COMMENT or "\x00" in given.comment:
        raise Invalid("comment_long", "comment")


def _hundredths(page: EssayPage, given: Mark) -> int:
    """Rounded up, so that a third of three points is worth the whole point at the pass mark."""
    whole = sum(criterion.points for criterion in page.key.criteria)
    return -(-grading.FULL * sum(given.points) // whole)


def _row(waiting: Waiting, given: Mark, instructor_id: int, now_ms: int) -> EssayMark:
    return EssayMark(
        attempt_id=waiting.attempt_id,
        position=waiting.position,
        points=canonical(list(given.points)),
        comment=given.comment,
        marked_by=instructor_id,
        marked_ms=now_ms,
    )


def _marked(
    attempt: Attempt, waiting: Waiting, given: Mark, instructor_id: int, now_ms: int
) -> Happening:
    event = EssayMarked(
        enrolment=attempt.enrolment_id,
        attempt=attempt.id,
        quiz=attempt.quiz_key,
        position=waiting.position,
        points=list(given.points),
        comment=hashlib.sha256(given.comment.encode()).hexdigest() if given.comment else "",
        marked_by=instructor_id,
    )
    return Happening(client_id("mark", attempt.id, waiting.position), event, now_ms)


def _conclude(session: Session, attempt: Attempt, points: list[int], now_ms: int) -> None:
    """Every essay is marked: the score, the lessons that the pass finishes, the completion."""
    result = quizzes.marked_result(attempt, points)
    attempt.points = canonical(list(result.hundredths))
    attempt.score_tenths, attempt.passed = result.score_tenths, result.passed
    session.flush()
    event = AttemptMarked(
        enrolment=attempt.enrolment_id,
        attempt=attempt.id,
        quiz=attempt.quiz_key,
        number=attempt.number,
        points=list(result.hundredths),
        score_tenths=result.score_tenths,
        passed=result.passed,
    )
    key = quizzes.key_of(session, attempt.enrolment_id)
    happening = Happening(client_id("marked", attempt.id), event, now_ms)
    after = record.append(session, key, [happening]).progress
    done = quizzes.lessons_done(key, attempt, after, now_ms)
    study.append_and_complete(session, key, done, now_ms)
    notices.notify(
        attempt.person_id,
        notices.NoticeKind.ATTEMPT_MARKED,
        f"marked:{attempt.id}",
        title=catalogue.outline(attempt.version_id).quiz(attempt.quiz_key).title,
        score=result.score_tenths,
        attempt=attempt.id,
    )
