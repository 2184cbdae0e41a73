"""What a link of a chain is a digest of, and what a leaf of a sealed tree says. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from elearn import canonical
from elearn.journal import merkle

CHAINED = ("person_id", "seq", "client_id", "kind", "body", "happened_ms", "recorded_ms")


def link(previous: str, row: Mapping[str, Any]) -> str:
    """SHA-256 over the digest before and every chained column of the row."""
    return link_of(previous, [row[name] for name in CHAINED])


def link_of(previous: str, chained: Sequence[Any]) -> str:
    """The same from the values of the chained columns in their order."""
    return canonical.digest([previous, *chained])


def event_leaf(event_id: int, digest: str) -> bytes:
    """The hash of the leaf of an event."""
    return merkle.leaf(f'["event",{event_id},"{digest}"]'.encode())


def head_leaf(person_id: int, seq: int, digest: str) -> bytes:
    """The hash of the leaf of a person's head."""
    return merkle.leaf(f'["head",{person_id},{seq},"{digest}"]'.encode())


def audit_leaf(actor: int, seq: int, digest: str) -> bytes:
    """The hash of the leaf of the head of an actor's audit entries."""
    return merkle.leaf(f'["audit",{actor},{seq},"{digest}"]'.encode())
