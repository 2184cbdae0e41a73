"""Merkle trees: RFC 6962's own shape, every path, no wrong path."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.journal import merkle

LEAVES = st.lists(st.binary(max_size=4), min_size=1, max_size=40).map(
    lambda all: [merkle.leaf(data) for data in all]
)


def as_defined(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else hashlib.sha256().digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    left, right = as_defined(leaves[:k]), as_defined(leaves[k:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def test_the_hash_of_an_empty_tree_and_of_one_leaf_are_those_of_the_standard() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.root([]).hex() == empty
    # The leaf hash of the empty string in RFC 6962's test vectors.
    blank = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.root([merkle.leaf(b"")]).hex() == blank


@given(LEAVES)
def test_a_root_is_that_of_the_definition(leaves: list[bytes]) -> None:
    assert merkle.root(leaves) == as_defined(leaves)


@given(LEAVES, st.data())
def test_a_path_leads_to_the_root_from_its_own_place_alone(
    leaves: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = merkle.path(leaves, index)
    root = merkle.root(leaves)
    assert merkle.root_by(leaves[index], index, len(leaves), path) == root
    assert merkle.root_by(merkle.leaf(b"other leaf"), index, len(leaves), path) != root
    for wrong in (path[:-1], [*path, root]):
        if wrong != path:
            with pytest.raises(ValueError, match="path"):
                merkle.root_by(leaves[index], index, len(leaves), wrong)
    for place in (-1, len(leaves)):
        with pytest.raises(ValueError, match="leaf"):
            merkle.root_by(leaves[index], place, len(leaves), path)


@given(st.lists(st.tuples(st.integers(0, 12), st.binary(max_size=2), st.booleans()), max_size=40))
def test_a_growing_tree_has_the_root_of_its_leaves_at_any_time(
    steps: list[tuple[int, bytes, bool]],
) -> None:
    tree, leaves = merkle.Growing(), list[bytes]()
    for place, data, look in steps:
        index, leaf = min(place, len(leaves)), merkle.leaf(data)
        tree.put(index, leaf)
        leaves[index : index + 1] = [leaf]
        if look:
            assert tree.root() == merkle.root(leaves)
    assert (tree.root(), len(tree)) == (merkle.root(leaves), len(leaves))
