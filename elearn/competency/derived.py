"""The derived rows of persons beside the fold of the journal: rebuild them, compare them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Table, delete, insert, select, update

from elearn import canonical, clock, exact, files, settings
from elearn.competency import attested
from elearn.competency.events import Source
from elearn.competency.fold import (
    CertificateValues,
    EvidenceKey,
    EvidenceValues,
    Folded,
    HoursValues,
    LevelValues,
    OutsideValues,
    PerDay,
    YearValues,
    fold,
)
from elearn.competency.frozen import digest_of
from elearn.competency.hours import PER_DAY
from elearn.competency.models import (
    AssessedLevel,
    Certificate,
    Evidence,
    HoursEntry,
    HoursYear,
)
from elearn.competency.outside_bodies import body_of
from elearn.competency.outside_models import OutsideLearning
from elearn.database import db
from elearn.journal import chain
from elearn.people.models import Person

BATCH = 300


class Difference(NamedTuple):
    """Something stored that is not what the journal says."""

    table: str
    person_id: int
    what: str


@dataclass
class Stored:
    """The rows of one person, in the shape of the fold."""

    folded: Folded = field(default_factory=Folded)
    # Certificates whose text no longer has the digest stored beside it.
    damaged: set[str] = field(default_factory=set)
    # Certificate and SHA-256 of each kept PDF; they are read when they are compared.
    files: set[tuple[str, str]] = field(default_factory=set)
    # Table and key of rows that hold what cannot be read.
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    # Rows whose other columns events tell of, by table and id.
    attested: dict[tuple[str, Any], Any] = field(default_factory=dict)


def rebuild(person_id: int) -> None:
    """Make a person's derived rows what the journal says, in the caller's transaction."""
    chain.append(db.session(), person_id, [], clock.now_ms())  # holds the person's chain
    wanted = fold(chain.events_of(person_id), _per_day())
    stored = _stored([person_id])[person_id].folded
    for table in _TABLES:
        table.mend(person_id, table.of(stored), table.of(wanted))


def differences() -> Iterator[Difference]:
    """Compare what is stored with the journal for everybody, a few hundred people at a time."""
    last = 0
    while batch := _people_after(last):
        last = batch[-1]
        yield from differences_of(chain.events_of_people(batch))


def differences_of(events: Mapping[int, Sequence[Mapping[str, Any]]]) -> Iterator[Difference]:
    """The same for the events of some hundred people: one statement for each table."""
    per_day, stored = _per_day(), _stored(list(events))
    for person_id, happened in events.items():
        held = stored[person_id]
        yield from _compare(person_id, held, fold(happened, per_day))
        for row in attested.wrong(happened, held.attested):
            columns = ", ".join(row.columns)
            yield Difference(row.table, person_id, f"changed: {row.id} ({columns})")


def _per_day() -> PerDay:
    @cache
    def of_year(year: int) -> int:
        limit: int = settings.value(PER_DAY, year)
        return limit

    return of_year


def _people_after(last: int) -> Sequence[int]:
    wanted = select(Person.id).where(Person.id > last).order_by(Person.id).limit(BATCH)
    return db.session.scalars(wanted).all()


def _stored(people: Sequence[int]) -> dict[int, Stored]:
    stored = {person_id: Stored() for person_id in people}
    for model, read in _READ.items():
        table: Table = model.__table__
        held = select(*exact.columns(table)).where(table.c.person_id.in_(people))
        for row in db.session.execute(held):
            try:
                read(stored[row.person_id], exact.read(table, row))
            except (ValueError, TypeError):
                key = " ".join(str(row._mapping[column.name]) for column in table.primary_key)
                stored[row.person_id].unreadable.append((table.name, key))
    return stored


def _read_evidence(stored: Stored, row: Any) -> None:
    key = EvidenceKey(row.code, Source(row.source_kind, row.source_id))
    stored.folded.evidence[key] = EvidenceValues(row.level, row.at_ms)


def _read_hours(stored: Stored, row: Any) -> None:
    days = tuple(date.fromisoformat(day) for day in json.loads(row.days))
    values = HoursValues(row.kind, row.jp, row.planned, row.ended_on, days, row.unit_id)
    stored.folded.hours[Source(row.source_kind, row.source_id)] = values


def _read_year(stored: Stored, row: Any) -> None:
    stored.folded.years[row.year] = YearValues(row.earned_jp, row.countable_jp)


def _read_level(stored: Stored, row: Any) -> None:
    stored.folded.levels[row.id] = LevelValues(
        row.code,
        row.level,
        row.assessed_on,
        row.withdrawn_ms or 0,
        row.withdrawn_by or 0,
        canonical.sha256(row.withdrawn_reason) if row.withdrawn_reason else "",
    )
    stored.attested["assessed_level", row.id] = row


def _read_certificate(stored: Stored, row: Any) -> None:
    stored.folded.certificates[row.id] = CertificateValues(
        number=row.number or "",
        digest=row.digest,
        pdf_digest=row.pdf_digest,
        signed_digest=row.signed_digest,
        revoked_ms=row.revoked_ms or 0,
        revoked_by=row.revoked_by or 0,
        revoked_reason=canonical.sha256(row.revoked_reason) if row.revoked_reason else "",
        expires_on=row.expires_on,
        renews=row.renews or "",
        replacement=row.replacement_id or "",
        replaced_ms=row.replaced_ms or 0,
        replaced_by=row.replaced_by or 0,
        replaced_reason=canonical.sha256(row.replaced_reason) if row.replaced_reason else "",
    )
    stored.attested["certificate", row.id] = row
    if digest_of(row.frozen) != row.digest:
        stored.damaged.add(row.id)
    kept = filter(None, (row.pdf_digest, row.signed_digest))
    stored.files.update((row.id, digest) for digest in kept)


def _read_outside(stored: Stored, row: Any) -> None:
    stored.folded.outside[row.id] = OutsideValues(row.state, body_of(row))


_READ: dict[type[Any], Callable[[Stored, Any], None]] = {
    Evidence: _read_evidence,
    HoursEntry: _read_hours,
    HoursYear: _read_year,
    AssessedLevel: _read_level,
    Certificate: _read_certificate,
    OutsideLearning: _read_outside,
}


def _compare(person_id: int, stored: Stored, wanted: Folded) -> Iterator[Difference]:
    held = stored.folded
    pairs: dict[str, tuple[Mapping[Any, Any], Mapping[Any, Any]]] = {
        "evidence": (held.evidence, wanted.evidence),
        "hours_entry": (held.hours, wanted.hours),
        "hours_year": (held.years, wanted.years),
        "assessed_level": (held.levels, wanted.levels),
        "certificate": (held.certificates, wanted.certificates),
        "outside_learning": (held.outside, wanted.outside),
    }
    for table, (have, want) in pairs.items():
        for key in sorted(have.keys() | want.keys(), key=str):
            if have.get(key) != want.get(key):
                yield Difference(table, person_id, _what(key, have, want))
    for name, row in stored.unreadable:
        yield Difference(name, person_id, f"unreadable: {row}")
    for certificate_id in sorted(stored.damaged):
        yield Difference("certificate", person_id, f"text of {certificate_id}")
    for certificate_id, digest in sorted(stored.files):
        if not files.is_whole(digest):
            yield Difference("certificate", person_id, f"file of {certificate_id}")


def _what(key: Any, have: Mapping[Any, Any], want: Mapping[Any, Any]) -> str:
    if key not in have:
        return f"missing: {_named(key)}"
    if key not in want:
        return f"not in the journal: {_named(key)}"
    return f"changed: {_named(key)}{_columns(have[key], want[key])}"


def _columns(have: Any, want: Any) -> str:
    """Which columns differ, where the values have names."""
    names = getattr(have, "_fields", ())
    differing = [name for name in names if getattr(have, name) != getattr(want, name)]
    return f" ({', '.join(differing)})" if differing else ""


def _named(key: Any) -> str:
    if isinstance(key, EvidenceKey):
        return f"{key.code} from {_named(key.source)}"
    return f"{key.kind} {key.id}" if isinstance(key, Source) else str(key)


@dataclass(frozen=True)
class _Table:
    """A table that can be made anew: where its rows are in a fold, and their columns."""

    model: type[Any]
    of: Callable[[Folded], Mapping[Any, Any]]
    key: Callable[[Any], dict[str, Any]]
    values: Callable[[Any], dict[str, Any]]

    def mend(self, person_id: int, have: Mapping[Any, Any], want: Mapping[Any, Any]) -> None:
        for key in have.keys() | want.keys():
            if have.get(key) != want.get(key):
                self._mend_row(
                    {"person_id": person_id, **self.key(key)}, key in have, want.get(key)
                )

    def _mend_row(self, key: dict[str, Any], there: bool, wanted: Any) -> None:
        table = self.model.__table__
        same = [table.c[name] == value for name, value in key.items()]
        if wanted is None:
            db.session.execute(delete(self.model).where(*same))
        elif there:
            db.session.execute(update(self.model).where(*same).values(self.values(wanted)))
        else:
            db.session.execute(insert(self.model).values(**key, **self.values(wanted)))


def _source_columns(source: Source) -> dict[str, Any]:
    return {"source_kind": source.kind, "source_id": source.id}


def _hours_columns(values: HoursValues) -> dict[str, Any]:
    columns = values._asdict()
    days = columns.pop("active_days")
    return {**columns, "days": json.dumps([day.isoformat() for day in days])}


_TABLES = (
    _Table(
        Evidence,
        lambda folded: folded.evidence,
        lambda key: {"code": key.code, **_source_columns(key.source)},
        lambda values: values._asdict(),
    ),
    _Table(HoursEntry, lambda folded: folded.hours, _source_columns, _hours_columns),
    _Table(
        HoursYear,
        lambda folded: folded.years,
        lambda year: {"year": year},
        lambda values: values._asdict(),
    ),
)
