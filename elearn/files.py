"""Blobs by digest: stored once, never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import BigInteger, LargeBinary, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from elearn import clock
from elearn.database import Model, db, insert_new
from elearn.errors import NotFound

AT_ONCE = 20


class Blob(Model):
    """The bytes of a file; the digest is its SHA-256."""

    __tablename__ = "blob"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    # When its bytes were removed on purpose, as the time to keep them was over.
    removed_ms: Mapped[int | None] = mapped_column(BigInteger)


class File(NamedTuple):
    """A stored file."""

    media_type: str
    content: bytes


def store(digest: str, media_type: str, content: bytes) -> None:
    """Keep a file within the caller's transaction; the same bytes are kept once."""
    row = {"digest": digest, "media_type": media_type, "content": content}
    if not insert_new(Blob, [row]):
        removed = update(Blob).where(Blob.digest == digest, Blob.removed_ms.is_not(None))
        db.session.execute(removed.values(content=content, removed_ms=None))


def remove(digest: str) -> None:
    """Let the bytes of a file go; that it was there, and its digest, stay."""
    gone = update(Blob).where(Blob.digest == digest)
    db.session.execute(gone.values(content=b"", removed_ms=clock.now_ms()))


def media_type_of(digest: str | None) -> str:
    """The kind of a file that can be loaded; empty for none, and for one that was removed."""
    wanted = select(Blob.media_type).where(Blob.digest == digest, Blob.removed_ms.is_(None))
    return db.session.scalar(wanted) or ""


def is_whole(digest: str) -> bool:
    """Whether a file is there and its bytes are still those of its digest."""
    wanted = select(Blob.content).where(Blob.digest == digest)
    content = db.session.scalar(wanted)
    return content is not None and hashlib.sha256(content).hexdigest() == digest


def load(digest: str) -> File:
    """The file with a digest. Raises NotFound, also for one that was removed."""
    here = (Blob.digest == digest, Blob.removed_ms.is_(None))
    wanted = select(Blob.media_type, Blob.content).where(*here)
    row = db.session.execute(wanted).first()
    if row is None:
        raise NotFound
    return File(row.media_type, row.content)


def compared() -> Iterator[tuple[str, bool]]:
    """Each digest, and whether its stored bytes are others. Stands inside snapshot()."""
    statement = select(Blob.digest, Blob.content, Blob.removed_ms).order_by(Blob.digest)
    found = db.session.execute(statement.execution_options(yield_per=AT_ONCE))
    for digest, content, removed_ms in found:
        is_gone = removed_ms is not None and not content
        yield digest, not is_gone and hashlib.sha256(content).hexdigest() != digest
