"""The cast on a day of November 2026, and a certificate of two of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from elearn import clock
from elearn.competency import issuing
from elearn.competency.models import Certificate
from elearn.database import transaction
from elearn.people.models import Person
from tests.builders import a_framework
from tests.competency.test_certificates import an_issue
from tests.people_cast import Cast, make_cast

NOW_MS = clock.start_of_day_ms(date(2026, 11, 24)) + 9 * 3_600_000


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """24 November 2026."""
    with clock.set_to(NOW_MS):
        yield


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The cast, nobody with a certificate."""
    made = make_cast()
    a_framework()
    return made


@pytest.fixture
def certified(cast: Cast) -> Cast:
    """Ani and the stranger hold a certificate, Ani the first."""
    give(cast.ani, cast.stranger)
    return cast


def give(*people: Person, source: str = "") -> list[Certificate]:
    """Issue a certificate for each, a minute after the other."""
    made = []
    for person in people:
        with clock.set_to(clock.now_ms() + 60_000 * len(made)), transaction():
            made.append(issuing.issue(an_issue(person.id, f"{source}{person.id}")))
    return made
