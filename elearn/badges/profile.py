"""Who issues: its profile and its keys, as those who check a credential read them."""

from __future__ import annotations

from typing import Any

from elearn import signing
from elearn.badges import addresses
from elearn.public_url import public_url

CONTEXTS = [
    "https://www.w3.org/ns/cid/v1",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


def key_set() -> list[dict[str, Any]]:
    """Every public key as a JSON Web Key (RFC 7517), the newest first."""
    return [key.as_jwk(addresses.kid(key.id)) for key in signing.ring().public()]


def of_issuer(name: str) -> dict[str, Any]:
    """The profile at the id of the issuer, with the keys that speak for it (W3C CID 1.0)."""
    issuer = addresses.issuer()
    methods = [
        {"id": key["kid"], "type": "JsonWebKey", "controller": issuer, "publicKeyJwk": key}
        for key in key_set()
    ]
    return {
        "@context": CONTEXTS,
        "id": issuer,
        "type": ["Profile"],
        "name": name,
        "url": public_url("/"),
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
