"""The half-signed-in state: a first factor was right, the code of the second is still to come.

A signed token of five minutes that says who it is and opens nothing; it stands in no database,
and dies with the password or the one-time code it was made for.
"""

from __future__ import annotations

from dataclasses import dataclass

from itsdangerous import BadData, URLSafeTimedSerializer

from elearn import signing
from elearn.people.accounts import Verified, Way

KEY = "half-signed-in"
LIFE_SECONDS = 5 * 60
LONGEST_TARGET = 1000


@dataclass(frozen=True)
class Half:
    """Who has shown a first factor, whether the device is to be remembered, where they go."""

    verified: Verified
    remember: bool
    target: str


def to_token(half: Half) -> str:
    """The token for the cookie."""
    verified = half.verified
    target = half.target if len(half.target) <= LONGEST_TARGET else ""
    held = [verified.person_id, verified.seen, verified.way.value, half.remember, target]
    return str(_signer().dumps(held))


def of_token(token: str) -> Half | None:
    """What a token says; None when it is damaged or its time is over."""
    try:
        held = _signer().loads(token, max_age=LIFE_SECONDS)
    except BadData:
        return None
    person_id, seen, way, remember, target = held
    return Half(Verified(person_id, seen, Way(way)), remember, target)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(signing.ring().secret(KEY), salt=KEY)
