"""A small agency with the real courses, for journeys in a real browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from elearn import clock
from elearn.announcements import desk
from elearn.announcements.desk import Wish
from elearn.announcements.models import Importance
from elearn.assignments import assigning
from elearn.assignments.rule import Line, Rule
from elearn.competency import editions, framework, position_requirements, requirements
from elearn.competency.editions import Why
from elearn.content import catalogue, folders, publishing, teachers
from elearn.content.compiler import Known
from elearn.content.course import Question
from elearn.content.keys import NumberKey, TextKey
from elearn.content.models import TeacherRole
from elearn.database import transaction
from elearn.learning import attempts, quizzes, reflections, study
from elearn.people import accounts, passwords, staffing, units
from elearn.people.models import Person, Status
from elearn.people.permissions import Role
from tests.people_cast import actor_of
from tests.standards.builders import CODE, a_wording

COURSES = Path(__file__).resolve().parents[2] / "courses"
PASSWORD = "perahu-layar-biru-7"


@dataclass(frozen=True)
class Somebody:
    """A person one can sign in as."""

    id: int
    nip: str
    name: str


@dataclass(frozen=True)
class World:
    """The cast of the journeys."""

    learner: Somebody
    graduate: Somebody
    pinned: Somebody
    fresh: Somebody
    weigher: Somebody
    other: Somebody
    newcomer: Somebody
    newcomer_code: str
    instructor: Somebody
    reviewer: Somebody
    hr: Somebody
    other_hr: Somebody
    head: Somebody
    admin: Somebody
    auditor: Somebody


def build() -> World:
    """Make the agency within the application's context."""
    hashed = passwords.hash_of(PASSWORD)
    code = passwords.new_code()
    with transaction():
        framework.load_seed()
        root = units.create_unit("Pemerintah Kabupaten Contoh")
        health = units.create_unit("Dinas Kesehatan", root)
        clinic = units.create_unit("Puskesmas Hulu", health)
        school = units.create_unit("Dinas Pendidikan", root)
        nurse = staffing.position("Perawat Terampil", "jf_terampil")
        people = {
            "learner": ("199404122019032901", "Ani Pratiwi", clinic.id),
            "graduate": ("199802022021012917", "Sri Wulandari", clinic.id),
            "pinned": ("199303032018011918", "Agus Setiawan", clinic.id),
            "fresh": ("199204042017012919", "Lina Marlina", clinic.id),
            "weigher": ("199105052016012920", "Eka Yuliana", clinic.id),
            "other": ("199005172023211902", "Rudi Saputra", school.id),
            "newcomer": ("200101152026052912", "Nabila Putri", clinic.id),
            "instructor": ("197108191998031906", "Budi Hartono", root.id),
            "reviewer": ("198007142005012921", "Ratna Dewi", root.id),
            "hr": ("198502142009122908", "Citra Lestari", health.id),
            "other_hr": ("198603032010012915", "Dina Marsela", school.id),
            "head": ("197201051997031909", "Syamsul Bahri", root.id),
            "admin": ("199208082019032910", "Dewi Anggraini", root.id),
            "auditor": ("198304122008011911", "Fadli Rahman", root.id),
        }
        made = {
            key: hire(number, name, unit_id, nurse.id)
            for key, (number, name, unit_id) in people.items()
        }
        for key, person in made.items():
            if key == "newcomer":
                accounts.reset_to_code(person.id, code)
            else:
                accounts.set_password_hash(person, hashed, must_change=False)
        grants = {
            "instructor": (Role.INSTRUCTOR, None),
            "reviewer": (Role.INSTRUCTOR, None),
            "hr": (Role.HR_UNIT, health.id),
            "other_hr": (Role.HR_UNIT, school.id),
            "head": (Role.HR_AGENCY, None),
            "admin": (Role.ADMIN, None),
            "auditor": (Role.AUDITOR, None),
        }
        for key, (role, unit_id) in grants.items():
            staffing.grant(None, made[key].id, role, unit_id)
        for slug in ("keamanan-informasi", "memimpin-tim-kerja"):
            publish(COURSES / slug, made["instructor"].id, made["head"].id)
    own_competency(made["head"].id, nurse.id)
    ask(made["hr"], health.id, (made["graduate"].id, made["hr"].id))
    announce(made["hr"], health.id)
    cast = {key: Somebody(p.id, p.nip, p.full_name) for key, p in made.items()}
    return World(newcomer_code=code.text, **cast)


