"""Append to a person's chain, and check it. Knows no kind of event by name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from elearn.database import db, insert_new
from elearn.journal.models import ChainHead, Event

IN_ORDER = 7001  # an advisory lock, PostgreSQL only
GENESIS = "0" * 64
BATCH = 2000

_head: Table = ChainHead.__table__  # type: ignore[assignment]  # declared as FromClause
_event: Table = Event.__table__  # type: ignore[assignment]  # declared as FromClause
_HEAD = (
    select(_head.c.seq, _head.c.digest)
    .where(_head.c.person_id == bindparam("person"))
    .with_for_update()
)
_HEAD_IN_ORDER = _HEAD.add_columns(func.pg_advisory_xact_lock_shared(IN_ORDER))
_KNOWN = select(_event.c.client_id).where(
    _event.c.person_id == bindparam("person"),
    _event.c.client_id.in_(bindparam("ids", expanding=True)),
)
_MOVE = (
    update(_head)
    .where(_head.c.person_id == bindparam("person"))
    .values(seq=bindparam("s"), digest=bindparam("d"))
)
CHAINED = ("person_id", "seq", "client_id", "kind", "body", "happened_ms", "recorded_ms")


@dataclass(frozen=True)
class Fact:
    """Something that happened, not yet in the journal.

    ``body`` holds str, int, bool, list and dict, no float; ``happened_ms`` is the device's time,
    already bounded by the caller; ``counter`` the device's own order.
    """

    client_id: str
    kind: str
    body: dict[str, Any]
    happened_ms: int
    counter: int = 0


def canonical(value: Any) -> str:
    """The one text of a JSON value: sorted keys, no spaces, no NaN."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def link(previous: str, row: dict[str, Any]) -> str:
    """SHA-256 over the digest before and every chained column of the row."""
    chained = [previous, *(row[name] for name in CHAINED)]
    return hashlib.sha256(canonical(chained).encode()).hexdigest()


def append(
    session: Session, person_id: int, facts: Sequence[Fact], recorded_ms: int
) -> list[dict[str, Any]]:
    """Chain what is new, in the order (happened, counter, id); known ids are skipped.

    Returns the rows added. The caller stands inside transaction(), to whose end the chain is held
    against other writers, also when there is nothing to add.
    """
    connection = session.connection()
    seq, digest = _lock_head(connection, person_id)
    if not facts:
        return []
    ids = [fact.client_id for fact in facts]
    known = set(connection.scalars(_KNOWN, {"person": person_id, "ids": ids}))
    fresh = {fact.client_id: fact for fact in facts if fact.client_id not in known}.values()
    rows: list[dict[str, Any]] = []
    for fact in sorted(fresh, key=lambda f: (f.happened_ms, f.counter, f.client_id)):
        seq += 1
        values = (person_id, seq, fact.client_id, fact.kind, canonical(fact.body))
        times = (fact.happened_ms, recorded_ms)
        row: dict[str, Any] = dict(zip(CHAINED, values + times, strict=True))
        digest = row["digest"] = link(digest, row)
        rows.append(row)
    if rows:
        connection.execute(insert(_event), rows)
        connection.execute(_MOVE, {"person": person_id, "s": seq, "d": digest})
    return rows


def _lock_head(connection: Connection, person_id: int) -> tuple[int, str]:
    lock = _HEAD if connection.dialect.name == "sqlite" else _HEAD_IN_ORDER
    found = connection.execute(lock, {"person": person_id}).first()
    if found is None:
        insert_new(_head, [{"person_id": person_id, "seq": 0, "digest": GENESIS}])
        found = connection.execute(lock, {"person": person_id}).one()
    return found[0], found[1]


def settled_id(session: Session) -> int:
    """Up to this id every event is committed, so a rollup may advance to it. In transaction()."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(IN_ORDER)))  # waits for writers in flight
    return session.scalar(select(func.coalesce(func.max(_event.c.id), 0))) or 0


def events_of(person_id: int) -> list[dict[str, Any]]:
    """A person's events in the order of the chain, ``body`` decoded."""
    statement = select(_event).where(_event.c.person_id == person_id).order_by(_event.c.seq)
    return [_decoded(row) for row in db.session.execute(statement).mappings()]


def _decoded(row: Any) -> dict[str, Any]:
    return {**row, "body": json.loads(row["body"])}


@dataclass(frozen=True)
class Break:
    """The first row of a chain that does not follow from the one before."""

    person_id: int
    seq: int
    event_id: int
    reason: str


def broken_links() -> Iterator[Break]:
    """Every chain's first bad row: a changed value, a missing row, or a head that differs.

    The caller stands inside snapshot(): rows are read in portions.
    """
    heads = {row.person_id: (row.seq, row.digest) for row in db.session.execute(select(_head))}
    statement = select(_event).order_by(_event.c.person_id, _event.c.seq)
    walk = _Walk(heads)
    for row in db.session.execute(statement.execution_options(yield_per=BATCH)).mappings():
        yield from walk.step(row)
    yield from walk.end()


class _Walk:
    """Follows the chains row by row and remembers where each stands."""

    def __init__(self, heads: dict[int, tuple[int, str]]) -> None:
        self.heads = heads
        self.person = 0
        self.seq = 0
        self.digest = GENESIS
        self.broken = False

    def step(self, row: Any) -> Iterator[Break]:
        if row["person_id"] != self.person:
            yield from self._close()
            self.person, self.seq, self.digest, self.broken = row["person_id"], 0, GENESIS, False
        if self.broken:
            return
        self.seq += 1
        self.digest = link(self.digest, row)
        if row["seq"] != self.seq:
            yield self._fail(row, "missing")
        elif row["digest"] != self.digest:
            yield self._fail(row, "changed")

    def end(self) -> Iterator[Break]:
        yield from self._close()
        for person, (seq, _) in self.heads.items():
            if seq:
                yield Break(person, seq, 0, "missing")

    def _fail(self, row: Any, reason: str) -> Break:
        self.broken = True
        return Break(row["person_id"], row["seq"], row["id"], reason)

    def _close(self) -> Iterator[Break]:
        head = self.heads.pop(self.person, None)
        if self.person and not self.broken and head != (self.seq, self.digest):
            yield Break(self.person, self.seq, 0, "head")
