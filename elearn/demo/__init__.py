"""The demo: an invented kabupaten in the middle of its year, seeded by the product's use cases."""

from __future__ import annotations

from pathlib import Path

from alembic import command

from elearn import schema
from elearn.content import catalogue
from elearn.database import db
from elearn.demo import seeding, signins
from elearn.demo.agency import PEOPLE
from elearn.demo.seeding import is_empty
from elearn.demo.signins import CastMember, certificates
from elearn.demo.signins import cast_of_demo as cast
from elearn.journal import seal

__all__ = ["PEOPLE", "CastMember", "cast", "certificates", "clear", "is_empty", "seed"]


def seed(courses: Path, size: int = PEOPLE) -> list[CastMember]:
    """Seed the demo into an empty database, all of it or nothing, and return its cast.

    Raises Conflict("not_empty"), and Invalid for a course that does not compile.
    """
    seeding.seed(courses, size)
    seal.seal_now()
    return signins.cast_of_demo()


def clear() -> None:
    """Take everything out of the database of a demo and leave the newest, empty schema."""
    db.session.remove()
    db.engine.dispose()
    command.downgrade(schema.alembic_config(), "base")
    schema.upgrade()
    catalogue.forget()
