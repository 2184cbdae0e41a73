"""Tables of the journal: the events, the head of each person's chain, the daily seals."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
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


class Seal(Model):
    """A signed root over the journal as it stood; never updated. See links.py for the leaves.

    Its trees are over the events since the seal before, over all heads of persons, and over the
    heads of the audit log. ``root`` is the digest of all that is signed.
    """

    __tablename__ = "seal"

    # Counts from 1 without a gap.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # The WIB day.
    day: Mapped[date] = mapped_column(Date)
    sealed_ms: Mapped[int]
    # The newest event that is covered.
    event_id: Mapped[int]
    events: Mapped[int]
    events_root: Mapped[str] = mapped_column(String(64))
    heads: Mapped[int]
    heads_root: Mapped[str] = mapped_column(String(64))
    # The newest audit entry that is covered.
    audit_id: Mapped[int]
    audit_heads: Mapped[int]
    audit_root: Mapped[str] = mapped_column(String(64))
    # The root of the seal before.
    previous: Mapped[str] = mapped_column(String(64))
    root: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(16))
    # Ed25519, in hex.
    signature: Mapped[str] = mapped_column(String(128))
