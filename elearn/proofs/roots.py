"""The published roots as a file of lines: public keys first, then every seal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from elearn import signing
from elearn.database import snapshot
from elearn.journal import seal, statements
from elearn.journal.statements import Published, Roots, Unsound
from elearn.signing import PublicKey

KEY_FORMAT = "elearn-key"
KEY_BYTES = 32
PAGE_SIZE = 30


def lines() -> Iterator[str]:
    """The file, made while it is sent."""
    for key in signing.ring().public():
        yield statements.line(_key_body(key))
    with snapshot():
        for row in seal.every():
            yield statements.line(seal.published(row).body())


def stored(number: int) -> Roots:
    """The seal with a number, if there is one, and the keys, as they are kept here."""
    row = seal.of_number(number)
    seals = {} if row is None else {number: seal.published(row)}
    return Roots(seals, {key.id: key for key in signing.ring().public()})


def page(number: int) -> list[Published]:
    """A page of seals, the newest first."""
    return [
        seal.published(row) for row in seal.newest_ones(PAGE_SIZE + 1, (number - 1) * PAGE_SIZE)
    ]


def _key_body(key: PublicKey) -> dict[str, Any]:
    return {"format": KEY_FORMAT, "key": key.id, "public": key.raw.hex(), "since_ms": key.since_ms}


def read(lines: Iterable[str]) -> Roots:
    """A file of roots, every signature checked. Raises Unsound with the reason."""
    seals: dict[int, Published] = {}
    keys: dict[str, PublicKey] = {}
    for line in lines:
        body = _json(line)
        if isinstance(body, dict) and body.get("format") == KEY_FORMAT:
            key = _key(body)
            keys[key.id] = key
        elif body is not None:
            published = statements.read(body)
            _refuse_unsigned(published, keys)
            seals[published.statement.number] = published
    if not seals:
        raise Unsound("no_roots")
    return Roots(seals, keys)


def _json(line: str) -> Any:
    try:
        return json.loads(line) if line.strip() else None
    except ValueError:
        raise Unsound("roots") from None


def _key(body: dict[str, Any]) -> PublicKey:
    try:
        raw = bytes.fromhex(body["public"])
        key = PublicKey(signing.id_of(raw), raw, int(body["since_ms"]))
    except (KeyError, TypeError, ValueError):
        raise Unsound("key") from None
    if len(raw) != KEY_BYTES or key.id != body.get("key"):
        raise Unsound("key")
    return key


def _refuse_unsigned(published: Published, keys: Mapping[str, PublicKey]) -> None:
    key = keys.get(published.key_id)
    if key is None:
        raise Unsound("unknown_key")
    published.refuse_unless_signed(key)
