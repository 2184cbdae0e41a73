"""The mark of a database of invented people: shown on every page, never served as real."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from elearn import clock
from elearn.database import Model, db, insert_new

THE_ONE = 1


class DemoMark(Model):
    """One row in a demo database, none elsewhere."""

    __tablename__ = "demo_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    seeded_ms: Mapped[int]


def is_demo() -> bool:
    """Whether this database holds the demo."""
    return db.session.scalar(select(DemoMark.id)) is not None


def mark() -> None:
    """Mark the database as a demo, within the caller's transaction."""
    insert_new(DemoMark, [{"id": THE_ONE, "seeded_ms": clock.now_ms()}])
