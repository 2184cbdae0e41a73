"""A second factor without the pages, and the codes its app would show."""

from __future__ import annotations

from functools import cache

import pyotp
from flask import Flask
from flask.testing import FlaskClient

from elearn import clock
from elearn.database import transaction
from elearn.factors import enrolling, recovery, totp
from elearn.factors.enrolling import Enrolment
from elearn.factors.recovery import NewCode
from elearn.people.models import Person
from tests.people_cast import PASSWORD, browser

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@cache
def codes() -> tuple[NewCode, ...]:
    """Recovery codes, hashed once for all tests."""
    return tuple(recovery.new_codes())


def with_factor(person: Person, secret: str = SECRET) -> None:
    """Let a person have a second factor whose app shows the codes of a secret."""
    with transaction():
        enrolling.turn_on(Enrolment(person.id, secret, -1, list(codes())), keep_stamp="")


def code_at(moment_ms: int, secret: str = SECRET) -> str:
    """What the app shows at a moment."""
    return pyotp.TOTP(secret).generate_otp(totp.step_of(moment_ms))


def code_now(secret: str = SECRET) -> str:
    """What the app shows now."""
    return code_at(clock.now_ms(), secret)


def half_signed_in(app: Flask, person: Person, target: str = "/record") -> FlaskClient:
    """A browser that has shown the password, and is asked for a code."""
    client = browser(app)
    form = {"nip": person.nip, "password": PASSWORD, "next": target}
    response = client.post("/login", data=form)
    assert response.location == "/login/code"
    return client
