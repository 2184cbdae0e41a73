"""What the competency events of one person add up to. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from elearn.competency import hour_rules
from elearn.competency.events import Kind, Source


class EvidenceKey(NamedTuple):
    """Which evidence row."""

    code: str
    source: Source


class EvidenceValues(NamedTuple):
    """What stands in an evidence row."""

    level: int
    at_ms: int


class HoursValues(NamedTuple):
    """What stands in an hours entry; the rules read it too."""

    kind: str
    jp: int
    planned: bool
    ended_on: date
    active_days: tuple[date, ...]
    unit_id: int


class YearValues(NamedTuple):
    """What stands in the row of a year."""

    earned_jp: int
    countable_jp: int


class LevelValues(NamedTuple):
    """What the journal says of an assessed level; the reason as its SHA-256."""

    code: str
    level: int
    assessed_on: date
    withdrawn_ms: int = 0
    withdrawn_by: int = 0
    withdrawn_reason: str = ""


class CertificateValues(NamedTuple):
    """The number of a certificate, the digests of its text and PDFs, its term and revocation.

    Reasons are their SHA-256, as the journal has them; ``replacement`` is the id of the
    certificate in its place.
    """

    number: str
    digest: str
    pdf_digest: str = ""
    signed_digest: str = ""
    revoked_ms: int = 0
    revoked_by: int = 0
    revoked_reason: str = ""
    expires_on: date | None = None
    renews: str = ""
    replacement: str = ""
    replaced_ms: int = 0
    replaced_by: int = 0
    replaced_reason: str = ""


class OutsideValues(NamedTuple):
    """What the journal says of an entry of learning elsewhere: where it stands, and its body."""

    state: str
    body: dict[str, Any]


@dataclass
class Folded:
    """Everything the journal says of a person's competency record."""

    evidence: dict[EvidenceKey, EvidenceValues] = field(default_factory=dict)
    hours: dict[Source, HoursValues] = field(default_factory=dict)
    years: dict[int, YearValues] = field(default_factory=dict)
    levels: dict[int, LevelValues] = field(default_factory=dict)
    certificates: dict[str, CertificateValues] = field(default_factory=dict)
    # Each entry of learning elsewhere by its id.
    outside: dict[int, OutsideValues] = field(default_factory=dict)


PerDay = Callable[[int], int]


def fold(events: Iterable[Mapping[str, Any]], per_day: PerDay) -> Folded:
    """Fold events, in the order of the chain; ``per_day`` gives the e-learning limit of a year."""
    folded = Folded()
    taken_back: set[Source] = set()
    for event in events:
        if event["kind"] == Kind.HOURS_WITHDRAWN:
            taken_back.add(_source(event["body"]))
        elif event["kind"] in _APPLY:
            _APPLY[event["kind"]](folded, event)
    folded.hours = {key: row for key, row in folded.hours.items() if key not in taken_back}
    folded.years = _years(folded.hours.values(), per_day)
    return folded


def _apply_evidence(folded: Folded, event: Mapping[str, Any]) -> None:
    body = event["body"]
    values = EvidenceValues(body["level"], event["happened_ms"])
    folded.evidence.setdefault(EvidenceKey(body["code"], _source(body)), values)


def _apply_hours(folded: Folded, event: Mapping[str, Any]) -> None:
    body = event["body"]
    values = HoursValues(
        kind=body["kind"],
        jp=body["jp"],
        planned=body["planned"],
        ended_on=date.fromisoformat(body["ended_on"]),
        active_days=tuple(date.fromisoformat(day) for day in body["days"]),
        unit_id=body["unit_id"],
    )
    folded.hours.setdefault(_source(body), values)


def _apply_certificate(folded: Folded, event: Mapping[str, Any]) -> None:
    body = event["body"]
    folded.certificates[body["id"]] = CertificateValues(
        number=body.get("number", ""),
        digest=body["digest"],
        expires_on=date.fromisoformat(body["expires_on"]) if "expires_on" in body else None,
        renews=body.get("renews", ""),
    )


def _apply_printed(folded: Folded, event: Mapping[str, Any]) -> None:
    id_ = event["body"]["id"]
    held = folded.certificates[id_]
    folded.certificates[id_] = held._replace(pdf_digest=event["body"]["pdf"])


def _apply_signed(folded: Folded, event: Mapping[str, Any]) -> None:
    id_ = event["body"]["id"]
    held = folded.certificates[id_]
    folded.certificates[id_] = held._replace(signed_digest=event["body"]["signed"])


