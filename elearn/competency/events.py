"""The kinds of competency event; each carries ids, codes, numbers, dates and digests. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

MAX_ID_LENGTH = 64


class Kind(StrEnum):
    """Kinds of event that this slice appends to the journal."""

    EVIDENCE_RECORDED = "evidence_recorded"
    HOURS_CREDITED = "hours_credited"
    HOURS_WITHDRAWN = "hours_withdrawn"
    CERTIFICATE_PREPARED = "certificate_prepared"  # complete but for its number
    CERTIFICATE_ISSUED = "certificate_issued"
    CERTIFICATE_PRINTED = "certificate_printed"
    CERTIFICATE_SIGNED = "certificate_signed"
    CERTIFICATE_REVOKED = "certificate_revoked"
    CERTIFICATE_REPLACED = "certificate_replaced"
    OUTSIDE_LEARNING_ENTERED = "outside_learning_entered"
    OUTSIDE_LEARNING_SUBMITTED = "outside_learning_submitted"
    OUTSIDE_LEARNING_RETURNED = "outside_learning_returned"
    OUTSIDE_LEARNING_APPROVED = "outside_learning_approved"
    OUTSIDE_LEARNING_REFUSED = "outside_learning_refused"
    OUTSIDE_LEARNING_CORRECTED = "outside_learning_corrected"
    OUTSIDE_LEARNING_WITHDRAWN = "outside_learning_withdrawn"
    LEVEL_ASSESSED = "level_assessed"
    LEVEL_WITHDRAWN = "level_withdrawn"


@dataclass(frozen=True)
class Source:
    """Where something came from: a kind (``course``, ``outside``) and its id in that kind."""

    kind: str
    id: str


class CompetencyLevel(Protocol):
    """A competency by code and the level (1 to 5) that is supported."""

    @property
    def code(self) -> str: ...
    @property
    def level(self) -> int: ...


@dataclass(frozen=True)
class Credit:
    """JP to be credited: ``jp`` whole, ``ended_on`` a WIB day, ``days`` those with activity.

    ``kind`` is a TrainingKind id; ``days`` stays empty where the days are not known.
    """

    person_id: int
    source: Source
    kind: str
    jp: int
    planned: bool
    ended_on: date
    unit_id: int
    days: tuple[date, ...] = ()


def client_id(word: str, *parts: str | int) -> str:
    """The id that makes a fact count once: readable where it fits, else its SHA-256."""
    readable = ":".join((word, *(str(part) for part in parts)))
    fits = len(readable) <= MAX_ID_LENGTH
    return readable if fits else hashlib.sha256(readable.encode()).hexdigest()


def evidence_body(item: CompetencyLevel, source: Source) -> dict[str, Any]:
    """The body of evidence_recorded; its moment is the event's own."""
    return {"code": item.code, "level": item.level, **source_body(source)}


def credit_body(credit: Credit) -> dict[str, Any]:
    """The body of hours_credited."""
    return {
        **source_body(credit.source),
        "kind": credit.kind,
        "jp": credit.jp,
        "planned": credit.planned,
        "ended_on": credit.ended_on.isoformat(),
        "days": iso_days(credit.days),
        "unit_id": credit.unit_id,
    }


def source_body(source: Source) -> dict[str, str]:
    """A source as it stands in every body that has one."""
    return {"source_kind": source.kind, "source_id": source.id}


def iso_days(days: tuple[date, ...]) -> list[str]:
    """Distinct days in order, as ISO text."""
    return [day.isoformat() for day in sorted(set(days))]
