"""Numbered certificates: frozen at issue, shown to their holder, checked by anybody."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update

from elearn import clock, settings
from elearn.competency import ranks
from elearn.competency.events import Kind, Source, client_id, source_body
from elearn.competency.models import Certificate, CertificateSerial
from elearn.competency.numerals import roman_month, terbilang
from elearn.database import db, insert_new
from elearn.errors import Invalid, NotFound
from elearn.journal import chain
from elearn.people import nip, units
from elearn.people.actors import Actor
from elearn.people.models import Person, Position, full_name

# Without letters and digits that look alike: people type it from paper.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
ID_LENGTH = 20
ID_GROUP = 5
SEPARATORS = str.maketrans("", "", " -.")


@dataclass(frozen=True)
class Issue:
    """What a certificate is issued for.

    ``score_tenths`` is 865 for 86.5, None where nothing is scored; ``materials`` are titles with
    minutes; ``method`` is how it was learnt, in words.
    """

    person_id: int
    source: Source
    title: str
    jp: int
    score_tenths: int | None
    started_on: date
    completed_on: date
    materials: Sequence[tuple[str, int]]
    unit_name: str
    method: str
    organiser: str = ""  # the setting where a course names none


class State(StrEnum):
    """What the check says of a certificate."""

    VALID = "valid"
    # The stored text is no longer the one whose digest was taken at issue.
    DAMAGED = "damaged"


@dataclass(frozen=True)
class Paper:
    """A certificate as it is shown: ``fields`` are the frozen ones, dates as dates."""

    id: str
    number: str
    person_id: int
    fields: dict[str, Any]
    state: State
    issued_ms: int

    @property
    def code(self) -> str:
        """The id in groups, as it is printed for typing."""
        return "-".join(self.id[at : at + ID_GROUP] for at in range(0, len(self.id), ID_GROUP))


def issue(wanted: Issue) -> Certificate:
    """Issue a certificate in the caller's transaction; the same source gets the same one."""
    chain.append(db.session(), wanted.person_id, [], clock.now_ms())  # holds the person's chain
    held = _of_source(wanted.source)
    if held is None:
        held = _freeze(wanted)
        _announce(held)
    return held


def _of_source(source: Source) -> Certificate | None:
    same = (Certificate.source_kind == source.kind) & (Certificate.source_id == source.id)
    return db.session.scalar(select(Certificate).where(same))


def id_of(source: Source) -> str:
    """The id of the certificate of a source; empty without one."""
    at = (Certificate.source_kind == source.kind) & (Certificate.source_id == source.id)
    return db.session.scalar(select(Certificate.id).where(at)) or ""


def _freeze(wanted: Issue) -> Certificate:
    now_ms = clock.now_ms()
    year = clock.year_of(now_ms)
    held = settings.of_year(year)
    serial = _next_serial(year)
    number = _number(held, serial, clock.day_of(now_ms))
    frozen = chain.canonical(_fields(wanted, held, number, clock.day_of(now_ms)))
    certificate = Certificate(
        id=new_id(),
        number=number,
        serial=serial,
        year=year,
        person_id=wanted.person_id,
        source_kind=wanted.source.kind,
        source_id=wanted.source.id,
        frozen=frozen,
        digest=digest_of(frozen),
        issued_ms=now_ms,
    )
    db.session.add(certificate)
    db.session.flush()
    return certificate


def _next_serial(year: int) -> int:
    """The row stays locked until the end of the transaction, so a failure leaves no gap."""
    insert_new(CertificateSerial, [{"year": year, "last": 0}])
    row = update(CertificateSerial).where(CertificateSerial.year == year)
    moved = row.values(last=CertificateSerial.last + 1).returning(CertificateSerial.last)
    return db.session.execute(moved.execution_options(synchronize_session=False)).scalar_one()


def _number(held: dict[str, Any], serial: int, day: date) -> str:
    pattern: str = held["certificate_pattern"]
    month = roman_month(day.month)
    return pattern.format(
        serial=serial, unit=held["agency_short"], month_roman=month, year=day.year
    )


