"""An attempt belongs to one browser and lasts ten minutes."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from elearn import clock
from elearn.database import db, transaction
from elearn.sign_on import attempts
from elearn.sign_on.attempts import Attempt, Attempts, SpentAttempt
from elearn.sign_on.refusing import Reason, Refused

START_MS = 1_900_000_000_000
MADE = Attempts("the key of this server")


def begun() -> tuple[Attempt, str]:
    with clock.set_to(START_MS):
        return MADE.begin("/courses", is_again=False)


def refusal(cookie: str, state: str, later_ms: int = 0) -> Reason:
    with clock.set_to(START_MS + later_ms), pytest.raises(Refused) as caught:
        MADE.resume(cookie, state)
    return caught.value.reason


def test_an_attempt_is_taken_up_again_within_ten_minutes() -> None:
    attempt, cookie = begun()
    with clock.set_to(START_MS + attempts.LIFE_MS):
        assert MADE.resume(cookie, attempt.state) == attempt
    assert refusal(cookie, attempt.state, attempts.LIFE_MS + 1) is Reason.NOT_BEGUN


def test_only_its_own_cookie_and_state_will_do() -> None:
    attempt, cookie = begun()
    forged = Attempts("another key").begin("/", is_again=False)[1]
    for wrong in ("", "x", cookie[:-2], forged):
        assert refusal(wrong, attempt.state) is Reason.NOT_BEGUN
    for wrong in ("", "x", attempt.state[:-1], begun()[0].state, "\u00e9"):
        assert refusal(cookie, wrong) is Reason.STATE


def test_what_is_sent_is_no_secret_of_the_cookie() -> None:
    attempt, cookie = begun()
    assert len({attempt.state, attempt.nonce, attempt.verifier}) == 3
    assert not any(each in cookie for each in (attempt.state, attempt.nonce, attempt.verifier))


def test_an_attempt_is_spent_once_and_forgotten_later(database: str, app: object) -> None:
    attempt, _ = begun()
    with clock.set_to(START_MS), transaction():
        attempts.spend(attempt)
    with clock.set_to(START_MS), pytest.raises(Refused), transaction():
        attempts.spend(attempt)
    with clock.set_to(START_MS + clock.DAY_MS), transaction():
        attempts.spend(begun()[0])
    assert db.session.scalar(select(func.count()).select_from(SpentAttempt)) == 1
