"""Weighty acts: who signed in long ago shows again, by the password, who they are."""

from __future__ import annotations

from typing import Any, Protocol

from elearn.database import transaction
from elearn.errors import Invalid, TooManyTries
from elearn.people import accounts, brake
from elearn.people.access import actor


class AsksPassword(Protocol):
    """A form with a field ``password``, which may be left empty."""

    password: Any

    def place(self, problem: Invalid) -> None:
        """Put a refusal beside its field."""

    def make_wait(self, seconds: int) -> None:
        """Say how long to wait before the next try counts."""


def asks() -> bool:
    """Whether the form of a weighty act asks for the password."""
    return not accounts.has_just_signed_in(actor().stamp)


def is_proven(form: AsksPassword) -> bool:
    """Whether somebody has shown who they are, now or lately; else the form says why not."""
    if not asks():
        return True
    if not form.password.data:
        form.place(Invalid("password_needed", field="password"))
        return False
    subject = f"password:{actor().id}"
    try:
        with transaction():
            brake.take(subject, "")
        accounts.confirm(actor().id, form.password.data)
    except TooManyTries as problem:
        form.make_wait(problem.wait_seconds)
        return False
    except Invalid as problem:
        form.place(problem)
        return False
    with transaction():
        brake.clear(subject)
        accounts.keep_confirmed(actor().stamp)
    return True
