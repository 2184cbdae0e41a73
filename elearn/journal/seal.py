"""Seals: a signed root over what is in the journal, made every day, kept and published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from elearn import canonical, clock, signing
from elearn.database import db, insert_new, snapshot, transaction
from elearn.errors import Conflict
from elearn.jobs import Work
from elearn.journal import chain, merkle
from elearn.journal.links import audit_leaf, event_leaf, head_leaf
from elearn.journal.models import Event, Seal
from elearn.journal.statements import Published, Statement, Tree
from elearn.people import audit_chain

SEAL = "seal"  # the kind of job
MOST_EVENTS = 65_536  # of one seal, so that a proof stays short and quick to make
FETCHED_AT_ONCE = 100


def run(work: Work) -> None:
    """Seal what has happened, as a job."""
    for published in seal_now():
        work.report(min(99, published.statement.number))


def seal_now() -> list[Published]:
    """Seal all that is settled; nothing if nothing has happened since the seal of the same day.

    Opens its transactions itself: between two short ones the trees are made from a snapshot.
    Raises Conflict when somebody else seals at the same time.
    """
    with transaction() as session:
        event_id = chain.settled_id(session)
    with transaction() as session:
        audit_id = audit_chain.settled_id(session)
    made: list[Published] = []
    while (statement := _next(event_id, audit_id)) is not None:
        signed = signing.ring().sign(statement.message)
        published = Published(statement, signed.key_id, signed.value.hex())
        with transaction():
            if not insert_new(Seal, [_row(published)]):
                raise Conflict("sealed_meanwhile")
        made.append(published)
    return made


def _next(event_id: int, audit_id: int) -> Statement | None:
    """The statement over the next portion of events; None when there is nothing to say."""
    with snapshot():
        before = newest()
        last_id = before.event_id if before else 0
        leaves, upto = _portion(last_id, event_id)
        if before is None and not leaves:
            return None
        if (
            before
            and before.day == clock.today()
            and (upto, audit_id)
            == (
                before.event_id,
                before.audit_id,
            )
        ):
            return None
        heads = [head_leaf(*head) for head in heads_at(upto)]
        audit_leaves = [audit_leaf(*head) for head in audit_chain.heads_at(audit_id)]
        return Statement(
            number=before.number + 1 if before else 1,
            day=clock.today().isoformat(),
            sealed_ms=clock.now_ms(),
            previous=before.root if before else canonical.GENESIS,
            events=_tree(upto, leaves),
            heads=_tree(upto, heads),
            audit=_tree(audit_id, audit_leaves),
        )


def _portion(after: int, event_id: int) -> tuple[list[bytes], int]:
    """The leaves of the next events, and the id up to which they reach."""
    wanted = select(Event.id, Event.digest).where(Event.id > after, Event.id <= event_id)
    found = db.session.execute(wanted.order_by(Event.id).limit(MOST_EVENTS)).all()
    is_full = len(found) == MOST_EVENTS
    return [event_leaf(*row) for row in found], found[-1].id if is_full else event_id


def _tree(last: int, leaves: Sequence[bytes]) -> Tree:
    return Tree(last, len(leaves), merkle.root(leaves).hex())


def heads_at(event_id: int) -> list[tuple[int, int, str]]:
    """Person, seq and digest of each head after an event, in the order in which people came."""
    newest = (
        select(Event.person_id, func.max(Event.seq).label("seq"), func.min(Event.id).label("first"))
        .where(Event.id <= event_id)
        .group_by(Event.person_id)
        .subquery()
    )
    same = (Event.person_id == newest.c.person_id) & (Event.seq == newest.c.seq)
    wanted = select(Event.person_id, Event.seq, Event.digest).join(newest, same)
    found = db.session.execute(wanted.order_by(newest.c.first))
    return [(person_id, seq, digest) for person_id, seq, digest in found]


def newest() -> Seal | None:
    """The last seal; None before the first."""
    return db.session.scalars(select(Seal).order_by(Seal.number.desc()).limit(1)).one_or_none()


def newest_ones(most: int, skipped: int) -> Sequence[Seal]:
    """Some seals, the newest first."""
    wanted = select(Seal).order_by(Seal.number.desc()).limit(most).offset(skipped)
    return db.session.scalars(wanted).all()


def covering(event_id: int) -> Seal | None:
    """The seal in whose tree an event stands; None while it waits for the next."""
    wanted = select(Seal).where(Seal.event_id >= event_id).order_by(Seal.number).limit(1)
    return db.session.scalars(wanted).one_or_none()


def of_number(number: int) -> Seal | None:
    """A seal by its number."""
    return db.session.get(Seal, number)


def every() -> Iterator[Seal]:
    """All seals, the oldest first, read in portions. The caller stands inside snapshot()."""
    statement = select(Seal).order_by(Seal.number).execution_options(yield_per=FETCHED_AT_ONCE)
    yield from db.session.scalars(statement)


def path_to(seal: Seal, event_id: int) -> tuple[int, list[bytes]]:
    """The place of an event in the tree of its seal, and what leads from it to the root."""
    before = of_number(seal.number - 1)
    first = before.event_id if before else 0
    wanted = select(Event.id, Event.digest).where(Event.id > first, Event.id <= seal.event_id)
    found = db.session.execute(wanted.order_by(Event.id)).all()
    index = [row.id for row in found].index(event_id)
    return index, merkle.path([event_leaf(*row) for row in found], index)


def published(row: Any) -> Published:
    """A seal, or the columns of its row, as it is shown to everybody."""
    statement = Statement(
        number=row.number,
        day=str(row.day),
        sealed_ms=row.sealed_ms,
        previous=row.previous,
        events=Tree(row.event_id, row.events, row.events_root),
        heads=Tree(row.event_id, row.heads, row.heads_root),
        audit=Tree(row.audit_id, row.audit_heads, row.audit_root),
    )
    return Published(statement, row.key_id, row.signature)


def _row(published: Published) -> dict[str, object]:
    said = published.statement
    return {
        "number": said.number,
        "day": date.fromisoformat(said.day),
        "sealed_ms": said.sealed_ms,
        "event_id": said.events.last,
        "events": said.events.size,
        "events_root": said.events.root,
        "heads": said.heads.size,
        "heads_root": said.heads.root,
        "audit_id": said.audit.last,
        "audit_heads": said.audit.size,
        "audit_root": said.audit.root,
        "previous": said.previous,
        "root": said.root,
        "key_id": published.key_id,
        "signature": published.signature,
    }
