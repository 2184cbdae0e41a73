"""Essays wait for their marks: the queue of a course, a mark, and the result that follows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.content import catalogue
from elearn.content.course import Question, Quiz
from elearn.content.keys import EssayKey
from elearn.database import db
from elearn.errors import Conflict, NotAllowed, NotFound
from elearn.journal.chain import canonical
from elearn.learning import answers, attempts, grading, quizzes, record, rubric, study, turns
from elearn.learning.events import AttemptMarked, EssayMarked, client_id
from elearn.learning.models import Attempt, Enrolment, EssayMark
from elearn.learning.record import Happening
from elearn.learning.rubric import Mark
from elearn.learning.turns import Turn
from elearn.people import notices
from elearn.people.models import Person, full_name


@dataclass(frozen=True)
class Waiting:
    """An essay that nobody has marked; ``full_name`` is empty where marking is anonymous.

    ``turn`` is the colleague whose turn it is, empty for one's own and where it is nobody's.
    """

    attempt_id: str
    position: int
    quiz_title: str
    question: Question
    submitted_ms: int
    full_name: str
    turn: str = ""

    @property
    def is_mine(self) -> bool:
        """Whether who looks at the queue is to mark it."""
        return not self.turn

    @property
    def days(self) -> int:
        """For how many days it has waited."""
        return (clock.today() - clock.day_of(self.submitted_ms)).days


@dataclass(frozen=True)
class EssayPage:
    """An essay to be marked against its rubric, and how many more are the marker's to mark."""

    waiting: Waiting
    key: EssayKey
    text: str
    others: int


def queue(course_id: int, marker_id: int) -> list[Waiting]:
    """The essays of a course that wait, question by question, the oldest first.

    Those whose turn is a colleague's come last. What the marker wrote is not among them: nobody
    marks their own.
    """
    whose = turns.of_course(course_id)
    found = [
        replace(essay, turn=_turn_shown(whose.get(attempt.id), marker_id))
        for attempt, person in _unmarked(course_id, marker_id)
        for essay in _essays(attempt, person)
    ]
    return sorted(found, key=_in_queue)


def _turn_shown(turn: Turn | None, marker_id: int) -> str:
    return turn.full_name if turn and turn.marker_id != marker_id else ""


def _in_queue(essay: Waiting) -> tuple[Any, ...]:
    later = not essay.is_mine
    return later, essay.quiz_title, essay.question.id, essay.submitted_ms, essay.attempt_id


def _unmarked(course_id: int, marker_id: int) -> Sequence[Any]:
    statement = (
        select(Attempt, Person)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Attempt.person_id)
        .where(
            Enrolment.course_id == course_id,
            Attempt.unmarked > 0,
            Attempt.person_id != marker_id,
        )
    )
    return db.session.execute(statement).all()


def name_shown(quiz: Quiz, person: Person) -> str:
    """The name of a learner as who marks the quiz may see it; empty where that is anonymous."""
    if quiz.anonymous:
        return ""
    return full_name(person.degrees_before, person.name, person.degrees_after)


def _essays(attempt: Attempt, person: Person) -> list[Waiting]:
    quiz = catalogue.quiz(attempt.version_id, attempt.quiz_key)
    name = name_shown(quiz, person)
    questions = catalogue.questions([drawn.digest for drawn in attempts.drawn_of(attempt)])
    points = json.loads(attempt.points)
    return [
        Waiting(attempt.id, i, quiz.title, question, attempt.submitted_ms or 0, name)
        for i, question in enumerate(questions)
        if points[i] == grading.UNMARKED
    ]


def essay_page(course_id: int, marker_id: int, attempt_id: str, position: int) -> EssayPage:
    """An essay that waits. Raises NotFound, Conflict("marked") when somebody has marked it."""
    waiting = queue(course_id, marker_id)
    found = next((w for w in waiting if (w.attempt_id, w.position) == (attempt_id, position)), None)
    if found is None:
        attempt = attempt_in(course_id, marker_id, attempt_id)
        raise Conflict("marked") if position in _marks(attempt.id) else NotFound()
    key, text = written(attempt_id, position, found.question)
    others = sum(essay.is_mine for essay in waiting if essay is not found)
    return EssayPage(found, key, text, others)


def attempt_in(course_id: int, marker_id: int, attempt_id: str) -> Attempt:
    """An attempt of a course. Raises NotFound, and NotAllowed for the marker's own."""
    statement = select(Attempt).join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    statement = statement.where(Attempt.id == attempt_id, Enrolment.course_id == course_id)
    attempt = db.session.scalar(statement)
    if attempt is None:
        raise NotFound
    if attempt.person_id == marker_id:
        raise NotAllowed
    return attempt


def written(attempt_id: str, position: int, question: Question) -> tuple[EssayKey, str]:
    """The rubric of an essay and what was written for it."""
    assert isinstance(question.key, EssayKey)  # noqa: S101  # only essays are marked
    return question.key, answers.essay_of(attempts.answers_of(attempt_id)[position].answer)


def _marks(attempt_id: str) -> dict[int, EssayMark]:
    statement = select(EssayMark).where(EssayMark.attempt_id == attempt_id)
    return {mark.position: mark for mark in db.session.scalars(statement)}


def marks_of(attempt_id: str) -> dict[int, Mark]:
    """The marks of an attempt so far, by the place of the question."""
    return {position: mark_of(row) for position, row in _marks(attempt_id).items()}


def mark_of(row: EssayMark) -> Mark:
    """The mark that stands in a row."""
    return Mark(tuple(json.loads(row.points)), row.comment)


def give_mark(session: Session, instructor_id: int, page: EssayPage, given: Mark) -> None:
    """Keep a mark; the last one of an attempt makes its result, and completes what is then due.

    Raises Invalid("points_out_of_range"), Invalid("comment_long") and Conflict("marked") when
    somebody else was faster.
    """
    waiting = page.waiting
    rubric.check(page.key, given)
    attempt = quizzes.lock(session, waiting.attempt_id)
    points = json.loads(attempt.points)
    if points[waiting.position] != grading.UNMARKED:
        raise Conflict("marked")
    points[waiting.position] = rubric.hundredths(page.key, given)
    attempt.points = canonical(points)
    attempt.unmarked -= 1
    now_ms = clock.now_ms()
    session.add(_row(waiting, given, instructor_id, now_ms))
    session.flush()
    happening = _marked(attempt, waiting, given, instructor_id, now_ms)
    record.append(session, quizzes.key_of(session, attempt.enrolment_id), [happening])
    if not attempt.unmarked:
        _conclude(session, attempt, points, now_ms)


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
        comment=given.comment_digest,
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
