"""A small course and what people do in it, through the use cases of real life."""

from __future__ import annotations

import re
from datetime import date

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from elearn import clock
from elearn.competency import outside
from elearn.competency.outside_rules import Learning
from elearn.content import publishing, teachers
from elearn.content.course import (
    Category,
    CompetencyLevel,
    Course,
    Html,
    Lesson,
    Module,
    Option,
    Pool,
    Question,
    Quiz,
    Reflection,
    Rule,
    RuleKind,
    Shape,
)
from elearn.content.models import TeacherRole
from elearn.database import db, transaction
from elearn.journal.models import Event
from elearn.learning import quizzes, reflections, study
from elearn.learning.models import Enrolment
from elearn.learning.quizzes import NewAnswer
from elearn.people.access import COOKIE
from elearn.people.models import AuditEntry, Person
from tests.competency.people_of_jambi import Browser
from tests.kept import kept
from tests.people_cast import SAME_SITE, Cast, actor_of, token_of

NOW_MS = clock.start_of_day_ms(date(2026, 11, 24)) + 9 * 3_600_000
SLUG = "keamanan"
QUIZ = "kuis"
RIGHT, WRONG = "a", "b"
REFLECTION = "Saya akan mengganti kata sandi kantor mulai besok pagi."


def a_course(slug: str = SLUG, title: str = "Keamanan informasi", **changes: object) -> Course:
    """A course of a text, a quiz of two questions with one attempt, and a reflection."""
    questions = tuple(a_question(slug, number) for number in (1, 2))
    quiz = Quiz(QUIZ, "Kuis akhir", (Pool("", 2, questions),), max_attempts=1)
    text = Lesson("teks", "Kata sandi", f"{slug}-teks", 10, (Html("<p>Isi.</p>"),))
    asked = Lesson("akhir", "Ujian", f"{slug}-akhir", 10, (quiz,))
    own = Lesson("janji", "Janji", f"{slug}-janji", 5, (Reflection("niat", "Niat", "<p>?</p>", 3),))
    values: dict[str, object] = {
        "slug": slug,
        "digest": f"digest-{slug}",
        "title": title,
        "summary": "Ringkas.",
        "category": Category.DIGITAL,
        "jp": 3,
        "kind": 16,
        "competencies": (CompetencyLevel("M.01", 2),),
        "modules": (Module("m", "", "", (text, asked, own)),),
        "rules": (Rule(RuleKind.ALL_QUIZZES),),
        "minutes": 25,
    }
    return Course(**(values | changes))  # type: ignore[arg-type]


def a_question(slug: str, number: int, wording: str = "") -> Question:
    """A question whose key is RIGHT."""
    stem = f"Soal {number}{wording}"
    return Question(
        id=f"s{number}",
        digest=f"{slug}-s{number}{wording}",
        shape=Shape.SINGLE,
        stem_html=f"<p>{stem}</p>",
        stem_text=stem,
        options=(Option(RIGHT, "Ya", True), Option(WRONG, "Tidak", False)),
    )


@kept
def publish(cast: Cast, course: Course | None = None, *, approved: bool = True) -> int:
    """Publish a course that Budi teaches; returns its id."""
    with transaction():
        made = publishing.publish(course or a_course(), cast.budi.id)
        teachers.set_teachers(made.course_id, {cast.budi.id: TeacherRole.OWNER})
        if approved and not made.is_open:
            publishing.approve(made.course_id, cast.syamsul.id)
    return made.course_id


def begin(person: Person, slug: str = SLUG) -> None:
    """Enter the course."""
    with transaction() as session:
        study.enrol(session, person.id, slug)


def reflect(person: Person, text: str = REFLECTION) -> None:
    """Write the reflection of the course."""
    with transaction() as session:
        reflections.write(session, study.studying(person.id, SLUG), "niat", text)


def take_quiz(person: Person, answer: str, slug: str = SLUG) -> None:
    """Answer both questions alike and hand in: with RIGHT the course is passed."""
    here = study.studying(person.id, slug)
    with transaction() as session:
        attempt_id = quizzes.start(session, here, QUIZ)
        for position in (0, 1):
            new = NewAnswer(position, [answer], 1)
            quizzes.save_answer(session, person.id, attempt_id, new)
        quizzes.submit(session, person.id, attempt_id)


@kept
def passes(person: Person, slug: str = SLUG, *, on: date | None = None) -> None:
    """Enter and pass the course, on a day before today if one is given."""
    moment = clock.start_of_day_ms(on) + 10 * 3_600_000 if on else clock.now_ms()
    with clock.set_to(moment):
        begin(person, slug)
        take_quiz(person, RIGHT, slug)


def fails(person: Person) -> None:
    """Enter the course and use up the attempt."""
    begin(person)
    take_quiz(person, WRONG)


def learns_elsewhere(hr: Person, person: Person, jp: int, day: date, letter: str = "") -> None:
    """HR enters learning elsewhere, with a letter of assignment if its number is given."""
    learning = Learning(
        title=f"Bimtek {jp} JP",
        kind="9",
        jp=jp,
        number=f"{person.id}/{jp}/{day.isoformat()}",
        organiser="Dinas Kesehatan",
        started_on=day,
        ended_on=day,
        letter_number=letter,
        letter_on=day if letter else None,
    )
    actor = actor_of(hr)
    with transaction():
        outside.enter(actor, person, learning)


def page_of(app: Flask, person: Person, address: str) -> str:
    """What the person reads at an address that opens."""
    page = browser_of(app, person).get(address)
    assert page.status_code == 200, (address, page.status_code)
    return text_of(page)


def text_of(page: TestResponse) -> str:
    """The page without its line breaks."""
    return re.sub(r"\s+", " ", page.get_data(as_text=True))


def rows_of(text: str) -> list[str]:
    """The rows of the table on a page."""
    body = text.split("<tbody>")[1].split("</tbody>")[0]
    return body.split("<tr>")[1:]


def browser_of(app: Flask, person: Person) -> Browser:
    """A browser in which the person is signed in, and nobody who came before."""
    browser = Browser(app, app.response_class)
    browser.environ_base.update(SAME_SITE)
    browser.set_cookie(COOKIE, token_of(person))
    return browser


def written() -> tuple[int, int, int]:
    """How much stands in the journal, the audit log and the enrolments."""
    return tuple(  # type: ignore[return-value]
        db.session.scalar(select(func.count()).select_from(model)) or 0
        for model in (Event, AuditEntry, Enrolment)
    )
