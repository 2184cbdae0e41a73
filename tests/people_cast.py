"""The cast: a small tree of units and the people that every page is tried with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from flask import Flask
from flask.testing import FlaskClient

from elearn import clock
from elearn.database import transaction
from elearn.people import accounts, actors, passwords, staffing, units
from elearn.people.access import COOKIE
from elearn.people.actors import Actor
from elearn.people.models import Person, Status, Unit
from elearn.people.permissions import Role
from elearn.people.staffing import NewPerson
from tests.kept import kept

WHATSAPP = "0812 0000 0908"
PASSWORD = "perahu layar senja"
SAME_SITE = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@cache
def password_hash() -> str:
    """The hash of everybody's password, made once for all tests."""
    return passwords.hash_of(PASSWORD)


@dataclass(frozen=True)
class Cast:
    """Units: government > health office > puskesmas > pustu, and beside it the public works.

    Ani learns in the pustu, Budi teaches, Citra is HR of the health office, Dewi admin, Syamsul
    HR of the agency, Fadli auditor; the stranger works in public works, as HR of that office.
    """

    government: Unit
    health: Unit
    puskesmas: Unit
    pustu: Unit
    works: Unit
    ani: Person
    budi: Person
    citra: Person
    dewi: Person
    syamsul: Person
    fadli: Person
    stranger: Person


@kept
def make_cast() -> Cast:
    """Make the units and the people, all with a password of their own."""
    with transaction():
        government = units.create_unit("Pemerintah Kabupaten Contoh")
        health = units.create_unit("Dinas Kesehatan", government)
        puskesmas = units.create_unit("Puskesmas Hulu", health)
        pustu = units.create_unit("Pustu Bukit Sari", puskesmas)
        works = units.create_unit("Dinas PUPR", government)
        cast = Cast(
            government=government,
            health=health,
            puskesmas=puskesmas,
            pustu=pustu,
            works=works,
            ani=a_person("199404122019032901", "Ani Pratiwi", pustu, degrees_after="A.Md.Kep."),
            budi=a_person("197108191998031906", "Budi Hartono", government, degrees_before="Drs."),
            citra=a_person(
                "198502142009122908", "Citra Lestari", health, whatsapp="0812 0000 0908"
            ),
            dewi=a_person("199208082019032910", "Dewi Anggraini", government),
            syamsul=a_person("197201051997031909", "Syamsul Bahri", government),
            fadli=a_person("198304122008011911", "Fadli Rahman", government),
            stranger=a_person("198603032011011920", "Hendra Saputra", works),
        )
        staffing.grant(None, cast.budi.id, Role.INSTRUCTOR)
        staffing.grant(None, cast.citra.id, Role.HR_UNIT, health.id)
        staffing.grant(None, cast.dewi.id, Role.ADMIN)
        staffing.grant(None, cast.syamsul.id, Role.HR_AGENCY)
        staffing.grant(None, cast.fadli.id, Role.AUDITOR)
        staffing.grant(None, cast.stranger.id, Role.HR_UNIT, works.id)
    return cast


def a_person(
    nip: str,
    name: str,
    unit: Unit,
    *,
    status: Status = Status.PNS,
    degrees_before: str = "",
    degrees_after: str = "",
    whatsapp: str = "",
    contract_start: date | None = None,
) -> Person:
    """A person with the cast's password; the caller stands inside transaction()."""
    facts = NewPerson(
        nip=nip,
        name=name,
        unit_id=unit.id,
        status=status,
        degrees_before=degrees_before,
        degrees_after=degrees_after,
        whatsapp=whatsapp,
        contract_start=contract_start,
    )
    person = staffing.create_person(facts)
    accounts.set_password_hash(person, password_hash(), must_change=False)
    return person


def token_of(person: Person) -> str:
    """A cookie's token of a person who has signed in."""
    with transaction():
        return accounts.sign_in(person, device="Chrome, Android", remember=True)


def actor_of(person: Person) -> Actor:
    """The person as a signed-in actor, for use cases."""
    found = actors.load(token_of(person), clock.now_ms())
    assert found is not None
    return found


def signed_in(app: Flask, person: Person) -> FlaskClient:
    """A browser in which the person is signed in."""
    client = browser(app)
    client.set_cookie(COOKIE, token_of(person))
    return client


def browser(app: Flask) -> FlaskClient:
    """A browser: it says that its posts come from the same site."""
    client = app.test_client()
    client.environ_base.update(SAME_SITE)
    return client
