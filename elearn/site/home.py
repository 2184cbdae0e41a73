"""What now? The home page: go on, how far to the year's hours, what the post asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Date, and_, bindparam, func, select

from elearn import clock, settings
from elearn.announcements import shown
from elearn.announcements.shown import Strip
from elearn.competency import hour_rules
from elearn.competency.models import HoursEntry, HoursYear
from elearn.content import catalogue
from elearn.content.catalogue import CourseCard
from elearn.database import Prepared, one_connection
from elearn.learning import asked, study
from elearn.learning.asked import AskedCourse
from elearn.learning.study import CourseInHand
from elearn.people import actors, contracts
from elearn.people.actors import Actor
from elearn.people.history_models import Contract
from elearn.people.models import Person, Position, Status
from elearn.settings import Switch
from elearn.site import post_gaps
from elearn.site.formats import format_date
from elearn.site.post_gaps import PostGaps

SHOWN_COURSES = 3
Course = TypeVar("Course", CourseInHand, CourseCard)


@dataclass(frozen=True)
class Hours:
    """JP of the year against the floor (PNS), or planned in the contract year (PPPK).

    ``goal`` is None for those with neither.
    """

    value: int
    goal: int | None
    is_contract: bool
    period: str
    earned: int

    @property
    def missing(self) -> int:
        return max((self.goal or 0) - self.value, 0)


class Home(NamedTuple):
    """What a learner sees first. ``asked`` are open assignments, the most urgent first."""

    going_on: CourseInHand | None
    others: tuple[CourseInHand, ...]
    passed: tuple[CourseInHand, ...]
    offered: tuple[CourseCard, ...]
    hours: Hours
    post: PostGaps
    asked: tuple[AskedCourse, ...]
    announced: tuple[Strip, ...]

    @property
    def under_way(self) -> tuple[CourseInHand, ...]:
        """Those begun and not yet passed."""
        return (self.going_on, *self.others) if self.going_on else ()

    @property
    def to_renew(self) -> CourseInHand | None:
        """What ends first of what was passed and may be taken again, when nothing is under way."""
        ending = [course for course in self.passed if course.wants_renewal]
        first = min(ending, key=lambda course: str(course.expires_on), default=None)
        return None if self.going_on else first

    @property
    def others_offered(self) -> tuple[CourseCard, ...]:
        """What is offered beside the one thing to do now."""
        return self.offered if self.going_on or self.to_renew else self.offered[1:]


class OwnHome(NamedTuple):
    """Who is signed in, and their home page."""

    person: Actor
    page: Home


def of(actor: Actor) -> Home:
    """The home page of a person: at most nine statements, with those around the page."""
    with one_connection():
        return _home(_PERSON.all(person=actor.id, now_ms=clock.now_ms(), **_today())[0], actor)


def own(token: str) -> OwnHome | None:
    """The home page of who is signed in by a cookie's token; None when nobody is."""
    stamp = actors.stamp_of(token)
    with one_connection():
        found = _SIGNED_IN_PERSON.all(stamp=stamp, now_ms=clock.now_ms(), **_today())
        if not found:
            return None
        person = actors.of_rows(found, stamp)
        return OwnHome(person, _home(found[0], person))


def _today() -> dict[str, Any]:
    today = clock.today()
    return {"today": today, "year": today.year}


def _announced(person: Actor) -> tuple[Strip, ...]:
    return shown.on_home(person) if person.has(Switch.ANNOUNCEMENTS) else ()


def _home(row: Any, person: Actor) -> Home:
    mine = study.in_hand(row.id)
    open_ = [each._replace(person_id=0) for each in asked.open_of(row.id)]
    urgent = {each.slug: at for at, each in enumerate(open_)}
    under_way = tuple(_urgent_first((c for c in mine if c.state != "passed"), urgent))
    begun = {course.slug for course in mine}
    new = (card for card in catalogue.newest_open() if card.slug not in begun)
    offered = _urgent_first(new, urgent)
    return Home(
        going_on=under_way[0] if under_way else None,
        others=under_way[1:],
        passed=tuple(course for course in mine if course.state == "passed"),
        offered=tuple(offered[:SHOWN_COURSES]),
        hours=_hours(row),
        post=post_gaps.of(row),
        asked=tuple(open_),
        announced=_announced(person) if row.some_shown else (),
    )


def _urgent_first(courses: Iterable[Course], urgent: Mapping[str, int]) -> list[Course]:
    """What is asked for first, the most urgent on top; the others as they were."""
    return sorted(courses, key=lambda course: urgent.get(course.slug, len(urgent)))


_OF_POST = (
    Person.position_id,
    Person.target_class,
    Person.target_position_id,
    Contract.starts_on,
    Contract.ends_on,
)
_OF_YEAR = (
    Position.position_class,
    HoursYear.earned_jp,
    HoursYear.countable_jp,
    settings.PACKED.label("settings"),
    shown.SOME.label("some_shown"),
)
_THIS_YEAR = and_(HoursYear.person_id == Person.id, HoursYear.year == bindparam("year"))
_PRESENT_CONTRACT = contracts.holds(bindparam("today", type_=Date))
_PERSON = Prepared(
    select(Person.id, Person.status, *_OF_POST, *_OF_YEAR)
    .outerjoin(Position, Position.id == Person.position_id)
    .outerjoin(HoursYear, _THIS_YEAR)
    .outerjoin(Contract, _PRESENT_CONTRACT)
    .where(Person.id == bindparam("person"))
)
_SIGNED_IN_PERSON = Prepared(
    actors.SIGNED_IN.add_columns(*_OF_POST, *_OF_YEAR)
    .outerjoin(Position, Position.id == Person.position_id)
    .outerjoin(HoursYear, _THIS_YEAR)
    .outerjoin(Contract, _PRESENT_CONTRACT)
)


def _hours(row: Any) -> Hours:
    today = clock.today()
    held = settings.unpacked(row.settings)
    earned, countable = row.earned_jp or 0, row.countable_jp or 0
    if Status(row.status).is_pppk and row.starts_on:
        start, end = hour_rules.contract_period(row.starts_on, row.ends_on, today)
        planned = _planned(row.id, start, end)
        ceiling = held["pppk_planned_ceiling_jp"]
        return Hours(planned, ceiling, True, _period(start, end), earned)
    counted = countable if held["floor_counts"] == settings.Floor.COUNTABLE else earned
    has_floor = row.status == Status.PNS or (
        row.status == Status.CPNS and held["cpns_follows_floor"]
    )
    return Hours(
        counted, held["pns_floor_jp"] if has_floor else None, False, str(today.year), earned
    )


def _period(start: date, end: date) -> str:
    return f"{format_date(start)} – {format_date(end)}"


_PLANNED = Prepared(
    select(func.coalesce(func.sum(HoursEntry.jp), 0).label("jp")).where(
        HoursEntry.person_id == bindparam("person"),
        HoursEntry.planned,
        HoursEntry.ended_on.between(bindparam("start"), bindparam("end")),
    )
)


def _planned(person_id: int, start: date, end: date) -> int:
    found: int = _PLANNED.all(person=person_id, start=start, end=end)[0].jp
    return found
