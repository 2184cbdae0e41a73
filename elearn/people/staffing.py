"""Who works where as what: create and change persons, move them, change a NIP, grant roles."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from elearn import clock
from elearn.database import db
from elearn.errors import Conflict, Invalid, NotFound
from elearn.people import (
    audit,
    contracts,
    delegations,
    grades,
    nip,
    placements,
    second_factor,
    supervisors,
)
from elearn.people.audit import Action
from elearn.people.contracts import Term
from elearn.people.history_models import Placement
from elearn.people.holding import ALWAYS, Period
from elearn.people.models import FormerNip, Person, Position, RoleGrant, Status, Unit
from elearn.people.names import fold
from elearn.people.permissions import Role
from elearn.people.placements import Basis, Post

INDONESIA = "62"
WHATSAPP_DIGITS = range(9, 16)
POST_FIELDS = ("status", "grade", "position_id")


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """What HR knows of a person beside the NIP and the unit."""

    name: str
    status: Status
    degrees_before: str = ""
    degrees_after: str = ""
    grade: str = ""
    position_id: int | None = None
    target_class: str = ""
    supervisor_id: int | None = None
    whatsapp: str = ""


@dataclass(frozen=True, kw_only=True)
class NewPerson(PersonFacts):
    """A person to be created; ``nip`` as it was typed."""

    nip: str
    unit_id: int
    contract_start: date | None = None
    contract_end: date | None = None


def create_person(new: NewPerson, *, actor_id: int | None = None) -> Person:
    """Add a person to a unit, without any way in yet. Raises Invalid with the field."""
    digits = free_nip(new.nip)
    now_ms = clock.now_ms()
    person = Person(nip=digits, unit_id=new.unit_id, created_ms=now_ms)
    person.status, person.grade, person.position_id = new.status, new.grade, new.position_id
    placements.check(placements.post_of(person))
    _write(person, new)
    db.session.add(person)
    db.session.flush()
    placements.begin(person, Basis(at_ms=now_ms), actor_id=actor_id)
    if new.supervisor_id is not None:
        supervisors.write(person, new.supervisor_id)
    audit.record(actor_id, Action.PERSON_CREATED, person.id, unit=new.unit_id)
    _enter_contract(person, new, actor_id)
    return person


def edit(actor_id: int | None, person_id: int, facts: PersonFacts) -> Person:
    """Change what is known of a person. Raises Invalid with the field.

    Another status, position or grade is a placement of its own, from now on.
    """
    person = locked(person_id)
    before = {name: getattr(person, name) for name in vars(facts) if name not in POST_FIELDS}
    _write(person, facts)
    changed = sorted(name for name, value in before.items() if getattr(person, name) != value)
    held = placements.post_of(person)
    post = replace(held, **{name: getattr(facts, name) for name in POST_FIELDS})
    if post != held:
        basis = Basis(at_ms=clock.now_ms())
        placements.place(person, post, basis, actor_id=actor_id, also_changed=changed)
    elif changed:
        audit.record(actor_id, Action.PERSON_CHANGED, person.id, fields=changed)
    return person


def place(actor_id: int | None, person_id: int, post: Post, basis: Basis) -> Person:
    """Let a person hold another post from a moment on, as ``placements.place``."""
    person = locked(person_id)
    placements.place(person, post, basis, actor_id=actor_id)
    return person


def move(actor_id: int | None, person_id: int, unit_id: int, at_ms: int) -> None:
    """Let a person work in another unit from a moment on, today or earlier. Raises Invalid."""
    person = locked(person_id)
    if person.unit_id == unit_id:
        raise Invalid("move_to_same_unit", field="unit_id")
    post = replace(placements.post_of(person), unit_id=unit_id)
    placements.place(person, post, Basis(at_ms=at_ms), actor_id=actor_id)


def unit_on(person: Person, day: date) -> int:
    """The unit a person worked in at the end of a WIB day; their first one for days before."""
    placed = select(Placement.unit_id).where(Placement.person_id == person.id).limit(1)
    by_then = placed.where(Placement.from_ms < clock.start_of_day_ms(day) + clock.DAY_MS)
    held = db.session.scalar(by_then.order_by(Placement.from_ms.desc()))
    first = held or db.session.scalar(placed.order_by(Placement.from_ms))
    return first or person.unit_id


def change_nip(actor_id: int | None, person_id: int, text: str) -> None:
    """Give a person a new number; the old one is kept and stays theirs. Raises Invalid."""
    person = locked(person_id)
    digits = free_nip(text, person_id)
    if digits == person.nip:
        raise Invalid("nip_same", field="nip")
    returning = db.session.get(FormerNip, digits)
    if returning:
        db.session.delete(returning)
    db.session.add(FormerNip(nip=person.nip, person_id=person.id, until_ms=clock.now_ms()))
    values = {"before": nip.mask(person.nip), "after": nip.mask(digits)}
    person.nip = digits
    audit.record(actor_id, Action.NIP_CHANGED, person.id, **values)


def grant(
    actor_id: int | None,
    person_id: int,
    role: Role,
    unit_id: int | None = None,
    period: Period = ALWAYS,
) -> None:
    """Give a role; HR of a unit needs its unit, no other role has one. Raises Invalid.

    A role whose time is over can be given again.
    """
    locked(person_id)
    if role is Role.LEARNER:
        raise Invalid("role_is_everybodys", field="role")
    if (role is Role.HR_UNIT) != (unit_id is not None):
        raise Invalid(
            "role_needs_unit" if unit_id is None else "role_without_unit", field="unit_id"
        )
    if unit_id is not None and db.session.get(Unit, unit_id) is None:
        raise Invalid("unit_unknown", field="unit_id")
    same = RoleGrant.person_id == person_id, RoleGrant.role == role, RoleGrant.unit_id == unit_id
    now_ms = clock.now_ms()
    if period.until_ms is not None and period.until_ms <= max(now_ms, period.from_ms):
        raise Invalid("period_wrong", field="until")
    held = db.session.scalar(select(RoleGrant).where(*same).limit(1))
    if held is not None and (held.until_ms is None or held.until_ms > now_ms):
        raise Invalid("role_held", field="role")
    if held is None:
        held = RoleGrant(person_id=person_id, role=role, unit_id=unit_id)
        db.session.add(held)
    held.granted_ms, held.from_ms = now_ms, period.from_ms or now_ms
    held.until_ms = period.until_ms
    db.session.flush()
    second_factor.tell_sign_ins(person_id)
    ends = period.until_ms and clock.day_of(period.until_ms - 1).isoformat()
    audit.record(actor_id, Action.ROLE_GRANTED, person_id, role=role, unit=unit_id, ends=ends)


def revoke(actor_id: int | None, person_id: int, grant_id: int) -> None:
    """Take a role back; nobody takes the admin's role from themselves."""
    held = db.session.get(RoleGrant, grant_id)
    if held is None or held.person_id != person_id:
        raise NotFound
    if held.role == Role.ADMIN and actor_id == person_id:
        raise Conflict("own_admin_role")
    delegations.end_all_of_grant(held.id)
    db.session.delete(held)
    db.session.flush()
    second_factor.tell_sign_ins(person_id)
    audit.record(actor_id, Action.ROLE_REVOKED, person_id, role=held.role, unit=held.unit_id)


