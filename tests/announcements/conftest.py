"""The cast on an empty database, and announcements as they are written."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from elearn import clock
from elearn.announcements import desk
from elearn.announcements.desk import Wish
from elearn.announcements.models import Importance
from elearn.database import transaction
from elearn.people.models import Person
from tests.people_cast import Cast, actor_of, make_cast

TODAY = date(2026, 11, 24)


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Citra is HR of the health office, the stranger of public works, Syamsul of the agency."""
    return make_cast()


def a_wish(**changes: Any) -> Wish:
    """An announcement for everybody, from today for a week."""
    today = clock.today()
    values: dict[str, Any] = {
        "title": "Server dirawat",
        "text": "Sabtu **malam** layanan berhenti sejenak.",
        "importance": Importance.PLAIN,
        "unit_id": None,
        "role": None,
        "first": today,
        "last": today + timedelta(days=7),
    }
    return Wish(**(values | changes))


def a_draft(who: Person, **changes: Any) -> int:
    """A draft that somebody wrote; its id."""
    with transaction():
        return desk.write(actor_of(who), a_wish(**changes)).id


def an_announcement(who: Person, **changes: Any) -> int:
    """What somebody has given out; its id."""
    id = a_draft(who, **changes)
    with transaction():
        desk.publish(actor_of(who), id)
    return id
