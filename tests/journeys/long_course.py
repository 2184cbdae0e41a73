"""A course of long questions in every state: answered, waiting, counted, mended, under review."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from elearn.app import create_app
from elearn.authoring import reviews
from elearn.content import catalogue, drafts, editions, publishing, teachers
from elearn.content.compiler import compile_course
from elearn.content.models import TeacherRole
from elearn.content.reader import Source, read_folder
from elearn.database import db, transaction
from elearn.errors import Conflict
from elearn.learning import attempts, quizzes, study, surveys
from elearn.people.models import Person
from tests import conftest as base
from tests.journeys import world as worlds
from tests.journeys.world import World

SLUG = "contoh-panjang"
FOLDER = Path(__file__).resolve().parents[1] / "courses" / SLUG
QUIZ, ESSAY, SURVEY = "membaca-surat", "uraian", "kesan"
QUIZ_FILE = "02-kuis.md"
MENDED = ("Jawaban: Benar", "Jawaban: Salah")
LATER = ("Terima kasih.", "Terima kasih banyak.")
NIPS = [f"199001{day:02}2019011931" for day in range(1, 1 + surveys.FEWEST)]


@dataclass(frozen=True)
class Played:
    """What there is to look at: a handed-in attempt, one with an essay that waits, an open one."""

    handed_in: str
    waiting: str
    under_way: str


def play(database: str, world: World) -> Played:
    """Publish the course and let things happen in it, up to a third edition under review."""
    app = create_app(base._config(database))
    catalogue.forget()
    try:
        with app.app_context():
            played = _play(world)
            db.session.remove()
            db.engine.dispose()
    finally:
        catalogue.forget()
    return played


def _play(world: World) -> Played:
    source = read_folder(FOLDER)
    with transaction():
        worlds.publish(FOLDER, world.instructor.id, world.head.id)
    played = _study(world.graduate.id)
    for number in NIPS:
        _answer_the_survey(_somebody(number, world))
    mended = _changed(source, QUIZ_FILE, *MENDED)
    later = _changed(mended, "03-penutup.md", *LATER)
    with transaction():
        publishing.publish(_compiled(mended), world.instructor.id)
    _ask_for_review(later, world)
    return played


def _study(person_id: int) -> Played:
    with transaction() as session:
        study.enrol(session, person_id, SLUG)
    handed_in = _attempt(person_id, QUIZ)
    waiting = _attempt(person_id, ESSAY)
    with transaction() as session:
        under_way = quizzes.start(session, study.studying(person_id, SLUG), QUIZ)
    return Played(handed_in, waiting, under_way)


def _attempt(person_id: int, quiz_key: str) -> str:
    """Hand in an attempt with something in every field, most of it wrong."""
    with transaction() as session:
        attempt_id = quizzes.start(session, study.studying(person_id, SLUG), quiz_key)
    questions = attempts.attempt_page(person_id, attempt_id).questions
    with transaction() as session:
        for shown in questions:
            new = quizzes.NewAnswer(shown.position, _some_answer(shown), 1)
            quizzes.save_answer(session, person_id, attempt_id, new)
        quizzes.submit(session, person_id, attempt_id)
    return attempt_id


def _some_answer(shown: attempts.ShownQuestion) -> Sequence[str]:
    key, options = shown.question.key, shown.options
    if prompts := getattr(key, "prompts", ()):
        return [f"{prompt.key}:{options[0].key}" for prompt in prompts]
    if gaps := getattr(key, "gaps", ()):
        return [f"{at}:1" for at in range(len(gaps))]
    if shown.question.shape == "ordering":
        return [f"{option.key}:{place}" for place, option in enumerate(options, 1)]
    if shown.question.shape == "essay":
        return ["text:Warga menunggu tanpa kabar."]
    wrong = [option.key for option in options if not option.correct]
    return wrong[:1] or ["8"]


def _somebody(number: str, world: World) -> int:
    instructor = db.session.get_one(Person, world.instructor.id)
    with transaction():
        person = worlds.hire(number, "Peserta", instructor.unit_id, instructor.position_id)
    return person.id


def _answer_the_survey(person_id: int) -> None:
    with transaction() as session:
        here = study.enrol(session, person_id, SLUG)
        survey = surveys.find(here.key.version_id, SURVEY)
        surveys.answer(session, here, survey, [["4"], ["text:Lebih banyak contoh."]])


def _changed(source: Source, path: str, old: str, new: str) -> Source:
    texts = {p: file.content for p, file in source.files.items()}
    texts[path] = texts[path].replace(old.encode(), new.encode())
    return Source.from_texts(SLUG, texts)


def _compiled(source: Source):
    course = compile_course(source, worlds.known()).course
    assert course is not None
    return course


def _ask_for_review(source: Source, world: World) -> None:
    """Keep a third edition and the working copy; the reviewer is asked."""
    with transaction():
        staged = publishing.stage(_compiled(source), world.instructor.id)
        contents = {path: file.content for path, file in source.files.items()}
        drafts.take_over(staged.course_id, contents, world.instructor.id)
        teachers.assign(staged.course_id, world.reviewer.id, TeacherRole.REVIEWER)
    course = teachers.own_course(world.instructor.id, SLUG)
    with transaction(), suppress(Conflict):
        reviews.ask(course, editions.find(course, staged.number), world.instructor.id)
