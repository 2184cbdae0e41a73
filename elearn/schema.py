"""The database schema: Alembic migrations run, checked, and backed up first."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import chain, count
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from elearn import clock
from elearn.database import db
from elearn.errors import Invalid

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
    target = target or _free_name(source)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    return target


def _free_name(source: Path) -> Path:
    """A name beside the database that no earlier copy has, though made in the same second."""
    stamp = f"{clock.now():%Y%m%d-%H%M%S}"
    stems = chain([f"{source.stem}-{stamp}"], (f"{source.stem}-{stamp}-{n}" for n in count(2)))
    paths = (source.with_name(f"{stem}.backup.db") for stem in stems)
    return next(path for path in paths if not path.exists())


def restore(source: Path) -> Path | None:
    """Put a copy in the place of a SQLite database. Returns where the one before is kept.

    Raises Invalid for a file that is no sound database of this product.
    """
    url = db.engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        raise Invalid("not_sqlite")
    _refuse_unsound(source)
    kept = back_up()
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(url.database)) as new:
        old.backup(new)
    return kept


def _refuse_unsound(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as database:
            sound = database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            ours = database.execute(
                "SELECT count(*) FROM sqlite_master WHERE name IN ('event', 'chain_head')"
            ).fetchone()[0]
    except sqlite3.DatabaseError:
        raise Invalid("not_a_database") from None
    if not sound or ours != 2:
        raise Invalid("not_a_database")