def _fields(wanted: Issue, held: dict[str, Any], number: str, day: date) -> dict[str, Any]:
    return {
        **_holder(wanted.person_id),
        "number": number,
        "title": wanted.title,
        "jp": wanted.jp,
        "jp_words": terbilang(wanted.jp),
        "score_tenths": wanted.score_tenths,
        "started_on": wanted.started_on.isoformat(),
        "completed_on": wanted.completed_on.isoformat(),
        "issued_on": day.isoformat(),
        "materials": [[title, minutes] for title, minutes in wanted.materials],
        "unit": wanted.unit_name,
        "method": wanted.method,
        "agency": held["agency_name"],
        "organiser": wanted.organiser or held["organiser"],
        "place": held["certificate_place"],
        "signer_name": held["certificate_signer"]["name"],
        "signer_title": held["certificate_signer"]["title"],
    }


def _holder(person_id: int) -> dict[str, str]:
    columns = (Person.nip, Person.name, Person.degrees_before, Person.degrees_after)
    wanted = select(*columns, Person.status, Person.grade, Position.name.label("position"))
    joined = wanted.outerjoin(Position, Position.id == Person.position_id)
    row = db.session.execute(joined.where(Person.id == person_id)).one()
    return {
        "name": full_name(row.degrees_before, row.name, row.degrees_after),
        "nip": row.nip,
        "nip_label": ranks.number_label(row.status),
        "position": row.position or "",
        "rank": ranks.printed(row.status, row.grade),
    }


def _announce(certificate: Certificate) -> None:
    fact_id = client_id("certificate", certificate.source_kind, certificate.source_id)
    source = Source(certificate.source_kind, certificate.source_id)
    body = {
        **source_body(source),
        "id": certificate.id,
        "number": certificate.number,
        "digest": certificate.digest,
    }
    fact = chain.Fact(fact_id, Kind.CERTIFICATE_ISSUED, body, certificate.issued_ms)
    chain.append(db.session(), certificate.person_id, [fact], certificate.issued_ms)


def new_id() -> str:
    """An id that cannot be guessed and can be typed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))


def compact(code: str) -> str:
    """The id behind a code as people type it: in groups, in capitals."""
    return code.strip().lower().translate(SEPARATORS)


def digest_of(frozen: str) -> str:
    """SHA-256 of the frozen text."""
    return hashlib.sha256(frozen.encode()).hexdigest()


def of(person_id: int) -> list[Paper]:
    """The certificates of a person, newest first."""
    wanted = select(Certificate).where(Certificate.person_id == person_id)
    order = (Certificate.issued_ms.desc(), Certificate.serial.desc())
    return [_paper(row) for row in db.session.scalars(wanted.order_by(*order))]


def own(actor: Actor, id: str) -> Paper:
    """A certificate for its holder, or for HR within whose reach the holder is."""
    paper = _load(id)
    if paper.person_id != actor.id:
        units.person_in_reach(actor, paper.person_id)
    return paper


def public(id: str) -> Paper:
    """A certificate for anybody who knows its id: the NIP is masked."""
    paper = _load(id)
    paper.fields["nip"] = nip.mask(paper.fields["nip"])
    return paper


def find(code: str, number: str, last_digits: str) -> str:
    """The id of a certificate by its code, or by its number with the end of the NIP on it.

    A number alone can be guessed, so it opens nothing. Raises Invalid with the field.
    """
    if code.strip():
        return _existing(compact(code))
    if not number.strip():
        raise Invalid("nothing_typed", "code")
    if len(last_digits.strip()) != nip.SHOWN_DIGITS:
        raise Invalid("last_digits_missing", "last_digits")
    wanted = select(Certificate).where(Certificate.number == number.strip())
    found = db.session.scalar(wanted)
    if found is None or not json.loads(found.frozen)["nip"].endswith(last_digits.strip()):
        raise Invalid("unknown", "number")
    return found.id


def _existing(id: str) -> str:
    found = db.session.scalar(select(Certificate.id).where(Certificate.id == id))
    if found is None:
        raise Invalid("unknown", "code")
    return found


def _load(id: str) -> Paper:
    row = db.session.get(Certificate, compact(id))
    if row is None:
        raise NotFound
    return _paper(row)


def _paper(row: Certificate) -> Paper:
    fields = json.loads(row.frozen)
    for name in ("started_on", "completed_on", "issued_on"):
        fields[name] = date.fromisoformat(fields[name])
    state = State.VALID if digest_of(row.frozen) == row.digest else State.DAMAGED
    return Paper(row.id, row.number, row.person_id, fields, state, row.issued_ms)
