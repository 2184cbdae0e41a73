"""The allowance of public pages: an office does not reach it, a flood does, and it refills."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from elearn import clock
from elearn.database import db, transaction
from elearn.errors import TooManyTries, Unavailable
from elearn.people import pace
from elearn.people.models import Allowance
from tests.people_cast import SAME_SITE

NOW = 1_795_000_000_000


def spend(looks: int, address: str = "10.0.0.1") -> None:
    with transaction():
        pace.spend(address, looks)


def wait_for(looks: int, address: str = "10.0.0.1") -> int:
    with pytest.raises(TooManyTries) as refused:
        spend(looks, address)
    return refused.value.wait_seconds


def test_what_is_used_up_comes_back_with_time(app: Flask) -> None:
    with clock.set_to(NOW):
        spend(pace.MOST - 1)
        spend(1)
        assert wait_for(1) == 1
        assert wait_for(20) == 10
        spend(pace.MOST, "10.0.0.2")
        spend(5, "")
    with clock.set_to(NOW + 4 * pace.REFILL_MS):
        spend(4)
        assert wait_for(1) == 1
    with clock.set_to(NOW + 10 * pace.WHOLE_MS):
        spend(1, "10.0.0.3")
        assert db.session.scalar(select(func.count()).select_from(Allowance)) == 1
        spend(pace.MOST)


def test_a_network_of_ipv6_is_one_visitor(app: Flask) -> None:
    with clock.set_to(NOW):
        spend(pace.MOST, "2001:db8:1:2::7")
        assert wait_for(1, "2001:db8:1:2:ffff::1") == 1
        spend(1, "2001:db8:1:3::7")


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """Somebody whose address has used up all of it."""
    spend(pace.MOST, "127.0.0.1")
    client = app.test_client()
    client.environ_base.update(SAME_SITE)
    return client


PAGES = "/verify /verify/abc /verify/offline /roots /roots.jsonl /proof"
FOR_MACHINES = "/keys /keys.json /keys/a.json /badges/issuer /badges/status/0"


@pytest.mark.parametrize("address", f"{PAGES} {FOR_MACHINES}".split())
def test_public_pages_say_when_to_come_back(visitor: FlaskClient, address: str) -> None:
    answer = visitor.get(address)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 5
    assert "Terlalu banyak percobaan" in answer.text
    assert visitor.get("/login").status_code == 200


@pytest.mark.parametrize(
    ("address", "sent", "typed"),
    [
        ("/verify", {"code": "abcde-23456"}, "abcde-23456"),
        ("/proof", {"text": "{bukti}"}, "{bukti}"),
        ("/verify/file", {"pdf": (BytesIO(b"%PDF-"), "a.pdf")}, "Periksa berkas"),
    ],
)
def test_a_form_keeps_what_was_typed(
    visitor: FlaskClient, address: str, sent: dict[str, object], typed: str
) -> None:
    answer = visitor.post(address, data=sent)
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)
    assert "Silakan coba lagi dalam" in answer.text
    assert typed in answer.text


def test_a_busy_database_lets_the_page_through(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(address: str, looks: int) -> None:
        raise Unavailable

    monkeypatch.setattr(pace, "spend", busy)
    assert app.test_client().get("/verify").status_code == 200
