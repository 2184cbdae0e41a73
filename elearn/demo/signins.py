"""Who can sign in to the demo, read back from the database, and its certificates to check."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import select

from elearn import clock, demo_mark
from elearn.competency.models import Certificate
from elearn.database import db, rows
from elearn.demo import members
from elearn.demo.members import Member
from elearn.people.models import Person, Unit, full_name

CERTIFIED = (members.RUDI, members.HENDRA, members.FITRI)


class CastMember(NamedTuple):
    """One of the cast. ``password`` is empty for who cannot sign in (any more) as printed here."""

    role: str
    name: str
    nip: str
    password: str
    unit: str
    look_first: str


class CertificateCheck(NamedTuple):
    """A certificate that anybody may check: whose it is, and the path of its page."""

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
    """The newest certificate of a few of the cast, with the paths of their checks."""
    if not demo_mark.is_demo():
        return []
    wanted = (
        select(Certificate.id, Person.nip, Person.name, Person.degrees_before, Person.degrees_after)
        .join(Person, Person.id == Certificate.person_id)
        .where(Person.nip.in_(CERTIFIED))
        .order_by(Certificate.issued_ms, Certificate.serial)
    )
    newest = {row.nip: _check(row) for row in rows(wanted)}
    return [newest[nip] for nip in CERTIFIED if nip in newest]


def _check(row: Any) -> CertificateCheck:
    name = full_name(row.degrees_before, row.name, row.degrees_after)
    return CertificateCheck(f"Sertifikat {name}", f"/verify/{row.id}")
