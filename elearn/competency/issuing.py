"""Issue a certificate: everything printed on it is frozen, and its number is given once."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from elearn import clock, jobs, number_patterns, settings
from elearn.competency import frozen
from elearn.competency.certificates import stands_for
from elearn.competency.events import Kind, Source, client_id, source_body
from elearn.competency.frozen import Issue, digest_of
from elearn.competency.models import Certificate, CertificateSerial, RegisterNumber
from elearn.competency.numerals import roman_month
from elearn.database import db, insert_new
from elearn.journal import chain
from elearn.people import units
from elearn.people.models import Unit
from elearn.settings import Numbering

# Without letters and digits that look alike: people type it from paper.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
ID_LENGTH = 20
NUMBER_JOB = "number_certificates"


def issue(wanted: Issue) -> Certificate:
    """Issue a certificate in the caller's transaction; the same source gets the same one.

    Where numbers come from the office register it waits for the next free one.
    """
    chain.append(db.session(), wanted.person_id, [], clock.now_ms())  # holds the person's chain
    held = _of_source(wanted.source)
    return _freeze(wanted) if held is None else held


def _of_source(source: Source) -> Certificate | None:
    return db.session.scalar(select(Certificate).where(stands_for(source)))


def _freeze(wanted: Issue) -> Certificate:
    now_ms = clock.now_ms()
    year = clock.year_of(now_ms)
    held = settings.of_year(year)
    unit = units.unit_of(wanted.unit_id)
    before = _renewed(wanted)
    fields = frozen.fields_of(wanted, unit.name, held) | _named(before)
    certificate = Certificate(
        id=new_id(),
        year=year,
        person_id=wanted.person_id,
        unit_id=wanted.unit_id,
        source_kind=wanted.source.kind,
        source_id=wanted.source.id,
        issued_ms=now_ms,
        expires_on=wanted.expires_on,
        renews=before.id if before else None,
    )
    _number(certificate, fields, unit, held)
    return certificate


def issue_in_place(old: Certificate, id: str, fields: Mapping[str, Any]) -> Certificate:
    """Issue a corrected certificate with an id of its own, in the caller's transaction.

    ``fields`` are the frozen ones as they should be, with the number of the old one as
    ``replaces``; number, day of issue and signer are those of now.
    """
    now_ms = clock.now_ms()
    certificate = Certificate(
        id=id,
        year=clock.year_of(now_ms),
        person_id=old.person_id,
        unit_id=old.unit_id,
        source_kind=old.source_kind,
        source_id=old.source_id,
        issued_ms=now_ms,
        expires_on=old.expires_on,
        renews=old.renews,
    )
    held = settings.of_year(certificate.year)
    _number(certificate, fields, units.unit_of(old.unit_id), held)
    return certificate


def _number(
    certificate: Certificate, fields: Mapping[str, Any], unit: Unit, held: Mapping[str, Any]
) -> None:
    if held["certificate_numbers"] == Numbering.REGISTER:
        _prepare(certificate, fields, held)
    else:
        certificate.serial, number = _next_number(certificate.year, unit, held)
        _give(certificate, fields, number, held)


def _renewed(wanted: Issue) -> Certificate | None:
    """The certificate of the round before, unless it was taken back."""
    before = _of_source(wanted.renews) if wanted.renews else None
    return before if before and not before.revoked_ms else None


def _named(before: Certificate | None) -> dict[str, str]:
    return {"renews": before.number} if before and before.number else {}


def _prepare(certificate: Certificate, fields: Mapping[str, Any], held: Mapping[str, Any]) -> None:
    today = clock.day_of(certificate.issued_ms)
    _fix(certificate, {**fields, **frozen.of_issue("", today, held)})
    _tell(certificate, "prepared", Kind.CERTIFICATE_PREPARED, {})
    jobs.enqueue(NUMBER_JOB, f"{NUMBER_JOB}:{certificate.id}")


def number_waiting(certificate: Certificate, number: str) -> None:
    """Issue a certificate that waited, with a number of the register, on this day.

    The caller stands inside transaction() and holds the person's chain.
    """
    certificate.issued_ms = clock.now_ms()
    certificate.year = clock.year_of(certificate.issued_ms)
    held = settings.of_year(certificate.year)
    _give(certificate, json.loads(certificate.frozen), number, held)


def title_of(certificate: Certificate) -> str:
    """What the certificate is for."""
    title: str = json.loads(certificate.frozen)["title"]
    return title


def _give(
    certificate: Certificate, fields: Mapping[str, Any], number: str, held: Mapping[str, Any]
) -> None:
    certificate.number = number
    certificate.needs_signature = held["certificate_needs_signature"]
    day = clock.day_of(certificate.issued_ms)
    _fix(certificate, {**fields, **frozen.of_issue(number, day, held)})
    serial = {} if certificate.serial is None else {"serial": certificate.serial}
    _tell(certificate, "certificate", Kind.CERTIFICATE_ISSUED, {"number": number, **serial})


def _fix(certificate: Certificate, fields: dict[str, Any]) -> None:
    certificate.frozen = chain.canonical(fields)
    certificate.digest = digest_of(certificate.frozen)
    db.session.add(certificate)
    db.session.flush()


def _tell(certificate: Certificate, word: str, kind: Kind, more: dict[str, Any]) -> None:
    source = Source(certificate.source_kind, certificate.source_id)
    named = {"id": certificate.id, "unit_id": certificate.unit_id, "digest": certificate.digest}
    body = {**source_body(source), **named, **_term(certificate), **more}
    fact = chain.Fact(fact_id(word, certificate), kind, body, certificate.issued_ms)
    chain.append(db.session(), certificate.person_id, [fact], certificate.issued_ms)


def fact_id(word: str, certificate: Certificate) -> str:
    """The id of a fact of a certificate: by its source, or its own where it replaces another."""
    if "replaces" in json.loads(certificate.frozen):
        return client_id(word, certificate.id)
    return client_id(word, certificate.source_kind, certificate.source_id)


def _term(certificate: Certificate) -> dict[str, str]:
    """Until when it is valid and what it renews, where there is something to say."""
    until = certificate.expires_on.isoformat() if certificate.expires_on else ""
    said = {"expires_on": until, "renews": certificate.renews or ""}
    return {name: value for name, value in said.items() if value}


def _next_number(year: int, unit: Unit, held: Mapping[str, Any]) -> tuple[int, str]:
    """The next serial, and the number it makes; one that stands in the register is passed over."""
    month = roman_month(clock.today().month)
    code = units.code_of(unit) or held["agency_short"]
    while True:
        serial = _next_serial(year)
        number = number_patterns.fill(held["certificate_pattern"], serial, code, month, year)
        if not is_taken(number):
            return serial, number


def is_taken(number: str) -> bool:
    """Whether a number was ever given or entered."""
    given = select(Certificate.number).where(Certificate.number == number)
    entered = select(RegisterNumber.number).where(RegisterNumber.number == number)
    return db.session.scalar(given.union_all(entered).limit(1)) is not None


def _next_serial(year: int) -> int:
    """The row stays locked until the end of the transaction, so a failure leaves no gap."""
    insert_new(CertificateSerial, [{"year": year, "last": 0}])
    row = update(CertificateSerial).where(CertificateSerial.year == year)
    moved = row.values(last=CertificateSerial.last + 1).returning(CertificateSerial.last)
    return db.session.execute(moved.execution_options(synchronize_session=False)).scalar_one()


def new_id() -> str:
    """An id that cannot be guessed and can be typed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))
