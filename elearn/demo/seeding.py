"""The demo as an agenda: everything in the order in which it happened, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from sqlalchemy import select

from elearn import clock, demo_mark, settings
from elearn.competency import evidence, framework, outside
from elearn.content import catalogue, publishing
from elearn.content.course import Course
from elearn.content.models import Course as CourseRow
from elearn.content.models import TeacherRole
from elearn.database import db, transaction
from elearn.demo import (
    agency,
    ani,
    cast,
    editions,
    elsewhere,
    journeys,
    levels,
    population,
    studying,
)
from elearn.demo.answering import Mind
from elearn.demo.calendar import MINUTE_MS, Calendar, chance_of, moment
from elearn.demo.editions import LEADING, SECURITY, Editions
from elearn.demo.elsewhere import Entry
from elearn.demo.journeys import Journey
from elearn.demo.levels import Found
from elearn.demo.population import Resident
from elearn.demo.studying import Learner
from elearn.errors import Conflict
from elearn.learning import study
from elearn.people import accounts, actors, notices, passwords, staffing, units
from elearn.people.actors import Actor
from elearn.people.models import Person, Status, Unit
from elearn.people.passwords import OneTimeCode
from elearn.people.permissions import Role
from elearn.people.staffing import NewPerson, PersonFacts

SECOND_MS = 1000
MOVED_DAY, RETIRED_DAY, RENUMBERED_DAY = 100, 80, 150
MARLINA_DAY, READ_DAY = 33, 9
PHONE, DESKTOP = "Chrome, Android", "Firefox, Windows"


@dataclass(frozen=True)
class Step:
    """Something that happens at a moment."""

    at_ms: int
    do: Callable[[], None]


@dataclass(frozen=True)
class Secrets:
    """Hashes made before any lock is held: of the one phrase, and of the one-time code."""

    phrase: str
    code: str


@dataclass
class World:
    """What the steps know of each other: ids by NIP and by key, and who enters for HR."""

    calendar: Calendar
    residents: dict[str, Resident]
    editions: Editions
    secrets: Secrets
    people: dict[str, int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)


def is_empty() -> bool:
    """Whether the database holds nobody, no unit and no course."""
    tables = (Person.id, Unit.id, CourseRow.id)
    return all(db.session.scalar(select(column).limit(1)) is None for column in tables)


def seed(courses: Path, size: int = agency.PEOPLE) -> None:
    """Seed the demo into an empty database, all of it or nothing.

    Raises Conflict("not_empty"), and Invalid for a course that does not compile.
    """
    if not is_empty():
        raise Conflict("not_empty")
    calendar = Calendar(clock.today())
    people = {person.nip: person for person in population.residents(calendar, size)}
    secrets = Secrets(passwords.hash_of(cast.PHRASE), passwords.hash_of(cast.CODE))
    world = World(calendar, people, editions.compile_all(courses), secrets)
    steps = sorted(_agenda(world, size), key=lambda step: step.at_ms)
    try:
        with transaction():
            _run(steps)
    finally:
        catalogue.forget()


def _run(steps: Sequence[Step]) -> None:
    for step in steps:
        with clock.set_to(step.at_ms):
            step.do()


def _agenda(world: World, size: int) -> Iterator[Step]:
    people = list(world.residents.values())
    planned = journeys.plan(world.calendar, people, size)
    earned = _earned_by_courses(world, planned)
    yield from _beginning(world)
    yield from _publishing(world)
    yield from _of_cast(world)
    for journey in planned:
        yield from _studying(world, journey)
    yield from _ani(world)
    for entry in elsewhere.plan(world.calendar, people, size, earned):
        yield _entering(world, entry)
    for found in levels.plan(world.calendar, people):
        yield Step(found.entered_ms, partial(_assess, world, found))
    yield Step(clock.now_ms(), partial(_finish, world))


def _earned_by_courses(world: World, planned: Sequence[Journey]) -> dict[str, int]:
    """The JP each person will have earned from courses this year."""
    earned: dict[str, int] = {}
    for journey in planned:
        if journey.is_completed and journey.last.year == world.calendar.today.year:
            jp = world.editions.newest(journey.slug).jp
            earned[journey.nip] = earned.get(journey.nip, 0) + jp
    return earned


# --- the first day -------------------------------------------------------------------------


def _beginning(world: World) -> Iterator[Step]:
    opened_ms = moment(world.calendar.start, 7 * 60 + 45)
    yield Step(opened_ms, partial(_found_agency, world))
    at_ms = opened_ms + 15 * MINUTE_MS
    for number, person in enumerate(world.residents.values()):
        joined_ms = max(at_ms + number * SECOND_MS, _appointed_ms(person))
        yield Step(joined_ms, partial(_hire, world, person))
    yield Step(at_ms + 4 * 60 * MINUTE_MS, partial(_give_roles, world))


def _appointed_ms(person: Resident) -> int:
    """Nobody works before the year and month of their number."""
    month = int(person.nip[12:14]) if person.status in {Status.PNS, Status.CPNS} else 1
    day = clock.date_from_iso(f"{person.nip[8:12]}-{month:02}-02")
    return moment(day, 8 * 60)


def _found_agency(world: World) -> None:
    framework.load_seed()
    root = units.create_unit(agency.NAME)
    made: dict[str, Unit] = {"": root}
    for place in agency.PLACES:
        made[place.key] = units.create_unit(place.name, made[place.above])
    world.units.update({key: unit.id for key, unit in made.items()})


def _hire(world: World, person: Resident) -> None:
    """Add a person as they were when they came."""
    before = _as_they_came(person)
    facts = _facts(world, before)
    new = NewPerson(nip=before.nip, unit_id=world.units[before.place], **vars(facts))
    made = staffing.create_person(new)
    world.people[person.nip] = made.id
    if person.nip in cast.BY_NIP and person.nip != cast.NABILA:
        accounts.set_password_hash(made, world.secrets.phrase, must_change=False)


def _as_they_came(person: Resident) -> Resident:
    if person.nip == cast.JONI:
        return replace(person, place="kominfo", boss="")
    if person.nip == cast.FITRI:
        return replace(person, nip=cast.FITRI_BEFORE, status=Status.PPPK, grade="VII")
    return person


def _facts(world: World, person: Resident) -> PersonFacts:
    return PersonFacts(
        name=person.name,
        status=person.status,
        degrees_before=person.before,
        degrees_after=person.after,
        grade=person.grade,
        position_id=staffing.position(person.post.name, person.post.position_class).id,
        target_class=person.target_class,
        supervisor_id=world.people.get(person.boss),
        contract_start=person.contract_start,
        contract_end=person.contract_end,
        whatsapp=person.whatsapp,
    )


def _give_roles(world: World) -> None:
    for member in cast.CAST:
        if member.role is not Role.LEARNER:
            unit = world.units["dinkes"] if member.role is Role.HR_UNIT else None
            staffing.grant(None, world.people[member.nip], member.role, unit)
    for nip in (cast.CITRA, cast.SYAMSUL, cast.DEWI):
        world.actors[nip] = _signed_in(world, nip)
    for key, value in _agency_settings(world).items():
        settings.change(key, world.calendar.start.year, value, world.people[cast.DEWI])


def _signed_in(world: World, nip: str) -> Actor:
    """Somebody at their desk for what follows; the sign-in itself is ended again."""
    person = db.session.get_one(Person, world.people[nip])
    token = accounts.sign_in(person, device=DESKTOP)
    db.session.flush()
    actor = actors.load(token, clock.now_ms())
    if actor is None:
        raise Conflict("signed_out")
    accounts.sign_out(actor.stamp)
    return actor


def _agency_settings(world: World) -> dict[str, object]:
    head = world.residents[cast.SYAMSUL]
    name = f"{head.before} {head.name}, {head.after}"
    return {
        "agency_name": agency.AGENCY,
        "organiser": agency.ORGANISER,
        "certificate_place": "Contoh",
        "certificate_signer": {"name": name, "title": "Kepala BKPSDM"},
    }


# --- courses and what the cast lives through -----------------------------------------------


def _publishing(world: World) -> Iterator[Step]:
    at, made = world.calendar.at, world.editions
    first, leading = journeys.FIRST_DAY, journeys.LEADING_DAY
    yield Step(at(first, 10), partial(_publish, world, made.first_security))
    yield Step(at(first - 2, 9), partial(_approve, world, SECURITY))
    yield Step(at(leading, 13), partial(_publish, world, made.leading))
    yield Step(at(leading - 2, 9), partial(_approve, world, LEADING))
    yield Step(at(journeys.NEW_EDITION_DAY, 7), partial(_publish, world, made.security))


def _publish(world: World, course: Course) -> None:
    done = publishing.publish(course, world.people[cast.BUDI])
    teachers = {
        world.people[cast.BUDI]: TeacherRole.OWNER,
        world.people[cast.RATNA]: TeacherRole.COAUTHOR,
    }
    publishing.set_teachers(done.course_id, teachers)
    if not done.is_open:
        key = f"approve:{done.version_id}"
        kind = notices.NoticeKind.COURSE_TO_APPROVE
        notices.notify(world.people[cast.SYAMSUL], kind, key, title=course.title)


def _approve(world: World, slug: str) -> None:
    publishing.approve(catalogue.link(slug).id, world.people[cast.SYAMSUL])


def _of_cast(world: World) -> Iterator[Step]:
    at = world.calendar.at
    yield Step(at(RENUMBERED_DAY, 10), partial(_appoint_fitri, world))
    yield Step(at(MOVED_DAY, 8), partial(_move_joni, world))
    yield Step(at(RETIRED_DAY, 15), partial(_retire_zulkifli, world))
    yield Step(at(MARLINA_DAY, 12, 20), partial(_sign_marlina_in, world))
    yield Step(at(READ_DAY, 6), partial(_read_notices, world))


def _appoint_fitri(world: World) -> None:
    """From PPPK to PNS: another number, the same person."""
    admin, person_id = world.people[cast.DEWI], world.people[cast.FITRI]
    staffing.change_nip(admin, person_id, cast.FITRI)
    staffing.edit(admin, person_id, _facts(world, world.residents[cast.FITRI]))


def _move_joni(world: World) -> None:
    admin, person_id = world.people[cast.DEWI], world.people[cast.JONI]
    joni = world.residents[cast.JONI]
    staffing.move(admin, person_id, world.units[joni.place], clock.now_ms())
    staffing.edit(admin, person_id, _facts(world, joni))


def _retire_zulkifli(world: World) -> None:
    accounts.deactivate(world.people[cast.DEWI], world.people[cast.ZULKIFLI])


def _sign_marlina_in(world: World) -> None:
    accounts.sign_in(db.session.get_one(Person, world.people[cast.MARLINA]), device=PHONE)


def _read_notices(world: World) -> None:
    for nip in cast.BY_NIP:
        notices.mark_read(world.people[nip])


# --- studying ------------------------------------------------------------------------------


def _studying(world: World, journey: Journey) -> Iterator[Step]:
    ability = studying.ability_of(journey.nip)
    learner = partial(_learner, world, journey.nip, journey.slug)
    course = world.editions.newest(journey.slug)
    for deed in journeys.deeds(journey, course, ability):
        yield Step(deed.at_ms, partial(_do, learner, deed))
    if journey.moves:
        moved_ms = world.calendar.at(journeys.NEW_EDITION_DAY - 1, 19, 40)
        yield Step(moved_ms, partial(_move_on, world, journey))


def _do(learner: Callable[[], Learner], deed: journeys.Deed) -> None:
    studying.do(learner(), deed)


def _learner(world: World, nip: str, slug: str) -> Learner:
    mind = Mind(studying.ability_of(nip), world.editions.truth(slug))
    return Learner(world.people[nip], slug, mind, chance_of("answers", nip, slug, clock.now_ms()))


def _move_on(world: World, journey: Journey) -> None:
    study.move_to_open_version(db.session(), world.people[journey.nip], journey.slug)


def _ani(world: World) -> Iterator[Step]:
    course = world.editions.security
    for deed in ani.deeds(world.calendar, course):
        yield Step(deed.at_ms, partial(_do, partial(_learner, world, cast.ANI, SECURITY), deed))
    quiz = ani.stops_at(course)
    yield Step(ani.failed_ms(world.calendar), partial(_ani_attempts, world, quiz, is_first=True))
    yield Step(ani.open_ms(world.calendar), partial(_ani_attempts, world, quiz, is_first=False))


def _ani_attempts(world: World, quiz_key: str, *, is_first: bool) -> None:
    learner = _learner(world, cast.ANI, SECURITY)
    if is_first:
        ani.fail(learner, quiz_key)
    else:
        ani.leave_open(learner, quiz_key)


# --- what HR enters ------------------------------------------------------------------------


def _entering(world: World, entry: Entry) -> Step:
    minutes = chance_of("office", entry.learning.number).randint(8 * 60, 15 * 60)
    return Step(moment(entry.entered_on, minutes), partial(_enter, world, entry))


def _enter(world: World, entry: Entry) -> None:
    is_health = world.residents[entry.nip].office == "dinkes"
    actor = world.actors[cast.CITRA if is_health and entry.nip != cast.CITRA else cast.SYAMSUL]
    person = db.session.get_one(Person, world.people[entry.nip])
    outside.enter(actor, person, entry.learning)


def _assess(world: World, found: Found) -> None:
    """The levels an assessment found, one for each competency the position asks for."""
    resident = world.residents[found.nip]
    required = framework.requirements(resident.post.position_class)
    for assessment in levels.assessments(found, required):
        evidence.assess(world.people[cast.SYAMSUL], world.people[found.nip], assessment)


def _finish(world: World) -> None:
    code = OneTimeCode(cast.CODE, world.secrets.code)
    admin = world.people[cast.DEWI]
    accounts.reset_to_code(world.people[cast.NABILA], code, actor_id=admin)
    demo_mark.mark()
