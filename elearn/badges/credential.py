"""The frozen fields of a certificate as an OpenBadgeCredential. Pure.

1EdTech Open Badges 3.0 over the W3C Verifiable Credentials Data Model 2.0; signed as VC-JWT, whose
payload is the credential itself with the registered claims beside its members (section 8.2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from elearn import canonical, clock
from elearn.competency.certificate_text import tenths

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
]
SCHEMA = {
    "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/"
    "ob_v3p0_achievementcredential_schema.json",
    "type": "1EdTechJsonSchemaValidator2019",
}
NIP = "ext:nip"
FRAMEWORK = "Standar kompetensi jabatan ASN"
HIGHEST_SCORE = "100"


@dataclass(frozen=True)
class Subject:
    """What a credential says beside the frozen fields.

    ``address`` is the public check of the certificate, ``issuer`` that of the issuer's profile,
    ``status`` the entry of the status list, ``codes`` those of competencies by name, and
    ``framework`` the address before a code at which anybody may read what a competency is, or was
    on a day.
    """

    address: str
    issuer: str
    issued_ms: int
    salt: str
    status: Mapping[str, str]
    codes: Mapping[str, str]
    framework: str


def claims(fields: Mapping[str, Any], subject: Subject) -> dict[str, Any]:
    """The payload to be signed; ``fields`` are the frozen ones, dates as dates."""
    since = clock.from_ms(subject.issued_ms).astimezone(UTC).replace(microsecond=0)
    until = _last_moment(fields.get("expires_on"))
    holder = f"{subject.address}#holder"
    payload = {
        "@context": CONTEXTS,
        "id": subject.address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": fields["title"],
        "issuer": {"id": subject.issuer, "type": ["Profile"], "name": fields["agency"]},
        "validFrom": _iso(since),
        "credentialSubject": _achieved(fields, subject, holder),
        "credentialStatus": dict(subject.status),
        "credentialSchema": [SCHEMA],
        "iss": subject.issuer,
        "sub": holder,
        "jti": subject.address,
        "nbf": int(since.timestamp()),
    }
    if until:
        payload |= {"validUntil": _iso(until), "exp": int(until.timestamp())}
    return payload


def _last_moment(last_day: date | None) -> datetime | None:
    """A certificate is valid to the end of its last day in WIB."""
    if last_day is None:
        return None
    return datetime.combine(last_day, time(23, 59, 59), clock.WIB).astimezone(UTC)


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _midnight(day: date) -> str:
    """A WIB day as the date-time that the schema asks for."""
    return datetime.combine(day, time(), clock.WIB).isoformat()


def _achieved(fields: Mapping[str, Any], subject: Subject, holder: str) -> dict[str, Any]:
    achievement = _achievement(fields, subject)
    score = fields["score_tenths"]
    described = achievement.get("resultDescription", [])
    return {
        "id": holder,
        "type": ["AchievementSubject"],
        "identifier": [
            _identity("name", fields["name"]),
            _hashed(NIP, fields["nip"], subject.salt),
        ],
        "licenseNumber": fields["number"],
        "activityStartDate": _midnight(fields["started_on"]),
        "activityEndDate": _midnight(fields["completed_on"]),
        "creditsEarned": fields["jp"],
        "result": [
            {"type": ["Result"], "resultDescription": item["id"], "value": _decimal(score)}
            for item in described
        ],
        "achievement": achievement,
    }


def _identity(kind: str, value: str) -> dict[str, Any]:
    return {
        "type": "IdentityObject",
        "identityType": kind,
        "identityHash": value,
        "hashed": False,
    }


def _hashed(kind: str, value: str, salt: str) -> dict[str, Any]:
    """An identity for who knows it already: SHA-256 of the value with the salt behind it."""
    digest = hashlib.sha256(f"{value}{salt}".encode()).hexdigest()
    return {**_identity(kind, f"sha256${digest}"), "hashed": True, "salt": salt}


def _achievement(fields: Mapping[str, Any], subject: Subject) -> dict[str, Any]:
    described = {
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "inLanguage": "id",
        "name": fields["title"],
        "description": _description(fields),
        "criteria": {"narrative": _narrative(fields)},
        "creditsAvailable": fields["jp"],
        "alignment": _alignments(fields.get("competencies", []), subject),
    }
    # The same course with the same material is the same achievement, whoever it is of.
    made_of = uuid5(NAMESPACE_URL, f"{subject.issuer}#{canonical.text(described)}")
    scored = fields["score_tenths"] is not None
    results = {"resultDescription": [_score_described(made_of)]} if scored else {}
    return {"id": made_of.urn, **described, **results}


def _description(fields: Mapping[str, Any]) -> str:
    return (
        f"Kursus {fields['jp']} JP ({fields['jp_words']} jam pelajaran, masing-masing 45 menit) "
        f"yang diselenggarakan oleh {fields['organiser']} dengan metode {fields['method']}."
    )


def _narrative(fields: Mapping[str, Any]) -> str:
    """The criteria in Markdown: what had to be learnt."""
    material = "\n".join(f"- {title} ({minutes} menit)" for title, minutes in fields["materials"])
    rule = "Memenuhi semua syarat kelulusan kursus."
    return f"{rule} Materinya:\n\n{material}" if material else rule


def _alignments(competencies: Sequence[Any], subject: Subject) -> list[dict[str, Any]]:
    """What the course supports, as it was worded when the certificate was issued.

    A competency that the framework never named so is left out.
    """
    day = clock.day_of(subject.issued_ms).isoformat()
    return [
        {
            "type": ["Alignment"],
            "targetName": name,
            "targetCode": subject.codes[name],
            "targetDescription": f"Mendukung {name} sampai level {level}",
            "targetFramework": FRAMEWORK,
            "targetUrl": f"{subject.framework}{subject.codes[name]}?on={day}",
        }
        for name, level in competencies
        if name in subject.codes
    ]


def _score_described(made_of: UUID) -> dict[str, Any]:
    return {
        "id": uuid5(made_of, "score").urn,
        "type": ["ResultDescription"],
        "name": "Nilai akhir",
        "resultType": "RawScore",
        "valueMin": "0",
        "valueMax": HIGHEST_SCORE,
    }


def _decimal(score_tenths: int) -> str:
    return tenths(score_tenths).replace(",", ".")
