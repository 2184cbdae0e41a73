"""Whether a request that changes something may come from another site."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = frozenset({"same-origin", "none"})  # none: typed by the person, no page asked for it


class Verdict(Enum):
    """What to do with a request."""

    ALLOW = "allow"
    REFUSE = "refuse"
    NEEDS_TOKEN = "needs_token"  # noqa: S105  # a verdict, no secret


def judge(
    method: str, fetch_site: str | None, origin: str | None, own_origins: Collection[str]
) -> Verdict:
    """Judge by Sec-Fetch-Site, else by Origin; where a client sends neither, a token decides."""
    if method in SAFE_METHODS:
        return Verdict.ALLOW
    if fetch_site is not None:
        return Verdict.ALLOW if fetch_site in OWN_SITES else Verdict.REFUSE
    if origin is not None:
        return Verdict.ALLOW if origin in own_origins else Verdict.REFUSE
    return Verdict.NEEDS_TOKEN
