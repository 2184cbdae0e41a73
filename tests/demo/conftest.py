"""The whole demo, seeded once for the tests that only look at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from elearn import clock, demo
from elearn.app import create_app
from elearn.content import catalogue
from elearn.database import db
from tests.conftest import _config

COURSES = Path(__file__).resolve().parents[2] / "courses"
TODAY_MS = clock.to_ms(datetime(2026, 11, 24, 15, 0, tzinfo=clock.WIB))


@pytest.fixture(scope="session")
def seeded_file(template_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the demo of 320 people, seeded on 24 November 2026."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    shutil.copy(template_database, path)
    application = create_app(_config(f"sqlite:///{path}"))
    with application.app_context(), clock.set_to(TODAY_MS):
        demo.seed(COURSES)
        db.session.remove()
        db.engine.dispose()
    return path


@pytest.fixture
def seeded(seeded_file: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy of the seeded demo, on the day of the seeding."""
    path = tmp_path / "demo.db"
    shutil.copy(seeded_file, path)
    application = create_app(_config(f"sqlite:///{path}"))
    catalogue.forget()
    with application.app_context(), clock.set_to(TODAY_MS):
        yield application
        db.session.remove()
        db.engine.dispose()
    catalogue.forget()
