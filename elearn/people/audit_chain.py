"""The audit entries of each actor as a chain: appended under a lock, and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Row, Table, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Session

from elearn import canonical
from elearn.database import db, insert_new
from elearn.people.models import AuditEntry, AuditHead

OPERATOR = 0  # whose chain holds what nobody signed in has done
CHAINED = ("actor_id", "seq", "action", "subject_id", "body", "at_ms")
FETCHED_AT_ONCE = 2000
CHAIN_OF = func.coalesce(AuditEntry.actor_id, OPERATOR)
_head: Table = AuditHead.__table__  # type: ignore[assignment]  # declared as FromClause
_entry: Table = AuditEntry.__table__  # type: ignore[assignment]  # declared as FromClause
_OF_ACTOR = _head.c.actor == bindparam("of")
_HEAD = select(_head.c.seq, _head.c.digest).where(_OF_ACTOR).with_for_update()
_MOVE = (
    update(_head).where(_OF_ACTOR).values(seq=bindparam("to_seq"), digest=bindparam("to_digest"))
)
_ADD = insert(_entry)


def link(previous: str, row: Mapping[str, Any]) -> str:
    """SHA-256 over the digest before and every chained column of the row."""
    return canonical.digest([previous, *(row[name] for name in CHAINED)])


def append(session: Session, values: dict[str, Any]) -> None:
    """Chain an entry of ``actor_id``, inside transaction(); the chain is held to its end.

    The head moves before the entry has its id, which is what ``settled_id`` waits for.
    """
    actor = values["actor_id"] or OPERATOR
    seq, digest = _lock_head(session, actor)
    row = {**values, "seq": seq + 1}
    row["digest"] = link(digest, row)
    session.execute(_MOVE, {"of": actor, "to_seq": row["seq"], "to_digest": row["digest"]})
    session.execute(_ADD, row)


def _lock_head(session: Session, actor: int) -> tuple[int, str]:
    found = session.execute(_HEAD, {"of": actor}).first()
    if found is None:
        insert_new(AuditHead, [{"actor": actor, "seq": 0, "digest": canonical.GENESIS}])
        found = session.execute(_HEAD, {"of": actor}).one()
    return found[0], found[1]


def settled_id(session: Session) -> int:
    """Up to this id every entry is committed. In a transaction() that does nothing else."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("LOCK TABLE audit_head IN SHARE MODE"))  # waits for writers in flight
    return session.scalar(select(func.coalesce(func.max(AuditEntry.id), 0))) or 0


class Head(NamedTuple):
    """Where an actor's chain stands."""

    actor: int
    seq: int
    digest: str


def heads_at(entry_id: int) -> list[Head]:
    """The heads as they stood after an entry, in the order in which the actors came."""
    newest = (
        select(func.max(AuditEntry.id).label("last"), func.min(AuditEntry.id).label("first"))
        .where(AuditEntry.id <= entry_id)
        .group_by(CHAIN_OF)
        .subquery()
    )
    wanted = select(CHAIN_OF, AuditEntry.seq, AuditEntry.digest)
    joined = wanted.join(newest, newest.c.last == AuditEntry.id).order_by(newest.c.first)
    return [Head(*row) for row in db.session.execute(joined)]


class Checked(NamedTuple):
    """An entry in the order of ids; ``fault`` says in words what is wrong, empty if nothing."""

    id: int
    actor: int
    seq: int
    digest: str
    fault: str


def checked() -> Iterator[Checked]:
    """Every entry held against its chain; each chain is judged up to its first fault.

    The caller stands inside snapshot().
    """
    heads: dict[int, tuple[int, str]] = {}
    broken: set[int] = set()
    last = 0 if without_gaps() else None
    columns = AuditEntry.__table__.c
    statement = select(*columns).order_by(columns.id).execution_options(yield_per=FETCHED_AT_ONCE)
    for row in db.session.execute(statement):
        actor = row.actor_id or OPERATOR
        seq, digest = heads.get(actor, (0, canonical.GENESIS))
        fault = "" if actor in broken else _fault(row, seq, digest)
        if fault:
            broken.add(actor)
        if last is not None:
            fault, last = fault or skipped(last, row.id), row.id
        heads[actor] = (row.seq, row.digest)
        yield Checked(row.id, actor, row.seq, row.digest, fault)


def without_gaps() -> bool:
    """Whether the ids of appended rows follow each other: on SQLite, which gives none twice."""
    return db.engine.dialect.name == "sqlite"


def skipped(last: int, row_id: int) -> str:
    """What is wrong with the id of a row that should follow another; empty if nothing."""
    return "" if row_id == last + 1 else f"id does not follow {last}"


def _fault(row: Row[*tuple[Any, ...]], seq: int, digest: str) -> str:
    if row.seq != seq + 1:
        return f"seq {row.seq} does not follow {seq}"
    try:
        same = link(digest, row._asdict()) == row.digest
    except (TypeError, ValueError):  # bytes where a text should be
        same = False
    return "" if same else "changed since it was written"


def head_faults(seen: Mapping[int, tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Heads that are not the last entry of their chain; ``seen`` are the last ones by actor."""
    stored = {row.actor: (row.seq, row.digest) for row in db.session.scalars(select(AuditHead))}
    for actor in sorted(stored.keys() | seen.keys()):
        held, last = stored.get(actor), seen.get(actor)
        if held is None:
            yield actor, "missing"
        elif held != (last or (0, canonical.GENESIS)):
            yield actor, "not the last entry of its chain"
