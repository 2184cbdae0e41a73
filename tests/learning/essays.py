"""A course with essays, and what people do with them."""

from __future__ import annotations

from elearn.content.course import Course, Question, Shape
from elearn.content.keys import Criterion, EssayKey
from elearn.content.publishing import Published
from elearn.database import transaction
from elearn.learning import attempts, marking, quizzes
from elearn.learning.quizzes import NewAnswer
from elearn.learning.rubric import Mark
from elearn.people.models import Person
from tests.builders import (
    EXAM,
    OWN,
    RIGHT,
    a_course,
    a_lesson,
    a_question,
    a_quiz,
    a_reflection,
    an_answer,
    an_attempt,
    an_enrolment,
    finish,
    reflect,
)


def essay(id: str = "uraian") -> Question:
    key = EssayKey((Criterion("<b>Hak</b>", 2), Criterion("Contoh", 1)))
    return a_question(id, shape=Shape.ESSAY, options=(), key=key, points=3)


def course_with(*questions: Question, anonymous: bool = False) -> Course:
    quiz = a_quiz(questions, anonymous=anonymous)
    return a_course([a_lesson(), a_lesson(EXAM, quiz), a_lesson(OWN, a_reflection())])


def write(person: Person) -> str:
    """Hand in an attempt with each essay written; everything else of the course is done."""
    an_enrolment(person)
    finish(person)
    finish(person, OWN)
    reflect(person)
    attempt_id = an_attempt(person)
    for shown in attempts.attempt_page(person.id, attempt_id).questions:
        given = ["text:Pelapor berhak tahu."] if shown.question.shape is Shape.ESSAY else [RIGHT]
        an_answer(person, attempt_id, NewAnswer(shown.position, given, 1))
    with transaction() as session:
        quizzes.submit(session, person.id, attempt_id)
    return attempt_id


def give(course: Published, marker: Person, attempt_id: str, mark: Mark, position: int = 1) -> None:
    page = marking.essay_page(course.course_id, marker.id, attempt_id, position)
    with transaction() as session:
        marking.give_mark(session, marker.id, page, mark)
