"""The cast, a course that all may enter, and assignments of it, on a day of November 2026."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask

from elearn import clock
from elearn.assignments import assigned, assigning
from elearn.assignments.assigned import Assigned
from elearn.assignments.rule import Line, Rule
from elearn.content import catalogue
from elearn.database import transaction
from elearn.people.models import Person
from tests.builders import a_framework
from tests.people_cast import Cast, actor_of, make_cast
from tests.reports import school

CAME = date(2025, 1, 2)
START, DUE = date(2026, 11, 1), date(2026, 11, 30)
LETTER = {"letter_number": "800/12/2026", "letter_on": date(2026, 10, 30)}


@dataclass(frozen=True)
class Office:
    """The cast and the id of the course."""

    cast: Cast
    course: int

    def give(self, *lines: Line, by: Person | None = None, **changes: Any) -> Assigned:
        """Ask the course of people: everybody, due on 30 November, unless told else."""
        giver = by or self.cast.syamsul
        owner = self.cast.health.id if giver is self.cast.citra else None
        values = {"courses": (self.course,), "lines": lines or (Line(),), "starts_on": START}
        rule = Rule(**(values | {"due_on": DUE} | changes))
        with transaction():
            id_ = assigning.give(actor_of(giver), owner, rule)
        return assigned.of(id_)

    def exempt(self, asked: Assigned, person: Person, until: date | None = None) -> None:
        """Exempt somebody, by HR of the agency."""
        with transaction():
            assigning.exempt(actor_of(self.cast.syamsul), asked, person.id, "Cuti", until)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    catalogue.forget()
    with clock.set_to(school.NOW_MS):
        yield


@pytest.fixture
def office(app: Flask) -> Office:
    with clock.set_to(clock.start_of_day_ms(CAME)):
        made = make_cast()
    a_framework()
    return Office(made, school.publish(made))
