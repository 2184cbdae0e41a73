"""Tables of content: courses, their immutable versions, who teaches and who approved."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model


class CourseState(StrEnum):
    """Where a course is on its way to learners."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"


class TeacherRole(StrEnum):
    """What a person is to a course they teach."""

    OWNER = "owner"
    COAUTHOR = "coauthor"
    REVIEWER = "reviewer"  # looks at editions before they are given out; no learner's teacher


class Course(Model):
    """A course by its slug; what it says is in its versions."""

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'in_review', 'published', 'retired')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    state: Mapped[CourseState] = mapped_column(String(10))
    # The version published last, and the one learners enter: it waits for the approval of HR.
    latest_version_id: Mapped[int | None]
    open_version_id: Mapped[int | None]
    created_ms: Mapped[int]


class CourseVersion(Model):
    """One immutable compilation of a course folder."""

    __tablename__ = "course_version"
    __table_args__ = (
        UniqueConstraint("course_id", "digest"),
        UniqueConstraint("course_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(20), index=True)
    jp: Mapped[int]
    kind: Mapped[int]
    minutes: Mapped[int]
    # What HR of the agency vouches for: canonical JSON of JP, kind and competencies.
    terms: Mapped[str] = mapped_column(Text)
    # The Outline as JSON.
    outline: Mapped[str] = mapped_column(Text)
    overview_html: Mapped[str] = mapped_column(Text)
    # Folded words of title, summary, lesson titles and competency codes.
    search_text: Mapped[str] = mapped_column(Text)
    # Who gave it out and when; who stored it and 0 while it only waits to be looked at.
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_ms: Mapped[int]


class VersionCompetency(Model):
    """A competency that a version supports, for the filters of the catalogue."""

    __tablename__ = "version_competency"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    level: Mapped[int]


class VersionLesson(Model):
    """A lesson of a version, by the digest of what it says."""

    __tablename__ = "version_lesson"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))


class RenderedLesson(Model):
    """The finished blocks of a lesson: one row however many versions hold the lesson."""

    __tablename__ = "rendered_lesson"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    renderer: Mapped[str] = mapped_column(String(20), primary_key=True)
    body: Mapped[str] = mapped_column(Text)


class VersionQuiz(Model):
    """A quiz of a version: its rules and pools of question digests, as JSON."""

    __tablename__ = "version_quiz"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    body: Mapped[str] = mapped_column(Text)


class QuestionVersion(Model):
    """A question as it was asked, for as long as anybody answered it."""

    __tablename__ = "question_version"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[str] = mapped_column(Text)


class CourseTeacher(Model):
    """Who teaches a course."""

    __tablename__ = "course_teacher"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[TeacherRole] = mapped_column(String(10))


class Approval(Model):
    """HR of the agency vouches for the JP, kind and competencies of a course."""

    __tablename__ = "approval"
    __table_args__ = (UniqueConstraint("course_id", "terms"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    terms: Mapped[str] = mapped_column(Text)
    approved_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    approved_ms: Mapped[int]


class Verdict(StrEnum):
    """What came of a review."""

    WAITING = "waiting"
    PASSED = "passed"
    RETURNED = "returned"


class Review(Model):
    """A version was sent to the reviewers of its course, and what one of them found."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("verdict in ('waiting', 'passed', 'returned')", name="verdict"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_ms: Mapped[int]
    verdict: Mapped[Verdict] = mapped_column(String(10))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The points of the checklist that hold, as a JSON list of their words.
    points: Mapped[str] = mapped_column(Text, default="[]")
    remark: Mapped[str] = mapped_column(Text, default="")
    ended_ms: Mapped[int | None]
