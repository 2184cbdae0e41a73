"""An ID token held against what it must be (OpenID Connect Core 1.0, 3.1.3.7). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import (
    ExpiredTokenError,
    InvalidClaimError,
    InvalidKeyIdError,
    JoseError,
    MissingClaimError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import KeySet

from elearn.sign_on.refusing import Reason, Refused

# Signatures by a key only the provider has: neither "none" nor a secret that both know.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
LEEWAY_SECONDS = 60
REASONS = {"iss": Reason.ISSUER, "aud": Reason.AUDIENCE, "azp": Reason.AUDIENCE}
REASONS |= {"nonce": Reason.NONCE, "exp": Reason.EXPIRED, "auth_time": Reason.STALE}


@dataclass(frozen=True)
class Expected:
    """What a token must say: from whom, for whom, and in which attempt.

    ``since`` is the second after which the person must have shown who they are, where a fresh
    sign-in was asked for.
    """

    issuer: str
    client_id: str
    nonce: str
    access_token: str = ""
    since: int | None = None


def checked(id_token: str, keys: KeySet, expected: Expected, now: int) -> dict[str, Any]:
    """The claims of a token that is what it must be; ``now`` in seconds.

    Raises Refused, and InvalidKeyIdError where no key of the set is the one it names.
    """
    token = _signed(id_token, keys)
    claims = CodeIDToken(
        token.claims,
        token.header,
        options={
            "iss": {"essential": True, "value": expected.issuer},
            "aud": {"essential": True, "value": expected.client_id},
        },
        params={
            "nonce": expected.nonce,
            "client_id": expected.client_id,
            "access_token": expected.access_token,
        },
    )
    try:
        claims.validate(now, LEEWAY_SECONDS)
    except ExpiredTokenError:
        raise Refused(Reason.EXPIRED) from None
    except (MissingClaimError, InvalidClaimError) as problem:
        raise Refused(REASONS.get(str(problem.claim), Reason.CLAIM)) from None
    _refuse_stale(claims, expected)
    return dict(claims)


def tells_of(claims: dict[str, Any], trusted: frozenset[str]) -> bool:
    """Whether ``acr`` or ``amr`` names a second factor that is trusted."""
    methods = claims.get("amr") or []
    return bool(trusted.intersection([str(claims.get("acr", "")), *map(str, methods)]))


def _signed(id_token: str, keys: KeySet) -> jwt.Token:
    try:
        return jwt.decode(id_token, keys, algorithms=ALGORITHMS)
    except InvalidKeyIdError:
        raise
    except UnsupportedAlgorithmError:
        raise Refused(Reason.ALGORITHM) from None
    except (JoseError, ValueError):
        raise Refused(Reason.SIGNATURE) from None


def _refuse_stale(claims: dict[str, Any], expected: Expected) -> None:
    if expected.since is None:
        return
    if claims.get("auth_time", 0) < expected.since - LEEWAY_SECONDS:
        raise Refused(Reason.STALE)
