"""Why somebody who comes from the agency's account is not let in."""

from __future__ import annotations

from enum import StrEnum

from elearn.errors import DomainError


class Reason(StrEnum):
    """A stable word for each cause, for the audit log and the page."""

    # The attempt.
    NOT_BEGUN = "not_begun"  # in this browser, or longer ago than an attempt lasts
    STATE = "state"
    USED = "used"
    DECLINED = "declined"
    # The provider.
    AWAY = "away"
    PROVIDER = "provider"
    CODE = "code"
    # Its token.
    ALGORITHM = "algorithm"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    NONCE = "nonce"
    EXPIRED = "expired"
    CLAIM = "claim"
    STALE = "stale"
    # The person.
    NIP_MISSING = "nip_missing"
    NIP_DAMAGED = "nip_damaged"
    NIP_UNKNOWN = "nip_unknown"
    LEFT = "left"


ATTEMPT = frozenset({Reason.NOT_BEGUN, Reason.STATE, Reason.USED})
PERSON = frozenset({Reason.NIP_MISSING, Reason.NIP_DAMAGED, Reason.NIP_UNKNOWN, Reason.LEFT})
# What anybody can bring about without the provider, or may well do: no line in the audit log.
UNTOLD = frozenset({Reason.NOT_BEGUN, Reason.STATE, Reason.DECLINED})


def status_of(reason: Reason) -> int:
    """The HTTP status of the page that says so."""
    if reason in ATTEMPT or reason is Reason.DECLINED:
        return 400
    if reason in PERSON or reason is Reason.STALE:
        return 403
    return 503 if reason is Reason.AWAY else 502


class Refused(DomainError):
    """Not let in. ``account`` is a NIP that nobody has here, ``person_id`` who is known."""

    def __init__(self, reason: Reason, *, account: str = "", person_id: int | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.status = status_of(reason)
        self.account = account
        self.person_id = person_id
