"""Small groups are hidden, and what would give them away: within a list, and between units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.reports.small_groups import FEWEST, SMALLEST, hidden, hidden_in_tree

CASES = {
    "nobody is small": ({"a": 5, "b": 9}, set()),
    "empty groups tell of nobody": ({"a": 0, "b": 9}, set()),
    "one small takes the next smallest along": ({"a": 3, "b": 9, "c": 20}, {"a", "b"}),
    "two that are five together stand alone": ({"a": 3, "b": 2, "c": 20}, {"a", "b"}),
    "two that are fewer take a third": ({"a": 1, "b": 2, "c": 8, "d": 20}, {"a", "b", "c"}),
    "with nothing else to hide all are": ({"a": 3}, {"a"}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_list_of_groups(case: str) -> None:
    sizes, expected = CASES[case]
    assert hidden(sizes) == expected


def test_what_is_hidden_already_is_not_the_only_one() -> None:
    assert hidden({"a": 7, "b": 9, "c": 20}, {"c"}) == {"a", "c"}


# 1 has 2 and 3 below it; 3 has 4 below it.
PARENTS = {1: None, 2: 1, 3: 1, 4: 3}


def test_a_difference_between_a_unit_and_those_below_it_tells_nothing() -> None:
    sizes = {
        1: {"f": 40, "m": 40},
        2: {"f": 3, "m": 20},
        3: {"f": 37, "m": 20},
        4: {"f": 37, "m": 20},
    }
    found = hidden_in_tree(PARENTS, sizes, whole=True)
    # 40 - 37 would tell of the three, and with 20 of 23 the men would.
    assert found == {(2, "f"), (3, "f"), (2, "m"), (3, "m"), (4, "f"), (4, "m")}


def test_a_few_directly_in_a_unit_are_no_difference_either() -> None:
    sizes = {1: {"f": 42}, 2: {"f": 20}, 3: {"f": 20}, 4: {"f": 20}}
    assert hidden_in_tree(PARENTS, sizes, whole=False) == {(2, "f")}


def test_what_is_hidden_above_is_hidden_below() -> None:
    sizes = {1: {"f": 4, "m": 9}, 2: {"m": 9}, 3: {"f": 4}, 4: {"f": 4}}
    found = hidden_in_tree(PARENTS, sizes, whole=True)
    assert {(1, "f"), (1, "m"), (2, "m"), (3, "f"), (4, "f")} <= found


CELLS = st.lists(st.integers(0, 12), min_size=6, max_size=6)


@given(own=st.lists(CELLS, min_size=4, max_size=4))
def test_no_sum_tells_of_fewer_than_five(own: list[list[int]]) -> None:
    """Every unit beside the sum of those below it, and every list of groups beside its whole."""
    groups = "abcdef"
    sizes = {
        unit: {
            g: sum(own[each - 1][at] for each in PARENTS if _is_below(each, unit))
            for at, g in enumerate(groups)
        }
        for unit in PARENTS
    }
    found = hidden_in_tree(PARENTS, sizes, whole=True)
    for unit in PARENTS:
        _tells_nothing({g: sizes[unit][g] for g in groups}, {g for u, g in found if u == unit})
        children = [each for each, parent in PARENTS.items() if parent == unit]
        for at, g in enumerate(groups):
            assert (unit, g) in found or not 0 < sizes[unit][g] < SMALLEST
            if (unit, g) in found:
                assert all((each, g) in found for each in children if sizes[each][g])
            else:
                parts = {each: sizes[each][g] for each in children}
                dark = {each for each in children if (each, g) in found}
                rest = own[unit - 1][at]  # never told of, so it is dark as well
                _tells_nothing({**parts, 0: rest}, dark | ({0} if children else set()), own=0)


def _is_below(unit: int | None, top: int) -> bool:
    while unit is not None and unit != top:
        unit = PARENTS[unit]
    return unit == top


def _tells_nothing(sizes: dict, dark: set, own: int | None = None) -> None:
    people = [sizes[key] for key in dark if sizes[key]]
    if not people or all(not size for key, size in sizes.items() if key not in dark):
        return
    if own is not None and people == [sizes[own]]:  # those directly in a unit are a group
        assert sizes[own] >= SMALLEST
        return
    assert sum(people) >= SMALLEST
    assert len(people) >= FEWEST
