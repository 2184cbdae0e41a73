"""A proof file: events as they were hashed, and what leads from each to a signed root. Pure."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elearn import canonical
from elearn.journal import merkle, statements
from elearn.journal.links import CHAINED, event_leaf, link
from elearn.journal.statements import Published, Roots, Unsound

FORMAT = "elearn-proof"
VERSION = 1
MOST_BYTES = 4096
WHOLE = ("id", "person_id", "seq", "happened_ms", "recorded_ms", "index")
TEXTS = ("client_id", "kind")


@dataclass(frozen=True)
class ProvenEvent:
    """An event with the digest before it, and its way to the root of its seal.

    ``values`` are the chained columns with ``body`` decoded; ``path`` the hashes from below.
    """

    id: int
    previous: str
    values: Mapping[str, Any]
    index: int
    path: Sequence[bytes]

    @property
    def kind(self) -> str:
        return str(self.values["kind"])

    @property
    def body(self) -> Mapping[str, Any]:
        body: Mapping[str, Any] = self.values["body"]
        return body

    def digest(self) -> str:
        """What the chain holds as the digest of this event."""
        return link(self.previous, {**self.values, "body": canonical.text(self.body)})

    def json(self) -> dict[str, Any]:
        """The event as JSON values."""
        path = [base64.urlsafe_b64encode(hash_).decode().rstrip("=") for hash_ in self.path]
        named = {"id": self.id, "previous": self.previous, **self.values}
        return {**named, "index": self.index, "path": path}


@dataclass(frozen=True)
class Proof:
    """Events of one person that stand under one seal."""

    events: Sequence[ProvenEvent]
    seal: Published

    def json(self) -> dict[str, Any]:
        """The proof as JSON values."""
        events = [event.json() for event in self.events]
        return {"format": FORMAT, "version": VERSION, "events": events, "seal": self.seal.body()}

    def text(self) -> str:
        """The file: canonical JSON in one line."""
        return canonical.text(self.json()) + "\n"

    def find(self, kind: str) -> ProvenEvent | None:
        """The event of a kind, if it is in the proof."""
        return next((event for event in self.events if event.kind == kind), None)


def read(data: bytes) -> Proof:
    """A proof file, well-formed and nothing more. Raises Unsound with the reason."""
    if len(data) > MOST_BYTES:
        raise Unsound("too_long")
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise Unsound("not_json") from None
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise Unsound("format")
    if body.get("version") != VERSION:
        raise Unsound("version")
    seal = statements.read(body.get("seal"))
    try:
        proof = Proof([_event(item) for item in body["events"]], seal)
        same = bool(proof.events) and canonical.text(proof.json()) == canonical.text(body)
    except (KeyError, TypeError, ValueError):
        raise Unsound("shape") from None
    if not same:
        raise Unsound("shape")
    return proof


def check(data: bytes, roots: Roots) -> Proof:
    """Hold a proof file against published roots. Raises Unsound with the reason."""
    proof = read(data)
    refuse_unless_under_seal(proof)
    roots.refuse_unpublished(proof.seal)
    return proof


def refuse_unless_under_seal(proof: Proof) -> None:
    """Raises Unsound("path") unless each event leads to the root of the seal."""
    tree = proof.seal.statement.events
    for event in proof.events:
        try:
            leaf = event_leaf(event.id, event.digest())
            root = merkle.root_by(leaf, event.index, tree.size, event.path)
        except ValueError:
            raise Unsound("path") from None
        if root.hex() != tree.root:
            raise Unsound("path")


def _event(item: Mapping[str, Any]) -> ProvenEvent:
    if not all(type(item[name]) is int for name in WHOLE):
        raise TypeError
    if not all(isinstance(item[name], str) for name in TEXTS) or not isinstance(item["body"], dict):
        raise TypeError
    values = {name: item[name] for name in CHAINED}
    path = [_hash(text) for text in item["path"]]
    previous = statements.digest_of(item["previous"])
    return ProvenEvent(item["id"], previous, values, item["index"], path)


def _hash(text: str) -> bytes:
    found = base64.b64decode(text + "=", altchars=b"-_", validate=True)
    if len(found) != merkle.HASH_BYTES:
        raise ValueError
    return found
