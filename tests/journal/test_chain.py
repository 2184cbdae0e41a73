"""Each person's chain: appended in order, each fact once, any change found."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event as events
from sqlalchemy import text

from elearn.database import db, snapshot, transaction
from elearn.journal import chain, guards, walk
from elearn.journal.chain import GENESIS, Fact
from elearn.journal.walk import Break
from tests.people_cast import Cast

NOW_MS = 1_795_500_000_000
THREADS = 8
EACH = 10


def append(person_id: int, *facts: Fact) -> list[dict[str, Any]]:
    with transaction() as session:
        return chain.append(session, person_id, facts, NOW_MS + 99)


def a_fact(id: str, happened_ms: int = NOW_MS, counter: int = 0) -> Fact:
    return Fact(id, "noted", {"what": id}, happened_ms, counter)


def ids(person_id: int) -> list[str]:
    return [event["client_id"] for event in chain.events_of(person_id)]


def breaks() -> list[Break]:
    db.session.remove()
    with snapshot():
        return list(walk.broken_links())


@contextmanager
def without_guards() -> Iterator[Any]:
    """A connection of somebody who may do anything to the database, triggers included."""
    db.session.remove()
    with db.engine.connect() as connection:
        names = [f"event_no_{verb}" for verb in ("update", "delete")]
        postgresql = db.engine.dialect.name == "postgresql"
        for name in names:
            connection.execute(text(f"DROP TRIGGER {name}{' ON event' if postgresql else ''}"))
        yield connection
        connection.commit()


@pytest.fixture
def ani(cast: Cast) -> int:
    return cast.ani.id


@pytest.fixture
def budi(cast: Cast) -> int:
    return cast.budi.id


def test_a_batch_is_chained_by_time_then_counter_then_id(ani: int) -> None:
    late, early = a_fact("c", NOW_MS + 1), a_fact("d", NOW_MS - 1)
    second, first = a_fact("a", NOW_MS, 2), a_fact("b", NOW_MS, 1)
    append(ani, late, second, first, early)
    assert ids(ani) == ["d", "b", "a", "c"]
    assert [event["seq"] for event in chain.events_of(ani)] == [1, 2, 3, 4]


def test_a_fact_that_is_known_is_not_chained_again(ani: int) -> None:
    assert len(append(ani, a_fact("a"), a_fact("a"))) == 1
    assert append(ani, a_fact("a")) == []
    assert len(append(ani, a_fact("a"), a_fact("b"))) == 1
    assert ids(ani) == ["a", "b"]


def test_nothing_is_appended_by_an_empty_batch(ani: int) -> None:
    assert append(ani) == []
    assert chain.events_of(ani) == []


def test_the_same_id_of_another_person_is_another_fact(ani: int, budi: int) -> None:
    append(ani, a_fact("a"))
    append(budi, a_fact("a"))
    assert ids(ani) == ids(budi) == ["a"]


def test_each_link_covers_the_one_before(ani: int) -> None:
    rows = append(ani, a_fact("a")) + append(ani, a_fact("b"))
    assert rows[0]["digest"] == chain.link(GENESIS, rows[0])
    assert rows[1]["digest"] == chain.link(rows[0]["digest"], rows[1])


def test_a_failure_leaves_no_gap(ani: int) -> None:
    append(ani, a_fact("a"))
    with pytest.raises(ZeroDivisionError), transaction() as session:  # noqa: PT012  # after the work
        chain.append(session, ani, [a_fact("lost")], NOW_MS)
        raise ZeroDivisionError
    append(ani, a_fact("b"))
    assert [(e["seq"], e["client_id"]) for e in chain.events_of(ani)] == [(1, "a"), (2, "b")]
    assert breaks() == []


def test_many_writers_make_one_unbroken_chain(app: Flask, ani: int) -> None:
    gate = threading.Barrier(THREADS)

    def write(number: int) -> None:
        with app.app_context():
            gate.wait()
            for step in range(EACH):
                append(ani, a_fact(f"{number}-{step}"))
            db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(THREADS)))
    assert [e["seq"] for e in chain.events_of(ani)] == list(range(1, THREADS * EACH + 1))
    assert breaks() == []


def test_a_follower_of_settled_ids_misses_nothing(app: Flask, cast: Cast) -> None:
    people = [cast.ani.id, cast.budi.id, cast.citra.id, cast.dewi.id]
    writing = threading.Event()
    writing.set()

    def write(person_id: int) -> None:
        with app.app_context():
            for step in range(EACH):
                append(person_id, a_fact(str(step)))
            db.session.remove()

    def follow() -> int:
        seen = last = 0
        with app.app_context():
            while True:
                ended = not writing.is_set()
                with transaction() as session:
                    upto = chain.settled_id(session)
                found = db.session.execute(
                    text("SELECT count(*) FROM event WHERE id > :a AND id <= :b"),
                    {"a": last, "b": upto},
                ).scalar_one()
                seen, last = seen + found, max(last, upto)
                if ended:
                    db.session.remove()
                    return seen

    db.session.remove()
    with ThreadPoolExecutor(len(people) + 1) as pool:
        follower = pool.submit(follow)
        list(pool.map(write, people))
        writing.clear()
        assert follower.result() == len(people) * EACH


# --- what verify finds


def three(person_id: int) -> None:
    append(person_id, a_fact("a"), a_fact("b"), a_fact("c"))


def test_a_whole_chain_has_no_break(ani: int, budi: int) -> None:
    three(ani)
    three(budi)
    assert breaks() == []


@pytest.mark.parametrize(
    ("statement", "seq", "reason"),
    [
        ('UPDATE event SET body = \'{"what":"z"}\' WHERE seq = 2', 2, "changed"),
        ("UPDATE event SET happened_ms = happened_ms + 1 WHERE seq = 1", 1, "changed"),
        ("UPDATE event SET kind = 'other' WHERE seq = 3", 3, "changed"),
        ("UPDATE event SET digest = 'x' WHERE seq = 3", 3, "changed"),
        ("DELETE FROM event WHERE seq = 1", 2, "missing"),
        ("DELETE FROM event WHERE seq = 2", 3, "missing"),
        ("DELETE FROM event WHERE seq = 3", 2, "head"),
        ("DELETE FROM event", 3, "missing"),
        ("UPDATE chain_head SET digest = 'x'", 3, "head"),
        ("DELETE FROM chain_head", 3, "head"),
    ],
)
def test_a_change_is_found_and_its_row_named(
    app: Flask, ani: int, statement: str, seq: int, reason: str
) -> None:
    three(ani)
    with without_guards() as connection:
        connection.execute(text(statement))
    (found,) = breaks()
    assert (found.person_id, found.seq, found.reason) == (ani, seq, reason)


def test_a_break_in_one_chain_does_not_hide_one_in_another(app: Flask, ani: int, budi: int) -> None:
    three(ani)
    three(budi)
    with without_guards() as connection:
        connection.execute(text("UPDATE event SET kind = 'x' WHERE seq = 2"))
    assert [(b.person_id, b.seq) for b in breaks()] == [(ani, 2), (budi, 2)]


# --- pure


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), VALUES))
def test_a_body_has_one_text_whatever_the_order_of_its_keys(body: dict[str, Any]) -> None:
    turned = dict(reversed(list(body.items())))
    assert chain.canonical(body) == chain.canonical(turned)


def test_what_is_no_number_has_no_text() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        chain.canonical({"x": float("nan")})


@pytest.mark.parametrize(("dialect", "count"), [("sqlite", 2), ("postgresql", 4)])
def test_both_databases_get_their_guards(dialect: str, count: int) -> None:
    made = list(guards.statements(dialect))
    assert len(made) == count
    assert all("event" in statement or "FUNCTION" in statement for statement in made)


def test_an_append_costs_four_statements(app: Flask, ani: int) -> None:
    append(ani, a_fact("a"))
    sent: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_: object) -> None:
        sent.append(statement)

    events.listen(db.engine, "before_cursor_execute", note)
    append(ani, a_fact("b"), a_fact("c"))
    events.remove(db.engine, "before_cursor_execute", note)
    assert len([s for s in sent if not s.startswith("BEGIN")]) == 4
