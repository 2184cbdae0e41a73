"""Enrol, show a lesson, finish a lesson, write a reflection, go on where one stopped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Table, and_, bindparam, select
from sqlalchemy.orm import Session

from elearn import clock, settings
from elearn.competency import certificates
from elearn.competency.events import Source
from elearn.content import catalogue
from elearn.content.catalogue import Outline, OutlineLesson
from elearn.content.course import PRETEST, Block, Check, Shape
from elearn.content.models import Course
from elearn.content.models import CourseState as GivenState
from elearn.database import Prepared, db, insert_new
from elearn.errors import Conflict, NotFound
from elearn.learning import completion, expiry, record, rules, validity
from elearn.learning import progress as progress_rules
from elearn.learning.events import (
    Enrolled,
    LessonCompleted,
    client_id,
)
from elearn.learning.expiry import Validity
from elearn.learning.models import (
    Attempt,
    AttemptState,
    Completion,
    CourseProgress,
    Enrolment,
)
from elearn.learning.progress import Progress
from elearn.learning.record import EnrolmentKey, Happening, Outcome
from elearn.learning.rules import Standing
from elearn.people import actors, placements
from elearn.people.actors import Actor
from elearn.settings import Switch

_course: Table = Course.__table__  # type: ignore[assignment]  # declared as FromClause
_enrolment: Table = Enrolment.__table__  # type: ignore[assignment]  # declared as FromClause
_progress: Table = CourseProgress.__table__  # type: ignore[assignment]  # declared as FromClause
_completion: Table = Completion.__table__  # type: ignore[assignment]  # declared as FromClause

# What is read of a round of a person in a course: one statement for hot pages.
_COLUMNS = (
    _enrolment.c.id.label("enrolment_id"),
    _enrolment.c.person_id,
    _enrolment.c.course_id,
    _enrolment.c.version_id,
    _enrolment.c.round,
    _course.c.open_version_id,
    _progress.c.percent,
    _progress.c.body,
)
_STUDYING = Prepared(
    select(*_COLUMNS)
    .select_from(_enrolment)
    .join(_course, _course.c.id == _enrolment.c.course_id)
    .join(_progress, _progress.c.enrolment_id == _enrolment.c.id)
    .where(_course.c.slug == bindparam("slug"), _enrolment.c.person_id == bindparam("person"))
    .order_by(_enrolment.c.round.desc())
    .limit(1)
)
_SIGNED_IN_STUDYING = Prepared(
    actors.SIGNED_IN.add_columns(*_COLUMNS)
    .join(_enrolment, _enrolment.c.person_id == actors.SIGNED_IN.selected_columns.id)
    .join(
        _course,
        and_(_course.c.id == _enrolment.c.course_id, _course.c.slug == bindparam("slug")),
    )
    .join(_progress, _progress.c.enrolment_id == _enrolment.c.id)
    .order_by(_enrolment.c.round.desc())
)


@dataclass(frozen=True)
class Studying:
    """A person in a course: the pinned outline and what they have done in it."""

    key: EnrolmentKey
    outline: Outline
    progress: Progress
    percent: int
    open_version_id: int | None
    round: int = 1

    @cached_property
    def standing(self) -> Standing:
        return rules.standing(self.outline, self.progress)

    @property
    def has_newer_version(self) -> bool:
        newer = self.open_version_id is not None and self.open_version_id != self.key.version_id
        return newer and not self.progress.completed_ms

    @property
    def may_take_pretest(self) -> bool:
        """Whether it waits, and the agency has pretests; asked only where a course has one."""
        waits = rules.may_take_pretest(self.outline, self.progress)
        return waits and settings.is_on(Switch.PRETEST)

    def is_finished(self, lesson: OutlineLesson) -> bool:
        return rules.is_finished(self.progress, lesson)


@dataclass(frozen=True)
class LessonPage:
    """Everything the lesson page shows."""

    studying: Studying
    lesson: OutlineLesson
    blocks: Sequence[Block | catalogue.QuizLink]
    previous_key: str
    next_key: str

    @property
    def is_finished(self) -> bool:
        return self.studying.is_finished(self.lesson)

    @property
    def may_finish(self) -> bool:
        """There is something to tick off: a text, or quizzes that were passed before.

        A quiz that completion needs comes first: passing it finishes its lesson.
        """
        quizzes = self.studying.progress.quizzes
        left = [q for q in self.lesson.quizzes if not (q.key in quizzes and quizzes[q.key].passed)]
        needed = rules.needed_quizzes(self.studying.outline)
        waits = any(quiz in needed for quiz in left)
        return not self.is_finished and not waits and (self.lesson.has_text or not left)

    @property
    def is_same_for_all(self) -> bool:
        """Nothing in the text itself depends on who reads it."""
        return not (self.lesson.quizzes or self.lesson.reflections or self.lesson.surveys)

    @property
    def has_checks(self) -> bool:
        return bool(self._checks)

    @property
    def has_ordering(self) -> bool:
        return any(check.question.shape is Shape.ORDERING for check in self._checks)

    @property
    def has_hints(self) -> bool:
        return any(check.question.hints_html for check in self._checks)

    @property
    def _checks(self) -> list[Check]:
        return [block for block in self.blocks if isinstance(block, Check)]

    @property
    def where(self) -> str:
        """The titles of the course and the module."""
        module = self.studying.outline.module_of(self.lesson.key)
        return " · ".join(filter(None, (self.studying.outline.title, module.title)))


def studying_or_none(person_id: int, slug: str) -> Studying | None:
    """The person's newest round in a course, if there is one."""
    row = _STUDYING.first(slug=slug, person=person_id)
    return _studying(row) if row else None


