"""What can go wrong in the domain; each kind knows the HTTP status it becomes."""

from __future__ import annotations


class DomainError(Exception):
    """Something the person or the operator can be told about in plain words."""

    status = 500


class Invalid(DomainError):
    """The input is well-formed but not allowed now. ``field`` names the form field, if any."""

    status = 422

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


class NotFound(DomainError):
    """There is no such thing, or it is a stranger who asks for it."""

    status = 404


class NotAllowed(DomainError):
    """The person may see the thing but not do this to it."""

    status = 403


class FormExpired(NotAllowed):
    """What was sent does not prove that it comes from a page of this site in this session."""

    reason = "form_expired"


class Conflict(DomainError):
    """The thing has moved on since the page was shown. ``reason`` is a stable word."""

    status = 409

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class Unavailable(DomainError):
    """Busy, locked, full or cut off: the same request may work in a moment."""

    status = 503

    def __init__(self, retry_after_seconds: int = 2) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds


class TooManyTries(DomainError):
    """Guessing is slowed down. ``wait_seconds`` until the next try counts."""

    status = 429

    def __init__(self, wait_seconds: int) -> None:
        super().__init__()
        self.wait_seconds = wait_seconds
