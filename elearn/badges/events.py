"""The kind of event of a badge, and what it carries. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol


class Kind(StrEnum):
    """Kinds of event that this slice appends to the journal."""

    BADGE_ISSUED = "badge_issued"


class Issued(Protocol):
    """A badge as its event tells it."""

    @property
    def id(self) -> int: ...
    @property
    def certificate_id(self) -> str: ...
    @property
    def digest(self) -> str: ...


def badge_body(badge: Issued) -> dict[str, Any]:
    """The body of badge_issued: which certificate, its place in the status lists, its digest."""
    return {"certificate": badge.certificate_id, "place": badge.id, "badge": badge.digest}
