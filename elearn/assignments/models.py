"""Tables of assignments: a rule for many people, in revisions; no row for each person."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model


class Assignment(Model):
    """Courses that some people must finish by a day; what it says is in its present revision."""

    __tablename__ = "assignment"
    __table_args__ = (Index("ix_assignment_open", "withdrawn_ms"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Who answers for it: a branch, beyond which it reaches nobody, or None for the whole agency.
    owner_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    # The number of its present revision.
    revision: Mapped[int]
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_ms: Mapped[int]
    withdrawn_ms: Mapped[int | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_reason: Mapped[str] = mapped_column(String(400), default="", server_default="")


class AssignmentRevision(Model):
    """What an assignment said from a moment on; never changed."""

    __tablename__ = "assignment_revision"
    __table_args__ = (
        UniqueConstraint("assignment_id", "number"),
        CheckConstraint("due_on is not null or days is not null", name="has_due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    number: Mapped[int]
    letter_number: Mapped[str] = mapped_column(String(120))
    letter_on: Mapped[date | None] = mapped_column(Date)
    # The first moment of the day from which it holds.
    starts_ms: Mapped[int]
    due_on: Mapped[date | None] = mapped_column(Date)
    # Days that those have who came or moved later; everybody's days where no due day is fixed.
    days: Mapped[int | None]
    grace_days: Mapped[int]
    # The first moment of which a completion counts: 0 for any, else ``starts_ms``.
    counts_from_ms: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_ms: Mapped[int]


class AssignedCourse(Model):
    """A course that a revision asks for."""

    __tablename__ = "assigned_course"

    revision_id: Mapped[int] = mapped_column(ForeignKey("assignment_revision.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)


class AssignmentLine(Model):
    """Of whom a revision asks it: all that is given must hold; any of its lines is enough."""

    __tablename__ = "assignment_line"
    __table_args__ = (UniqueConstraint("revision_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("assignment_revision.id"))
    position: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    position_class: Mapped[str] = mapped_column(String(40))
    # The name of a position (jabatan).
    post: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(10))
    # People who came to the agency from this moment on.
    joined_since_ms: Mapped[int | None]
    has_list: Mapped[bool]


class ListedPerson(Model):
    """A person on the list of a line."""

    __tablename__ = "listed_person"

    line_id: Mapped[int] = mapped_column(ForeignKey("assignment_line.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Exemption(Model):
    """A person of whom an assignment does not ask it, with the reason; until a day or for good."""

    __tablename__ = "assignment_exemption"
    __table_args__ = (Index("ix_assignment_exemption_whom", "assignment_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(String(400))
    # The last day on which it holds; None for good.
    until: Mapped[date | None] = mapped_column(Date)
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_ms: Mapped[int]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_ms: Mapped[int | None]