def position(name: str, position_class: str) -> Position:
    """The position with this name and class, made if there is none."""
    same = Position.name == name, Position.position_class == position_class
    found = db.session.scalar(select(Position).where(*same))
    if found is None:
        found = Position(name=name, position_class=position_class)
        db.session.add(found)
        db.session.flush()
    return found


def locked(person_id: int) -> Person:
    """A person to be changed, as they stand now; raises NotFound."""
    wanted = select(Person).where(Person.id == person_id).with_for_update()
    person = db.session.scalar(wanted.execution_options(populate_existing=True))
    if person is None:
        raise NotFound
    return person


def free_nip(text: str, person_id: int | None = None) -> str:
    """The digits of a valid NIP that nobody else has or had; raises Invalid."""
    try:
        digits = nip.parse(text).digits
    except nip.NipError as problem:
        raise Invalid(f"nip_{problem.reason}", field="nip") from None
    present = db.session.scalar(select(Person.id).where(Person.nip == digits))
    former = db.session.scalar(select(FormerNip.person_id).where(FormerNip.nip == digits))
    if {present, former} - {None, person_id}:
        raise Invalid("nip_taken", field="nip")
    return digits


def whatsapp_digits(text: str) -> str:
    """A number as wa.me wants it, 62812...; empty stays empty. Raises Invalid."""
    digits = re.sub(r"[\s().+-]", "", text)
    if not digits:
        return ""
    if digits.startswith("0"):
        digits = INDONESIA + digits[1:]
    if not (digits.isascii() and digits.isdigit() and len(digits) in WHATSAPP_DIGITS):
        raise Invalid("whatsapp_wrong", field="whatsapp")
    return digits


def _enter_contract(person: Person, new: NewPerson, actor_id: int | None) -> None:
    if new.contract_end and not new.contract_start:
        raise Invalid("contract_start_missing", field="contract_start")
    if new.contract_start:
        term = Term(starts_on=new.contract_start, ends_on=new.contract_end)
        contracts.add(actor_id, person.id, term)
        if not Status(person.status).is_pppk:
            raise Invalid("contract_not_pppk", field="contract_start")


def _write(person: Person, facts: PersonFacts) -> None:
    _check(facts)
    person.name = " ".join(facts.name.split())
    person.sort_name = fold(facts.name)
    person.degrees_before = facts.degrees_before.strip()
    person.degrees_after = facts.degrees_after.strip()
    if person.target_class != facts.target_class:
        person.target_class, person.target_position_id = facts.target_class, None
    if person.id is not None and person.supervisor_id != facts.supervisor_id:
        supervisors.write(person, facts.supervisor_id)
    person.whatsapp = whatsapp_digits(facts.whatsapp)


def _check(facts: PersonFacts) -> None:
    if not facts.name.strip():
        raise Invalid("name_missing", field="name")
    if not grades.fits(facts.status, facts.grade):
        raise Invalid("grade_differs", field="grade")
