"""The data: a small agency with a real course, always the same by a fixed seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert

from bench import servers
from config import Config
from elearn import clock, schema
from elearn.app import create_app
from elearn.competency import framework
from elearn.competency.models import Certificate
from elearn.content import catalogue, folders, publishing, teachers
from elearn.content.catalogue import Outline
from elearn.content.compiler import Known
from elearn.content.models import TeacherRole
from elearn.database import db, transaction
from elearn.journal.chain import canonical
from elearn.learning import quizzes, study
from elearn.learning.models import Completion, CourseProgress, CourseState, Enrolment
from elearn.people import accounts, staffing, units
from elearn.people.models import Person, Status, Unit
from elearn.people.permissions import Role

COURSES = servers.ROOT / "courses"
SLUG = "keamanan-informasi"
SEED = 2026
LEARNERS = 8
GRADUATES = 1000
STARTED = date(2026, 1, 5)
NAMES = ("Ani Pratiwi", "Rudi Saputra", "Sri Wulandari", "Agus Setiawan", "Lina Marlina")


@dataclass(frozen=True)
class Learner:
    """Somebody in the middle of the course, signed in, with a quiz under way."""

    token: str
    attempt_id: str


@dataclass(frozen=True)
class World:
    """What the measurements need to know of the data."""

    learners: list[Learner]
    hr_token: str
    lesson: str
    next_lesson: str
    questions: int

    @property
    def lesson_path(self) -> str:
        return f"/courses/{SLUG}/lessons/{self.lesson}"

    @property
    def next_path(self) -> str:
        return f"/courses/{SLUG}/lessons/{self.next_lesson}"


def build(database: str) -> World:
    """Make the schema and fill it."""
    app = create_app(Config(database=database, secret_key=servers.SECRET, url="http://localhost"))
    catalogue.forget()
    with app.app_context():
        schema.upgrade()
        world = _fill()
        _analyse()
        db.session.remove()
        db.engine.dispose()
    return world


def _analyse() -> None:
    """What PostgreSQL does by itself within a minute: look at how much there is in each table."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")


def _fill() -> World:
    with transaction():
        framework.load_seed()
        root = units.create_unit("Pemerintah Kabupaten Contoh")
        clinics = [units.create_unit(f"Puskesmas {number}", root) for number in range(1, 11)]
        nurse = staffing.position("Perawat Terampil", "jf_terampil")
        teacher = _person(900, root, nurse.id)
        head = _person(901, root, nurse.id)
        staffing.grant(None, teacher.id, Role.INSTRUCTOR)
        staffing.grant(None, head.id, Role.HR_AGENCY)
        version_id = _publish(COURSES / SLUG, teacher.id, head.id)
        _publish(COURSES / "memimpin-tim-kerja", teacher.id, head.id)
        hr_token = accounts.sign_in(head)
        people = [_person(902 + i, clinics[i % 10], nurse.id) for i in range(LEARNERS)]
    outline = catalogue.outline(version_id)
    quiz = next(q for le in outline.lessons for q in le.quizzes if not q.time_limit_minutes)
    learners = [_learner(person, outline, quiz.key) for person in people]
    _add_graduates(outline, clinics)
    lesson = _middle_sized(outline)
    following = outline.next_key(lesson) or outline.previous_key(lesson)
    return World(learners, hr_token, lesson, following, quiz.question_count)


def _person(number: int, unit: Unit, position_id: int) -> Person:
    """Somebody with an invented NIP: born 1994, in service since 2019."""
    nip = f"19940412201903{2 - number % 2}{number:03}"
    new = staffing.NewPerson(
        nip=nip, name=NAMES[number % 5], status=Status.PNS, unit_id=unit.id, position_id=position_id
    )
    person = staffing.create_person(new)
    person.must_change_password = False
    return person


def _publish(folder: Path, instructor_id: int, approver_id: int) -> int:
    known = Known(framework.known_codes(), frozenset(catalogue.slugs()))
    compiled = folders.check_folder(folder, known)
    assert compiled.course is not None, compiled.problems
    done = publishing.publish(compiled.course, instructor_id)
    if not done.is_open:
        publishing.approve(done.course_id, approver_id)
        teachers.set_teachers(done.course_id, {instructor_id: TeacherRole.OWNER})
    return done.version_id


def _learner(person: Person, outline: Outline, quiz_key: str) -> Learner:
    with transaction() as session:
        study.enrol(session, person.id, SLUG)
        for key in outline.lesson_keys[: len(outline.lesson_keys) // 2]:
            study.finish_lesson(session, person.id, SLUG, key)
    with transaction() as session:
        attempt_id = quizzes.start(session, study.studying(person.id, SLUG), quiz_key)
        token = accounts.sign_in(person)
    return Learner(token, attempt_id)


def _middle_sized(outline: Outline) -> str:
    """The lesson that is neither long nor short, among those without a quiz."""
    texts = [lesson.key for lesson in outline.lessons if not lesson.quizzes]
    sizes = {key: len(repr(catalogue.lesson(outline.version_id, key))) for key in texts}
    return sorted(texts, key=lambda key: sizes[key])[len(texts) // 2]


def _add_graduates(outline: Outline, clinics: list[Unit]) -> None:
    """People who completed the course, set-based: only their rows matter here."""
    chance = random.Random(SEED)  # noqa: S311  # the same data each time
    made = [_graduate(number, outline, clinics, chance) for number in range(GRADUATES)]
    models = (Person, Enrolment, CourseProgress, Completion, Certificate)
    with transaction() as session:
        for model, rows in zip(models, zip(*made, strict=True), strict=True):
            session.connection().execute(insert(_table(model)), list(rows))


def _graduate(
    number: int, outline: Outline, clinics: list[Unit], chance: random.Random
) -> Iterator[dict[str, Any]]:
    id_ = 10_000 + number
    started_ms = clock.start_of_day_ms(STARTED + timedelta(days=chance.randrange(300)))
    completed_ms = started_ms + chance.randrange(1, 20) * clock.DAY_MS
    score = chance.randrange(700, 1001)
    unit_id = clinics[chance.randrange(len(clinics))].id
    name = NAMES[number % 5]
    yield {
        "id": id_,
        "nip": f"19{80 + number // 50}{number % 12 + 1:02}102010011{900 + number % 50:03}",
        "name": name,
        "sort_name": name.lower(),
        "degrees_after": "A.Md.Kep.",
        "status": "pns",
        "unit_id": unit_id,
        "created_ms": started_ms,
    }
    pinned = {"person_id": id_, "course_id": outline.course_id, "version_id": outline.version_id}
    yield {"id": id_, **pinned, "started_ms": started_ms}
    yield {
        "enrolment_id": id_,
        **pinned,
        "state": CourseState.PASSED,
        "percent": 100,
        "next_lesson": "",
        "score_tenths": score,
        "first_ms": started_ms,
        "last_ms": completed_ms,
        "completed_ms": completed_ms,
        "body": "{}",
    }
    year = clock.year_of(completed_ms)
    yield {
        "enrolment_id": id_,
        **pinned,
        "unit_id": unit_id,
        "started_ms": started_ms,
        "completed_ms": completed_ms,
        "year": year,
        "score_tenths": score,
        "jp": outline.jp,
    }
    yield {
        "id": f"bench-{number:06}",
        "number": f"{number + 1:06}/BENCH/{year}",
        "serial": number + 1,
        "year": year,
        "person_id": id_,
        "source_kind": "course",
        "source_id": str(id_),
        "frozen": canonical({"name": name}),
        "digest": "0" * 64,
        "issued_ms": completed_ms,
    }


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table
