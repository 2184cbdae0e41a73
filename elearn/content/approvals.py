"""What HR of the agency is asked to vouch for, beside what it vouched for before."""

from __future__ import annotations

import json
from dataclasses import dataclass

from elearn.content import catalogue
from elearn.content.course import CompetencyLevel
from elearn.content.models import CourseVersion


@dataclass(frozen=True)
class Terms:
    """JP, kind (SIASN jenisDiklatId) and competencies of a version."""

    jp: int
    kind: int
    competencies: tuple[CompetencyLevel, ...]


@dataclass(frozen=True)
class WaitingCourse:
    """A course that waits. ``before`` are the terms learners study under now, if any."""

    course_id: int
    version_id: int
    number: int
    title: str
    summary: str
    minutes: int
    lesson_count: int
    question_count: int
    published_ms: int
    terms: Terms
    before: Terms | None

    @property
    def jp_changed(self) -> bool:
        return self.before is not None and self.before.jp != self.terms.jp

    @property
    def kind_changed(self) -> bool:
        return self.before is not None and self.before.kind != self.terms.kind

    @property
    def competencies_changed(self) -> bool:
        return self.before is not None and self.before.competencies != self.terms.competencies


def terms_of(version: CourseVersion) -> Terms:
    """The terms as they were stored with a version."""
    body = json.loads(version.terms)
    levels = sorted(body["competencies"].items())
    return Terms(body["jp"], body["kind"], tuple(CompetencyLevel(*pair) for pair in levels))


def waiting_courses() -> list[WaitingCourse]:
    """The courses whose latest terms nobody has vouched for yet, the longest waiting first."""
    return [_waiting(row) for row in catalogue.awaiting_approval()]


def _waiting(row: catalogue.Waiting) -> WaitingCourse:
    version = row.version
    outline = catalogue.outline(version.id)
    quizzes = [quiz for lesson in outline.lessons for quiz in lesson.quizzes]
    return WaitingCourse(
        course_id=row.course_id,
        version_id=version.id,
        number=version.number,
        title=version.title,
        summary=version.summary,
        minutes=version.minutes,
        lesson_count=len(outline.lessons),
        question_count=sum(quiz.question_count for quiz in quizzes),
        published_ms=version.published_ms,
        terms=terms_of(version),
        before=terms_of(row.open_version) if row.open_version else None,
    )
