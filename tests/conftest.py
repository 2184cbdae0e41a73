"""The application on a fresh database, and a client. Knows no slice."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import event

from config import Config
from elearn.app import create_app
from elearn.content import catalogue
from elearn.database import db, is_sqlite
from elearn.shells import Kept
from tests import distribution, engines, kept

# Nothing fails by the clock: a busy machine draws examples slowly.
settings.register_profile("elearn", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("elearn")

KEYS = TemporaryDirectory(prefix="elearn-keys-")
SECRET = "tests-only-" + "0123456789abcdef" * 3


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long first; on PostgreSQL only what touches a database runs again."""
    items[:] = distribution.in_order(items)
    if os.environ.get("ELEARN_TEST_DATABASE") != "postgresql":
        return
    again = [item for item in items if "database" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in again])
    items[:] = again


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """``--dist loadfile`` in the order of the items."""
    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return distribution.Scheduling(config, log)


def _config(database: str) -> Config:
    return Config(database, SECRET, url="http://localhost", testing=True, keys=Path(KEYS.name))


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file that each test copies."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    engines.migrate(create_app(_config(f"sqlite:///{path}")))
    return path


@pytest.fixture(scope="session")
def database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the file of each test stands: always the same, so one application serves them."""
    return tmp_path_factory.mktemp("database") / "test.db"


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty, migrated database: SQLite, or PostgreSQL when it is asked for."""
    if os.environ.get("ELEARN_TEST_DATABASE") == "postgresql":
        with engines.postgresql_database(_config) as store:
            kept.begin(store, engines.Rows({}, {}))
            yield store.address
        return
    path = request.getfixturevalue("database_file")
    empty = request.getfixturevalue("template_database")
    shutil.rmtree(path.parent)
    path.parent.mkdir()
    engines.copy_sqlite(empty, path)
    store = engines.SqliteStore(path)
    kept.begin(store, empty)
    yield store.address


class _Bytecode(BytecodeCache):
    """Templates are compiled once a test process."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._held:
            bucket.bytecode_from_string(self._held[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._held[bucket.key] = bucket.bytecode_to_string()


BYTECODE = _Bytecode()


def fresh_application(database: str) -> Flask:
    """An application of its own, for a test that changes it."""
    application = create_app(_config(database))
    application.jinja_env.bytecode_cache = BYTECODE
    if is_sqlite(database):
        with application.app_context():
            event.listen(db.engine, "connect", _without_waiting)
    return application


def _without_waiting(connection: Any, _record: Any) -> None:
    """No test outlives its machine: nothing waits until it is on the disk."""
    connection.execute("PRAGMA synchronous=OFF")


class Shared:
    """An application made once, and given to each test as it was made."""

    def __init__(self, made: Flask) -> None:
        self._app = made
        self._made = [dict(held) for held in self._held()]

    def _held(self) -> tuple[dict[str, Any], ...]:
        return self._app.config, self._app.extensions, self._app.view_functions

    def as_made(self) -> Flask:
        for held, made in zip(self._held(), self._made, strict=True):
            held.clear()
            held.update(made)
        for held in (each for each in self._app.extensions.values() if isinstance(each, Kept)):
            held.forget()
        return self._app


@lru_cache(maxsize=2)
def shared(database: str) -> Shared:
    """The application of a database, the test's own or that of the demo."""
    return Shared(fresh_application(database))


@pytest.fixture
def application(database: str) -> Flask:
    """The application, as it was made."""
    return shared(database).as_made()


@pytest.fixture
def app(application: Flask, database: str) -> Iterator[Flask]:
    """The application within its context."""
    catalogue.forget()  # it keeps what is immutable in one database; this is another
    with application.app_context():
        yield application
        db.session.remove()
        if is_sqlite(database):  # whose file goes; a server's connections are dear to make
            db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who is not signed in."""
    return app.test_client()


@dataclass
class QueryCount:
    """How many statements a block sent."""

    statements: list[str]

    @property
    def total(self) -> int:
        return len(self.statements)


@pytest.fixture
def query_count(app: Flask) -> Any:
    """``with query_count() as count:`` counts SQL statements."""

    @contextmanager
    def counting() -> Iterator[QueryCount]:
        count = QueryCount([])

        def note(_c: Any, _cur: Any, statement: str, *_: Any) -> None:
            count.statements.append(statement)

        engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield count
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting
