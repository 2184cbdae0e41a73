"""Who studies which course from when to when, and where it ends: planned before it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from elearn.content.course import Course, Lesson, Quiz, Shape
from elearn.content.minutes import quiz_minutes
from elearn.demo import agency, members
from elearn.demo.calendar import (
    MINUTE_MS,
    Calendar,
    chance_of,
    moment,
    sitting_begins,
    study_days,
    working_day,
)
from elearn.demo.editions import LEADING, SECURITY
from elearn.demo.population import Resident
from elearn.people.models import Status

FIRST_DAY = 290  # of the first edition, days before the seeding
LEADING_DAY = 200
NEW_EDITION_DAY = 20
QUIET = (100, 130)
RUSH = (3, 36)
ONE_DAY_SITTINGS = {SECURITY: (7 * 60 + 32, 9 * 60 + 50), LEADING: (13 * 60 + 5, 19 * 60 + 10)}
SITTING_MINUTES = 42
MOST_FAILS = 2  # of the three attempts of a quiz, for who passes


class End(StrEnum):
    """Where somebody stands in a course on the day of seeding."""

    COMPLETED = "completed"
    UNDER_WAY = "under_way"
    NOT_PASSED = "not_passed"  # the last quiz failed, with attempts left
    STUCK = "stuck"  # no attempt of the last quiz left
    WAITING = "waiting"  # an essay is not marked yet


@dataclass(frozen=True)
class Journey:
    """One person in one course, between two days."""

    nip: str
    slug: str
    end: End
    first: date
    last: date
    in_one_day: bool = False
    moves: bool = False
    takes_pretest: bool = False

    @property
    def is_completed(self) -> bool:
        return self.end is End.COMPLETED


class Act(StrEnum):
    """What a learner does."""

    ENROL = "enrol"
    READ = "read"
    ATTEMPT = "attempt"
    WRITE = "write"  # an attempt at a quiz of one essay
    REFLECT = "reflect"
    PRETEST = "pretest"
    SKIP = "skip"  # the pretest


@dataclass(frozen=True)
class Deed:
    """Something done, ``at_ms`` when it ends; it took so many ``minutes``."""

    act: Act
    key: str = ""
    minutes: int = 2
    passes: bool = False
    at_ms: int = 0

    @property
    def answering_minutes(self) -> int:
        """Of an attempt: the part that is not reading."""
        return min(self.minutes, 12)


# The table of the demo for 320 people. Of those not done, so many still study the first edition.
ENDS = {
    SECURITY: {End.COMPLETED: 71, End.UNDER_WAY: 38, End.NOT_PASSED: 9, End.STUCK: 6},
    LEADING: {End.COMPLETED: 26, End.WAITING: 4, End.UNDER_WAY: 22},
}
# How many days before the seeding those who wait handed in their essays, early in the morning.
WAITING_DAYS = (9, 6, 3, 2)
HANDED_IN_MINUTES = 7 * 60 + 40
IN_FIRST_EDITION = {End.UNDER_WAY: 29, End.NOT_PASSED: 7, End.STUCK: 5}
MOVED = 2
PRETESTED = 68  # of those who have tried the last quiz
CURIOUS = 0.7  # the share of the others who took the pretest
BOTH_IN_ONE_DAY = 4
SECRETARIAT, SECRETARIAT_DONE = "dinkes/sekretariat", 3
TEACHERS_DONE = 10
UNASKED = ("setda", "pupr", "kominfo", "inspektorat")
ONE_DAYS = (47, 70, 93, 58, 81)  # days before the seeding


def wanted(count: int, size: int) -> int:
    """A number of the table for so many people."""
    return round(count * size / agency.PEOPLE)


def of_cast(calendar: Calendar) -> list[Journey]:
    """The journeys of the cast, but Ani's, which is told step by step."""
    done, at = End.COMPLETED, calendar.day
    same_day = working_day(at(16))
    return [
        Journey(members.FITRI, SECURITY, done, at(212), working_day(at(200))),
        Journey(members.JONI, SECURITY, done, at(190), working_day(at(180))),
        Journey(members.JONI, LEADING, done, at(52), working_day(at(40))),
        Journey(members.RUDI, SECURITY, done, at(39), working_day(at(30))),
        Journey(members.HENDRA, SECURITY, done, same_day, same_day, in_one_day=True),
        Journey(members.HENDRA, LEADING, done, same_day, same_day, in_one_day=True),
    ]


