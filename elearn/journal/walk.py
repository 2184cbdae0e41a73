"""Every event in the order of arrival, held against the chain of its person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from elearn import canonical
from elearn.database import db
from elearn.journal.links import CHAINED, link_of
from elearn.journal.models import ChainHead, Event
from elearn.people.audit_chain import skipped, without_gaps

FETCHED_AT_ONCE = 2000
Head = tuple[int, str]  # seq and digest
START: Head = (0, canonical.GENESIS)
Arrived = Sequence[Any]  # id, the chained columns in their order, digest


@dataclass(frozen=True)
class Break:
    """The first row of a chain that does not follow from the one before.

    ``reason`` is ``missing`` (a row before it), ``changed``, ``head`` (of the chain) or ``id``.
    """

    person_id: int
    seq: int
    event_id: int
    reason: str


class Walk:
    """Follows all chains at once, and remembers where each stands.

    ``heads`` are what the last row of each person says, in the order in which they came.
    """

    def __init__(self) -> None:
        self.heads: dict[int, Head] = {}
        self._broken: set[int] = set()
        self._last: int | None = 0 if without_gaps() else None

    def step(self, row: Arrived) -> Break | None:
        """Take one event, in the order of ids."""
        id_, person, seq, digest = row[0], row[1], row[2], row[-1]
        reason = "" if person in self._broken else self._fault(row)
        if reason:
            self._broken.add(person)
        if self._last is not None:
            reason = reason or ("id" if skipped(self._last, id_) else "")
            self._last = id_
        self.heads[person] = (seq, digest)
        return Break(person, seq, id_, reason) if reason else None

    def _fault(self, row: Arrived) -> str:
        seq, digest = self.heads.get(row[1], START)
        if row[2] != seq + 1:
            return "missing"
        try:
            return "" if link_of(digest, row[1:-1]) == row[-1] else "changed"
        except (TypeError, ValueError):  # bytes where a text should be
            return "changed"

    def end(self) -> Iterator[Break]:
        """What the stored heads say otherwise than the last rows."""
        stored = {
            row.person_id: (row.seq, row.digest)
            for row in db.session.execute(select(*ChainHead.__table__.c))
        }
        for person in sorted(stored.keys() | self.heads.keys()):
            last = self.heads.get(person)
            held = stored.get(person)
            if last is None and held != START:
                yield Break(person, held[0] if held else 0, 0, "missing")
            elif last is not None and held != last and person not in self._broken:
                yield Break(person, last[0], 0, "head")


def events() -> Iterator[Arrived]:
    """All events in the order of ids, read in portions. The caller stands inside snapshot()."""
    columns = [Event.__table__.c[name] for name in ("id", *CHAINED, "digest")]
    statement = select(*columns).order_by(Event.__table__.c.id)
    options = {"yield_per": FETCHED_AT_ONCE}
    yield from db.session.execute(statement, execution_options=options)


def broken_links() -> Iterator[Break]:
    """Every chain's first bad row: a changed value, a missing row, or a head that differs.

    The caller stands inside snapshot(): rows are read in portions.
    """
    walk = Walk()
    for row in events():
        found = walk.step(row)
        if found:
            yield found
    yield from walk.end()
