"""Which groups are too small to be told of, and which others would tell of them. Pure.

Groups under five are hidden, and so is what would give them away by difference: in the list of
groups itself, and between a unit, the units below it and their sum.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

SMALLEST = 5
FEWEST = 2  # so many are hidden together, or a sum would tell of the one
OWN = 0  # the people of a unit who are in none below it

K = TypeVar("K", int, str)
Sizes = Mapping[int, Mapping[str, int]]
Place = tuple[int, str]


def hidden(sizes: Mapping[K, int], already: Collection[K] = ()) -> frozenset[K]:
    """Groups under five and those already hidden, with the next smallest until the hidden ones
    together are five people and two groups. Empty groups tell of nobody."""
    ranked = sorted((size, key) for key, size in sizes.items() if size)
    found = [(size, key) for size, key in ranked if size < SMALLEST or key in already]
    rest = [pair for pair in ranked if pair not in found]
    for pair in rest:
        people = sum(size for size, _ in found)
        if not found or (people >= SMALLEST and len(found) >= FEWEST):
            break
        found.append(pair)
    return frozenset(key for _, key in found)


def hidden_in_tree(parents: Mapping[int, int | None], sizes: Sizes, *, whole: bool) -> set[Place]:
    """The groups that may not be told of in each unit, whose ``sizes`` count all below it.

    ``whole`` says that the groups of a unit are all of its people, so that they give one another
    away. What is hidden in a unit is hidden below it as well.
    """
    below: dict[int | None, list[int]] = {}
    for unit_id, parent in parents.items():
        below.setdefault(parent, []).append(unit_id)
    found: set[Place] = set()
    for top in below.get(None, []):
        found |= {(top, group) for group in _row(sizes.get(top, {}), set(), whole)}
    waiting = list(below.get(None, []))
    while waiting:
        unit_id = waiting.pop()
        children = below.get(unit_id, [])
        found |= _in_block(unit_id, children, sizes, found, whole=whole)
        waiting += children
    return found


def _row(sizes: Mapping[str, int], already: set[str], whole: bool) -> frozenset[str]:
    if whole:
        return hidden(sizes, already)
    return frozenset(g for g, size in sizes.items() if 0 < size < SMALLEST or g in already)


def _in_block(
    unit_id: int, children: Sequence[int], sizes: Sizes, above: set[Place], *, whole: bool
) -> set[Place]:
    """The hidden groups of the units below one: along their rows, and along each column."""
    groups = sizes.get(unit_id, {})
    rows = {child: sizes.get(child, {}) for child in children}
    own = {g: groups[g] - sum(row.get(g, 0) for row in rows.values()) for g in groups}
    table: Mapping[int, Mapping[str, int]] = {OWN: own, **rows}
    found = {(key, g) for key in table for g in groups if (unit_id, g) in above}
    before = -1
    while len(found) != before:
        before = len(found)
        for g in groups:
            column = {key: row.get(g, 0) for key, row in table.items()}
            already = {key for key in column if (key, g) in found}
            found |= {(key, g) for key in hidden(column, already)}
        for key, row in rows.items():
            found |= {(key, g) for g in _row(row, {g for k, g in found if k == key}, whole)}
    return {(key, g) for key, g in found if key != OWN}
