"""Seals: what they cover, how they follow each other, and that two who seal make no fork."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock, signing
from elearn.database import db, transaction
from elearn.errors import Conflict
from elearn.journal import chain, merkle, seal
from elearn.journal.chain import Fact
from elearn.journal.links import event_leaf, head_leaf
from elearn.journal.models import ChainHead, Event, Seal
from elearn.journal.statements import Published, Unsound, read
from elearn.people import audit
from tests.people_cast import Cast

DAY_MS = 1_795_500_000_000


def happens(person_id: int, *words: str) -> None:
    with transaction() as session:
        facts = [Fact(word, "noted", {"what": word}, DAY_MS) for word in words]
        chain.append(session, person_id, facts, DAY_MS)


def sealed(days: int = 0) -> list[Published]:
    with clock.set_to(DAY_MS + days * clock.DAY_MS):
        return seal.seal_now()


def leaves(after: int = 0) -> list[bytes]:
    wanted = select(Event.id, Event.digest).where(Event.id > after).order_by(Event.id)
    return [event_leaf(*row) for row in db.session.execute(wanted)]


def test_nothing_is_sealed_before_anything_has_happened(cast: Cast) -> None:
    assert sealed() == []


def test_a_seal_covers_the_events_since_the_one_before_and_all_heads(cast: Cast) -> None:
    happens(cast.ani.id, "a", "b")
    happens(cast.budi.id, "a")
    (first,) = sealed()
    happens(cast.budi.id, "b")
    (second,) = sealed(1)
    said = second.statement
    assert first.statement.events == (3, 3, merkle.root(leaves()[:3]).hex())
    assert said.events == (4, 1, merkle.root(leaves(3)).hex())
    heads = db.session.execute(select(*ChainHead.__table__.c).order_by(ChainHead.person_id))
    assert said.heads == (4, 2, merkle.root([head_leaf(*row) for row in heads]).hex())
    assert (said.number, said.day, said.previous) == (2, "2026-11-25", first.statement.root)
    assert said.audit.last > 0


def test_the_same_day_without_anything_new_needs_no_seal_but_the_next_day_has_one(
    cast: Cast,
) -> None:
    happens(cast.ani.id, "a")
    assert len(sealed()) == 1
    assert sealed() == []
    with transaction():
        audit.record(cast.dewi.id, "unit:created", None)
    assert len(sealed()) == 1  # what is only in the audit log counts too
    (next_day,) = sealed(1)
    assert next_day.statement.events.size == 0
    assert next_day.statement.heads.size == 1


def test_what_has_gathered_is_sealed_in_portions(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "MOST_EVENTS", 2)
    happens(cast.ani.id, *"abcde")
    assert [made.statement.events.size for made in sealed()] == [2, 2, 1]
    for event_id, number in ((1, 1), (2, 1), (3, 2), (5, 3)):
        covering = seal.covering(event_id)
        assert covering is not None
        assert covering.number == number
        index, path = seal.path_to(covering, event_id)
        leaf, size = leaves()[event_id - 1], covering.events
        assert merkle.root_by(leaf, index, size, path).hex() == covering.events_root
    assert seal.covering(6) is None


def test_what_is_stored_is_what_was_signed(cast: Cast) -> None:
    happens(cast.ani.id, "a")
    (made,) = sealed()
    (row,) = db.session.scalars(select(Seal))
    assert seal.published(row) == made == read(made.body())
    key = signing.ring().find(made.key_id)
    assert key is not None
    made.refuse_unless_signed(key)


@pytest.mark.parametrize(
    ("name", "value"),
    [("number", 2), ("day", "2026-11-26"), ("root", "0" * 64), ("extra", 1), ("signature", "ab")],
)
def test_a_published_line_with_anything_else_in_it_is_refused(
    cast: Cast, name: str, value: object
) -> None:
    happens(cast.ani.id, "a")
    (made,) = sealed()
    key = signing.ring().find(made.key_id)
    assert key is not None
    with pytest.raises(Unsound):
        read({**made.body(), name: value}).refuse_unless_signed(key)


def test_of_two_who_seal_at_the_same_time_one_is_told(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    happens(cast.ani.id, "a")
    ring = signing.ring()
    real = ring.sign

    def meanwhile(message: bytes) -> signing.Signature:
        monkeypatch.setattr(ring, "sign", real)
        sealed()
        return real(message)

    monkeypatch.setattr(ring, "sign", meanwhile)
    with pytest.raises(Conflict, match="sealed_meanwhile"):
        sealed()
    assert len(db.session.scalars(select(Seal)).all()) == 1
