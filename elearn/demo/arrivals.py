"""People of the demo: how they came, and what some of them live through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from elearn import clock
from elearn.competency import framework
from elearn.database import db
from elearn.demo import agency, members
from elearn.demo.calendar import MINUTE_MS, moment
from elearn.demo.population import Resident
from elearn.demo.world import Step, World
from elearn.errors import Conflict
from elearn.people import accounts, actors, notices, staffing, units
from elearn.people.actors import Actor
from elearn.people.models import Person, Status, Unit
from elearn.people.permissions import Role
from elearn.people.staffing import NewPerson, PersonFacts

SECOND_MS = 1000
MOVED_DAY, RETIRED_DAY, RENUMBERED_DAY = 100, 80, 150
MARLINA_DAY, READ_DAY = 33, 9
PHONE, DESKTOP = "Chrome, Android", "Firefox, Windows"


def first_day(world: World) -> Iterator[Step]:
    """The agency is founded, its people come, roles are given."""
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
    new = NewPerson(
        nip=before.nip,
        unit_id=world.units[before.place],
        contract_start=before.contract_start,
        contract_end=before.contract_end,
        **vars(facts),
    )
    made = staffing.create_person(new)
    world.people[person.nip] = made.id
    if person.nip in members.BY_NIP and person.nip != members.NABILA:
        accounts.set_password_hash(made, world.secrets.phrase, must_change=False)


def _as_they_came(person: Resident) -> Resident:
    if person.nip == members.JONI:
        return replace(person, place="kominfo", boss="")
    if person.nip == members.FITRI:
        return replace(person, nip=members.FITRI_BEFORE, status=Status.PPPK, grade="VII")
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
        whatsapp=person.whatsapp,
    )


def _give_roles(world: World) -> None:
    for member in members.CAST:
        if member.role is not Role.LEARNER:
            unit = world.units["dinkes"] if member.role is Role.HR_UNIT else None
            staffing.grant(None, world.people[member.nip], member.role, unit)
    staffing.grant(None, world.people[world.deputy], Role.HR_AGENCY)
    for nip in (members.CITRA, members.SYAMSUL, members.DEWI, world.deputy):
        world.actors[nip] = _signed_in(world, nip)


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


def of_cast(world: World) -> Iterator[Step]:
    """What some of the cast live through later."""
    at = world.calendar.at
    yield Step(at(RENUMBERED_DAY, 10), partial(_appoint_fitri, world))
    yield Step(at(MOVED_DAY, 8), partial(_move_joni, world))
    yield Step(at(RETIRED_DAY, 15), partial(_retire_zulkifli, world))
    yield Step(at(MARLINA_DAY, 12, 20), partial(_sign_marlina_in, world))
    yield Step(at(READ_DAY, 6), partial(_read_notices, world))


def _appoint_fitri(world: World) -> None:
    """From PPPK to PNS: another number, the same person."""
    admin, person_id = world.people[members.DEWI], world.people[members.FITRI]
    staffing.change_nip(admin, person_id, members.FITRI)
    staffing.edit(admin, person_id, _facts(world, world.residents[members.FITRI]))


def _move_joni(world: World) -> None:
    admin, person_id = world.people[members.DEWI], world.people[members.JONI]
    joni = world.residents[members.JONI]
    staffing.move(admin, person_id, world.units[joni.place], clock.now_ms())
    staffing.edit(admin, person_id, _facts(world, joni))


def _retire_zulkifli(world: World) -> None:
    accounts.deactivate(world.people[members.DEWI], world.people[members.ZULKIFLI])


def _sign_marlina_in(world: World) -> None:
    accounts.sign_in(db.session.get_one(Person, world.people[members.MARLINA]), device=PHONE)


def _read_notices(world: World) -> None:
    for nip in members.BY_NIP:
        notices.mark_read(world.people[nip])
