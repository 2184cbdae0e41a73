"""What Open Badges 3.0 asks of a credential, class by class: a small reader of its data model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
REGISTERED = {"iss", "sub", "jti", "nbf", "exp"}
IDENTITY_TYPE = re.compile(r"name|emailAddress|ext:[A-Za-z0-9._-]+")
# Each property: the kind of its value, "!" where it is required, "*" where there may be several.
CLASSES: dict[str, dict[str, str]] = {
    "OpenBadgeCredential": {
        "@context": "text!*",
        "id": "uri!",
        "type": "text!*",
        "name": "text!",
        "description": "text",
        "issuer": "Profile!",
        "validFrom": "zoned!",
        "validUntil": "zoned",
        "credentialSubject": "AchievementSubject!",
        "credentialStatus": "BitstringStatusListEntry",
        "credentialSchema": "Schema*",
    },
    "Profile": {"id": "uri!", "type": "text!*", "name": "text", "url": "uri"},
    "AchievementSubject": {
        "id": "uri",
        "type": "text!*",
        "achievement": "Achievement!",
        "identifier": "IdentityObject*",
        "activityStartDate": "zoned",
        "activityEndDate": "zoned",
        "creditsEarned": "number",
        "licenseNumber": "text",
        "result": "Result*",
    },
    "IdentityObject": {
        "type": "text!",
        "hashed": "truth!",
        "identityHash": "text!",
        "identityType": "identity!",
        "salt": "text",
    },
    "Achievement": {
        "id": "uri!",
        "type": "text!*",
        "achievementType": "text",
        "alignment": "Alignment*",
        "creditsAvailable": "number",
        "criteria": "Criteria!",
        "description": "text!",
        "inLanguage": "text",
        "name": "text!",
        "resultDescription": "ResultDescription*",
    },
    "Criteria": {"id": "uri", "narrative": "text"},
    "Alignment": {
        "type": "text!*",
        "targetCode": "text",
        "targetDescription": "text",
        "targetFramework": "text",
        "targetName": "text!",
        "targetUrl": "uri!",
    },
    "Result": {"type": "text!*", "resultDescription": "uri", "value": "text"},
    "ResultDescription": {
        "id": "uri!",
        "type": "text!*",
        "name": "text!",
        "resultType": "text!",
        "valueMin": "text",
        "valueMax": "text",
    },
    "Schema": {"id": "uri!", "type": "text!"},
    # W3C Bitstring Status List v1.0
    "BitstringStatusListEntry": {
        "id": "uri",
        "type": "text!",
        "statusPurpose": "text!",
        "statusListIndex": "text!",
        "statusListCredential": "uri!",
    },
}
NAMED_BY_TYPE = CLASSES.keys() - {"Criteria", "Schema"}


def faults(payload: Mapping[str, Any]) -> list[str]:
    """What is wrong with the payload of a VC-JWT, by path; empty for a sound one."""
    credential = {name: value for name, value in payload.items() if name not in REGISTERED}
    found = list(_of_class("OpenBadgeCredential", credential, "$"))
    if payload["@context"][:2] != CONTEXTS or "VerifiableCredential" not in payload["type"]:
        found.append("$: neither the contexts nor the types of a credential")
    subject = payload["credentialSubject"]
    claimed = {
        "iss": payload["issuer"]["id"],
        "sub": subject["id"],
        "jti": payload["id"],
        "nbf": int(datetime.fromisoformat(payload["validFrom"]).timestamp()),
    }
    found += [f"$: {name}" for name, value in claimed.items() if payload.get(name) != value]
    described = {item["id"] for item in subject["achievement"].get("resultDescription", [])}
    return found + [
        "$: a result that nothing describes"
        for result in subject.get("result", [])
        if result["resultDescription"] not in described
    ]


def _of_class(name: str, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: no {name}"
        return
    known = CLASSES[name]
    yield from (f"{path}.{key}: not of {name}" for key in value.keys() - known.keys())
    yield from (f"{path}.{key}: missing" for key in known if "!" in known[key] and key not in value)
    if name in NAMED_BY_TYPE and name not in value.get("type", ()):
        yield f"{path}: type without {name}"
    for key in value.keys() & known.keys():
        yield from _property(known[key], value[key], f"{path}.{key}")


def _property(asked: str, value: Any, path: str) -> Iterator[str]:
    kind = asked.rstrip("!*")
    if asked.endswith("*") != isinstance(value, list):
        yield f"{path}: {'no list' if asked.endswith('*') else 'a list'}"
        return
    for item in value if isinstance(value, list) else [value]:
        if kind in CLASSES:
            yield from _of_class(kind, item, path)
        elif not _is(kind, item):
            yield f"{path}: {item!r} is no {kind}"


def _is(kind: str, value: Any) -> bool:
    if kind == "truth":
        return isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if not isinstance(value, str) or not value:
        return False
    if kind == "uri":
        parts = urlsplit(value)
        return bool(parts.scheme) and bool(parts.netloc or parts.scheme == "urn")
    if kind == "zoned":
        return datetime.fromisoformat(value).tzinfo is not None
    return kind == "text" or IDENTITY_TYPE.fullmatch(value) is not None
