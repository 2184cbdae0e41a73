"""Guessing is slowed down, per account and per address."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import clock
from elearn.database import db, transaction
from elearn.errors import TooManyTries
from elearn.people import brake
from elearn.people.models import Guessing

NOW = 1_795_000_000_000
ANI = "199404122019032901"


def take(account: str = ANI, address: str = "10.0.0.1") -> None:
    with transaction():
        brake.take(account, address)


def wait_after(account: str = ANI, address: str = "10.0.0.1") -> int:
    with pytest.raises(TooManyTries) as refused:
        take(account, address)
    return refused.value.wait_seconds


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (14, 512), (15, 900), (16, 900), (10**6, 900)],
)
def test_the_pause_doubles_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert brake.pause_seconds(failures) == seconds


def test_five_tries_are_free_then_each_waits_longer(app: Flask) -> None:
    with clock.set_to(NOW):
        for _ in range(5):
            take()
        assert wait_after() == 1
    with clock.set_to(NOW + 1000):
        take()
        assert wait_after() == 2


def test_a_refused_try_does_not_lengthen_the_pause(app: Flask) -> None:
    with clock.set_to(NOW):
        for _ in range(5):
            take()
        for _ in range(20):
            assert wait_after() == 1


def test_another_account_at_another_address_is_free(app: Flask) -> None:
    with clock.set_to(NOW):
        for _ in range(5):
            take()
        take("197108191998031906", "10.0.0.2")


def test_a_success_clears_the_account(app: Flask) -> None:
    with clock.set_to(NOW):
        for _ in range(5):
            take()
        with transaction():
            brake.clear(ANI)
        take()


def test_wrong_secrets_at_many_accounts_slow_the_address(app: Flask) -> None:
    with clock.set_to(NOW):
        for number in range(5):
            take(f"account {number}", "10.0.0.9")
            with transaction():
                brake.count_failure("10.0.0.9")
        assert wait_after("another account", "10.0.0.9") == 1
        take("another account", "10.0.0.8")


def test_one_visitor_has_all_addresses_of_an_ipv6_network(app: Flask) -> None:
    with clock.set_to(NOW):
        for number in range(5):
            with transaction():
                brake.count_failure(f"2001:db8:1:2::{number + 1:x}")
        assert wait_after(address="2001:db8:1:2:ffff::1") == 1
        take(address="2001:db8:1:3::1")


def test_old_failures_are_forgotten_and_removed(app: Flask) -> None:
    with clock.set_to(NOW):
        for _ in range(5):
            take()
    with clock.set_to(NOW + brake.MEMORY_MS + 1):
        for _ in range(5):
            take("somebody else", "10.0.0.2")
        with transaction():
            brake.count_failure("10.0.0.2")
        assert db.session.scalar(select(func.count()).select_from(Guessing)) == 2
        for _ in range(5):
            take()
        assert wait_after() == 1


def test_no_nip_stands_in_the_table(app: Flask) -> None:
    take()
    assert all(len(subject) == 64 for subject in db.session.scalars(select(Guessing.subject)))


def test_an_address_that_is_no_number_or_unknown_is_no_reason_to_fail(app: Flask) -> None:
    for address in ("unix", ""):
        with transaction():
            brake.count_failure(address)
        take("somebody", address)
