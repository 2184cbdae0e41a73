"""The cast, the framework and a course, on a day of November 2026."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from elearn import clock
from elearn.content import catalogue
from elearn.database import transaction
from elearn.people.models import Position
from tests.builders import a_framework
from tests.people_cast import Cast, make_cast
from tests.reports import school


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """24 November 2026; what was kept of another database is dropped."""
    catalogue.forget()
    with clock.set_to(school.NOW_MS):
        yield


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The cast; Ani is a Perawat Terampil who works towards Perawat Mahir."""
    with clock.set_to(clock.start_of_day_ms(date(2025, 1, 2))):
        made = make_cast()
    a_framework()
    with transaction() as session:
        nurse = Position(name="Perawat Terampil", position_class="jf_terampil")
        session.add(nurse)
        session.flush()
        ani = session.get_one(type(made.ani), made.ani.id)
        ani.position_id, ani.target_class = nurse.id, "jf_mahir"
    return made


@pytest.fixture
def course_id(cast: Cast) -> int:
    """An open course that Budi teaches."""
    return school.publish(cast)
