"""Essays that are marked: the list of a course, and one of them with what was corrected in it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from elearn.content import catalogue
from elearn.content.course import Question
from elearn.content.keys import EssayKey
from elearn.database import db
from elearn.errors import NotFound
from elearn.learning import attempts, marking
from elearn.learning.models import Attempt, Enrolment, EssayMark, MarkCorrection
from elearn.learning.rubric import Mark
from elearn.people.models import Person, full_name

PAGE_SIZE = 20


@dataclass(frozen=True)
class Marked:
    """An essay with its mark; ``full_name`` is empty where marking is anonymous."""

    attempt_id: str
    position: int
    quiz_title: str
    question: Question
    full_name: str
    mark: Mark
    marked_by: str
    marked_ms: int
    revision: int

    @property
    def was_corrected(self) -> bool:
        return self.revision > 1


@dataclass(frozen=True)
class MarkedPage:
    """Marked essays of a course, the newest mark first."""

    essays: list[Marked]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class Correction:
    """A mark before and after, who corrected it and why; scores in tenths, None without one."""

    corrected_ms: int
    corrected_by: str
    reason: str
    before: Mark
    after: Mark
    before_tenths: int | None
    after_tenths: int | None


@dataclass(frozen=True)
class MarkedEssay:
    """A marked essay beside its rubric, with what was corrected before.

    It ``has_result`` once every essay of the attempt is marked.
    """

    essay: Marked
    key: EssayKey
    text: str
    corrections: list[Correction]
    has_result: bool


def page(course_id: int, marker_id: int, number: int = 1) -> MarkedPage:
    """A page of the marked essays of a course, without what the marker wrote; page 1 for none."""
    total = count(course_id, marker_id)
    pages = max(-(-total // PAGE_SIZE), 1)
    shown = min(max(number, 1), pages)
    found = (
        _marked(course_id, marker_id)
        .order_by(EssayMark.marked_ms.desc(), EssayMark.attempt_id, EssayMark.position)
        .limit(PAGE_SIZE)
        .offset((shown - 1) * PAGE_SIZE)
    )
    essays = [_essay(*row) for row in db.session.execute(found)]
    return MarkedPage(essays, shown, pages, total)


def count(course_id: int, marker_id: int) -> int:
    """How many essays of a course are marked, without what the marker wrote."""
    found = _marked(course_id, marker_id).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def _marked(course_id: int, marker_id: int) -> Select[EssayMark, Attempt, Person, Person]:
    marker = aliased(Person)
    return (
        select(EssayMark, Attempt, Person, marker)
        .join(Attempt, Attempt.id == EssayMark.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Attempt.person_id)
        .join(marker, marker.id == EssayMark.marked_by)
        .where(Enrolment.course_id == course_id, Attempt.person_id != marker_id)
    )


def _essay(row: EssayMark, attempt: Attempt, learner: Person, marker: Person) -> Marked:
    quiz = catalogue.quiz(attempt.version_id, attempt.quiz_key)
    drawn = attempts.drawn_of(attempt)[row.position]
    return Marked(
        attempt_id=row.attempt_id,
        position=row.position,
        quiz_title=quiz.title,
        question=catalogue.questions([drawn.digest])[0],
        full_name=marking.name_shown(quiz, learner),
        mark=marking.mark_of(row),
        marked_by=_name(marker),
        marked_ms=row.marked_ms,
        revision=row.revision,
    )


def _name(person: Person) -> str:
    return full_name(person.degrees_before, person.name, person.degrees_after)


def essay_page(course_id: int, marker_id: int, attempt_id: str, position: int) -> MarkedEssay:
    """A marked essay. Raises NotFound, and NotAllowed for what the marker wrote."""
    attempt = marking.attempt_in(course_id, marker_id, attempt_id)
    found = _marked(course_id, marker_id).where(
        EssayMark.attempt_id == attempt.id, EssayMark.position == position
    )
    row = db.session.execute(found).first()
    if row is None:
        raise NotFound
    essay = _essay(*row)
    key, text = marking.written(attempt.id, position, essay.question)
    before = corrections_of(attempt.id).get(position, [])
    return MarkedEssay(essay, key, text, before, attempt.score_tenths is not None)


def corrections_of(attempt_id: str) -> dict[int, list[Correction]]:
    """The corrections of an attempt by the place of the question, the newest first."""
    statement = (
        select(MarkCorrection, Person)
        .join(Person, Person.id == MarkCorrection.corrected_by)
        .where(MarkCorrection.attempt_id == attempt_id)
        .order_by(MarkCorrection.revision.desc())
    )
    found: dict[int, list[Correction]] = defaultdict(list)
    for row, person in db.session.execute(statement):
        found[row.position].append(_correction(row, person))
    return found


def _correction(row: MarkCorrection, person: Person) -> Correction:
    return Correction(
        corrected_ms=row.corrected_ms,
        corrected_by=_name(person),
        reason=row.reason,
        before=Mark(tuple(json.loads(row.before_points)), row.before_comment),
        after=Mark(tuple(json.loads(row.after_points)), row.after_comment),
        before_tenths=row.before_tenths,
        after_tenths=row.after_tenths,
    )
