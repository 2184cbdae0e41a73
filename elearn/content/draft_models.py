"""Tables of drafts: the working copy of a course, and every revision of its files."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model


class Act(StrEnum):
    """How a revision came about."""

    SAVED = "saved"
    AUTOSAVED = "autosaved"
    UPLOADED = "uploaded"
    RESTORED = "restored"
    DELETED = "deleted"


class DraftFile(Model):
    """A file of a working copy by its newest revision; a deleted one keeps its number."""

    __tablename__ = "draft_file"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    number: Mapped[int]
    # SHA-256 of the content; empty for a deleted file.
    digest: Mapped[str] = mapped_column(String(64))


class DraftRevision(Model):
    """What a file said after one act of one person."""

    __tablename__ = "draft_revision"
    __table_args__ = (
        UniqueConstraint("course_id", "path", "number"),
        CheckConstraint(
            "act in ('saved', 'autosaved', 'uploaded', 'restored', 'deleted')", name="act"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    path: Mapped[str] = mapped_column(String(200))
    number: Mapped[int]
    act: Mapped[Act] = mapped_column(String(10))
    # Markdown stands here; every other file is a blob by its digest.
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    # The name a moved file had, and of one that is no more under its name the one it has now.
    other_path: Mapped[str] = mapped_column(String(200), default="", server_default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    begun_ms: Mapped[int]
    saved_ms: Mapped[int]


class DraftVisit(Model):
    """Who had a file open in the editor, and when last."""

    __tablename__ = "draft_visit"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seen_ms: Mapped[int]
