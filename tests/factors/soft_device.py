"""A device that makes passkeys and answers challenges (WebAuthn, sections 6 and 7)."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


@dataclass
class SoftDevice:
    """One passkey for one site; what it is told to answer with may be made wrong."""

    host: str = "localhost"
    origin: str = "http://localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: dict[str, Any]) -> str:
        """What the browser sends when a passkey has been made."""
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        held = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(public)
        data = self._data(HAS_KEY) + held
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        about = self._about("webauthn.create", options["challenge"])
        return self._told({"attestationObject": attested, "clientDataJSON": about})

    def answer(self, options: dict[str, Any]) -> str:
        """What the browser sends when the passkey has answered."""
        data = self._data()
        about = self._about("webauthn.get", options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(about).digest(), ec.ECDSA(SHA256()))
        return self._told(
            {"authenticatorData": data, "clientDataJSON": about, "signature": signature}
        )

    def _data(self, more: int = 0) -> bytes:
        self.count += 1
        site = hashlib.sha256(self.host.encode()).digest()
        return site + bytes([self.flags | more]) + self.count.to_bytes(4)

    def _about(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _told(self, response: dict[str, bytes]) -> str:
        name = bytes_to_base64url(self.id)
        shown = {part: bytes_to_base64url(value) for part, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": shown})
