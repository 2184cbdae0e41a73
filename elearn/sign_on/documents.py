"""What the provider publishes of itself: its addresses (OpenID Connect Discovery 1.0) and keys."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

import requests
from authlib.common.security import is_secure_transport
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, import_key
from urllib3.exceptions import HTTPError

from elearn import clock
from elearn.sign_on.refusing import Reason, Refused

log = logging.getLogger(__name__)

WELL_KNOWN = "/.well-known/openid-configuration"
TIMEOUT = (3.0, 5.0)  # seconds to connect, and between two pieces of the answer
MOST_BYTES = 512_000
KEPT_MS = 60 * 60_000
# After a failure, and between two looks for a key that is not there.
PAUSE_MS = 10_000
OK = 200
# Of published keys (RFC 7517): those of ``tokens.ALGORITHMS``, a secret is never one of them.
KINDS, SIGNATURES = frozenset({"RSA", "EC"}), "sig"

T = TypeVar("T")


@dataclass(frozen=True)
class Addresses:
    """Where the provider is asked for what; empty for what it does not offer."""

    authorization: str
    token: str
    keys: str
    userinfo: str
    end_session: str
    client_auth: frozenset[str]
    names_itself: bool  # in each answer (RFC 9207)


class _Published(Generic[T]):
    """A document, kept for an hour; an old one is better than none while the provider is away."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._held: T | None = None
        self._good_until_ms = 0
        self._asked_ms = 0
        self._turn = Lock()

    def get(self, *, is_new: bool = False) -> T:
        """The document; a new one, if the one that is kept has just been found wanting."""
        if not is_new and self._held is not None and clock.now_ms() < self._good_until_ms:
            return self._held
        with self._turn:
            if clock.now_ms() - self._asked_ms >= PAUSE_MS:
                self._ask()
        if self._held is None:
            raise Refused(Reason.AWAY)
        return self._held

    def _ask(self) -> None:
        """Ask once for all who wait, and not again for a moment."""
        with suppress(Refused):
            self._held = self._read()
            self._good_until_ms = clock.now_ms() + KEPT_MS
        self._asked_ms = clock.now_ms()


class Documents:
    """The documents of one issuer, read when they are first needed."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._addresses = _Published(self._read_addresses)
        self._keys = _Published(self._read_keys)

    def addresses(self) -> Addresses:
        """Where the provider is asked. Raises Refused."""
        return self._addresses.get()

    def keys(self, *, is_new: bool = False) -> KeySet:
        """The keys it signs with. Raises Refused."""
        return self._keys.get(is_new=is_new)

    def _read_addresses(self) -> Addresses:
        found = fetch(self._issuer.rstrip("/") + WELL_KNOWN)
        if found.get("issuer") != self._issuer:
            log.error("the provider names itself otherwise than ELEARN_OIDC_ISSUER")
            raise Refused(Reason.AWAY)
        methods = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return Addresses(
            authorization=_address(found, "authorization_endpoint"),
            token=_address(found, "token_endpoint"),
            keys=_address(found, "jwks_uri"),
            userinfo=_address(found, "userinfo_endpoint", is_needed=False),
            end_session=_address(found, "end_session_endpoint", is_needed=False),
            client_auth=frozenset(map(str, methods)),
            names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        )

    def _read_keys(self) -> KeySet:
        listed = fetch(self.addresses().keys).get("keys")
        found = map(_key, listed if isinstance(listed, list) else [])
        return KeySet([key for key in found if key is not None])


def fetch(url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A JSON object of the provider. Raises Refused, whatever goes wrong."""
    try:
        with requests.get(
            url, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
        ) as answer:
            content = answer.raw.read(MOST_BYTES, decode_content=True)
            found = json.loads(content) if answer.status_code == OK else None
    except (requests.RequestException, HTTPError, OSError, ValueError, RecursionError) as problem:
        log.warning("the provider is away: %s", type(problem).__name__)
        raise Refused(Reason.AWAY) from None
    if not isinstance(found, dict):
        log.warning("the provider answered without a JSON object")
        raise Refused(Reason.AWAY)
    return found


def _address(found: Mapping[str, Any], name: str, *, is_needed: bool = True) -> str:
    address = found.get(name)
    if isinstance(address, str) and is_secure_transport(address):
        return address
    if is_needed:
        log.error("the provider publishes no usable %s", name)
        raise Refused(Reason.AWAY)
    return ""


def _key(published: Any) -> Key | None:
    """A public key that may check signatures; others are not for us."""
    if not isinstance(published, dict) or published.get("kty") not in KINDS:
        return None
    if published.get("use", SIGNATURES) != SIGNATURES:
        return None
    try:
        return import_key(published)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
