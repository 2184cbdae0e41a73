"""Tables of people that keep what was: units, placements, contracts, supervisors, delegations.

Times are milliseconds; ``until_ms`` is the first moment after, None while something holds.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model
from elearn.people.models import Status
from elearn.people.permissions import Role


class Leaving(StrEnum):
    """Why somebody works here no more."""

    PENSION = "pension"
    MOVED_OUT = "moved_out"
    DIED = "died"
    CONTRACT_ENDED = "contract_ended"
    OTHER = "other"


class UnitSpan(Model):
    """What a unit was called and where it stood, from when until when."""

    __tablename__ = "unit_span"
    __table_args__ = (Index("ix_unit_span_unit_from", "unit_id", "from_ms"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    from_ms: Mapped[int] = mapped_column(BigInteger)
    until_ms: Mapped[int | None] = mapped_column(BigInteger)
    # What began the span, in words of who did it; a cause is the act, as "merge:12".
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    cause: Mapped[str] = mapped_column(String(40), default="", server_default="")


class UnitHead(Model):
    """Who leads a unit, marked by hand; else the highest position class in it does."""

    __tablename__ = "unit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_ms: Mapped[int] = mapped_column(BigInteger)
    until_ms: Mapped[int | None] = mapped_column(BigInteger)


class Placement(Model):
    """Where a person worked as what from when: a record keeps the unit of its own day.

    The rows of a person follow one another without a gap, but for the time they were away; the
    last one is open while they are active. Position, status and grade are None in rows of a time
    in which only the unit was kept.
    """

    __tablename__ = "placement"
    __table_args__ = (
        UniqueConstraint("person_id", "from_ms"),
        Index("ix_placement_unit_until", "unit_id", "until_ms"),
        Index("ix_placement_from", "from_ms", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    status: Mapped[Status | None] = mapped_column(String(10))
    grade: Mapped[str | None] = mapped_column(String(10))
    from_ms: Mapped[int] = mapped_column(BigInteger)
    # The first moment after it; None while it holds.
    until_ms: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    letter: Mapped[str] = mapped_column(String(100), default="", server_default="")
    # The act that made it with many others, as "merge:12"; empty for one of its own.
    cause: Mapped[str] = mapped_column(String(40), default="", server_default="")
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # Why it ended without a next one.
    leaving: Mapped[Leaving | None] = mapped_column(String(20))


class Contract(Model):
    """A contract of a PPPK; several follow one another. Both days are included."""

    __tablename__ = "contract"
    __table_args__ = (UniqueConstraint("person_id", "starts_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date, index=True)
    letter: Mapped[str] = mapped_column(String(100), default="", server_default="")


class Supervision(Model):
    """A supervisor chosen by hand, from when until when; else the tree says who it is."""

    __tablename__ = "supervision"
    __table_args__ = (Index("ix_supervision_person_from", "person_id", "from_ms"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_ms: Mapped[int] = mapped_column(BigInteger)
    until_ms: Mapped[int | None] = mapped_column(BigInteger)


class Delegation(Model):
    """A role of HR lent to somebody for a period; it holds no longer than the grant it is of.

    Role and unit are those of the grant, kept here for the time in which it is gone.
    """

    __tablename__ = "delegation"
    __table_args__ = (CheckConstraint("from_ms < until_ms", name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Empty once the grant was taken back.
    grant_id: Mapped[int | None] = mapped_column(ForeignKey("role_grant.id"), index=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    from_ms: Mapped[int] = mapped_column(BigInteger)
    until_ms: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(200))
    given_ms: Mapped[int] = mapped_column(BigInteger)
    # When it was ended before its time.
    ended_ms: Mapped[int | None] = mapped_column(BigInteger)
