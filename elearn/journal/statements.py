"""What a seal says and signs, as it is published: one line of JSON. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from elearn import canonical
from elearn.signing import PublicKey

FORMAT = "elearn-root"
VERSION = 1
HEX = frozenset("0123456789abcdef")


class Unsound(ValueError):
    """Something that is no seal, or not one that its key has signed; says why in one word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Tree(NamedTuple):
    """A tree by its last row's id (0 where none), how many leaves it has, and its root in hex."""

    last: int
    size: int
    root: str


@dataclass(frozen=True)
class Statement:
    """What is signed: the trees over the events since the seal before, and over all heads.

    ``day`` is the WIB day as ISO text, ``previous`` the root of the seal before. ``heads.last``
    is the last event too.
    """

    number: int
    day: str
    sealed_ms: int
    previous: str
    events: Tree
    heads: Tree
    audit: Tree

    def body(self) -> dict[str, Any]:
        """The statement as JSON values."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "number": self.number,
            "day": self.day,
            "sealed_ms": self.sealed_ms,
            "previous": self.previous,
            "events": self.events._asdict(),
            "heads": self.heads._asdict(),
            "audit": self.audit._asdict(),
        }

    @property
    def root(self) -> str:
        """The root of the day: the SHA-256 of all that is said, roots of the trees included."""
        return canonical.digest(self.body())

    @property
    def message(self) -> bytes:
        """What the key signs."""
        return canonical.text(self.body()).encode()


@dataclass(frozen=True)
class Published:
    """A statement with its signature (hex) and the id of the key that made it."""

    statement: Statement
    key_id: str
    signature: str

    def body(self) -> dict[str, Any]:
        """The seal as JSON values; ``root`` stands in it for people, and is checked."""
        said = {**self.statement.body(), "root": self.statement.root}
        return {**said, "key": self.key_id, "signature": self.signature}

    def refuse_unless_signed(self, key: PublicKey) -> None:
        """Raises Unsound("signature") unless this key signed the statement."""
        is_ours = key.id == self.key_id
        if not (is_ours and key.checks(self.statement.message, bytes.fromhex(self.signature))):
            raise Unsound("signature")


@dataclass(frozen=True)
class Roots:
    """What a proof is held against: seals by number, and the keys that signed them by id."""

    seals: Mapping[int, Published]
    keys: Mapping[str, PublicKey]

    def refuse_unpublished(self, seal: Published) -> None:
        """Raises Unsound("unknown_key"), ("signature") or ("unpublished")."""
        key = self.keys.get(seal.key_id)
        if key is None:
            raise Unsound("unknown_key")
        seal.refuse_unless_signed(key)
        if self.seals.get(seal.statement.number) != seal:
            raise Unsound("unpublished")


def read(body: Any) -> Published:
    """A seal from JSON values, with nothing more and nothing less. Raises Unsound("seal")."""
    try:
        statement = Statement(
            number=_whole(body["number"]),
            day=_text(body["day"]),
            sealed_ms=_whole(body["sealed_ms"]),
            previous=digest_of(body["previous"]),
            events=_tree(body["events"]),
            heads=_tree(body["heads"]),
            audit=_tree(body["audit"]),
        )
        found = Published(statement, _hex(body["key"]), _hex(body["signature"]))
        same = canonical.text(found.body()) == canonical.text(body)
    except (KeyError, TypeError, ValueError):
        raise Unsound("seal") from None
    if not same:
        raise Unsound("seal")
    return found


def _tree(body: Mapping[str, Any]) -> Tree:
    return Tree(_whole(body["last"]), _whole(body["size"]), digest_of(body["root"]))


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _hex(value: Any) -> str:
    if not isinstance(value, str) or not value or not HEX.issuperset(value) or len(value) % 2:
        raise ValueError
    return value


def digest_of(value: Any) -> str:
    """A SHA-256 as 64 hex digits. Raises ValueError for anything else."""
    if len(_hex(value)) != len(canonical.GENESIS):
        raise ValueError
    return str(value)


def line(body: Mapping[str, Any]) -> str:
    """One line of a file of roots."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n"
