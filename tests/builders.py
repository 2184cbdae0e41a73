"""Courses and what people do in them: plain functions with defaults, nothing hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from elearn.competency import framework
from elearn.content import catalogue, outline, publishing, teachers
from elearn.content.course import (
    PRETEST,
    Category,
    Check,
    CompetencyLevel,
    Course,
    Html,
    Lesson,
    Module,
    Option,
    Pool,
    Pretest,
    Question,
    Quiz,
    Reflection,
    Rule,
    RuleKind,
    Shape,
)
from elearn.content.models import TeacherRole
from elearn.content.outline import Outline
from elearn.content.publishing import Published
from elearn.database import transaction
from elearn.learning import attempts, pretests, quizzes, reflections, study
from elearn.learning.quizzes import NewAnswer
from elearn.people.models import Person
from tests.kept import kept
from tests.people_cast import Cast

SLUG = "keamanan"
QUIZ = "kuis-akhir"
TEXT, EXAM, OWN = "dasar/teks", "dasar/ujian", "dasar/janji"
RIGHT, WRONG = "a", "b"
WORDS = "Saya akan mengganti kata sandi kantor mulai besok pagi."
SECRETS = ("UMPAN BALIK", "PEMBAHASAN")  # parts of what a page of questions must not hold


def a_question(id: str = "s1", **changes: Any) -> Question:
    """A question with one right option, RIGHT; its digest follows from its id."""
    values: dict[str, Any] = {
        "id": id,
        "digest": f"digest-{id}",
        "shape": Shape.SINGLE,
        "stem_html": f"<p>Soal {id}</p>",
        "stem_text": f"Soal {id}",
        "options": (
            Option(RIGHT, f"Ya {id}", True, "<p>UMPAN BALIK ya</p>"),
            Option(WRONG, f"Tidak {id}", False, "<p>UMPAN BALIK tidak</p>"),
        ),
        "explanation_html": f"<p>PEMBAHASAN {id}</p>",
        "hints_html": ("<p>Petunjuk</p>",),
    }
    return Question(**(values | changes))


def a_quiz(questions: Sequence[Question] | None = None, **changes: Any) -> Quiz:
    """A quiz that asks all its questions, two unless others are given."""
    asked = tuple(questions or (a_question("s1"), a_question("s2")))
    values = {"key": QUIZ, "title": "Ujian akhir", "pools": (Pool("", len(asked), asked),)}
    return Quiz(**(values | changes))


def a_lesson(key: str = TEXT, *blocks: Any, **changes: Any) -> Lesson:
    """A lesson of text, or of the given blocks; its digest follows from its key."""
    values: dict[str, Any] = {
        "key": key,
        "title": f"Materi {key}",
        "digest": f"digest-{key}",
        "minutes": 10,
        "blocks": blocks or (Html(f"<p>Isi {key}.</p>"),),
    }
    return Lesson(**(values | changes))


def a_check(**changes: Any) -> Check:
    """A self-check inside a lesson."""
    return Check("cek-1", a_question("cek", **changes))


def a_reflection(min_words: int = 3) -> Reflection:
    """An open text about one's own work."""
    return Reflection("niat", "Niat saya", "<p>Apa niat Anda?</p>", min_words)


def a_course(lessons: Sequence[Lesson] | None = None, **changes: Any) -> Course:
    """A text, a quiz and a reflection that all must be done; or the given lessons."""
    made = lessons or (a_lesson(), a_lesson(EXAM, a_quiz()), a_lesson(OWN, a_reflection()))
    values: dict[str, Any] = {
        "slug": SLUG,
        "digest": "versi-1",
        "title": "Keamanan informasi",
        "summary": "Menjaga data kantor.",
        "category": Category.DIGITAL,
        "jp": 3,
        "kind": 16,
        "competencies": (CompetencyLevel("M.05", 2), CompetencyLevel("M.06", 1)),
        "modules": (Module("dasar", "Dasar", "", tuple(made)),),
        "rules": (
            Rule(RuleKind.LESSONS),
            Rule(RuleKind.ALL_QUIZZES),
            Rule(RuleKind.REFLECTIONS),
        ),
        "minutes": 135,
        "overview_html": "<p>Gambaran kursus.</p>",
    }
    return Course(**(values | changes))


