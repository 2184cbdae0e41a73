"""The demo as an agenda: everything in the order in which it happened, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from elearn import clock, demo_mark, marks
from elearn.competency import (
    certificate_pdf,
    certificates,
    evidence,
    framework,
    signing_desk,
)
from elearn.content import catalogue, publishing, teachers
from elearn.content.course import Course
from elearn.content.models import Course as CourseRow
from elearn.content.models import TeacherRole
from elearn.dashboard import reading
from elearn.database import db, transaction
from elearn.demo import (
    agency,
    ani,
    announcing,
    arrivals,
    deciding,
    editions,
    elsewhere,
    journeys,
    letters,
    levels,
    literacy,
    marking,
    members,
    population,
    sending,
    studying,
    submitting,
    technical,
    writing,
)
from elearn.demo.answering import Mind
from elearn.demo.calendar import Calendar, chance_of
from elearn.demo.editions import LEADING, LITERACY, SECURITY
from elearn.demo.journeys import Journey
from elearn.demo.levels import Found
from elearn.demo.signer import Signer
from elearn.demo.studying import Learner
from elearn.demo.world import Secrets, Step, World
from elearn.errors import Conflict
from elearn.learning import migration
from elearn.marks import MarkKind
from elearn.people import accounts, notices, passwords, staffing
from elearn.people.models import Person, Unit
from elearn.people.passwords import OneTimeCode
from elearn.reports import rollups

SIGNED_DAY = 12  # days before the seeding
COPIED_HOURS, HOUR_MS = 7, 3_600_000  # before the seeding: the machine's nightly copy

MET = ("loaded_as_persistent", "pending_to_persistent")  # how a session comes to know a row


def is_empty() -> bool:
    """Whether the database holds nobody, no unit and no course."""
    tables = (Person.id, Unit.id, CourseRow.id)
    return all(db.session.scalar(select(column).limit(1)) is None for column in tables)


def seed(courses: Path, size: int = agency.PEOPLE) -> None:
    """Seed the demo into an empty database, all of it or nothing.

    Raises Conflict("not_empty"), and Invalid for a course that does not compile.
    """
    _refuse_filled()
    catalogue.forget()
    calendar = Calendar(clock.today())
    people = {person.nip: person for person in population.residents(calendar, size)}
    secrets = Secrets(passwords.hash_of(members.PHRASE), passwords.hash_of(members.CODE))
    compiled = editions.compile_all(courses)
    truths = {slug: compiled.truth(slug) for slug in (SECURITY, LEADING, LITERACY)}
    world = World(calendar, people, compiled, truths, secrets)
    steps = sorted(_agenda(world, size), key=lambda step: step.at_ms)
    try:
        with transaction():
            _refuse_filled()  # again, as somebody else may have been quicker
            _run(steps)
        rollups.advance()
        reading.read()
    finally:
        catalogue.forget()


def _refuse_filled() -> None:
    if not is_empty():
        raise Conflict("not_empty")


def _run(steps: Sequence[Step]) -> None:
    with _remembering(db.session()):
        for step in steps:
            with clock.set_to(step.at_ms):
                step.do()


@contextmanager
def _remembering(session: Session) -> Iterator[None]:
    """Rows that were met once stay in the session, which else forgets what nobody holds."""
    held: set[object] = set()

    def hold(_session: Session, row: object) -> None:
        held.add(row)

    for met in MET:
        event.listen(session, met, hold)
    try:
        yield
    finally:
        for met in MET:
            event.remove(session, met, hold)


def _agenda(world: World, size: int) -> Iterator[Step]:
    people = list(world.residents.values())
    planned = journeys.plan(world.calendar, people, size)
    earned = _earned_by_courses(world, planned)
    yield from arrivals.first_day(world)
    yield from technical.steps(world)
    yield from deciding.steps(world)
    yield from _publishing(world)
    yield from writing.steps(world)
    yield from arrivals.of_cast(world)
    earlier = literacy.plan(world.calendar, people, size)
    yield from literacy.steps(world)
    for journey in [*earlier, *planned]:
        yield from _studying(world, journey)
    if earlier:
        yield from literacy.of_wrong_name(world, earlier[-1])
    yield from _ani(world)
    yield from letters.steps(world, planned)
    entries = elsewhere.plan(world.calendar, people, size, earned)
    yield from submitting.approved(world, entries)
    yield from submitting.steps(world, submitting.plan(world.calendar, people, size))
    for found in levels.plan(world.calendar, people):
        yield Step(found.entered_ms, partial(_assess, world, found))
    yield Step(world.calendar.at(SIGNED_DAY, 10), partial(_sign_one_of_hendra, world))
    yield from announcing.steps(world)
    yield Step(clock.now_ms() - COPIED_HOURS * HOUR_MS, partial(marks.leave, MarkKind.BACKUP))
    yield Step(clock.now_ms(), partial(_finish, world, size))


def _earned_by_courses(world: World, planned: Sequence[Journey]) -> dict[str, int]:
    """The JP each person will have earned from courses this year."""
    earned: dict[str, int] = {}
    for journey in planned:
        if journey.is_completed and journey.last.year == world.calendar.today.year:
            jp = world.editions.newest(journey.slug).jp
            earned[journey.nip] = earned.get(journey.nip, 0) + jp
    return earned


# --- courses -----------------------------------------------------------------------------


def _publishing(world: World) -> Iterator[Step]:
    at, made = world.calendar.at, world.editions
    first, leading = journeys.FIRST_DAY, journeys.LEADING_DAY
    yield Step(at(first, 10), partial(_publish, world, made.first_security))
    yield Step(at(first - 2, 9), partial(_approve, world, SECURITY))
    yield Step(at(leading, 13), partial(_publish, world, made.leading))
    yield Step(at(leading - 2, 9), partial(_approve, world, LEADING))
    yield Step(at(journeys.NEW_EDITION_DAY, 7), partial(_publish, world, made.security))


def _publish(world: World, course: Course) -> None:
    done = publishing.publish(course, world.people[members.BUDI])
    named = {
        world.people[members.BUDI]: TeacherRole.OWNER,
        world.people[members.RATNA]: TeacherRole.COAUTHOR,
    }
    teachers.set_teachers(done.course_id, named)
    writing.keep(world, done.course_id, course.slug)
    if not done.is_open:
        key = f"approve:{done.version_id}"
        kind = notices.NoticeKind.COURSE_TO_APPROVE
        notices.notify(world.people[members.SYAMSUL], kind, key, title=course.title)


def _approve(world: World, slug: str) -> None:
    publishing.approve(catalogue.link(slug).id, world.people[members.SYAMSUL])


# --- studying ------------------------------------------------------------------------------


def _studying(world: World, journey: Journey) -> Iterator[Step]:
    ability = studying.ability_of(journey.nip)
    learner = partial(_learner, world, journey.nip, journey.slug)
    course = world.editions.newest(journey.slug)
    done = journeys.deeds(journey, course, ability)
    for deed in done:
        yield Step(deed.at_ms, partial(_do, learner, deed))
    yield from marking.steps(world, journey, done)
    if journey.moves:
        moved_ms = world.calendar.at(journeys.NEW_EDITION_DAY - 1, 19, 40)
        yield Step(moved_ms, partial(_move_on, world, journey))


def _do(learner: Callable[[], Learner], deed: journeys.Deed) -> None:
    studying.do(learner(), deed)


def _learner(world: World, nip: str, slug: str) -> Learner:
    mind = Mind(studying.ability_of(nip), world.truths[slug])
    return Learner(world.people[nip], slug, mind, chance_of("answers", nip, slug, clock.now_ms()))


def _move_on(world: World, journey: Journey) -> None:
    migration.move_to_open_version(db.session(), world.people[journey.nip], journey.slug)


def _ani(world: World) -> Iterator[Step]:
    course = world.editions.security
    for deed in ani.deeds(world.calendar, course):
        yield Step(deed.at_ms, partial(_do, partial(_learner, world, members.ANI, SECURITY), deed))
    quiz = ani.stops_at(course)
    yield Step(ani.failed_ms(world.calendar), partial(_ani_attempts, world, quiz, is_first=True))
    yield Step(ani.open_ms(world.calendar), partial(_ani_attempts, world, quiz, is_first=False))


def _ani_attempts(world: World, quiz_key: str, *, is_first: bool) -> None:
    learner = _learner(world, members.ANI, SECURITY)
    if is_first:
        ani.fail(learner, quiz_key)
    else:
        ani.leave_open(learner, quiz_key)


# --- what HR enters ------------------------------------------------------------------------


def _assess(world: World, found: Found) -> None:
    """The levels an assessment found, one for each competency the position asks for.

    Nobody enters their own: the head of HR's are entered by Citra.
    """
    resident = world.residents[found.nip]
    held = staffing.position(resident.post.name, resident.post.position_class)
    required = framework.requirements_of(held)
    for assessment in levels.assessments(found, required):
        by = members.CITRA if found.nip == members.SYAMSUL else members.SYAMSUL
        evidence.assess(world.people[by], world.people[found.nip], assessment)


def _sign_one_of_hendra(world: World) -> None:
    """One of his certificates comes back signed, the other stays as it was issued."""
    paper = certificates.of(world.people[members.HENDRA])[0]
    head = world.residents[members.SYAMSUL]
    signed = Signer(head.name, clock.now()).sign(certificate_pdf.content_of(paper))
    word = signing_desk.fault(paper, signed)
    if word:
        raise Conflict(word)
    signing_desk.replace(world.people[members.SYAMSUL], paper.id, signed)


def _finish(world: World, size: int) -> None:
    code = OneTimeCode(members.CODE, world.secrets.code)
    admin = world.people[members.DEWI]
    accounts.reset_to_code(world.people[members.NABILA], code, actor_id=admin)
    sending.send(world, size)
    demo_mark.mark()
