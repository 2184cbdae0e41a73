"""The reason that whoever changes a result gives for it. Pure."""

from __future__ import annotations

import hashlib

from elearn.errors import Invalid

MIN_REASON, MAX_REASON = 10, 500


def checked(text: str) -> str:
    """The reason without the blanks around it. Raises Invalid("reason_short", "reason")."""
    reason = text.strip()
    if not MIN_REASON <= len(reason) <= MAX_REASON or "\x00" in reason:
        raise Invalid("reason_short", "reason")
    return reason


def digest_of(reason: str) -> str:
    """What the journal is told of a reason: its SHA-256."""
    return hashlib.sha256(reason.encode()).hexdigest()
