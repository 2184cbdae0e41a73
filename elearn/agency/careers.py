"""What HR of a branch may change of a person there: post, name, contracts, supervisor, leaving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

from sqlalchemy import select

from elearn import clock
from elearn.database import db, rows
from elearn.errors import Invalid
from elearn.people import accounts, contracts, placements, staffing, supervisors, units
from elearn.people.actors import Actor
from elearn.people.contracts import Term
from elearn.people.history_models import Contract, Leaving
from elearn.people.models import FormerNip, Person, Status, Unit, full_name
from elearn.people.placements import Basis, Placed, Post
from elearn.people.staffing import PersonFacts

ENDING_DAYS = 90
PPPK = (Status.PPPK, Status.PPPK_PART_TIME)


@dataclass(frozen=True)
class Career:
    """A person with all that was: the newest first."""

    person: Person
    placed: list[Placed]
    contracts: Sequence[Contract]
    former_nips: Sequence[FormerNip]
    supervisor: str
    is_by_hand: bool


@dataclass(frozen=True)
class Ending:
    """A contract that ends soon."""

    person_id: int
    person: str
    unit: str
    ends_on: date
    days: int


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
    contracts.add(actor.id, person_id, term)


def remove_contract(actor: Actor, person_id: int, contract_id: int) -> None:
    """Take a contract out that was entered by mistake."""
    units.person_to_act_on(actor, person_id)
    contracts.remove(actor.id, person_id, contract_id)


def choose_supervisor(actor: Actor, person_id: int, supervisor_id: int | None) -> None:
    """Set a supervisor by hand, or let the tree say again."""
    units.person_to_act_on(actor, person_id)
    supervisors.choose(actor.id, staffing.locked(person_id), supervisor_id)


def ending(actor: Actor) -> list[Ending]:
    """The contracts in reach that end within ENDING_DAYS with none after them; one statement."""
    today = clock.today()
    wanted = (
        select(
            Person.id,
            Person.degrees_before,
            Person.name,
            Person.degrees_after,
            Unit.name.label("unit"),
            Contract.ends_on,
        )
        .select_from(Person)
        .join(Contract, contracts.holds(today + timedelta(days=ENDING_DAYS)))
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.active, Person.status.in_(PPPK), units.reach(actor))
        .where(Contract.ends_on <= today + timedelta(days=ENDING_DAYS))
        .order_by(Contract.ends_on, Person.sort_name)
    )
    return [
        Ending(
            person_id=row.id,
            person=full_name(row.degrees_before, row.name, row.degrees_after),
            unit=row.unit,
            ends_on=row.ends_on,
            days=(row.ends_on - today).days,
        )
        for row in rows(wanted)
    ]
