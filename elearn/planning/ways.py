"""The shortest honest way of a person to a position, and what a unit still needs. Read only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, select

from elearn import clock
from elearn.competency import framework, hours, targets, way
from elearn.competency.gaps import Gap, Standing
from elearn.competency.targets import Target
from elearn.competency.way import Candidate, Step, Way
from elearn.content import catalogue
from elearn.content.models import Course
from elearn.errors import Invalid, NotFound
from elearn.learning.models import Completion, CourseProgress, CourseState, Enrolment
from elearn.people.models import Person, Status, Unit
from elearn.planning import standings
from elearn.planning.standings import Aim, PersonGaps
from elearn.reports import branch

MOST_JP = 1000
K = TypeVar("K", str, tuple[str, int])


class Line(NamedTuple):
    """A step with the title of its course, and of those it is a prerequisite for."""

    step: Step
    title: str
    opens: tuple[str, ...]
    is_begun: bool


@dataclass(frozen=True)
class PersonWay:
    """The way of a person to a class or a position; ``room`` is the JP they have for it this year.

    ``now`` and ``later`` are the lines for this year and after it; no course supports the gaps
    among ``needs``.
    """

    to: Target
    name: str
    names: Mapping[str, str]
    gaps: tuple[Gap, ...]
    way: Way
    room: int
    now: tuple[Line, ...]
    later: tuple[Line, ...]

    @property
    def missing(self) -> list[Gap]:
        return [gap for gap in self.gaps if gap.missing]

    @property
    def supported(self) -> list[str]:
        """The names of those whose evidence waits for an assessment."""
        waiting = [gap for gap in self.gaps if gap.standing is Standing.SUPPORTED]
        return [self.names[gap.code] for gap in waiting]

    @property
    def needs(self) -> list[Gap]:
        return [gap for gap in self.gaps if gap.code in self.way.uncovered]


def of_person(person: Person, to: str = "", room: int | None = None) -> PersonWay:
    """The way to what ``to`` names, else to the person's target, else to their own position.

    Raises NotFound.

    ``room`` are JP of this year; left out, what is missing to the year's floor or, for PPPK, what
    is left of the planned JP of the contract year; without either it is no limit.
    """
    wanted = _read(to)
    aim = Aim.TARGET if person.target_class else Aim.PRESENT
    (found,) = standings.of_people([Person.id == person.id], aim, wanted)
    done, begun = _courses_of(person.id)
    offers = _offers()
    best = way.shortest(found.wanted, offers.candidates, done)
    room = _room(person, best.jp) if room is None else room
    now, later = way.over_years(best.steps, room)

    return PersonWay(
        to=found.against,
        name=_name(found.against, person),
        names=framework.names(),
        gaps=tuple(gap for gap in found.gaps if gap.required),
        way=best,
        room=room,
        now=_lines(now, offers, begun),
        later=_lines(later, offers, begun),
    )


def _read(to: str) -> Target:
    try:
        return targets.read(to)
    except Invalid as problem:
        raise NotFound from problem


def _name(to: Target, person: Person) -> str:
    """What the way leads to; one's own position goes by its class, as elsewhere."""
    if person.position and to.position_id == person.position.id:
        return targets.name_of(Target(to.position_class))
    return targets.name_of(to)


def _lines(steps: Sequence[Step], offers: Offers, begun: frozenset[str]) -> tuple[Line, ...]:
    return tuple(
        Line(
            step,
            offers.titles[step.candidate.key],
            tuple(offers.titles[key] for key in step.opens),
            step.candidate.key in begun,
        )
        for step in steps
    )


def _room(person: Person, needed: int) -> int:
    today = clock.today()
    if Status(person.status).is_pppk:
        contract = hours.contract(person, today)
        return max(contract.ceiling - contract.planned, 0) if contract else needed
    return hours.year(person, today.year).missing or needed


class Offers(NamedTuple):
    """What is offered now, with the titles by key."""

    candidates: list[Candidate]
    titles: dict[str, str]


def _offers() -> Offers:
    found = sorted(catalogue.offered(), key=lambda each: each.slug)
    candidates = [
        Candidate(
            each.slug,
            each.jp,
            {item.code: item.level for item in each.competencies},
            frozenset(each.prerequisites),
        )
        for each in found
    ]
    return Offers(candidates, {each.slug: each.title for each in found})


def _courses_of(person_id: int) -> tuple[frozenset[str], frozenset[str]]:
    """The slugs of what a person has completed, and of what they have begun."""
    completed = (
        select(Course.slug)
        .join(Completion, Completion.course_id == Course.id)
        .where(Completion.person_id == person_id)
    )
    begun = (
        select(Course.slug)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .join(CourseProgress, CourseProgress.enrolment_id == Enrolment.id)
        .where(Enrolment.person_id == person_id, CourseProgress.state != CourseState.PASSED)
    )
    done = frozenset(row.slug for row in branch.read(completed))
    return done, frozenset(row.slug for row in branch.read(begun)) - done


class CourseNeed(NamedTuple):
    """A course and on how many ways it stands."""

    slug: str
    title: str
    people: int


class UncoveredNeed(NamedTuple):
    """A competency and a level that no course supports, with how many people need it."""

    code: str
    level: int
    people: int


@dataclass(frozen=True)
class UnitNeeds:
    """What the people of a branch need: courses on their ways, and what none supports."""

    people: int
    with_gaps: int
    courses: list[CourseNeed]
    uncovered: list[UncoveredNeed]


def of_branch(conditions: Iterable[ColumnElement[bool]], aim: Aim) -> UnitNeeds:
    """The ways of everybody in a branch together, the most asked for first."""
    where = list(conditions)
    people = standings.of_people(where, aim)
    done, offers = _done(where), _offers()
    courses, uncovered = Counter[str](), Counter[tuple[str, int]]()
    for person, best in zip(people, _ways(people, offers, done), strict=True):
        courses.update(step.candidate.key for step in best.steps)
        uncovered.update((code, person.wanted[code]) for code in best.uncovered)
    return UnitNeeds(
        len(people),
        sum(1 for person in people if person.wanted),
        [CourseNeed(key, offers.titles[key], count) for key, count in _ranked(courses)],
        [UncoveredNeed(*key, count) for key, count in _ranked(uncovered)],
    )


def _ways(
    people: Iterable[PersonGaps], offers: Offers, done: Mapping[int, frozenset[str]]
) -> Iterable[Way]:
    """People with the same gaps and the same courses behind them have the same way."""
    known: dict[tuple[frozenset[tuple[str, int]], frozenset[str]], Way] = {}
    for person in people:
        completed = done.get(person.id, frozenset())
        key = frozenset(person.wanted.items()), completed
        if key not in known:
            known[key] = way.shortest(person.wanted, offers.candidates, completed)
        yield known[key]


def _done(where: list[ColumnElement[bool]]) -> dict[int, frozenset[str]]:
    completed = (
        select(Completion.person_id, Course.slug)
        .join(Course, Course.id == Completion.course_id)
        .join(Person, Person.id == Completion.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(*where)
    )
    found: dict[int, set[str]] = defaultdict(set)
    for row in branch.each(completed):
        found[row.person_id].add(row.slug)
    return {person_id: frozenset(slugs) for person_id, slugs in found.items()}


def _ranked(counted: Counter[K]) -> list[tuple[K, int]]:
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))
