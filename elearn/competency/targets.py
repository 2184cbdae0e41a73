"""The position class somebody works towards: chosen by themselves, proposed by HR."""

from __future__ import annotations

from sqlalchemy import delete

from elearn import clock
from elearn.competency.models import PositionClass, TargetProposal
from elearn.database import db
from elearn.errors import Invalid
from elearn.people import audit, notices, units
from elearn.people.actors import Actor
from elearn.people.models import Person
from elearn.people.notices import NoticeKind


def choose(actor: Actor, position_class: str) -> None:
    """Let the actor work towards a class, or none; what HR proposed is answered with it."""
    if position_class:
        _check(position_class)
    person = db.session.get_one(Person, actor.id)
    if person.target_class != position_class:
        audit.record(
            actor.id,
            "person:target_chosen",
            actor.id,
            before=person.target_class,
            after=position_class,
        )
    person.target_class = position_class
    _answer(actor.id)


def propose(actor: Actor, person_id: int, position_class: str) -> None:
    """Propose a class to a person, in the place of an earlier proposal; they are told.

    Raises NotFound, NotAllowed, and Invalid with the field.
    """
    person = units.person_to_act_on(actor, person_id)
    name = _check(position_class)
    now_ms = clock.now_ms()
    _answer(person.id)
    db.session.add(
        TargetProposal(
            person_id=person.id,
            position_class=position_class,
            proposed_by=actor.id,
            proposed_ms=now_ms,
        )
    )
    audit.record(actor.id, "person:target_proposed", person.id, after=position_class)
    kind = NoticeKind.TARGET_PROPOSED
    notices.notify(person.id, kind, f"{kind}:{now_ms}", title=name)


def decline(actor: Actor) -> None:
    """Leave a proposal aside."""
    if proposal_of(actor.id) is not None:
        audit.record(actor.id, "person:target_declined", actor.id)
    _answer(actor.id)


def proposal_of(person_id: int) -> TargetProposal | None:
    """What HR proposed and the person has not answered yet."""
    return db.session.get(TargetProposal, person_id)


def _check(position_class: str) -> str:
    found = db.session.get(PositionClass, position_class)
    if found is None:
        raise Invalid("unknown_class", "to")
    return found.name


def _answer(person_id: int) -> None:
    db.session.execute(delete(TargetProposal).where(TargetProposal.person_id == person_id))
