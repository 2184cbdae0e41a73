"""Opening a hint: noted once, by the one whose attempt it is, while the attempt is open."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from elearn.database import db
from elearn.learning.models import HintOpened
from tests.builders import a_published_version, an_attempt, an_enrolment, hand_in
from tests.people_cast import Cast, signed_in


@pytest.fixture
def attempt_id(cast: Cast) -> str:
    """Ani in front of two questions with one hint each."""
    a_published_version(cast)
    an_enrolment(cast.ani)
    return an_attempt(cast.ani)


@pytest.fixture
def ani(app: Flask, cast: Cast) -> FlaskClient:
    return signed_in(app, cast.ani)


def noted() -> list[tuple[int, int]]:
    rows = db.session.scalars(db.select(HintOpened)).all()
    return [(row.position, row.hint) for row in rows]


def test_a_hint_is_noted_once(ani: FlaskClient, attempt_id: str) -> None:
    assert 'data-hint="0"' in ani.get(f"/attempts/{attempt_id}").get_data(as_text=True)
    for _ in range(2):
        assert ani.post(f"/attempts/{attempt_id}/hints/1/0").status_code == 204
    assert noted() == [(1, 0)]


def test_a_stranger_finds_nothing(app: Flask, cast: Cast, attempt_id: str) -> None:
    for other in (cast.citra, cast.stranger, cast.budi):
        page = signed_in(app, other).post(f"/attempts/{attempt_id}/hints/0/0")
        assert page.status_code == 404
    assert noted() == []


@pytest.mark.parametrize("address", ["2/0", "0/1", "99999999999999999999/0", "0/-1", "x/0"])
def test_what_is_not_there_is_not_found(ani: FlaskClient, attempt_id: str, address: str) -> None:
    assert ani.post(f"/attempts/{attempt_id}/hints/{address}").status_code == 404
    assert ani.post(f"/attempts/nothing/hints/{address}").status_code == 404
    assert noted() == []


def test_reading_the_address_is_no_way_to_note(ani: FlaskClient, attempt_id: str) -> None:
    assert ani.get(f"/attempts/{attempt_id}/hints/0/0").status_code == 405


def test_after_the_end_nothing_is_noted(ani: FlaskClient, cast: Cast, attempt_id: str) -> None:
    hand_in(cast.ani, attempt_id)
    assert ani.post(f"/attempts/{attempt_id}/hints/0/0").status_code == 409
    assert noted() == []