def _apply_revoked(folded: Folded, event: Mapping[str, Any]) -> None:
    body = event["body"]
    folded.certificates[body["id"]] = folded.certificates[body["id"]]._replace(
        revoked_ms=event["happened_ms"],
        revoked_by=body["revoked_by"],
        revoked_reason=body["reason"],
    )


def _apply_replaced(folded: Folded, event: Mapping[str, Any]) -> None:
    body = event["body"]
    folded.certificates[body["id"]] = folded.certificates[body["id"]]._replace(
        replacement=body["replacement"],
        replaced_ms=event["happened_ms"],
        replaced_by=body["replaced_by"],
        replaced_reason=body["reason"],
    )


def _apply_level(folded: Folded, event: Mapping[str, Any]) -> None:
    body = event["body"]
    day = date.fromisoformat(body["assessed_on"])
    folded.levels[body["id"]] = LevelValues(body["code"], body["level"], day)


def _apply_level_withdrawn(folded: Folded, event: Mapping[str, Any]) -> None:
    body = event["body"]
    held = folded.levels.get(body["id"])
    if held is not None:
        folded.levels[body["id"]] = held._replace(
            withdrawn_ms=event["happened_ms"],
            withdrawn_by=body["withdrawn_by"],
            withdrawn_reason=body["reason"],
        )


def _apply_outside(folded: Folded, event: Mapping[str, Any]) -> None:
    body = event["body"]
    folded.outside[body["id"]] = OutsideValues(_OUTSIDE_STATES[event["kind"]], body)


def _apply_outside_decided(folded: Folded, event: Mapping[str, Any]) -> None:
    decided = event["body"]
    held = folded.outside.get(decided["id"])
    body = held.body if held else {}
    if event["kind"] == Kind.OUTSIDE_LEARNING_APPROVED:
        body = {**body, "jp": decided["jp"]}
    folded.outside[decided["id"]] = OutsideValues(_OUTSIDE_STATES[event["kind"]], body)


def _apply_outside_corrected(folded: Folded, event: Mapping[str, Any]) -> None:
    corrected = event["body"]
    held = folded.outside.get(corrected["id"])
    if held is not None:
        body = {**held.body, "digest": corrected["digest"]}
        folded.outside[corrected["id"]] = held._replace(body=body)


# Where an entry stands after its event.
_OUTSIDE_STATES: dict[str, str] = {
    Kind.OUTSIDE_LEARNING_ENTERED: "approved",
    Kind.OUTSIDE_LEARNING_SUBMITTED: "waiting",
    Kind.OUTSIDE_LEARNING_RETURNED: "returned",
    Kind.OUTSIDE_LEARNING_APPROVED: "approved",
    Kind.OUTSIDE_LEARNING_REFUSED: "refused",
    Kind.OUTSIDE_LEARNING_WITHDRAWN: "withdrawn",
}
_APPLY: dict[str, Callable[[Folded, Mapping[str, Any]], None]] = {
    Kind.EVIDENCE_RECORDED: _apply_evidence,
    Kind.HOURS_CREDITED: _apply_hours,
    Kind.CERTIFICATE_PREPARED: _apply_certificate,
    Kind.CERTIFICATE_ISSUED: _apply_certificate,
    Kind.CERTIFICATE_PRINTED: _apply_printed,
    Kind.CERTIFICATE_SIGNED: _apply_signed,
    Kind.CERTIFICATE_REVOKED: _apply_revoked,
    Kind.CERTIFICATE_REPLACED: _apply_replaced,
    Kind.LEVEL_ASSESSED: _apply_level,
    Kind.LEVEL_WITHDRAWN: _apply_level_withdrawn,
    Kind.OUTSIDE_LEARNING_ENTERED: _apply_outside,
    Kind.OUTSIDE_LEARNING_SUBMITTED: _apply_outside,
    Kind.OUTSIDE_LEARNING_RETURNED: _apply_outside_decided,
    Kind.OUTSIDE_LEARNING_APPROVED: _apply_outside_decided,
    Kind.OUTSIDE_LEARNING_REFUSED: _apply_outside_decided,
    Kind.OUTSIDE_LEARNING_CORRECTED: _apply_outside_corrected,
    Kind.OUTSIDE_LEARNING_WITHDRAWN: _apply_outside_decided,
}


def _source(body: Mapping[str, Any]) -> Source:
    return Source(body["source_kind"], body["source_id"])


def _years(entries: Iterable[HoursValues], per_day: PerDay) -> dict[int, YearValues]:
    by_year: dict[int, list[HoursValues]] = {}
    for entry in entries:
        by_year.setdefault(entry.ended_on.year, []).append(entry)
    return {
        year: YearValues(
            sum(entry.jp for entry in found), hour_rules.countable(found, per_day(year))
        )
        for year, found in by_year.items()
    }