def a_tested_course(*, draw: int = 3, digest: str = "versi-1", **changes: Any) -> Course:
    """A text and a final quiz that draws from six, with a pretest: s1 and s2, or s3 and s4."""
    asked = tuple(a_question(f"s{n}") for n in range(1, 7))
    exam = a_quiz(pools=(Pool("Semua", draw, asked),))
    pretest = Pretest((asked[:2], asked[2:4]))
    rules = (Rule(RuleKind.LESSONS), Rule(RuleKind.ALL_QUIZZES))
    values = {"pretest": pretest, "digest": digest, "rules": rules} | changes
    return a_course([a_lesson(), a_lesson(EXAM, exam)], **values)


def an_outline(course: Course | None = None) -> Outline:
    """The outline of a course, without a database."""
    return outline.outline_of(course or a_course())


@kept
def a_framework() -> None:
    """The competencies, levels and requirements of the seed data."""
    with transaction():
        framework.load_seed()


@kept
def a_published_version(cast: Cast, course: Course | None = None) -> Published:
    """Publish a course that Budi teaches, approved by HR of the agency."""
    with transaction():
        framework.load_seed()
        done = publishing.publish(course or a_course(), cast.budi.id)
        teachers.set_teachers(done.course_id, {cast.budi.id: TeacherRole.OWNER})
        if not done.is_open:
            publishing.approve(done.course_id, cast.syamsul.id)
    catalogue.forget()
    return replace(done, is_open=True)


def an_enrolment(person: Person, slug: str = SLUG) -> study.Studying:
    """Let a person enter a course."""
    with transaction() as session:
        return study.enrol(session, person.id, slug)


def an_attempt(person: Person, slug: str = SLUG, quiz_key: str = QUIZ) -> str:
    """Open an attempt; returns its id."""
    here = study.studying(person.id, slug)
    with transaction() as session:
        return quizzes.start(session, here, quiz_key)


def an_answer(person: Person, attempt_id: str, new: NewAnswer) -> quizzes.Saved:
    """Save one answer in a transaction of its own."""
    with transaction() as session:
        return quizzes.save_answer(session, person.id, attempt_id, new)


def hand_in(person: Person, attempt_id: str, answer: str = RIGHT) -> None:
    """Answer every question alike and hand in."""
    page = attempts.attempt_page(person.id, attempt_id)
    for shown in page.questions:
        an_answer(person, attempt_id, NewAnswer(shown.position, [answer], 1))
    with transaction() as session:
        quizzes.submit(session, person.id, attempt_id)


def take_pretest(person: Person, answer: str = RIGHT) -> str:
    """Answer every question of the pretest alike and hand it in; returns its id."""
    attempt_id = an_attempt(person, quiz_key=PRETEST)
    hand_in(person, attempt_id, answer)
    return attempt_id


def skip_pretest(person: Person) -> None:
    """Go on without the pretest."""
    with transaction() as session:
        pretests.skip(session, study.studying(person.id, SLUG))


def finish(person: Person, key: str = TEXT, slug: str = SLUG) -> None:
    """Tick a lesson off."""
    with transaction() as session:
        study.finish_lesson(session, person.id, slug, key)


def reflect(person: Person, text: str = WORDS, slug: str = SLUG) -> None:
    """Write the reflection of the course."""
    with transaction() as session:
        reflections.write(session, study.studying(person.id, slug), "niat", text)


def pass_everything(person: Person) -> study.Studying:
    """Enter the course of these builders and meet each of its rules."""
    an_enrolment(person)
    finish(person, TEXT)
    hand_in(person, an_attempt(person))
    finish(person, OWN)
    reflect(person)
    return study.studying(person.id, SLUG)
