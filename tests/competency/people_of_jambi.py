"""The people the tests of this slice speak of, in a small agency tree."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from elearn import clock
from elearn.competency import framework
from elearn.database import db, transaction
from elearn.people import actors, units
from elearn.people.access import COOKIE
from elearn.people.history_models import Contract
from elearn.people.models import Person, Position, RoleGrant, SignIn, Status
from elearn.people.permissions import Role
from tests.kept import kept

SIGNED_IN_MS = 86_400_000


@dataclass(frozen=True)
class People:
    """Ids: Ani (PNS), Rudi (PPPK) and Citra (HR) of the health office, Yusni of another."""

    ani: int
    rudi: int
    citra: int
    yusni: int
    health: int


@kept
def settle() -> People:
    """Make the tree, the framework and the people."""
    with transaction():
        framework.load_seed()
        agency = units.create_unit("Pemerintah Kabupaten Contoh")
        health = units.create_unit("Dinas Kesehatan", agency)
        roads = units.create_unit("Dinas PUPR", agency)
        nurse = Position(name="Perawat Terampil", position_class="jf_terampil")
        db.session.add(nurse)
        db.session.flush()
        ani = a_person("199404122019032901", "Ani Pratiwi", health.id)
        ani.degrees_after, ani.grade, ani.position_id = "A.Md.Kep.", "II/c", nurse.id
        rudi = a_person("199005172023211902", "Rudi Saputra", health.id, Status.PPPK)
        rudi.grade = "IX"
        citra = a_person("198502142009122908", "Citra Lestari", health.id)
        yusni = a_person("197906212005012905", "Yusni Dar", roads.id)
        db.session.add_all([ani, rudi, citra, yusni])
        db.session.flush()
        db.session.add(Contract(person_id=rudi.id, starts_on=date(2023, 3, 1)))
        db.session.add(
            RoleGrant(person_id=citra.id, role=Role.HR_UNIT, unit_id=health.id, granted_ms=0)
        )
    return People(ani.id, rudi.id, citra.id, yusni.id, health.id)


def a_person(nip: str, name: str, unit_id: int, status: Status = Status.PNS) -> Person:
    """A person who has set a password."""
    return Person(
        nip=nip,
        name=name,
        sort_name=name.lower(),
        status=status,
        unit_id=unit_id,
        must_change_password=False,
        created_ms=0,
    )


def sign_in(person_id: int) -> str:
    """Sign a person in; returns the token for the cookie."""
    token = f"token-of-{person_id}-{secrets.token_hex(8)}"
    with transaction():
        sign_in = SignIn(
            stamp=actors.stamp_of(token),
            person_id=person_id,
            created_ms=clock.now_ms(),
            until_ms=clock.now_ms() + SIGNED_IN_MS,
        )
        db.session.add(sign_in)
    return token


def actor_of(person_id: int) -> actors.Actor:
    """The person as somebody who is signed in."""
    found = actors.load(sign_in(person_id), clock.now_ms())
    assert found is not None
    return found


class Browser(FlaskClient):
    """A client that is only its own person: the context of a test remembers who came last."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        g.pop("_login_user", None)
        return super().open(*args, **kwargs)


def browser_of(app: Flask, person_id: int | None = None) -> Browser:
    """A client that posts from our own pages, signed in as the person if there is one."""
    browser = Browser(app, app.response_class)
    if person_id is not None:
        browser.set_cookie(COOKIE, sign_in(person_id))
    browser.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return browser