def studying(person_id: int, slug: str) -> Studying:
    """The person's newest round in a course. Raises NotFound to strangers."""
    found = studying_or_none(person_id, slug)
    if found is None:
        raise NotFound
    return found


def _studying(row: Any) -> Studying:
    key = EnrolmentKey(row.enrolment_id, row.person_id, row.course_id, row.version_id)
    progress = progress_rules.decode(json.loads(row.body))
    outline = catalogue.outline(row.version_id)
    return Studying(key, outline, progress, row.percent, row.open_version_id, row.round)


def lesson_page(person_id: int, slug: str, key: str) -> LessonPage:
    """A lesson of the version the person is pinned to."""
    return _lesson_page(studying(person_id, slug), key)


def _lesson_page(here: Studying, key: str) -> LessonPage:
    lesson = here.outline.find(key)
    return LessonPage(
        here,
        lesson,
        catalogue.lesson(here.key.version_id, lesson.key),
        here.outline.previous_key(lesson.key),
        here.outline.next_key(lesson.key),
    )


class OwnLesson(NamedTuple):
    """Who is signed in, and a lesson of a course they are in."""

    person: Actor
    page: LessonPage


def own_lesson(token: str, slug: str, key: str) -> OwnLesson | None:
    """A lesson and who is signed in by a cookie's token, in one statement.

    None when nobody is signed in by it, or they are not in the course.
    """
    stamp = actors.stamp_of(token)
    found = _SIGNED_IN_STUDYING.all(stamp=stamp, now_ms=clock.now_ms(), slug=slug)
    if not found:
        return None
    newest = [row for row in found if row.enrolment_id == found[0].enrolment_id]
    person = actors.of_rows(newest, stamp)
    return OwnLesson(person, _lesson_page(_studying(newest[0]), key))


def enrol(session: Session, person_id: int, slug: str) -> Studying:
    """Enter a course at the version that is open now; entering twice is entering once.

    Raises NotFound for a course that is not open, Conflict("prerequisites") for one whose
    prerequisites are not completed.
    """
    existing = studying_or_none(person_id, slug)
    return existing or enter_round(session, person_id, slug, 1)


def enter_round(session: Session, person_id: int, slug: str, number: int) -> Studying:
    """Enter a round of a course at the version that is open now; progress starts anew.

    Whether the person may is for the caller to say. Raises as ``enrol`` does.
    """
    course = catalogue.open_course(slug)
    outline = catalogue.outline(course.open_version_id)
    if missing_prerequisites(person_id, outline):
        raise Conflict("prerequisites")
    now_ms = clock.now_ms()
    place = {"person_id": person_id, "course_id": course.id, "round": number}
    row = {**place, "version_id": course.open_version_id, "started_ms": now_ms}
    insert_new(Enrolment, [row])
    found = session.execute(select(Enrolment.id, Enrolment.version_id).filter_by(**place)).one()
    key = EnrolmentKey(found.id, person_id, course.id, found.version_id)
    post = placements.present_post(person_id)
    event = Enrolled(key.id, course.id, outline.digest, number, post.unit_id, post.position_class)
    record.append(session, key, [Happening(client_id("enrolled", key.id), event, now_ms)])
    return studying(person_id, slug)


def missing_prerequisites(person_id: int, outline: Outline) -> list[catalogue.CourseLink]:
    """The prerequisite courses that the person has not completed."""
    if not outline.prerequisites:
        return []
    needed = catalogue.links(outline.prerequisites)
    done = completion.has_passed(person_id, [link.id for link in needed])
    return [link for link in needed if link.id not in done]


def finish_lesson(session: Session, person_id: int, slug: str, key: str) -> Outcome:
    """Mark a lesson as finished; completes the course when that was the last thing missing."""
    here = studying(person_id, slug)
    lesson = here.outline.find(key)
    now_ms = clock.now_ms()
    return append_and_complete(session, here.key, [lesson_done(here.key, lesson, now_ms)], now_ms)


def lesson_done(key: EnrolmentKey, lesson: OutlineLesson, at_ms: int) -> Happening:
    """The event of a finished lesson; the same text of the same lesson counts once."""
    event = LessonCompleted(key.id, lesson.key, lesson.digest)
    return Happening(client_id("lesson", key.id, lesson.key, lesson.digest), event, at_ms)


