"""The table of training taken elsewhere: entered by HR, or submitted by the person and checked."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model


class OutsideState(StrEnum):
    """Where an entry of learning elsewhere stands."""

    WAITING = "waiting"
    # Sent back: the person mends it and submits it again.
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class OutsideLearning(Model):
    """Training taken elsewhere. ``revision`` counts submissions; 0 was entered by HR."""

    __tablename__ = "outside_learning"
    __table_args__ = (
        CheckConstraint("jp >= 1", name="jp"),
        CheckConstraint(
            "state in ('waiting', 'returned', 'approved', 'refused', 'withdrawn')", name="state"
        ),
        CheckConstraint("started_on <= ended_on", name="dates"),
        Index("ix_outside_learning_person", "person_id", "ended_on"),
        Index("ix_outside_learning_state", "state", "entered_ms"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(ForeignKey("training_kind.id"))
    jp: Mapped[int]
    number: Mapped[str] = mapped_column(String(120))
    # The number without spaces and capitals: two like it are the same paper.
    number_key: Mapped[str] = mapped_column(String(120), index=True)
    organiser: Mapped[str] = mapped_column(String(200))
    started_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date] = mapped_column(Date)
    # The written assignment; empty for own initiative.
    letter_number: Mapped[str] = mapped_column(String(120), default="")
    letter_on: Mapped[date | None] = mapped_column(Date)
    # What the JP are proposed from; null where nobody said it.
    hours: Mapped[int | None]
    sessions: Mapped[int | None]
    abroad: Mapped[bool] = mapped_column(default=False)
    # The photo or PDF of the certificate.
    paper_digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), index=True)
    revision: Mapped[int] = mapped_column(default=0)
    state: Mapped[OutsideState] = mapped_column(String(12))
    # HR, or the person themselves; the moment is that of the newest submission.
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_ms: Mapped[int] = mapped_column(BigInteger)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_ms: Mapped[int | None] = mapped_column(BigInteger)
    # Why it was sent back or refused, or approved with other JP than were asked for.
    decision_reason: Mapped[str] = mapped_column(String(400), default="")
    # What the person asked for, where HR approved other JP.
    asked_jp: Mapped[int | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_ms: Mapped[int | None] = mapped_column(BigInteger)
    withdrawn_reason: Mapped[str] = mapped_column(String(400), default="")

    @property
    def is_submitted(self) -> bool:
        """Whether the person submitted it, as opposed to HR entering it."""
        return self.revision > 0

    @property
    def is_open(self) -> bool:
        """Whether the person may still change it."""
        return self.state in {OutsideState.WAITING, OutsideState.RETURNED}


def number_key(number: str) -> str:
    """A certificate number as it is compared."""
    return "".join(number.casefold().split())