def plan(calendar: Calendar, people: Sequence[Resident], size: int) -> list[Journey]:
    """Every journey but Ani's."""
    planner = _Planner(calendar, size)
    found = of_cast(calendar)
    named = set(members.BY_NIP)
    free = [person for person in people if person.nip not in named]
    both = [person.nip for person in chance_of("both").sample(free, len(free))]
    once = both[: max(wanted(BOTH_IN_ONE_DAY, size) - 1, 0)]
    found += [journey for n, nip in enumerate(once) for journey in planner.both(nip, n)]
    for slug in (SECURITY, LEADING):
        taken = {journey.nip for journey in found if journey.slug == slug} | set(once)
        queue = [nip for nip in planner.queue(slug, free) if nip not in taken]
        found += planner.rest(slug, queue, [j for j in found if j.slug == slug])
    return list(_with_pretests(_as_asked(planner, found, free), size))


def _as_asked(planner: _Planner, found: list[Journey], free: Sequence[Resident]) -> list[Journey]:
    """What the letters of the demo came to: ten teachers with a contract have completed the first
    course, and few of the secretariat of health; others in their stead have not."""
    by_nip = {person.nip: person for person in free}
    there = {journey.nip for journey in found if journey.slug == SECURITY}
    done = [j for j in found if j.slug == SECURITY and j.is_completed and j.nip in by_nip]
    teachers = [j for j in done if is_teacher(by_nip[j.nip])]
    new = [p for p in free if is_teacher(p) and p.nip not in there]
    new = new[: max(wanted(TEACHERS_DONE, planner.size) - 1 - len(teachers), 0)]  # and Rudi
    office = [j for j in done if by_nip[j.nip].place == SECRETARIAT]
    others = [j for j in done if by_nip[j.nip].place.startswith(UNASKED) and not j.in_one_day]
    leaving = [*office[wanted(SECRETARIAT_DONE, planner.size) - 1 :], *others]  # and Joni
    swapped = {id(old): planner.completed(p.nip) for old, p in zip(leaving, new, strict=False)}
    return [swapped.get(id(journey), journey) for journey in found]


def is_teacher(person: Resident) -> bool:
    """Whether somebody teaches at a school under a contract."""
    return person.status is Status.PPPK and person.post.name.startswith("Guru")


def _with_pretests(found: Sequence[Journey], size: int) -> Iterator[Journey]:
    """Who takes the pretest of the first course; all others skip it."""
    chance = chance_of("pretest")
    there = [journey for journey in found if journey.slug == SECURITY]
    tried = [journey.nip for journey in there if journey.end is not End.UNDER_WAY]
    takes = set(chance.sample(tried, min(wanted(PRETESTED, size), len(tried))))
    takes |= {j.nip for j in there if j.end is End.UNDER_WAY and chance.random() < CURIOUS}
    for journey in found:
        yield replace(journey, takes_pretest=journey.slug == SECURITY and journey.nip in takes)


