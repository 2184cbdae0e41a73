"""Blobs by digest: stored once, never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model, db, insert_new
from elearn.errors import NotFound

AT_ONCE = 20


class Blob(Model):
    """The bytes of a file; the digest is its SHA-256."""

    __tablename__ = "blob"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class File(NamedTuple):
    """A stored file."""

    media_type: str
    content: bytes


def store(digest: str, media_type: str, content: bytes) -> None:
    """Keep a file within the caller's transaction; the same bytes are kept once."""
    insert_new(Blob, [{"digest": digest, "media_type": media_type, "content": content}])


def is_whole(digest: str) -> bool:
    """Whether a file is there and its bytes are still those of its digest."""
    wanted = select(Blob.content).where(Blob.digest == digest)
    content = db.session.scalar(wanted)
    return content is not None and hashlib.sha256(content).hexdigest() == digest


def load(digest: str) -> File:
    """The file with a digest. Raises NotFound."""
    wanted = select(Blob.media_type, Blob.content).where(Blob.digest == digest)
    row = db.session.execute(wanted).first()
    if row is None:
        raise NotFound
    return File(row.media_type, row.content)


def damaged() -> Iterator[str]:
    """The digests whose stored bytes are others, read one by one. Stands inside snapshot()."""
    statement = select(Blob.digest, Blob.content).order_by(Blob.digest)
    for digest, content in db.session.execute(statement.execution_options(yield_per=AT_ONCE)):
        if hashlib.sha256(content).hexdigest() != digest:
            yield digest
