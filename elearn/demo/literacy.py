"""A course of an earlier year, closed since: 18 completed it, 7 of their completions expired.

One of the certificates was issued in a wrong name, revoked and replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import partial

from elearn.authoring import releases
from elearn.competency import certificates, replacing, revoking
from elearn.competency.replacing import Wish
from elearn.content import publishing, teachers
from elearn.content.models import TeacherRole
from elearn.database import db
from elearn.demo import members, writing
from elearn.demo.calendar import Calendar, chance_of, working_day
from elearn.demo.editions import LITERACY
from elearn.demo.journeys import End, Journey, wanted
from elearn.demo.population import Resident
from elearn.demo.world import Step, World
from elearn.people import staffing
from elearn.people.models import Person, Status
from elearn.people.staffing import PersonFacts
from elearn.reports.filters import Wanted
from elearn.siasn import listing, marking

PUBLISHED_DAY, APPROVED_DAY, CLOSED_DAY = 424, 423, 190
# Days before the seeding on which they completed it: twelve months are over for the first ones.
EXPIRED = (419, 412, 406, 399, 391, 384, 376)
STANDING = (355, 348, 340, 327, 311, 300, 288, 262, 247, 231, 208)
DAYS_OF_STUDY = 2
REVOKED_DAY = 160
MISSPELT_DAY = APPROVED_DAY  # before anybody completes it
WRONG_NAME = "Nama pemegangnya salah dieja."
RIGHT_NAME = "Nama dibetulkan menurut data kepegawaian."


def plan(calendar: Calendar, people: Sequence[Resident], size: int) -> list[Journey]:
    """Who completed it: people without a floor of JP, so that no other figure moves."""
    free = [person for person in people if _may_be_asked(person, calendar)]
    chosen = chance_of(LITERACY).sample(free, len(free))
    days = [*EXPIRED, *STANDING]
    ended = [days[n % len(days)] for n in range(wanted(len(days), size))]
    return [_journey(calendar, person, day) for person, day in zip(chosen, ended, strict=False)]


def _may_be_asked(person: Resident, calendar: Calendar) -> bool:
    appointed = int(person.nip[8:12])
    is_free = person.status is Status.PPPK and person.nip not in members.BY_NIP
    return is_free and appointed < calendar.start.year


def _journey(calendar: Calendar, person: Resident, ended: int) -> Journey:
    last = working_day(calendar.day(ended))
    first = max(calendar.day(ended + DAYS_OF_STUDY), calendar.day(APPROVED_DAY - 1))
    return Journey(person.nip, LITERACY, End.COMPLETED, min(first, last), last)


def steps(world: World) -> Iterator[Step]:
    """Given out at the beginning, closed later by its owner."""
    at = world.calendar.at
    yield Step(at(PUBLISHED_DAY, 13), partial(_publish, world))
    yield Step(at(APPROVED_DAY, 8), partial(_approve, world))
    yield Step(at(CLOSED_DAY, 9), partial(_close, world))


def _publish(world: World) -> None:
    owner = world.people[members.RATNA]
    done = publishing.publish(world.editions.literacy, owner)
    teachers.set_teachers(done.course_id, {owner: TeacherRole.OWNER})
    writing.keep(world, done.course_id, LITERACY)


def _approve(world: World) -> None:
    owned = teachers.owned_course(world.people[members.RATNA], LITERACY)
    publishing.approve(owned.id, world.people[members.SYAMSUL])


def of_wrong_name(world: World, journey: Journey) -> Iterator[Step]:
    """Who completed it last was misspelt then: taken back once its JP were sent, and replaced."""
    at, nip = world.calendar.at, journey.nip
    right = world.residents[nip].name
    yield Step(at(MISSPELT_DAY, 7), partial(_rename, world, nip, misspelt(right)))
    yield Step(at(REVOKED_DAY, 9), partial(_rename, world, nip, right))
    yield Step(at(REVOKED_DAY, 10), partial(_revoke, world, nip))


def misspelt(name: str) -> str:
    """A name with its last letter written twice."""
    return name + name[-1]


def _rename(world: World, nip: str, name: str) -> None:
    person = db.session.get_one(Person, world.people[nip])
    known = {field.name: getattr(person, field.name) for field in fields(PersonFacts)}
    facts = PersonFacts(**{**known, "name": name, "status": Status(person.status)})
    staffing.edit(world.people[members.SYAMSUL], person.id, facts)


def _revoke(world: World, nip: str) -> None:
    actor = world.actors[members.SYAMSUL]
    of_year = Wanted(world.calendar.day(REVOKED_DAY).year)
    marking.mark(actor, list(listing.ready(actor, of_year, listing.UNSENT, listing.MOST)))
    titled = world.editions.literacy.title
    held = certificates.of(world.people[nip])
    paper = next(each for each in held if each.fields["title"] == titled)
    revoking.revoke(actor, paper.id, WRONG_NAME)
    replacing.replace(actor, paper.id, Wish(RIGHT_NAME, post_as_now=False))


def _close(world: World) -> None:
    releases.retire(teachers.owned_course(world.people[members.RATNA], LITERACY))
