"""Files that somebody has uploaded and not yet confirmed: kept a day, for them alone."""

from __future__ import annotations

import secrets

from sqlalchemy import BigInteger, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from elearn import clock
from elearn.database import Model, db

KEPT_MS = clock.DAY_MS
TOKEN_BYTES = 24


class StagedFile(Model):
    """An upload that waits for its next step."""

    __tablename__ = "staged_file"

    token: Mapped[str] = mapped_column(String(40), primary_key=True)
    # No foreign key, as this module knows no slice.
    person_id: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(30))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_ms: Mapped[int] = mapped_column(BigInteger, index=True)


def keep(person_id: int, purpose: str, content: bytes) -> str:
    """Keep an upload within the caller's transaction; returns the token that finds it."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = StagedFile(
        token=token,
        person_id=person_id,
        purpose=purpose,
        content=content,
        created_ms=clock.now_ms(),
    )
    db.session.add(row)
    db.session.flush()
    return token


def find(person_id: int, purpose: str, token: str) -> bytes | None:
    """What the same person uploaded for the same purpose within a day; else None."""
    wanted = select(StagedFile.content).where(
        StagedFile.token == token,
        StagedFile.person_id == person_id,
        StagedFile.purpose == purpose,
        StagedFile.created_ms > clock.now_ms() - KEPT_MS,
    )
    return db.session.scalar(wanted)


def drop(person_id: int, token: str) -> None:
    """Forget an upload that has been used."""
    used = (StagedFile.token == token) & (StagedFile.person_id == person_id)
    db.session.execute(delete(StagedFile).where(used))


def prune() -> None:
    """Forget what nobody came back for."""
    db.session.execute(delete(StagedFile).where(StagedFile.created_ms <= clock.now_ms() - KEPT_MS))
