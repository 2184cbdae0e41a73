"""The database schema: Alembic migrations run, checked, and backed up first."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from elearn import clock
from elearn.database import db

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def alembic_config() -> Config:
    """Alembic's settings, without a file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def newest() -> str:
    """The revision this code needs."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    return head or ""


def present() -> str:
    """The revision of the database; empty for an empty one."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def is_current() -> bool:
    """Whether the database has the schema this code needs."""
    return present() == newest()


def upgrade(revision: str = "head") -> None:
    """Bring the database to a revision, all of it or nothing."""
    command.upgrade(alembic_config(), revision)


def back_up(target: Path | None = None) -> Path | None:
    """Copy a SQLite database while it is in use. None for an empty or another database."""
    url = db.engine.url
    if url.get_backend_name() != "sqlite" or not url.database or not Path(url.database).exists():
        return None
    source = Path(url.database)
    stamp = f"{clock.now():%Y%m%d-%H%M%S}"
    target = target or source.with_name(f"{source.stem}-{stamp}.backup.db")
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    return target
