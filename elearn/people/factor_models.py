"""Tables of the second factor: a person's app, recovery codes and trusted devices."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model


class Authenticator(Model):
    """The app on a person's phone that shows their codes (TOTP, RFC 6238)."""

    __tablename__ = "authenticator"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    # AES-256-GCM under a key that is not in the database; bound to the person.
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    # The 30 seconds of the last code that was accepted: none is accepted up to it again.
    last_step: Mapped[int] = mapped_column(BigInteger)
    created_ms: Mapped[int] = mapped_column(BigInteger)


class RecoveryCode(Model):
    """One of the codes that stand in for a lost phone; each works once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "selector"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # The first letters of the code, which find it; the rest is kept as an Argon2id hash.
    selector: Mapped[str] = mapped_column(String(4))
    hash: Mapped[str] = mapped_column(String(200))
    used_ms: Mapped[int | None] = mapped_column(BigInteger)


class Passkey(Model):
    """A key of a person's device that answers in the place of a code (WebAuthn)."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    # As the device counts its answers; 0 where it does not.
    sign_count: Mapped[int] = mapped_column(BigInteger)
    # When the last challenge it answered was made: none up to it is accepted again.
    last_challenge_ms: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    created_ms: Mapped[int] = mapped_column(BigInteger)


class TrustedDevice(Model):
    """A browser in which a person is asked for their password only, until its time is over."""

    __tablename__ = "trusted_device"

    # SHA-256 of the token in the cookie.
    stamp: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    device: Mapped[str] = mapped_column(String(120), default="")
    created_ms: Mapped[int] = mapped_column(BigInteger)
    until_ms: Mapped[int] = mapped_column(BigInteger)
