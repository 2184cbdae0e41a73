"""Everything that should follow from something else, held against it; the first bad row is named.

The journal is read twice, each time by one statement in portions: in the order of arrival for the
chains and the sealed trees, and person by person for what is derived from it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import starmap
from typing import Any, NamedTuple, Protocol

from sqlalchemy import func, select

from elearn import exact, files
from elearn.badges import derived as badges
from elearn.competency import derived
from elearn.database import db, roomy, snapshot
from elearn.errors import NotFound
from elearn.journal import chain, resealing, walk
from elearn.journal.models import Event
from elearn.journal.resealing import AuditTrees, EventTrees, Fault
from elearn.journal.statements import Published
from elearn.journal.walk import Break
from elearn.learning import kept, record
from elearn.learning.attested import Wrong
from elearn.people import audit_chain
from elearn.people.models import AuditEntry, Person

PEOPLE_AT_ONCE = 1000
STEP = 1000  # rows between two moves of the progress bar
REASONS = {
    "missing": "the row before it is missing",
    "changed": "changed since it was written",
    "head": "is not the last event of its chain",
    "id": "id does not follow the one before",
}
Events = Mapping[int, Sequence[Mapping[str, Any]]]
Advance = Callable[[int], None]


class Finding(NamedTuple):
    """A row that is not what it should be; ``row`` is its key as text."""

    table: str
    row: str
    what: str

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.what}"


def total() -> int:
    """How many rows will be looked at."""
    events = db.session.scalar(select(func.count()).select_from(Event)) or 0
    entries = db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    return 2 * events + entries


class Counted(Protocol):
    """What slices above have counted over everybody; begun and ended within the same reading."""

    table: str

    def take(self, events: Events) -> None:
        """Be told of the events of some people."""

    def wrong(self) -> Iterator[int]:
        """The keys of rows that are not what all these events say."""


def findings(
    advance: Advance,
    published: Sequence[Published] = (),
    counted: Sequence[Callable[[], Counted]] = (),
) -> Generator[Finding, None, None]:
    """All that is wrong; ``advance`` is told of rows that were looked at.

    ``published`` are roots kept elsewhere, which the stored seals must agree with; ``counted``
    make what is told of all events beside what this slice knows of.
    """
    with snapshot(), roomy(), exact.any_text(), _without_collector():
        for line in exact.file_faults():
            yield Finding("file", "", line)
        seals, faults = resealing.stored()
        yield from map(_of_seal, faults)
        yield from _unlike(seals, published)
        yield from _of_journal(seals, advance)
        yield from _of_audit(seals, advance)
        yield from _of_derived(advance, [begin() for begin in counted])
        yield from _of_files(advance)


def _of_files(advance: Advance) -> Iterator[Finding]:
    for digest, is_damaged in files.compared():
        if is_damaged:
            yield Finding("blob", digest, "other bytes")
        advance(0)


@contextmanager
def _without_collector() -> Iterator[None]:
    """What is read here makes no cycles: looking for them costs a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _unlike(seals: Sequence[Published], published: Sequence[Published]) -> Iterator[Finding]:
    held = {seal.statement.number: seal.statement.root for seal in seals}
    for seal in published:
        number = seal.statement.number
        if held.get(number) != seal.statement.root:
            what = "is not the root that was published" if number in held else "missing"
            yield Finding("seal", str(number), what)


def _of_seal(fault: Fault) -> Finding:
    return Finding("seal", str(fault.number), fault.what)


def _of_journal(seals: Sequence[Published], advance: Advance) -> Iterator[Finding]:
    followed, trees = walk.Walk(), EventTrees(seals)
    for at, row in enumerate(walk.events(), start=1):
        if found := followed.step(row):
            yield _of_break(found)
        yield from map(_of_seal, trees.step(row))
        if at % STEP == 0:
            advance(STEP)
    yield from map(_of_break, followed.end())
    yield from map(_of_seal, trees.end())


def _of_break(found: Break) -> Finding:
    what = REASONS[found.reason]
    if not found.event_id:
        return Finding("chain_head", str(found.person_id), f"{what} (seq {found.seq})")
    return Finding("event", str(found.event_id), f"{what} (person {found.person_id})")


def _of_audit(seals: Sequence[Published], advance: Advance) -> Iterator[Finding]:
    trees, last = AuditTrees(seals), {}
    for at, entry in enumerate(audit_chain.checked(), start=1):
        if entry.fault:
            yield Finding("audit_entry", str(entry.id), entry.fault)
        last[entry.actor] = (entry.seq, entry.digest)
        yield from map(_of_seal, trees.step(entry.id, entry.actor, entry.seq, entry.digest))
        if at % STEP == 0:
            advance(STEP)
    yield from map(_of_seal, trees.end())
    for actor, what in audit_chain.head_faults(last):
        yield Finding("audit_head", str(actor), what)


def _of_derived(advance: Advance, counted: Sequence[Counted]) -> Iterator[Finding]:
    last = 0
    while people := _people_after(last):
        last = people[-1]
        events = chain.events_of_people(people)
        yield from _of_people(events)
        for counter in counted:
            counter.take(events)
        advance(sum(map(len, events.values())))
    for counter in counted:
        for row in counter.wrong():
            yield Finding(counter.table, str(row), "differs from the journal")


def _people_after(last: int) -> Sequence[int]:
    wanted = select(Person.id).where(Person.id > last).order_by(Person.id).limit(PEOPLE_AT_ONCE)
    return db.session.scalars(wanted).all()


def _of_people(events: Events) -> Iterator[Finding]:
    """What differs for some people; one by one when the events of anybody cannot be read."""
    try:
        found = [*map(_learned, record.differences_of(events))]
        found += starmap(_kept, kept.wrong_of(events))
        found += map(_held, derived.differences_of(events))
        found += map(_held, badges.differences_of(events))
    except (ValueError, TypeError, LookupError, AttributeError, NotFound):
        if len(events) == 1:
            yield Finding("person", str(*events), "what is derived cannot be told from its events")
        else:
            for person_id, happened in events.items():
                yield from _of_people({person_id: happened})
    else:
        yield from found


def _learned(found: record.Difference) -> Finding:
    columns = f" ({', '.join(found.columns)})" if found.columns else ""
    what = f"differs from the journal of person {found.person_id}{columns}"
    return Finding(found.table, str(found.enrolment_id), what)


def _kept(person_id: int, found: Wrong) -> Finding:
    row = " ".join(map(str, found.key))
    columns = ", ".join(found.columns)
    return Finding(found.table, row, f"differs from the journal of person {person_id} ({columns})")


def _held(found: derived.Difference) -> Finding:
    what, _, row = found.what.partition(": ")
    return Finding(found.table, row, f"{what} (person {found.person_id})")
