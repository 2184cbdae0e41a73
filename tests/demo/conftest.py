"""The whole demo, seeded once for the tests that only look at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from elearn import clock, demo
from elearn.content import catalogue
from elearn.database import db
from tests.conftest import fresh_application, shared

COURSES = Path(__file__).resolve().parents[2] / "courses"
TODAY_MS = clock.to_ms(datetime(2026, 11, 24, 15, 0, tzinfo=clock.WIB))


@pytest.fixture(scope="session")
def seeded_file(template_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the demo of 320 people, seeded on 24 November 2026."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    shutil.copy(template_database, path)
    application = fresh_application(f"sqlite:///{path}")
    with application.app_context(), clock.set_to(TODAY_MS):
        demo.seed(COURSES)
        db.session.remove()
        db.engine.dispose()
    return path


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the copy of each test stands: always the same, so one application serves them."""
    return tmp_path_factory.mktemp("seeded") / "demo.db"


@pytest.fixture
def seeded(seeded_file: Path, demo_file: Path) -> Iterator[Flask]:
    """The application on a copy of the seeded demo, on the day of the seeding."""
    shutil.rmtree(demo_file.parent)
    demo_file.parent.mkdir()
    shutil.copy(seeded_file, demo_file)
    application = shared(f"sqlite:///{demo_file}").as_made()
    catalogue.forget()
    with application.app_context(), clock.set_to(TODAY_MS):
        yield application
        db.session.remove()
        db.engine.dispose()
    catalogue.forget()
