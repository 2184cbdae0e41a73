"""Tables of learning: enrolments, derived progress, attempts, answers, completions."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model


class CourseState(StrEnum):
    """Where a person stands in a course they entered."""

    STUDYING = "studying"
    FAILED = "failed"  # a quiz that must be passed has no attempt left
    PASSED = "passed"


class AttemptState(StrEnum):
    """An attempt is open until it is handed in."""

    OPEN = "open"
    SUBMITTED = "submitted"


class Enrolment(Model):
    """One person in one round of one course; the version is pinned."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "round"),
        Index("ix_enrolment_course", "course_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    round: Mapped[int] = mapped_column(default=1)
    started_ms: Mapped[int]


class CourseProgress(Model):
    """Derived from the journal; `elearn rebuild` makes it again."""

    __tablename__ = "course_progress"
    __table_args__ = (
        CheckConstraint("state in ('studying', 'failed', 'passed')", name="state"),
        CheckConstraint("percent between 0 and 100", name="percent"),
        Index("ix_course_progress_recent", "person_id", "last_ms"),
        Index("ix_course_progress_course", "course_id", "person_id", "state"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    state: Mapped[CourseState] = mapped_column(String(10))
    percent: Mapped[int]
    # The lesson at which the person goes on; empty when every lesson is finished.
    next_lesson: Mapped[str] = mapped_column(String(200))
    # Mean of the best scores of graded quizzes, tenths of a percent; null before the first.
    score_tenths: Mapped[int | None]
    first_ms: Mapped[int]
    last_ms: Mapped[int]
    completed_ms: Mapped[int]
    # The folded Progress as canonical JSON.
    body: Mapped[str] = mapped_column(Text)


class Attempt(Model):
    """One go at a quiz, with the questions it drew and the rules it started under."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "quiz_key", "number"),
        CheckConstraint("state in ('open', 'submitted')", name="state"),
        Index("ix_attempt_due", "state", "deadline_ms"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    quiz_key: Mapped[str] = mapped_column(String(200))
    lesson_key: Mapped[str] = mapped_column(String(200))
    number: Mapped[int]
    state: Mapped[AttemptState] = mapped_column(String(10))
    pass_percent: Mapped[int]
    # Drawn questions as canonical JSON: [[digest, [option keys in the order shown]], ...].
    questions: Mapped[str] = mapped_column(Text)
    question_count: Mapped[int]
    started_ms: Mapped[int]
    # When the time is over; 0 without a limit.
    deadline_ms: Mapped[int] = mapped_column(default=0)
    submitted_ms: Mapped[int | None]
    score_tenths: Mapped[int | None]
    passed: Mapped[bool | None]
    # How many essays wait for their marks; until they have them there is no score.
    unmarked: Mapped[int] = mapped_column(default=0, server_default="0")
    # Hundredths earned per question, as JSON; -1 for an essay that is not marked.
    points: Mapped[str] = mapped_column(Text, default="[]")
    closed_by: Mapped[str] = mapped_column(String(10), default="")


class AttemptAnswer(Model):
    """The newest answer to one question, by the device's counter."""

    __tablename__ = "attempt_answer"

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    counter: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    saved_ms: Mapped[int]


class HintOpened(Model):
    """A hint somebody opened in an attempt, for the statistics of its question; from 0."""

    __tablename__ = "hint_opened"

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    hint: Mapped[int] = mapped_column(primary_key=True)


class EssayTurn(Model):
    """Whose turn it is to mark the essays of an attempt; any teacher of the course may."""

    __tablename__ = "essay_turn"

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    marker_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class EssayMark(Model):
    """What an instructor gave for an essay, criterion by criterion; the event says the same."""

    __tablename__ = "essay_mark"

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    # Points per criterion, as JSON.
    points: Mapped[str] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(Text)
    marked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    marked_ms: Mapped[int]
    # 1 as it was first given; each correction is the next.
    revision: Mapped[int] = mapped_column(default=1, server_default="1")


class MarkCorrection(Model):
    """A mark before and after it was corrected, and why; scores in tenths of a percent.

    Scores are null while other essays of the attempt waited.
    """

    __tablename__ = "mark_correction"
    __table_args__ = (
        ForeignKeyConstraint(
            ["attempt_id", "position"], ["essay_mark.attempt_id", "essay_mark.position"]
        ),
    )

    attempt_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    # The revision of the mark that came of it.
    revision: Mapped[int] = mapped_column(primary_key=True)
    before_points: Mapped[str] = mapped_column(Text)
    after_points: Mapped[str] = mapped_column(Text)
    before_comment: Mapped[str] = mapped_column(Text)
    after_comment: Mapped[str] = mapped_column(Text)
    before_tenths: Mapped[int | None]
    after_tenths: Mapped[int | None]
    # The text whose SHA-256 is in the journal.
    reason: Mapped[str] = mapped_column(Text)
    corrected_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    corrected_ms: Mapped[int]


class SurveyCount(Model):
    """How often something was said to a survey; nothing here tells who or when.

    ``question`` is a digest, empty for the number of people who answered the survey at all.
    """

    __tablename__ = "survey_count"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    survey_key: Mapped[str] = mapped_column(String(200), primary_key=True)
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    choice: Mapped[str] = mapped_column(String(20), primary_key=True)
    times: Mapped[int]


class SurveyText(Model):
    """An open answer to a survey under a random name, so that its place tells no order."""

    __tablename__ = "survey_text"
    __table_args__ = (
        Index("ix_survey_text_question", "course_id", "survey_key", "question"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    survey_key: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)


class QuestionShown(Model):
    """How often a person was shown a question version, so that a new attempt draws others first."""

    __tablename__ = "question_shown"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    times: Mapped[int]


class ReflectionText(Model):
    """What a learner wrote; its digest stands in the journal."""

    __tablename__ = "reflection_text"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    words: Mapped[int]
    written_ms: Mapped[int]


class Completion(Model):
    """A course is done: derived from the event, with the unit of that day."""

    __tablename__ = "completion"
    __table_args__ = (
        Index("ix_completion_person", "person_id", "completed_ms"),
        Index("ix_completion_course", "course_id", "completed_ms"),
        Index(
            "ix_completion_course_person", "course_id", "person_id", "completed_ms", "expires_on"
        ),
        Index("ix_completion_when", "completed_ms"),
        Index("ix_completion_expires", "expires_on", "enrolment_id"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    # That of the person on the day; empty where none is known.
    position_class: Mapped[str] = mapped_column(String(40), default="", server_default="")
    started_ms: Mapped[int]
    completed_ms: Mapped[int]
    year: Mapped[int] = mapped_column(index=True)
    score_tenths: Mapped[int]
    # What was credited: none where a renewal brings no JP.
    jp: Mapped[int]
    # The last WIB day on which it counts; null where it counts for good.
    expires_on: Mapped[date | None] = mapped_column(Date)


class Regrade(Model):
    """A mended key: answers to ``question`` are graded as ``mended`` (both are digests)."""

    __tablename__ = "regrade"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    question: Mapped[str] = mapped_column(ForeignKey("question_version.digest"))
    mended: Mapped[str] = mapped_column(ForeignKey("question_version.digest"))
    never_worse: Mapped[bool]
    # The text whose SHA-256 is in the journal.
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_ms: Mapped[int]
    # How many attempts were looked at.
    attempts: Mapped[int] = mapped_column(default=0)
    # Null until the job has ended.
    ended_ms: Mapped[int | None]


class RegradedAttempt(Model):
    """What a regrade changed: an attempt before and after. Scores in tenths of a percent."""

    __tablename__ = "regraded_attempt"

    regrade_id: Mapped[int] = mapped_column(ForeignKey("regrade.id"), primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    before_tenths: Mapped[int]
    after_tenths: Mapped[int]
    before_passed: Mapped[bool]
    after_passed: Mapped[bool]