@dataclass(frozen=True)
class _Planner:
    calendar: Calendar
    size: int

    def queue(self, slug: str, free: Sequence[Resident]) -> list[str]:
        """Who comes first to a course: teachers and puskesmas to the one, leaders to the other."""
        chance = chance_of("queue", slug)
        eager = _EAGER[slug]
        return [p.nip for p in sorted(free, key=lambda p: chance.random() - 0.35 * eager(p))]

    def both(self, nip: str, number: int) -> list[Journey]:
        """Both courses completed on one day."""
        day = working_day(self.calendar.day(ONE_DAYS[number % len(ONE_DAYS)]))
        return [
            Journey(nip, slug, End.COMPLETED, day, day, in_one_day=True)
            for slug in (SECURITY, LEADING)
        ]

    def rest(self, slug: str, queue: Sequence[str], there: Sequence[Journey]) -> list[Journey]:
        """As many more as the table asks for, one end after the other."""
        people, found = iter(queue), []
        for end, count in ENDS[slug].items():
            known = sum(journey.end is end for journey in there)
            known += slug == SECURITY and end is End.UNDER_WAY  # Ani
            for n in range(max(wanted(count, self.size) - known, 0)):
                nip = next(people, None)
                if nip is not None:
                    found.append(self._journey(nip, slug, end, n))
        return found

    def completed(self, nip: str) -> Journey:
        """The first course, studied and completed."""
        return self._completed(chance_of("journey", nip, SECURITY), nip, SECURITY)

    def _journey(self, nip: str, slug: str, end: End, number: int) -> Journey:
        chance = chance_of("journey", nip, slug)
        if end is End.COMPLETED:
            return self._completed(chance, nip, slug)
        if end is End.WAITING:
            last = WAITING_DAYS[number % len(WAITING_DAYS)]
            return Journey(nip, slug, end, *self._days(last + chance.randint(9, 24), last))
        if slug == LEADING:
            return self._between(chance, Journey(nip, slug, end, *self._days(60, 2)))
        old = number < wanted(IN_FIRST_EDITION[end], self.size)
        moves = not old and end is End.UNDER_WAY and self._moves(number)
        first, last = (75, 1) if old or moves else (NEW_EDITION_DAY - 2, 1)
        journey = Journey(nip, slug, end, *self._days(first, last), moves=moves)
        return self._between(chance, journey, NEW_EDITION_DAY + 3 if old or moves else 3)

    def _moves(self, number: int) -> bool:
        before = wanted(IN_FIRST_EDITION[End.UNDER_WAY], self.size)
        return number < before + wanted(MOVED, self.size)

    def _days(self, first: int, last: int) -> tuple[date, date]:
        return self.calendar.day(first), self.calendar.day(last)

    def _between(self, chance: Random, journey: Journey, newest_start: int = 6) -> Journey:
        """Begun and last seen somewhere between the two days."""
        oldest = (self.calendar.today - journey.first).days
        begun = chance.randint(newest_start, max(oldest, newest_start))
        newest = NEW_EDITION_DAY + 1 if journey.moves else 1
        seen = chance.randint(newest, max(min(begun - 2, newest + 16), newest))
        return replace(journey, first=self.calendar.day(begun), last=self.calendar.day(seen))

    def _completed(self, chance: Random, nip: str, slug: str) -> Journey:
        """A quiet month without any, a rush in the last weeks."""
        oldest = FIRST_DAY - 14 if slug == SECURITY else LEADING_DAY - 12
        ended = QUIET[0]
        if chance.random() < 0.42:
            ended = chance.randint(*RUSH)
        while QUIET[0] <= ended <= QUIET[1]:
            ended = chance.randint(2, oldest - 14)
        begun = min(ended + chance.choice((2, 3, 5, 8, 12, 18)), oldest)
        last = self.calendar.day(ended)
        if last.weekday() == 6 and chance.random() < 0.8:
            last -= timedelta(days=2)
        return Journey(nip, slug, End.COMPLETED, min(self.calendar.day(begun), last), last)


def _eager_for_security(person: Resident) -> bool:
    return person.place.startswith(("dinkes", "disdik/sdn", "hilir"))


def _eager_to_lead(person: Resident) -> bool:
    return person.is_head or person.post.position_class in {"pengawas", "jf_ahli_muda", "pelaksana"}


_EAGER: dict[str, Callable[[Resident], bool]] = {
    SECURITY: _eager_for_security,
    LEADING: _eager_to_lead,
}


def deeds(journey: Journey, course: Course, ability: float) -> list[Deed]:
    """What the learner does in the course, each with the moment it is done."""
    chance = chance_of("deeds", journey.nip, journey.slug)
    done = list(_untimed(journey, course, ability, chance))
    if journey.end is End.WAITING:
        return _writing_last(chance, journey, done)
    starts = _sittings(chance, journey, done)
    return list(_timed(done, starts))


def _writing_last(chance: Random, journey: Journey, done: Sequence[Deed]) -> list[Deed]:
    """The essay is handed in on the last day, when all else is done."""
    before = [deed for deed in done if deed.act is not Act.WRITE]
    starts = _sittings(chance, replace(journey, last=journey.last - timedelta(days=1)), before)
    at_ms = moment(journey.last, HANDED_IN_MINUTES)
    written = [replace(deed, at_ms=at_ms) for deed in done if deed.act is Act.WRITE]
    return [*_timed(before, starts), *written]


def _untimed(journey: Journey, course: Course, ability: float, chance: Random) -> Iterator[Deed]:
    pace = chance.uniform(0.6, 1.15)
    last = course.lessons[-1]
    yield Deed(Act.ENROL)
    if course.pretest:
        yield Deed(Act.PRETEST, minutes=9) if journey.takes_pretest else Deed(Act.SKIP, minutes=1)
    before = [deed for le in course.lessons[:-1] for deed in _lesson(le, pace, ability, chance)]
    if journey.end is End.UNDER_WAY:
        yield from before[: chance.randint(0, len(before))]
        return
    yield from before
    if journey.end in {End.COMPLETED, End.WAITING}:
        yield from _lesson(last, pace, ability, chance)
        return
    exam = last.quizzes[-1]
    fails = exam.max_attempts if journey.end is End.STUCK else chance.randint(1, MOST_FAILS)
    yield from [Deed(Act.ATTEMPT, exam.key, round(18 * pace))] * fails


def _lesson(lesson: Lesson, pace: float, ability: float, chance: Random) -> Iterator[Deed]:
    minutes = max(round(lesson.minutes * pace), 2)
    if not lesson.quizzes:
        yield Deed(Act.READ, lesson.key, minutes)
    for quiz in lesson.quizzes:
        if is_written(quiz):
            yield Deed(Act.WRITE, quiz.key, minutes + round(quiz_minutes(quiz)))
            continue
        answering = max(round(quiz.question_count * pace), 4)
        for _ in range(_fails(ability, chance)):
            yield Deed(Act.ATTEMPT, quiz.key, minutes + answering)
            minutes = 3
        yield Deed(Act.ATTEMPT, quiz.key, minutes + answering, passes=True)
    for reflection in lesson.reflections:
        yield Deed(Act.REFLECT, reflection.key, round(9 * pace))


def is_written(quiz: Quiz) -> bool:
    """Whether a quiz asks for essays, which somebody must mark."""
    return any(q.shape is Shape.ESSAY for pool in quiz.pools for q in pool.questions)


def _fails(ability: float, chance: Random) -> int:
    """How often a quiz is failed before it is passed: more often by the less able."""
    likely = min(max(0.3 - 0.22 * ability, 0.03), 0.5)
    return sum(chance.random() < likely for _ in range(MOST_FAILS))


def _sittings(chance: Random, journey: Journey, done: Sequence[Deed]) -> list[int]:
    if journey.in_one_day:
        return [moment(journey.last, minutes) for minutes in ONE_DAY_SITTINGS[journey.slug]]
    minutes = sum(deed.minutes for deed in done)
    count = max(round(minutes / SITTING_MINUTES), 1)
    days = study_days(chance, journey.first, journey.last, count)
    return [sitting_begins(chance, day) for day in days]


def _timed(done: Sequence[Deed], starts: Sequence[int]) -> Iterator[Deed]:
    """The deeds spread over the sittings, none of which begins before the one before has ended."""
    share = sum(deed.minutes for deed in done) / len(starts)
    spent, sitting, at_ms = 0, 0, starts[0]
    for deed in done:
        while sitting + 1 < len(starts) and spent >= share * (sitting + 1):
            sitting += 1
            at_ms = max(at_ms + MINUTE_MS, starts[sitting])
        at_ms += deed.minutes * MINUTE_MS
        spent += deed.minutes
        yield replace(deed, at_ms=at_ms)
