"""Codes by the clock (TOTP, RFC 6238): SHA-1, six digits, a step of 30 seconds."""

from __future__ import annotations

import hmac

import pyotp

DIGITS = 6
STEP_SECONDS = 30
# A clock that is off by a minute shows the code of two steps before or after.
WINDOW = 2
ISSUER = "Belajar ASN"
GROUP = 4


def new_secret() -> str:
    """160 random bits in base32, the length of the hash (RFC 4226, section 4)."""
    return pyotp.random_base32()


def address(secret: str, account: str) -> str:
    """What the QR code says: the ``otpauth`` address that apps read."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def grouped(secret: str) -> str:
    """The secret as it is typed by hand."""
    return " ".join(secret[start : start + GROUP] for start in range(0, len(secret), GROUP))


def step_of(now_ms: int) -> int:
    """The number of the 30 seconds a moment lies in."""
    return now_ms // (STEP_SECONDS * 1000)


def matching_step(secret: str, code: str, now_ms: int, after: int = -1) -> int | None:
    """The step whose code it is, among those around now that come after one; None if none's.

    Every step is compared, so that the time taken tells nothing.
    """
    totp, present, found = pyotp.TOTP(secret), step_of(now_ms), None
    for step in range(max(0, present - WINDOW), present + WINDOW + 1):
        if hmac.compare_digest(totp.generate_otp(step), code) and step > after:
            found = step
    return found


def tidy(text: str) -> str:
    """A code without the space that apps show in its middle."""
    return "".join(text.split())


def is_code(text: str) -> bool:
    """Whether a text has the shape of a code."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()
