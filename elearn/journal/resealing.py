"""The trees of all seals made again while the journal is read, and held against what was sealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Table, select

from elearn import canonical, exact, signing
from elearn.database import db
from elearn.journal import merkle
from elearn.journal.links import audit_leaf, event_leaf, head_leaf
from elearn.journal.models import Seal
from elearn.journal.seal import published
from elearn.journal.statements import Published, Tree, Unsound
from elearn.journal.walk import Arrived


class Fault(NamedTuple):
    """What is wrong with a seal, in words; ``number`` as it stands in its row."""

    number: int
    what: str


def stored() -> tuple[list[Published], list[Fault]]:
    """The seals in order, and the faults that each row shows by itself.

    The caller stands inside snapshot().
    """
    found: list[Published] = []
    faults: list[Fault] = []
    table: Table = Seal.__table__  # type: ignore[assignment]  # declared as FromClause
    number, previous = 0, canonical.GENESIS
    for row in db.session.execute(select(*exact.columns(table)).order_by(table.c.number)):
        seal = published(row)
        if not all(type(value) is int for value in _numbers(seal)):
            faults.append(Fault(row.number, "a number in it is none"))
            continue
        faults += [Fault(row.number, what) for what in _faults(seal, row.root, number, previous)]
        number, previous = row.number, row.root
        found.append(seal)
    return found, faults


def _numbers(seal: Published) -> Iterator[Any]:
    said = seal.statement
    yield from (said.number, said.sealed_ms)
    for tree in (said.events, said.heads, said.audit):
        yield from (tree.last, tree.size)


def _faults(seal: Published, root: str, number: int, previous: str) -> Iterator[str]:
    said = seal.statement
    if said.number != number + 1:
        yield f"number does not follow {number}"
    if said.previous != previous:
        yield "previous is not the root of the seal before"
    if said.root != root:
        yield "root is not the digest of the row"
    try:
        key = signing.ring().find(seal.key_id)
        if key is None:
            yield "key_id names a key that is not kept here"
        else:
            seal.refuse_unless_signed(key)
    except (Unsound, ValueError):
        yield "signature is not that of its key over the row"


class EventTrees:
    """Makes the trees over events and heads again, event by event in the order of ids."""

    def __init__(self, seals: Iterable[Published]) -> None:
        self._seals = iter(seals)
        self._next = next(self._seals, None)
        self._leaves: list[bytes] = []
        self._heads = merkle.Growing()
        self._places: dict[int, int] = {}

    def step(self, row: Arrived) -> Sequence[Fault]:
        """Take one event; says which seals before it do not agree with what they cover."""
        seal = self._next
        found: tuple[Fault, ...] = ()
        if seal is not None and row[0] > seal.statement.events.last:
            found = tuple(self._close(row[0]))
        if self._next is not None:
            id_, person, seq, digest = row[0], row[1], row[2], row[-1]
            self._leaves.append(event_leaf(id_, digest))
            place = self._places.setdefault(person, len(self._places))
            self._heads.put(place, head_leaf(person, seq, digest))
        return found

    def end(self) -> Iterator[Fault]:
        """The seals that reach past the last event."""
        yield from self._close(None)

    def _close(self, event_id: int | None) -> Iterator[Fault]:
        """Judge the seals whose events have all been taken."""
        while (seal := self._next) and (event_id is None or event_id > seal.statement.events.last):
            said = seal.statement
            if not _is_over(said.events, self._leaves):
                yield Fault(said.number, f"its events up to {said.events.last} are not the same")
            heads = said.heads
            if (heads.size, heads.root) != (len(self._heads), self._heads.root().hex()):
                yield Fault(said.number, f"its heads as of event {heads.last} are not the same")
            self._leaves = []
            self._next = next(self._seals, None)


class AuditTrees:
    """Makes the trees over the heads of the audit log again, entry by entry."""

    def __init__(self, seals: Iterable[Published]) -> None:
        self._seals = iter(seals)
        self._next = next(self._seals, None)
        self._heads: dict[int, bytes] = {}

    def step(self, entry_id: int, actor: int, seq: int, digest: str) -> Iterator[Fault]:
        """Take one entry, as EventTrees takes an event."""
        yield from self._close(entry_id)
        self._heads[actor] = audit_leaf(actor, seq, digest)

    def end(self) -> Iterator[Fault]:
        """The seals that reach past the last entry."""
        yield from self._close(None)

    def _close(self, entry_id: int | None) -> Iterator[Fault]:
        while (seal := self._next) and (entry_id is None or entry_id > seal.statement.audit.last):
            said = seal.statement
            if not _is_over(said.audit, list(self._heads.values())):
                yield Fault(said.number, f"audit heads as of {said.audit.last} are not the same")
            self._next = next(self._seals, None)


def _is_over(tree: Tree, leaves: list[bytes]) -> bool:
    return (tree.size, tree.root) == (len(leaves), merkle.root(leaves).hex())