def own_competency(head_id: int, position_id: int) -> None:
    """Let HR of the agency add a competency, word it anew, and ask one position for it."""
    today = clock.today()
    with transaction():
        why = Why(today, "Keputusan 12/2026")
        editions.add(head_id, CODE, a_wording(), why)
        editions.reword(head_id, CODE, 1, a_wording("Kearsipan"), why)
        wish = requirements.Wish({CODE: 3, "M.01": 0}, today, "Analisis jabatan")
        position_requirements.change(head_id, position_id, wish)


def ask(hr: Person, unit_id: int, people: tuple[int, ...]) -> None:
    """Let HR of a unit ask a course of some of its people."""
    today = clock.today()
    rule = Rule(
        courses=(catalogue.link("memimpin-tim-kerja").id,),
        lines=(Line(people=tuple(sorted(people))),),
        starts_on=today,
        due_on=today + timedelta(days=5),
        letter_number="800/12/2026",
        letter_on=today,
    )
    actor = actor_of(hr)
    with transaction():
        assigning.give(actor, unit_id, rule)


def announce(hr: Person, unit_id: int) -> None:
    """Let HR of a unit announce something to it."""
    today = clock.today()
    text = "Rapat **umum** di aula.\n\n- Bawa daftar hadir\n- Mulai pukul 09.00 WIB"
    wish = Wish(
        "Rapat umum", text, Importance.IMPORTANT, unit_id, None, today, today + timedelta(days=9)
    )
    actor = actor_of(hr)
    with transaction():
        desk.publish(actor, desk.write(actor, wish).id)


def hire(number: str, name: str, unit_id: int, position_id: int) -> Person:
    """Make a person."""
    status = Status.PPPK if number[12:14] == "21" else Status.PNS
    return staffing.create_person(
        staffing.NewPerson(
            nip=number, name=name, status=status, unit_id=unit_id, position_id=position_id
        )
    )


def complete(person_id: int, slug: str) -> str:
    """Study a whole course through the use cases. Returns the id of the certificate."""
    with transaction() as session:
        here = study.enrol(session, person_id, slug)
    for lesson in here.outline.lessons:
        for quiz in lesson.quizzes:
            _pass(person_id, slug, quiz.key)
        for reflection in lesson.reflections:
            with transaction() as session:
                reflections.write(session, here, reflection.key, "Saya belajar banyak. " * 30)
        with transaction() as session:
            study.finish_lesson(session, person_id, slug, lesson.key)
    return study.certificate_of(here.key.id)


def _pass(person_id: int, slug: str, quiz_key: str) -> None:
    with transaction() as session:
        attempt_id = quizzes.start(session, study.studying(person_id, slug), quiz_key)
    page = attempts.attempt_page(person_id, attempt_id)
    with transaction() as session:
        for shown in page.questions:
            new = quizzes.NewAnswer(shown.position, _right(shown.question), 1)
            quizzes.save_answer(session, person_id, attempt_id, new)
        quizzes.submit(session, person_id, attempt_id)


def _right(question: Question) -> list[str]:
    if isinstance(question.key, TextKey):
        return [question.key.accepted[0]]
    if isinstance(question.key, NumberKey):
        return [question.key.low.replace(".", ",")]
    return [option.key for option in question.options if option.correct]


def publish(folder: Path, instructor_id: int, approver_id: int) -> int:
    """Publish and approve a course folder. Returns the id of its version."""
    compiled = folders.check_folder(folder, known())
    assert compiled.course is not None, compiled.problems
    done = publishing.publish(compiled.course, instructor_id)
    if not done.is_open:
        publishing.approve(done.course_id, approver_id)
        teachers.set_teachers(done.course_id, {instructor_id: TeacherRole.OWNER})
    return done.version_id


def known() -> Known:
    """What courses may refer to."""
    return Known(framework.known_codes(), frozenset(catalogue.slugs()))
