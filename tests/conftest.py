"""The application on a fresh database, and a client. Knows no slice."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import event

from config import Config
from elearn.app import create_app
from elearn.content import catalogue
from elearn.database import db
from tests import engines

# Nothing fails by the clock: a busy machine draws examples slowly.
settings.register_profile("elearn", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("elearn")

KEYS = TemporaryDirectory(prefix="elearn-keys-")
SECRET = "tests-only-" + "0123456789abcdef" * 3


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what touches a database runs again."""
    if os.environ.get("ELEARN_TEST_DATABASE") != "postgresql":
        return
    again = [item for item in items if "database" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in again])
    items[:] = again


def _config(database: str) -> Config:
    return Config(database, SECRET, url="http://localhost", testing=True, keys=Path(KEYS.name))


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file that each test copies."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    engines.migrate(create_app(_config(f"sqlite:///{path}")))
    return path


@pytest.fixture
def database(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty, migrated database: SQLite, or PostgreSQL when it is asked for."""
    if os.environ.get("ELEARN_TEST_DATABASE") == "postgresql":
        with engines.postgresql_database(_config) as address:
            yield address
        return
    path = tmp_path / "test.db"
    shutil.copy(request.getfixturevalue("template_database"), path)
    yield f"sqlite:///{path}"


@pytest.fixture
def app(database: str) -> Iterator[Flask]:
    """The application within its context."""
    application = create_app(_config(database))
    catalogue.forget()  # it keeps what is immutable in one database; this is another
    with application.app_context():
        yield application
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


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
