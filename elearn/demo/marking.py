"""Budi and Ratna mark what learners wrote: each when it is their turn, one mark corrected later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from sqlalchemy import select

from elearn import clock
from elearn.content import catalogue
from elearn.database import db
from elearn.demo import essays, members
from elearn.demo.calendar import MINUTE_MS, Calendar, chance_of, moment, working_day
from elearn.demo.editions import LEADING
from elearn.demo.journeys import Act, Deed, End, Journey
from elearn.demo.world import Step, World
from elearn.learning import answers, attempts, corrections, marked, turns
from elearn.learning import marking as marks
from elearn.learning.corrections import Wanted
from elearn.learning.models import Attempt
from elearn.learning.rubric import Mark

CASE_QUIZ = "tugas-kasus"
CASE = 0  # the place of the essay, which is alone in its quiz
RECENT_DAYS = 15  # what was handed in since is marked on the same day
LATEST_MINUTES = 21 * 60 + 30
SOONEST_MS = 10 * MINUTE_MS
OVERLOOKED = members.JONI  # whose mark was corrected
CORRECTED_DAY = 38
REASON = "Paragraf ke-%d ternyata memuat yang diminta butir ini; semula terlewat oleh saya."


def steps(world: World, journey: Journey, done: list[Deed]) -> Iterator[Step]:
    """The marking of what is written on a journey, unless it is among those that wait."""
    if journey.slug != LEADING or journey.end is End.WAITING:
        return
    for deed in done:
        if deed.act is Act.WRITE:
            at_ms = marked_ms(world.calendar, journey, deed.at_ms)
            yield Step(at_ms, partial(_mark, world, journey.nip))
    if journey.nip == OVERLOOKED:
        yield Step(world.calendar.at(CORRECTED_DAY, 10, 20), partial(_correct, world))


def marked_ms(calendar: Calendar, journey: Journey, handed_in_ms: int) -> int:
    """On one of the next working days, but never after the day on which the learner is done."""
    chance = chance_of("marked", journey.nip)
    handed_in = clock.day_of(handed_in_ms)
    last = journey.last if journey.is_completed else calendar.day(1)
    if (calendar.today - handed_in).days <= RECENT_DAYS:
        last = handed_in
    day = max(working_day(handed_in + timedelta(days=chance.randint(1, 4))), handed_in)
    wanted_ms = moment(day, chance.randint(8 * 60, 15 * 60))
    return max(min(wanted_ms, moment(last, LATEST_MINUTES)), handed_in_ms + SOONEST_MS)


def _mark(world: World, nip: str) -> None:
    course_id = catalogue.link(LEADING).id
    waiting = select(Attempt).where(Attempt.person_id == world.people[nip], Attempt.unmarked > 0)
    attempt = db.session.scalars(waiting).one()
    marker_id = turns.of_course(course_id)[attempt.id].marker_id
    page = marks.essay_page(course_id, marker_id, attempt.id, CASE)
    given = essays.mark(page.text, chance_of("comment", nip))
    if nip == OVERLOOKED:
        given = _overlooking(given)
    marks.give_mark(db.session(), marker_id, page, given)


def _overlooking(given: Mark) -> Mark:
    """Two points fewer for the paragraph that is worth most."""
    points = list(given.points)
    points[_richest(given)] -= 2
    return Mark(tuple(points), essays.ADVICE[_richest(given)])


def _richest(given: Mark) -> int:
    return given.points.index(max(given.points))


def _correct(world: World) -> None:
    course_id, person_id = catalogue.link(LEADING).id, world.people[OVERLOOKED]
    own = (Attempt.person_id == person_id) & (Attempt.quiz_key == CASE_QUIZ)
    attempt = db.session.scalars(select(Attempt).where(own)).one()
    text = answers.essay_of(attempts.answers_of(attempt.id)[CASE].answer)
    mark = essays.mark(text, chance_of("comment", OVERLOOKED))
    page = marked.essay_page(course_id, world.people[members.BUDI], attempt.id, CASE)
    wanted = Wanted(mark, REASON % (_richest(mark) + 1), page.essay.revision)
    corrections.correct(db.session(), world.people[members.BUDI], page, wanted)
