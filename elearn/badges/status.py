"""Which badges are revoked, as W3C Bitstring Status Lists v1.0: a bit for each, in its place."""

from __future__ import annotations

import base64
import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from elearn import clock, signing
from elearn.badges import addresses
from elearn.badges.models import Badge
from elearn.competency.models import Certificate
from elearn.database import db
from elearn.errors import NotFound

SIZE = 131_072  # bits of a list: the least that the specification allows, so that none stands out
PURPOSE = "revocation"
TYPE = "vc+jwt"
FRESH_SECONDS = 300
GOOD_FOR = timedelta(days=2)
CONTEXT = "https://www.w3.org/ns/credentials/v2"


def entry(badge_id: int) -> dict[str, str]:
    """Where the status of a badge is found, as its credential says it."""
    number, at = _place(badge_id)
    address = addresses.status_list(number)
    return {
        "id": f"{address}#{at}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": PURPOSE,
        "statusListIndex": str(at),
        "statusListCredential": address,
    }


def _place(badge_id: int) -> tuple[int, int]:
    return divmod(badge_id - 1, SIZE)


def signed_list(number: int) -> str:
    """A list as it is now, signed. Raises NotFound for one that no badge stands in."""
    last = db.session.scalar(select(func.max(Badge.id))) or 1
    if number > _place(last)[0]:
        raise NotFound
    return signing.ring().sign_jws(_claims(number, _bits(_revoked(number))), addresses.kid, TYPE)


def _revoked(number: int) -> list[int]:
    first = number * SIZE + 1
    wanted = select(Badge.id).join(Certificate, Certificate.id == Badge.certificate_id)
    within = Badge.id.between(first, first + SIZE - 1)
    found = db.session.scalars(wanted.where(within, Certificate.revoked_ms.is_not(None)))
    return [_place(badge_id)[1] for badge_id in found]


def _bits(places: list[int]) -> bytes:
    """Place 0 is the highest bit of the first byte."""
    bits = bytearray(SIZE // 8)
    for at in places:
        bits[at // 8] |= 0x80 >> at % 8
    return bytes(bits)


def _claims(number: int, bits: bytes) -> dict[str, Any]:
    address = addresses.status_list(number)
    since = datetime.combine(clock.today(), datetime.min.time(), clock.WIB).astimezone(UTC)
    packed = base64.urlsafe_b64encode(gzip.compress(bits, mtime=0)).decode().rstrip("=")
    return {
        "@context": [CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": addresses.issuer(),
        "validFrom": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "validUntil": (since + GOOD_FOR).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": PURPOSE,
            "encodedList": f"u{packed}",  # multibase: base64url without padding
            "ttl": FRESH_SECONDS * 1000,
        },
    }
