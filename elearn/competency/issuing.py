"""Issue a certificate: its number, and everything printed on it, frozen."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select, update

from elearn import clock, settings
from elearn.competency import framework, ranks
from elearn.competency.events import CompetencyLevel, Kind, Source, client_id, source_body
from elearn.competency.models import Certificate, CertificateSerial
from elearn.competency.numerals import roman_month, terbilang
from elearn.database import db, insert_new
from elearn.journal import chain
from elearn.people.models import Person, Position, full_name

# Without letters and digits that look alike: people type it from paper.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
ID_LENGTH = 20


class Module(NamedTuple):
    """A part of what was learnt: its lessons by title and minutes."""

    title: str
    lessons: Sequence[tuple[str, int]]

    @property
    def minutes(self) -> int:
        return sum(minutes for _, minutes in self.lessons)


@dataclass(frozen=True)
class Issue:
    """What a certificate is issued for.

    ``score_tenths`` is 865 for 86.5, None where nothing is scored; ``method`` is how it was
    learnt, in words.
    """

    person_id: int
    source: Source
    title: str
    jp: int
    score_tenths: int | None
    started_on: date
    completed_on: date
    modules: Sequence[Module]
    unit_name: str
    method: str
    organiser: str = ""  # the setting where a course names none
    competencies: Sequence[CompetencyLevel] = ()


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
        **_learnt(wanted),
        "number": number,
        "started_on": wanted.started_on.isoformat(),
        "completed_on": wanted.completed_on.isoformat(),
        "issued_on": day.isoformat(),
        "unit": wanted.unit_name,
        "agency": held["agency_name"],
        "organiser": wanted.organiser or held["organiser"],
        "place": held["certificate_place"],
        "signer_name": held["certificate_signer"]["name"],
        "signer_title": held["certificate_signer"]["title"],
    }


def _learnt(wanted: Issue) -> dict[str, Any]:
    return {
        "title": wanted.title,
        "jp": wanted.jp,
        "jp_words": terbilang(wanted.jp),
        "score_tenths": wanted.score_tenths,
        "method": wanted.method,
        "materials": [
            [title, minutes] for part in wanted.modules for title, minutes in part.lessons
        ],
        "modules": [
            {
                "title": part.title,
                "minutes": part.minutes,
                "lessons": [title for title, _ in part.lessons],
            }
            for part in wanted.modules
        ],
        "competencies": _named(wanted.competencies),
    }


def _named(competencies: Iterable[CompetencyLevel]) -> list[list[str | int]]:
    """By name, as a certificate says them; the code where the framework has none."""
    found = list(competencies)
    names = framework.names() if found else {}
    return [[names.get(item.code, item.code), item.level] for item in found]


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


def digest_of(frozen: str) -> str:
    """SHA-256 of the frozen text."""
    return hashlib.sha256(frozen.encode()).hexdigest()
