"""What somebody works towards: a position class or one position, chosen by themselves."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import delete

from elearn import clock
from elearn.competency import framework, position_requirements
from elearn.competency.models import PositionClass, TargetProposal
from elearn.database import db
from elearn.errors import Invalid
from elearn.people import audit, notices, units
from elearn.people.actors import Actor
from elearn.people.models import Person, Position
from elearn.people.notices import NoticeKind

ONE_POSITION = "position:"
LONGEST_ID = 9


class Target(NamedTuple):
    """A position class, or one position of it that asks something of its own."""

    position_class: str
    position_id: int | None = None

    @property
    def key(self) -> str:
        """How a form names it; ``read`` is its inverse."""
        return f"{ONE_POSITION}{self.position_id}" if self.position_id else self.position_class


NONE = Target("")


def read(text: str) -> Target:
    """The target that a form names; NONE for nothing. Raises Invalid."""
    if text.startswith(ONE_POSITION):
        found = _position(text.removeprefix(ONE_POSITION))
        return Target(found.position_class, found.id)
    if text and db.session.get(PositionClass, text) is None:
        raise Invalid("unknown_class", "to")
    return Target(text)


def _position(number: str) -> Position:
    known = number.isdecimal() and number.isascii() and len(number) <= LONGEST_ID
    found = db.session.get(Position, int(number)) if known else None
    if found is None:
        raise Invalid("unknown_class", "to")
    return found


def of(person: Person) -> Target:
    """What a person works towards; NONE without a target."""
    return Target(person.target_class, person.target_position_id)


def options() -> dict[str, str]:
    """What can be worked towards, by key: the classes, then positions with levels of their own."""
    classes = {row.key: row.name for row in framework.classes()}
    own = position_requirements.with_own()
    return classes | {Target(row.position_class, row.id).key: row.name for row in own}


def choose(actor: Actor, to: str) -> None:
    """Let the actor work towards a class or a position, or none; a proposal is answered with it."""
    target = read(to)
    person = db.session.get_one(Person, actor.id)
    before = of(person)
    if before != target:
        told = {"before": before.key, "after": target.key}
        audit.record(actor.id, "person:target_chosen", actor.id, **told)
    person.target_class, person.target_position_id = target
    _answer(actor.id)


def propose(actor: Actor, person_id: int, to: str) -> None:
    """Propose a class or a position to a person, in the place of an earlier proposal.

    They are told. Raises NotFound, NotAllowed, and Invalid with the field.
    """
    person = units.person_to_act_on(actor, person_id)
    target = read(to)
    if target == NONE:
        raise Invalid("unknown_class", "to")
    now_ms = clock.now_ms()
    _answer(person.id)
    row = TargetProposal(
        person_id=person.id,
        position_class=target.position_class,
        position_id=target.position_id,
        proposed_by=actor.id,
        proposed_ms=now_ms,
    )
    db.session.add(row)
    audit.record(actor.id, "person:target_proposed", person.id, after=target.key)
    kind = NoticeKind.TARGET_PROPOSED
    notices.notify(person.id, kind, f"{kind}:{now_ms}", title=name_of(target))


def name_of(target: Target) -> str:
    """What a target is called; empty for NONE."""
    if target.position_id:
        return db.session.get_one(Position, target.position_id).name
    found = db.session.get(PositionClass, target.position_class)
    return found.name if found else ""


def decline(actor: Actor) -> None:
    """Leave a proposal aside."""
    if proposal_of(actor.id) is not None:
        audit.record(actor.id, "person:target_declined", actor.id)
    _answer(actor.id)


class Proposal(NamedTuple):
    """What HR proposed, and when."""

    target: Target
    proposed_ms: int


def proposal_of(person_id: int) -> Proposal | None:
    """What HR proposed and the person has not answered yet."""
    row = db.session.get(TargetProposal, person_id)
    if row is None:
        return None
    return Proposal(Target(row.position_class, row.position_id), row.proposed_ms)


def _answer(person_id: int) -> None:
    db.session.execute(delete(TargetProposal).where(TargetProposal.person_id == person_id))
