"""Whose phone is lost, and the recovery codes with it: HR or an admin takes the factor away."""

from __future__ import annotations

from elearn import clock
from elearn.errors import Conflict
from elearn.factors import enrolling
from elearn.factors.checking import subject_of
from elearn.people import accounts, audit, brake, notices, second_factor, staffing
from elearn.people.actors import Actor
from elearn.people.audit import Action
from elearn.people.models import Person
from elearn.people.notices import NoticeKind


def reset(actor: Actor, person_id: int) -> Person:
    """Take a person's second factor away; the password stays. Audited, and told to the person.

    For whom a one-time code may be made by the same actor; raises as ``accounts.resettable`` does,
    and Conflict where there is none.
    """
    accounts.resettable(actor, person_id)
    return reset_by(actor.id, person_id)


def reset_by(actor_id: int | None, person_id: int) -> Person:
    """The same for who was let in; without an actor it is the operator's console."""
    person = staffing.locked(person_id)
    if not second_factor.is_on(person_id):
        raise Conflict("factor_not_on")
    enrolling.take_away(person_id)
    brake.clear(subject_of(person_id))
    notices.notify(person_id, NoticeKind.FACTOR_RESET, f"factor:{clock.now_ms()}")
    audit.record(actor_id, Action.FACTOR_RESET, person_id)
    return person
