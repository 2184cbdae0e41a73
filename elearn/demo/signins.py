"""Who can sign in to the demo, read back from the database, and its certificates to check."""

from __future__ import annotations

import json
from typing import NamedTuple

from sqlalchemy import select

from elearn import clock, demo_mark
from elearn.competency import certificates as certs
from elearn.competency.certificates import State
from elearn.competency.models import Certificate
from elearn.database import db, rows
from elearn.demo import members
from elearn.demo.members import Member
from elearn.people.models import Person, Unit

CHECKS = {State.VALID: "berlaku", State.EXPIRED: "kedaluwarsa", State.REVOKED: "dicabut"}


class CastMember(NamedTuple):
    """One of the cast. ``password`` is empty for who cannot sign in (any more) as printed here."""

    role: str
    name: str
    nip: str
    password: str
    unit: str
    look_first: str


class CertificateCheck(NamedTuple):
    """A certificate that anybody may check: where it stands, whose it is, the path of its page."""

    state: str
    name: str
    path: str


def cast_of_demo() -> list[CastMember]:
    """The cast in the order of the story; empty for a database that is no demo."""
    if not demo_mark.is_demo():
        return []
    wanted = select(Person, Unit.name.label("unit")).join(Unit, Unit.id == Person.unit_id)
    found = {
        row.Person.nip: (row.Person, row.unit)
        for row in db.session.execute(wanted.where(Person.nip.in_(members.BY_NIP)))
    }
    return [_shown(m, *found[m.nip]) for m in members.CAST if m.nip in found]


def _shown(member: Member, person: Person, unit: str) -> CastMember:
    return CastMember(
        role=member.shown_as or member.role.value,
        name=person.full_name,
        nip=person.nip,
        password=_way_in(person),
        unit=unit,
        look_first=member.look_first,
    )


def _way_in(person: Person) -> str:
    """The phrase, or the one-time code of who has never signed in, as long as it lasts."""
    if not person.active:
        return ""
    if person.nip != members.NABILA:
        return members.PHRASE
    return members.CODE if person.code_hash and person.code_until_ms > clock.now_ms() else ""


def certificates() -> list[CertificateCheck]:
    """One that is valid, the newest of the cast's; one that has expired; one that was revoked."""
    if not demo_mark.is_demo():
        return []
    found = (_first_in(state) for state in CHECKS)
    return [check for check in found if check]


def _first_in(state: State) -> CertificateCheck | None:
    wanted = (
        select(Certificate.id, Certificate.frozen)
        .join(Person, Person.id == Certificate.person_id)
        .where(certs.is_in(state))
        .order_by(Person.nip != members.RUDI, Certificate.issued_ms.desc(), Certificate.serial)
        .limit(1)
    )
    row = next(iter(rows(wanted)), None)
    if row is None:
        return None
    name = json.loads(row.frozen)["name"]  # as it is printed, which may be wrong
    return CertificateCheck(CHECKS[state], f"Sertifikat {name}", f"/verify/{row.id}")
