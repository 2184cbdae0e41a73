"""Tables of the journal: the events and the head of each person's chain."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model


class Event(Model):
    """One appended fact. ``body`` is the canonical text that was hashed; never updated."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("person_id", "seq"),
        UniqueConstraint("person_id", "client_id"),
        Index("ix_event_kind", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seq: Mapped[int]
    client_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    happened_ms: Mapped[int]
    recorded_ms: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


class ChainHead(Model):
    """The last link of a person's chain."""

    __tablename__ = "chain_head"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seq: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
