"""Announcements, what became of each, and who has put one away."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model

MAX_TITLE, MAX_TEXT, MAX_EXCERPT = 120, 5000, 240


class AnnouncementState(StrEnum):
    """Where an announcement stands; when it is shown is a matter of its days."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Importance(StrEnum):
    """How it is set off on home; the urgent come first."""

    PLAIN = "plain"
    IMPORTANT = "important"
    URGENT = "urgent"


class Deed(StrEnum):
    """What was done to an announcement."""

    WRITTEN = "written"
    CHANGED = "changed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Announcement(Model):
    """A text for the people of a branch (all without one) who hold a role (any without one).

    ``html`` and ``excerpt`` follow from ``text``. Shown from ``starts_ms`` until before
    ``ends_ms``.
    """

    __tablename__ = "announcement"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'published', 'withdrawn')", name="state"),
        CheckConstraint("importance in ('plain', 'important', 'urgent')", name="importance"),
        CheckConstraint("starts_ms < ends_ms", name="days"),
        Index("ix_announcement_state_ends_ms", "state", "ends_ms"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(MAX_TITLE))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    excerpt: Mapped[str] = mapped_column(String(MAX_EXCERPT))
    importance: Mapped[Importance] = mapped_column(String(10))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str | None] = mapped_column(String(12))
    starts_ms: Mapped[int]
    ends_ms: Mapped[int]
    state: Mapped[AnnouncementState] = mapped_column(String(10))
    published_ms: Mapped[int | None]


class AnnouncementChange(Model):
    """One thing that was done to an announcement, with what it said from then on."""

    __tablename__ = "announcement_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(
        ForeignKey("announcement.id", ondelete="CASCADE"), index=True
    )
    deed: Mapped[Deed] = mapped_column(String(10))
    changed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at_ms: Mapped[int]
    body: Mapped[str] = mapped_column(Text)


class AnnouncementDismissal(Model):
    """Somebody has put an announcement away: it leaves their home, not the list of all."""

    __tablename__ = "announcement_dismissal"

    announcement_id: Mapped[int] = mapped_column(
        ForeignKey("announcement.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    at_ms: Mapped[int]
