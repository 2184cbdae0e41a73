"""Append to a person's chain, and read it. Knows no kind of event by name."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from elearn import canonical as one_text
from elearn.database import db, insert_new
from elearn.journal import links
from elearn.journal.models import ChainHead, Event

IN_ORDER = 7001  # an advisory lock, PostgreSQL only
GENESIS = one_text.GENESIS
CHAINED = links.CHAINED
canonical = one_text.text
link = links.link
_decode = json.JSONDecoder().raw_decode

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


def events_of_people(
    people: Sequence[int], kinds: Collection[str] = ()
) -> dict[int, list[dict[str, Any]]]:
    """Id, kind, decoded body and moment of the events of some people, in the order of their chains.

    ``kinds`` are those wanted, all of them if empty.
    """
    found: dict[int, list[dict[str, Any]]] = {person_id: [] for person_id in people}
    columns = (_event.c.person_id, _event.c.id, _event.c.kind, _event.c.body, _event.c.happened_ms)
    order = (_event.c.person_id, _event.c.seq)
    wanted = select(*columns).where(_event.c.person_id.in_(people)).order_by(*order)
    for person_id, id_, kind, body, happened_ms in db.session.execute(wanted).all():
        # Asked for in SQL, kinds would be looked up by their index, over everybody's events.
        if kinds and kind not in kinds:
            continue
        values = {"id": id_, "kind": kind, "happened_ms": happened_ms, "body": _body(body)}
        found[person_id].append(values)
    return found


def _body(text: str) -> Any:
    """A stored body; an empty one for what is no JSON, which no kind of event takes for its own."""
    try:
        return _decode(text)[0]
    except ValueError:
        return {}


def _decoded(row: Any) -> dict[str, Any]:
    return {**row, "body": json.loads(row["body"])}
