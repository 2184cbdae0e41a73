"""Short ways to ask the seeded database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, text

from elearn import clock
from elearn.competency import derived
from elearn.database import db, snapshot, transaction
from elearn.journal import walk
from elearn.learning import record
from elearn.people import accounts, actors
from elearn.people.actors import Actor
from elearn.people.models import Person


def ask(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement."""
    return [tuple(row) for row in db.session.execute(text(sql), values)]


def one(sql: str, **values: Any) -> Any:
    """The only value of a statement."""
    return db.session.execute(text(sql), values).scalar_one()


def person(nip: str) -> Person:
    """Somebody by their number."""
    return db.session.scalars(select(Person).where(Person.nip == nip)).one()


def token_of(nip: str) -> str:
    """A cookie's token of somebody who signs in now."""
    with transaction():
        return accounts.sign_in(person(nip))


def actor_of(nip: str) -> Actor:
    """Somebody who is signed in."""
    found = actors.load(token_of(nip), clock.now_ms())
    assert found is not None
    return found


def problems() -> list[Any]:
    """What `elearn verify` would find."""
    with snapshot():
        people = [id_ for (id_,) in ask("SELECT id FROM person")]
        learned = [found for id_ in people for found in record.differences(id_)]
        return [*walk.broken_links(), *derived.differences(), *learned]
