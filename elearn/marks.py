"""Marks of what was done for the installation: copied, verified, and that the runner lives."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Index, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, aliased, mapped_column

from elearn import clock
from elearn.database import Model, db, rows

KEEP_MS = 90 * clock.DAY_MS


class MarkKind(StrEnum):
    """What leaves a mark, and the values it holds."""

    BACKUP = "backup"  # name (of the file, no folder), bytes; empty for another tool's copy
    VERIFIED = "verified"  # problems, named (the first of them), rows, took_ms
    RUNNER = "runner"  # no values; one row, renewed


class Mark(Model):
    """One thing that was done; the newest of a kind is kept for good."""

    __tablename__ = "mark"
    __table_args__ = (Index("ix_mark_kind_at_ms", "kind", "at_ms"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MarkKind] = mapped_column(String(20))
    at_ms: Mapped[int]
    body: Mapped[str] = mapped_column(Text)


class Left(NamedTuple):
    """A mark as it is read."""

    at_ms: int
    values: dict[str, Any]


def leave(kind: MarkKind, **values: Any) -> None:
    """Leave a mark of now, within the caller's transaction."""
    db.session.add(Mark(kind=kind, at_ms=clock.now_ms(), body=json.dumps(values, sort_keys=True)))


def renew(kind: MarkKind) -> None:
    """Move the only mark of a kind to now, within the caller's transaction."""
    moved = update(Mark).where(Mark.kind == kind).values(at_ms=clock.now_ms())
    if not db.session.execute(moved).rowcount:  # type: ignore[attr-defined]  # a CursorResult
        leave(kind)


def newest(kind: MarkKind) -> Left | None:
    """The last mark of a kind; None before the first."""
    return next(iter(recent(kind, 1)), None)


def recent(kind: MarkKind, most: int) -> Sequence[Left]:
    """The last marks of a kind, the newest first."""
    wanted = select(Mark.at_ms, Mark.body).where(Mark.kind == kind)
    found = rows(wanted.order_by(Mark.at_ms.desc(), Mark.id.desc()).limit(most))
    return [Left(row.at_ms, json.loads(row.body)) for row in found]


def prune() -> None:
    """Forget marks older than ``KEEP_MS``, but never the newest of a kind."""
    newer = aliased(Mark)
    is_outdone = select(newer.id).where(newer.kind == Mark.kind, newer.at_ms > Mark.at_ms).exists()
    old = Mark.at_ms < clock.now_ms() - KEEP_MS
    db.session.execute(delete(Mark).where(old, is_outdone))
