"""The cast on a day of November 2026."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from flask import Flask

from elearn import clock
from tests.builders import a_framework
from tests.people_cast import Cast, make_cast

NOW_MS = clock.to_ms(datetime(2026, 11, 24, 9, tzinfo=clock.WIB))


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """24 November 2026, nine o'clock."""
    with clock.set_to(NOW_MS):
        yield


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The cast, known since January 2025, and the framework."""
    with clock.set_to(clock.start_of_day_ms(date(2025, 1, 2))):
        made = make_cast()
    a_framework()
    return made
