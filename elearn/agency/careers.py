"""What HR of a branch may change of a person there: post, name, contracts, supervisor, leaving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

from sqlalchemy import select

from elearn.database import db
from elearn.errors import Invalid
from elearn.people import accounts, audit, contracts, placements, staffing, supervisors, units
from elearn.people.actors import Actor
from elearn.people.audit import Action, Entry
from elearn.people.contracts import Term
from elearn.people.history_models import Contract, Leaving
from elearn.people.models import FormerNip, Person, Status, Unit
from elearn.people.placements import Basis, Placed, Post
from elearn.people.staffing import PersonFacts

CONTRACT_ACTS = (Action.CONTRACT_ENTERED, Action.CONTRACT_CHANGED, Action.CONTRACT_REMOVED)


@dataclass(frozen=True)
class Career:
    """A person with all that was: the newest first."""

    person: Person
    placed: list[Placed]
    contracts: Sequence[Contract]
    contract_changes: Sequence[Entry]
    former_nips: Sequence[FormerNip]
    supervisor: str
    is_by_hand: bool


def of(actor: Actor, person_id: int) -> Career:
    """The career of a person in reach; raises NotFound for the others."""
    person = units.person_in_reach(actor, person_id)
    supervisor_id = supervisors.of(person)
    supervisor = db.session.get(Person, supervisor_id) if supervisor_id else None
    former = select(FormerNip).where(FormerNip.person_id == person.id)
    return Career(
        person=person,
        placed=placements.of(person.id),
        contracts=contracts.of(person.id),
        contract_changes=audit.of_subject(person.id, CONTRACT_ACTS),
        former_nips=db.session.scalars(former.order_by(FormerNip.until_ms.desc())).all(),
        supervisor=supervisor.full_name if supervisor else "",
        is_by_hand=person.supervisor_id is not None,
    )


def place(actor: Actor, person_id: int, post: Post, basis: Basis) -> None:
    """Let a person hold another post; a move beyond the actor's branch is not theirs to make."""
    units.person_to_act_on(actor, person_id)
    target = db.session.get(Unit, post.unit_id)
    if target is None or not actor.acts_in(target.path):
        raise Invalid("unit_beyond", field="unit_id")
    staffing.place(actor.id, person_id, post, basis)


def undo(actor: Actor, person_id: int, placement_id: int) -> None:
    """Take the newest placement back, where the one before is of the actor's branch as well."""
    units.person_to_act_on(actor, person_id)
    person = staffing.locked(person_id)
    placements.undo_last(person, placement_id, actor_id=actor.id)
    before = units.unit_of(person.unit_id)
    if not actor.acts_in(before.path):
        raise Invalid("unit_beyond", field="unit_id")


def rename(actor: Actor, person_id: int, names: dict[str, str]) -> None:
    """Change name, degrees and WhatsApp; the rest stays. Raises Invalid with the field."""
    person = units.person_to_act_on(actor, person_id)
    held = {field.name: getattr(person, field.name) for field in fields(PersonFacts)}
    held["status"] = Status(person.status)
    staffing.edit(actor.id, person_id, PersonFacts(**(held | names)))


def leave(actor: Actor, person_id: int, leaving: Leaving, basis: Basis) -> None:
    """Close the account of who leaves; never of those who may do more than the actor."""
    accounts.resettable(actor, person_id)
    accounts.deactivate(actor.id, person_id, leaving, basis)


def come_back(actor: Actor, person_id: int) -> None:
    """Open the account of somebody again who had left."""
    accounts.resettable(actor, person_id)
    accounts.reactivate(actor.id, person_id)


def enter_contract(actor: Actor, person_id: int, term: Term) -> None:
    """Enter a contract of a person of the actor's branch."""
    units.person_to_act_on(actor, person_id)
    contracts.refuse_gap(person_id, term)
    contracts.add(actor.id, person_id, term)


def change_contract(
    actor: Actor, person_id: int, contract_id: int, term: Term, reason: str
) -> None:
    """Put a contract right. Raises NotFound for another person's, Invalid with the field."""
    units.person_to_act_on(actor, person_id)
    contracts.refuse_gap(person_id, term, but=contract_id)
    contracts.change(actor.id, person_id, contract_id, term, reason)


def contract_to_change(actor: Actor, person_id: int, contract_id: int) -> Contract:
    """A contract as it stands; raises NotFound and NotAllowed."""
    units.person_to_act_on(actor, person_id)
    return contracts.one_of(person_id, contract_id)


def next_start(person_id: int) -> date | None:
    """The day on which another contract would begin: the one after the newest has ended."""
    newest = next(iter(contracts.of(person_id)), None)
    return newest.ends_on + timedelta(days=1) if newest and newest.ends_on else None


def remove_contract(actor: Actor, person_id: int, contract_id: int) -> None:
    """Take a contract out that was entered by mistake."""
    units.person_to_act_on(actor, person_id)
    contracts.remove(actor.id, person_id, contract_id)


def choose_supervisor(actor: Actor, person_id: int, supervisor_id: int | None) -> None:
    """Set a supervisor by hand, or let the tree say again."""
    units.person_to_act_on(actor, person_id)
    supervisors.choose(actor.id, staffing.locked(person_id), supervisor_id)
