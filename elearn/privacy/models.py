"""Tables of privacy: editions of the notice, requests to put data right, breaches."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model


class NoticeEdition(Model):
    """The privacy notice as it reads from a WIB day on; never changed once its day has come."""

    __tablename__ = "notice_edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_day: Mapped[date] = mapped_column(Date, index=True)
    # Markdown; {agency}, {organiser} and {short} stand for the names in the settings.
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_ms: Mapped[int] = mapped_column(BigInteger)


class About(StrEnum):
    """What somebody says is wrong in their data."""

    NAME = "name"
    NIP = "nip"
    UNIT = "unit"
    POSITION = "position"
    GRADE = "grade"
    BIRTH = "birth"
    COMPLETION = "completion"
    OUTSIDE = "outside"
    OTHER = "other"
    # What they wrote at length is to be forgotten.
    WRITINGS = "writings"


class RectificationState(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Rectification(Model):
    """A person says that their data is wrong, and what HR did about it (UU 27/2022 art. 6, 30)."""

    __tablename__ = "rectification"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'done', 'refused', 'withdrawn')", name="state"),
        Index("ix_rectification_state", "state", "asked_ms"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    about: Mapped[About] = mapped_column(String(20))
    # JSON: the wanted values of a field that HR can change by one press; empty for the rest.
    wanted: Mapped[str] = mapped_column(Text, default="{}")
    # What is wrong, and what it should be, in the person's words.
    words: Mapped[str] = mapped_column(Text)
    paper_digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), index=True)
    state: Mapped[RectificationState] = mapped_column(String(10))
    asked_ms: Mapped[int] = mapped_column(BigInteger)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_ms: Mapped[int | None] = mapped_column(BigInteger)
    answer: Mapped[str] = mapped_column(Text, default="")


class Step(StrEnum):
    """What is to be done when data has leaked, in its order."""

    CONTAIN = "contain"
    EVIDENCE = "evidence"
    ASSESS = "assess"
    TELL_PEOPLE = "tell_people"
    TELL_AUTHORITY = "tell_authority"
    TELL_PUBLIC = "tell_public"
    RECOVER = "recover"
    LEARN = "learn"


class Breach(Model):
    """A failure to protect personal data (UU 27/2022 art. 46)."""

    __tablename__ = "breach"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    # When it became known: 3 x 24 hours run from here.
    found_ms: Mapped[int] = mapped_column(BigInteger)
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_ms: Mapped[int] = mapped_column(BigInteger)
    closed_ms: Mapped[int | None] = mapped_column(BigInteger)


class BreachEntry(Model):
    """What was done about a breach, when, and who wrote it down; never changed."""

    __tablename__ = "breach_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    breach_id: Mapped[int] = mapped_column(ForeignKey("breach.id"), index=True)
    step: Mapped[Step] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    done_ms: Mapped[int] = mapped_column(BigInteger)
    noted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    noted_ms: Mapped[int] = mapped_column(BigInteger)
