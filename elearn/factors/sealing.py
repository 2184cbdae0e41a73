"""Secrets of apps at rest: AES-256-GCM under a key kept in the folder of keys.

Who has the database without that folder reads no secret. When the key is lost, no code of an app
can be checked any more: recovery codes still work, and HR resets.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from elearn import signing
from elearn.errors import Invalid

KEY = "second-factor"
NONCE_BYTES = 12


def seal(secret: str, purpose: str) -> bytes:
    """Encrypt a secret for a purpose: it opens for no other."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher().encrypt(nonce, secret.encode(), purpose.encode())


def unseal(sealed: bytes, purpose: str) -> str:
    """The secret; raises Invalid where the key or the purpose is another."""
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return _cipher().decrypt(nonce, body, purpose.encode()).decode()
    except (InvalidTag, ValueError):
        raise Invalid("factor_unreadable", field="code") from None


def _cipher() -> AESGCM:
    return AESGCM(signing.ring().secret(KEY))
