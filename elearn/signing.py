"""Ed25519 keys (RFC 8032), kept in a folder outside the database: sign, and check."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from flask import Flask, current_app
from joserfc.jwa import EdDSAAlgorithm
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry, serialize_compact

from elearn import canonical, clock

ID_LENGTH = 16
JWS_ALGORITHM = "EdDSA"
SECRET_BYTES = 32
OTHERS = stat.S_IRWXG | stat.S_IRWXO
_EXTENSION = "elearn_keys"


class _EdDSA(EdDSAAlgorithm):
    """By the name that verifiers know (RFC 8037), though RFC 9864 would have it "Ed25519"."""

    security_warning = ""


class _JwsRegistry(JWSRegistry):
    algorithms: ClassVar[dict[str, Any]] = {JWS_ALGORITHM: _EdDSA()}  # type: ignore[misc]


@dataclass(frozen=True)
class PublicKey:
    """A public key: ``id`` is the start of the SHA-256 of its 32 raw bytes, in hex."""

    id: str
    raw: bytes
    since_ms: int

    def checks(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature of a message was made with this key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def as_jwk(self, kid: str) -> dict[str, Any]:
        """The key as a JSON Web Key (RFC 8037, section 2), named by ``kid``."""
        key = OKPKey.import_key(Ed25519PublicKey.from_public_bytes(self.raw))
        return {**key.as_dict(private=False), "kid": kid, "alg": JWS_ALGORITHM, "use": "sig"}


@dataclass(frozen=True)
class Signature:
    """64 bytes, and the id of the key that made them."""

    key_id: str
    value: bytes


class KeyRing:
    """The keys in a folder: the newest signs, all check.

    A pair is two files, ``<since_ms>-<id>.key`` (PKCS#8, readable by the owner only) and
    ``<since_ms>-<id>.pub``. A private file that no longer signs may be taken away; the public
    ones stay, or what they signed can no longer be checked.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def sign(self, message: bytes) -> Signature:
        """Sign with the newest key, which is made on the first need."""
        private = self._private()
        return Signature(id_of(_raw(private.public_key())), private.sign(message))

    def sign_jws(self, claims: Mapping[str, Any], kid_of: Callable[[str], str], typ: str) -> str:
        """The text of a JSON Web Signature (RFC 7515) of claims; the same claims, the same text.

        ``kid_of`` makes the name of the key from its id.
        """
        private = self._private()
        kid = kid_of(id_of(_raw(private.public_key())))
        header = {"alg": JWS_ALGORITHM, "kid": kid, "typ": typ}
        key, registry = OKPKey.import_key(private), _JwsRegistry(algorithms=[JWS_ALGORITHM])
        return serialize_compact(header, canonical.text(claims), key, registry=registry)

    def current(self) -> PublicKey:
        """The key that signs now."""
        return _read_public(self._newest().with_suffix(".pub"))

    def public(self) -> list[PublicKey]:
        """Every public key, the newest first."""
        return [_read_public(path) for path in sorted(self._folder.glob("*.pub"), reverse=True)]

    def find(self, key_id: str) -> PublicKey | None:
        """The public key with an id, if it is kept here."""
        return next((key for key in self.public() if key.id == key_id), None)

    def checks(self, message: bytes, signature: Signature) -> bool:
        """Whether a signature was made with the key it names; an unknown one checks nothing."""
        key = self.find(signature.key_id)
        return key is not None and key.checks(message, signature.value)

    def exposed(self) -> list[str]:
        """The names of secret files that others than their owner may read or change."""
        secret = (*self._folder.glob("*.key"), *self._folder.glob("*.secret"))
        return sorted(path.name for path in secret if path.stat().st_mode & OTHERS)

    def rotate(self) -> PublicKey:
        """Make the pair that signs from now on; the older ones stay to check with."""
        with self._held():
            return _read_public(self._make().with_suffix(".pub"))

    def _private(self) -> Ed25519PrivateKey:
        private = load_pem_private_key(self._newest().read_bytes(), password=None)
        if not isinstance(private, Ed25519PrivateKey):
            raise TypeError("not an Ed25519 key")
        return private

    def secret(self, name: str) -> bytes:
        """32 secret bytes of their own, kept as ``<name>.secret`` and made on the first need."""
        path = self._folder / f"{name}.secret"
        if not path.exists():
            with self._held():
                if not path.exists():
                    _write_alone(path, secrets.token_bytes(SECRET_BYTES))
        return path.read_bytes()

    def _newest(self) -> Path:
        found = self._last()
        if found is not None:
            return found
        with self._held():
            return self._last() or self._make()

    def _last(self) -> Path | None:
        return max(self._folder.glob("*.key"), default=None)

    @contextmanager
    def _held(self) -> Iterator[None]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(self._folder / "lock", "ab") as line:
            fcntl.flock(line, fcntl.LOCK_EX)
            yield

    def _make(self) -> Path:
        private = Ed25519PrivateKey.generate()
        public = private.public_key()
        path = self._folder / f"{clock.now_ms():013d}-{id_of(_raw(public))}.key"
        path.with_suffix(".pub").write_bytes(
            public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write_alone(path, pem)
        return path


def _write_alone(path: Path, content: bytes) -> None:
    """Write a file that its owner alone may read, whole or not at all."""
    made = path.with_name(f"{path.name}.new")
    made.unlink(missing_ok=True)
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    made.rename(path)


def init_app(app: Flask, folder: Path) -> None:
    """Let the application sign with the keys of a folder."""
    app.extensions[_EXTENSION] = KeyRing(folder)


def ring() -> KeyRing:
    """The keys of the application."""
    held: KeyRing = current_app.extensions[_EXTENSION]
    return held


def id_of(raw: bytes) -> str:
    """The id of a public key of 32 raw bytes."""
    return hashlib.sha256(raw).hexdigest()[:ID_LENGTH]


def _raw(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _read_public(path: Path) -> PublicKey:
    public = load_pem_public_key(path.read_bytes())
    if not isinstance(public, Ed25519PublicKey):
        raise TypeError("not an Ed25519 key")
    raw = _raw(public)
    return PublicKey(id_of(raw), raw, int(path.name.partition("-")[0]))
