"""The letters of the demo: the first course is asked of puskesmas, two offices, ten teachers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial

from elearn.assignments import assigned, assigning
from elearn.assignments.rule import Line, Rule
from elearn.content import catalogue
from elearn.demo import members
from elearn.demo.calendar import chance_of
from elearn.demo.editions import SECURITY
from elearn.demo.journeys import Journey, is_teacher
from elearn.demo.population import Resident
from elearn.demo.world import Step, World

# Days before the seeding on which each is given, and due; those less than 0 are to come.
TEACHERS_DAY, TEACHERS_DUE = 84, 9
OFFICES_DAY, OFFICES_DUE = 37, 7
PUSKESMAS_DAY, PUSKESMAS_DUE = 21, -9
EXEMPTED_DAY = 14
NEWCOMERS_HAVE = 14
TEACHERS = 10
PUSKESMAS = ("dinkes/hulu", "dinkes/hilir", "dinkes/muara")
OFFICES = ("dinkes/sekretariat", "hilir")
ON_LEAVE = (("Cuti melahirkan.", 60), ("Tugas belajar di luar daerah.", 400))
WOMAN = "2"


def steps(world: World, planned: Sequence[Journey]) -> Iterator[Step]:
    """What HR asks by letter, and of whom it does not."""
    at = world.calendar.at
    yield Step(at(TEACHERS_DAY, 9), partial(_ask_teachers, world, planned))
    yield Step(at(OFFICES_DAY, 9), partial(_ask_offices, world))
    yield Step(at(PUSKESMAS_DAY, 10), partial(_ask_puskesmas, world))
    yield Step(at(EXEMPTED_DAY, 11), partial(_exempt, world, planned))


def _ask_teachers(world: World, planned: Sequence[Journey]) -> None:
    done = [j.nip for j in planned if j.slug == SECURITY and j.is_completed]
    teachers = [nip for nip in done if is_teacher(world.residents[nip])]
    chosen = sorted(teachers, key=lambda nip: nip != members.RUDI)[:TEACHERS]
    line = Line(people=tuple(sorted(world.people[nip] for nip in chosen)))
    _give(world, members.SYAMSUL, (line,), (TEACHERS_DAY, TEACHERS_DUE), 214)


def _ask_offices(world: World) -> None:
    lines = tuple(Line(unit_id=world.units[key]) for key in OFFICES)
    _give(world, members.SYAMSUL, lines, (OFFICES_DAY, OFFICES_DUE), 377)


def _ask_puskesmas(world: World) -> None:
    lines = tuple(Line(unit_id=world.units[key]) for key in PUSKESMAS)
    _give(world, members.CITRA, lines, (PUSKESMAS_DAY, PUSKESMAS_DUE), 91)


def _give(
    world: World, nip: str, lines: tuple[Line, ...], between: tuple[int, int], number: int
) -> None:
    given, due = (world.calendar.day(day) for day in between)
    is_health = nip == members.CITRA
    office = "DINKES" if is_health else "BKPSDM"
    rule = Rule(
        courses=(catalogue.link(SECURITY).id,),
        lines=lines,
        starts_on=given,
        due_on=due,
        days=NEWCOMERS_HAVE,
        letter_number=f"800.1.4.2/{number}/{office}/{given.year}",
        letter_on=given - timedelta(days=1),
        reason="Setiap pegawai yang memegang data pribadi perlu tahu cara menjaganya.",
    )
    assigning.give(world.actors[nip], world.units["dinkes"] if is_health else None, rule)


def _exempt(world: World, planned: Sequence[Journey]) -> None:
    """Two women of the puskesmas who have not begun."""
    begun = {journey.nip for journey in planned if journey.slug == SECURITY} | set(members.BY_NIP)
    away = [p for p in world.residents.values() if p.place in PUSKESMAS and p.nip not in begun]
    actor = world.actors[members.CITRA]
    [asked] = [each for each in assigned.open_ones() if each.owner_unit_id is not None]
    women = [person for person in away if _is_woman(person)]
    chosen = chance_of("on leave").sample(women, min(len(ON_LEAVE), len(women)))
    for person, (reason, days) in zip(chosen, ON_LEAVE, strict=False):
        until = world.calendar.day(-days)
        assigning.exempt(actor, asked, world.people[person.nip], reason, until)


def _is_woman(person: Resident) -> bool:
    return person.nip[14] == WOMAN
