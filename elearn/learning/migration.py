"""The effect of a new version on who is in the course; telling them of it; moving to it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from elearn import clock
from elearn.content import catalogue, outline
from elearn.content import difference as differences
from elearn.content.catalogue import Outline, OutlineLesson, QuizLink
from elearn.content.course import Course
from elearn.content.difference import Difference
from elearn.content.models import Course as CourseRow
from elearn.database import db
from elearn.errors import Conflict
from elearn.learning import progress as progress_rules
from elearn.learning import rules, study
from elearn.learning.events import VersionMoved, client_id
from elearn.learning.models import CourseProgress, Enrolment
from elearn.learning.progress import Progress
from elearn.learning.record import EnrolmentKey, Happening, Outcome
from elearn.learning.rules import Standing
from elearn.learning.study import Studying

BATCH = 500
EMPTY = Difference((), (), ())


@dataclass(frozen=True)
class Edition:
    """A version as a move sees it: its outline, and what is read in a lesson by its key."""

    outline: Outline
    read: Callable[[str], tuple[Any, ...]]


def stored(version_id: int) -> Edition:
    """A version from the database."""

    def read(key: str) -> tuple[Any, ...]:
        blocks = catalogue.lesson(version_id, key)
        return tuple((b.key, b.intro_html) if isinstance(b, QuizLink) else b for b in blocks)

    return Edition(catalogue.outline(version_id), read)


def compiled(course: Course) -> Edition:
    """A version that need not be stored."""
    read = {lesson.key: differences.read_of(lesson) for lesson in course.lessons}
    return Edition(outline.outline_of(course), read.__getitem__)


def alike(old: Edition, new: Edition) -> dict[str, OutlineLesson]:
    """The lessons of the new version that read as they did, by key, as they were before.

    Those whose digest is the same are not among them: they stay finished by it.
    """
    found = {}
    for lesson in new.outline.lessons:
        before = _before(old.outline, lesson)
        if before is None or before.digest == lesson.digest or before.title != lesson.title:
            continue
        if old.read(before.key) == new.read(lesson.key):
            found[lesson.key] = before
    return found


def _before(old: Outline, lesson: OutlineLesson) -> OutlineLesson | None:
    keys = {lesson.key, *lesson.old_keys}
    return next((le for le in old.lessons if le.key in keys), None)


def kept(progress: Progress, new: Edition, same: dict[str, OutlineLesson]) -> dict[str, str]:
    """The lessons that stay finished though their digest is another, with the new digest. Pure."""
    return {
        key: new.outline.find(key).digest
        for key, before in same.items()
        if rules.is_finished(progress, before)
    }


def after_move(progress: Progress, new: Edition, same: dict[str, OutlineLesson]) -> Progress:
    """The progress of a person once they have moved. Pure."""
    lessons = {**progress.lessons, **kept(progress, new, same)}
    return replace(progress, version=new.outline.digest, lessons=lessons)


# --- the learner ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """What moving to the version that is open now would mean to one person."""

    number: int
    stays: tuple[OutlineLesson, ...]
    again: tuple[OutlineLesson, ...]
    added: tuple[OutlineLesson, ...]
    percent_before: int
    after: Standing


def offer(here: Studying) -> Offer | None:
    """What moving would keep; None when there is nothing newer."""
    if not here.has_newer_version or here.open_version_id is None:
        return None
    new = stored(here.open_version_id)
    same = alike(stored(here.key.version_id), new)
    moved = after_move(here.progress, new, same)
    done = {le.key for le in new.outline.lessons if rules.is_finished(moved, le)}
    was_done = {
        le.key
        for le in new.outline.lessons
        if (before := _before(here.outline, le)) and rules.is_finished(here.progress, before)
    }
    return Offer(
        new.outline.number,
        tuple(le for le in new.outline.lessons if le.key in done),
        tuple(le for le in new.outline.lessons if le.key in was_done - done),
        tuple(le for le in new.outline.lessons if _before(here.outline, le) is None),
        here.percent,
        rules.standing(new.outline, moved),
    )


def move_to_open_version(session: Session, person_id: int, slug: str) -> Outcome:
    """Go on in the version that is open now; lessons whose text is the same stay finished.

    Raises Conflict("attempt_open") while a quiz is under way, Conflict("same_version") when
    there is nothing newer.
    """
    study.lock_enrolment(session, study.studying(person_id, slug).key.id)
    here = study.studying(person_id, slug)
    if not here.has_newer_version or here.open_version_id is None:
        raise Conflict("same_version")
    if study.open_attempt(here.key.id):
        raise Conflict("attempt_open")
    new = stored(here.open_version_id)
    same = alike(stored(here.key.version_id), new)
    session.execute(
        update(Enrolment).where(Enrolment.id == here.key.id).values(version_id=here.open_version_id)
    )
    moved = EnrolmentKey(here.key.id, person_id, here.key.course_id, here.open_version_id)
    now_ms = clock.now_ms()
    event = VersionMoved(moved.id, new.outline.digest, kept(here.progress, new, same))
    happening = Happening(client_id("moved", moved.id, new.outline.digest, now_ms), event, now_ms)
    return study.append_and_complete(session, moved, [happening], now_ms)


# --- the author ----------------------------------------------------------------------------


@dataclass(frozen=True)
class LessonAgain:
    """A lesson that people who finished it would have to read again."""

    title: str
    people: int


@dataclass(frozen=True)
class Effect:
    """What publishing changes and whom it would touch, were each of them to move.

    ``finished`` are untouched in any case. Nobody in progress is touched before they choose to
    move; then ``keeping`` lose nothing, ``again`` are lessons to be read again, ``completing``
    meet every rule at once. Scores are the mean of best quiz scores.
    """

    difference: Difference
    finished: int = 0
    in_progress: int = 0
    keeping: int = 0
    again: tuple[LessonAgain, ...] = ()
    completing: int = 0
    scores_up: int = 0
    scores_down: int = 0
    further: int = 0
    back: int = 0


def preview(now: Course | None, following: Course) -> Effect:
    """What giving out ``following`` after ``now`` would change, and for how many people."""
    change = differences.difference(now, following) if now else EMPTY
    course_id = db.session.scalar(select(CourseRow.id).where(CourseRow.slug == following.slug))
    if course_id is None:
        return Effect(change)
    return _effect_on(course_id, compiled(following), Effect(change))


def _effect_on(course_id: int, new: Edition, before: Effect) -> Effect:
    tally: Counter[str] = Counter()
    again: Counter[str] = Counter()
    for impact in _impacts(course_id, new):
        tally.update(impact.words)
        again.update(impact.again)
    lessons = [LessonAgain(le.title, again[le.key]) for le in new.outline.lessons if again[le.key]]
    names = ("in_progress", "keeping", "completing", "scores_up", "scores_down", "further", "back")
    values: dict[str, Any] = {name: tally[name] for name in names}
    return replace(before, finished=_finished(course_id), again=tuple(lessons), **values)


def _finished(course_id: int) -> int:
    done = (CourseProgress.course_id == course_id) & (CourseProgress.completed_ms > 0)
    people = select(func.count(CourseProgress.person_id.distinct())).where(done)
    return db.session.scalar(people) or 0


@dataclass(frozen=True)
class Impact:
    """What a move would do to one person: words to count, keys of lessons to read again."""

    words: frozenset[str]
    again: tuple[str, ...]


def _impacts(course_id: int, new: Edition) -> Iterator[Impact]:
    olds: dict[int, tuple[Outline, dict[str, OutlineLesson]]] = {}
    statement = (
        select(CourseProgress.enrolment_id, CourseProgress.version_id, CourseProgress.body)
        .where(CourseProgress.course_id == course_id, CourseProgress.completed_ms == 0)
        .order_by(CourseProgress.enrolment_id)
    )
    after_id = 0
    while found := db.session.execute(
        statement.where(CourseProgress.enrolment_id > after_id).limit(BATCH)
    ).all():
        for row in found:
            if row.version_id not in olds:
                old = stored(row.version_id)
                olds[row.version_id] = old.outline, alike(old, new)
            outline_before, same = olds[row.version_id]
            progress = progress_rules.decode(json.loads(row.body))
            yield impact_of(progress, outline_before, new, same)
        after_id = found[-1].enrolment_id


def impact_of(
    progress: Progress, old: Outline, new: Edition, same: dict[str, OutlineLesson]
) -> Impact:
    """What a move would do to one person. Pure."""
    moved = after_move(progress, new, same)
    before, after = rules.standing(old, progress), rules.standing(new.outline, moved)
    again = tuple(
        lesson.key
        for lesson in new.outline.lessons
        if (was := _before(old, lesson))
        and rules.is_finished(progress, was)
        and not rules.is_finished(moved, lesson)
    )
    scores = (before.score_tenths or 0, after.score_tenths or 0)
    told = {
        "in_progress": True,
        "keeping": not again,
        "completing": after.is_complete,
        "scores_up": scores[1] > scores[0],
        "scores_down": scores[1] < scores[0],
        "further": after.percent > before.percent,
        "back": after.percent < before.percent,
    }
    return Impact(frozenset(word for word, holds in told.items() if holds), again)
