"""Merkle trees as in RFC 6962, section 2.1: a root over leaves, and a short path to each. Pure.

A leaf and a node are hashed with different first bytes, so that neither can be shown as the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

LEAF, NODE = b"\x00", b"\x01"
HASH_BYTES = 32


def leaf(data: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(LEAF + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of what stands above two others."""
    return hashlib.sha256(NODE + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over the hashes of leaves; of none, the hash of nothing."""
    level = leaves
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else hashlib.sha256().digest()


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """What leads from a leaf to the root: the hash beside it on each level, from below."""
    found, level = [], leaves
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            found.append(level[beside])
        level, index = _above(level), index // 2
    return found


def root_by(leaf: bytes, index: int, size: int, path: Iterable[bytes]) -> bytes:
    """The root to which a path leads in a tree of ``size`` leaves (RFC 9162, section 2.1.3.2).

    Raises ValueError for a path that is too long or too short, or an index outside the tree.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    rest, last, found = list(reversed(list(path))), size - 1, leaf
    while last:
        if index % 2 or index < last:
            if not rest:
                raise ValueError("the path is too short")
            beside = rest.pop()
            found = node(beside, found) if index % 2 else node(found, beside)
        index, last = index // 2, last // 2
    if rest:
        raise ValueError("the path is too long")
    return found


def _above(level: Sequence[bytes]) -> list[bytes]:
    """The level above: pairs hashed together, an odd last one taken up as it is."""
    pairs = zip(level[::2], level[1::2], strict=False)
    above = [hashlib.sha256(NODE + left + right).digest() for left, right in pairs]
    if len(level) % 2:
        above.append(level[-1])
    return above


class Growing:
    """A tree whose leaves are set one by one; its root costs what has changed since the last."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[]]
        self._changed: set[int] = set()

    def __len__(self) -> int:
        return len(self._levels[0])

    def put(self, index: int, leaf: bytes) -> None:
        """Replace a leaf, or add the next one."""
        leaves = self._levels[0]
        if index == len(leaves):
            leaves.append(leaf)
        else:
            leaves[index] = leaf
        self._changed.add(index)

    def root(self) -> bytes:
        """The root over the leaves as they stand."""
        changed, height = self._changed, 0
        while len(self._levels[height]) > 1:
            if height + 1 == len(self._levels):
                self._levels.append([])
            changed = self._raise(height, {index // 2 for index in changed})
            height += 1
        self._changed = set()
        return root(self._levels[height])

    def _raise(self, height: int, places: set[int]) -> set[int]:
        below, above = self._levels[height], self._levels[height + 1]
        for place in sorted(places):
            pair = below[2 * place : 2 * place + 2]
            found = node(*pair) if len(pair) > 1 else pair[0]
            if place == len(above):
                above.append(found)
            else:
                above[place] = found
        return places