def append_and_complete(
    session: Session, key: EnrolmentKey, happenings: Sequence[Happening], at_ms: int
) -> Outcome:
    """Append events and, when they met the last rule, record the completion at ``at_ms``."""
    outcome = record.append(session, key, happenings)
    completion.complete_if_due(session, key, outcome, at_ms)
    return outcome


def lock_enrolment(session: Session, enrolment_id: int) -> None:
    """Let one request at a time start an attempt or move to another version.

    The key stays free for foreign keys, so a hand-in beside it does not wait.
    """
    mine = select(Enrolment.id).where(Enrolment.id == enrolment_id)
    session.execute(mine.with_for_update(key_share=True))


def certificate_of(enrolment_id: int) -> str:
    """The id of the certificate of a completed enrolment; empty without one."""
    return certificates.id_of(Source(completion.COURSE, str(enrolment_id)))


@dataclass(frozen=True)
class OpenAttempt:
    """An attempt that waits for its answers."""

    id: str
    quiz_key: str
    number: int
    started_ms: int
    deadline_ms: int


def open_attempt(enrolment_id: int) -> OpenAttempt | None:
    """The attempt of an enrolment that is not handed in yet, the newest if there are several.

    A pretest keeps nobody waiting: it is not among them.
    """
    statement = (
        select(
            Attempt.id, Attempt.quiz_key, Attempt.number, Attempt.started_ms, Attempt.deadline_ms
        )
        .where(
            Attempt.enrolment_id == enrolment_id,
            Attempt.state == AttemptState.OPEN,
            Attempt.quiz_key != PRETEST,
        )
        .order_by(Attempt.started_ms.desc())
        .limit(1)
    )
    row = db.session.execute(statement).first()
    return OpenAttempt(*row) if row else None


class CourseInHand(NamedTuple):
    """A course a person has begun, for home and the catalogue."""

    slug: str
    title: str
    jp: int
    state: str
    percent: int
    next_lesson: str
    next_title: str
    minutes_left: int
    last_ms: int
    attempt_id: str
    # Of a completion that ends: the last day on which it counts, and what today makes of it.
    expires_on: date | None = None
    validity: Validity = Validity.VALID
    is_given: bool = True  # whether learners may still enter it

    @property
    def is_ending(self) -> bool:
        """Completed, and it counts no longer or not for long."""
        return self.validity is not Validity.VALID

    @property
    def wants_renewal(self) -> bool:
        """Ending, and it may be taken again."""
        return self.is_ending and self.is_given


_newest_open = (
    select(Attempt.id)
    .where(
        Attempt.enrolment_id == _progress.c.enrolment_id,
        Attempt.state == AttemptState.OPEN.value,
        Attempt.quiz_key != PRETEST,
    )
    .order_by(Attempt.started_ms.desc())
    .limit(1)
    .correlate(_progress)
    .scalar_subquery()
)
_IN_HAND = Prepared(
    select(
        _progress.c.enrolment_id,
        _progress.c.course_id,
        _progress.c.version_id,
        _progress.c.state,
        _progress.c.percent,
        _progress.c.next_lesson,
        _progress.c.last_ms,
        _progress.c.completed_ms,
        _progress.c.body,
        _newest_open.label("attempt_id"),
        _completion.c.expires_on,
        _course.c.open_version_id,
        _course.c.state.label("course_state"),
    )
    .join(_course, _course.c.id == _progress.c.course_id)
    .outerjoin(_completion, _completion.c.enrolment_id == _progress.c.enrolment_id)
    .where(_progress.c.person_id == bindparam("person"))
    .order_by(_progress.c.last_ms.desc())
)


def in_hand(person_id: int) -> list[CourseInHand]:
    """The courses a person has begun, each in its newest round, the most recent first."""
    read = _IN_HAND.all(person=person_id)
    newest: dict[int, int] = {}
    for row in read:
        newest[row.course_id] = max(newest.get(row.course_id, 0), row.enrolment_id)
    found = [row for row in read if newest[row.course_id] == row.enrolment_id]
    outlines = catalogue.outlines_of(row.version_id for row in found)
    ends = any(row.expires_on for row in found)
    days = validity.renewal_days() if ends else 0
    return [_in_hand(row, outlines[row.version_id], days) for row in found]


def _in_hand(row: Any, outline: Outline, days: int) -> CourseInHand:
    progress = progress_rules.decode(json.loads(row.body))
    left = [lesson.minutes for lesson in outline.lessons if not rules.is_finished(progress, lesson)]
    title = outline.find(row.next_lesson).title if row.next_lesson else ""
    return CourseInHand(
        outline.slug,
        outline.title,
        outline.jp,
        row.state,
        row.percent,
        row.next_lesson,
        title,
        sum(left),
        row.last_ms,
        row.attempt_id or "",
        row.expires_on,
        expiry.validity(clock.day_of(row.completed_ms), row.expires_on, clock.today(), days),
        row.open_version_id is not None and row.course_state != GivenState.RETIRED,
    )
