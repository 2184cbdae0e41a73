"""The cast, a course that Ani has passed, and learning elsewhere, on a day of November 2026."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from elearn import clock
from elearn.competency import outside, papers
from elearn.competency.outside_models import OutsideLearning
from elearn.competency.outside_rules import Learning
from elearn.content import catalogue
from elearn.database import transaction
from elearn.people.models import Person
from tests.builders import a_framework
from tests.people_cast import Cast, actor_of, make_cast
from tests.reports import school


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    catalogue.forget()
    with clock.set_to(school.NOW_MS):
        yield


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Ani has passed a course on 2 March 2026."""
    with clock.set_to(clock.start_of_day_ms(date(2025, 1, 2))):
        made = make_cast()
    a_framework()
    school.publish(made)
    school.passes(made.ani, on=date(2026, 3, 2))
    return made


def elsewhere(cast: Cast, person: Person, paper: bytes = b"", **changes: object) -> OutsideLearning:
    """Learning elsewhere that HR of the agency has entered."""
    values: dict[str, object] = {
        "title": "Bimtek gizi",
        "kind": "8",
        "jp": 8,
        "number": "893/012/2026",
        "organiser": "Balai Pelatihan",
        "started_on": date(2026, 5, 4),
        "ended_on": date(2026, 5, 5),
    }
    syamsul = actor_of(cast.syamsul)
    with transaction():
        learning = Learning(**(values | changes))  # type: ignore[arg-type]
        return outside.enter(syamsul, person, learning, papers.read(paper) if paper else None)
