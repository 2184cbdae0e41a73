"""Ani, told step by step: halfway in the course, one attempt failed, one left open."""

from __future__ import annotations

from collections.abc import Sequence

from elearn import clock
from elearn.content.course import Course, Lesson, Question
from elearn.database import db
from elearn.demo import answering, studying
from elearn.demo.calendar import MINUTE_MS, Calendar
from elearn.demo.journeys import Act, Deed
from elearn.demo.studying import Learner
from elearn.learning import grading, quizzes
from elearn.learning.answers import Answer

HALFWAY = 5  # the lesson that is open
DAYS = (13, 12, 9, 6)
FAILED_DAY, OPEN_DAY = 5, 2
FAILED_SCORE = 58
SAVED = 3


def deeds(calendar: Calendar, course: Course) -> list[Deed]:
    """The lessons before the open one, an evening each."""
    done = [Deed(Act.ENROL, at_ms=calendar.at(DAYS[0], 19, 2))]
    if course.pretest:
        done.append(Deed(Act.SKIP, at_ms=calendar.at(DAYS[0], 19, 3)))
    for before, lesson in zip(DAYS, course.lessons[: HALFWAY - 1], strict=True):
        done += _lesson(lesson, calendar.at(before, 19, 24))
    return done


def _lesson(lesson: Lesson, at_ms: int) -> list[Deed]:
    """A lesson is finished by passing its quizzes, or by saying so."""
    passed = [
        Deed(Act.ATTEMPT, quiz.key, 8, passes=True, at_ms=at_ms + 10 * n * MINUTE_MS)
        for n, quiz in enumerate(lesson.quizzes)
    ]
    return passed or [Deed(Act.READ, lesson.key, at_ms=at_ms)]


def stops_at(course: Course) -> str:
    """The key of the quiz she is in."""
    return course.lessons[HALFWAY - 1].quizzes[0].key


def failed_ms(calendar: Calendar) -> int:
    """When she handed in the attempt that failed."""
    return calendar.at(FAILED_DAY, 20, 5)


def open_ms(calendar: Calendar) -> int:
    """When she saved the last answer so far."""
    return calendar.at(OPEN_DAY, 12, 25)


def fail(learner: Learner, quiz_key: str) -> None:
    """An attempt handed in now, its score as near to 58 as its questions allow."""
    attempt = studying.start(learner, quiz_key, clock.now_ms() - 9 * MINUTE_MS)
    given = _nearest(studying.questions_of(attempt), learner)
    studying.save(learner, attempt, given, clock.now_ms())
    quizzes.submit(db.session(), learner.person_id, attempt.id)


def _nearest(questions: Sequence[Question], learner: Learner) -> list[Answer]:
    """Of many tries the one nearest to the score that was told."""
    best: list[Answer] = []
    nearest = 1000
    for turn in range(300):
        mind = answering.Mind(-1.2 + turn / 100, learner.mind.truth)
        given = [answering.answer(question, mind, learner.chance) for question in questions]
        score = grading.grade_all(questions, dict(enumerate(given)), 100).score_tenths
        if abs(score - FAILED_SCORE * 10) < nearest:
            best, nearest = given, abs(score - FAILED_SCORE * 10)
    return best


def leave_open(learner: Learner, quiz_key: str) -> None:
    """The next attempt, from a phone: some answers saved, then the signal was gone."""
    attempt = studying.start(learner, quiz_key, clock.now_ms() - 6 * MINUTE_MS)
    asked = studying.questions_of(attempt)[:SAVED]
    given = [answering.answer(question, learner.mind, learner.chance) for question in asked]
    studying.save(learner, attempt, given, clock.now_ms())
