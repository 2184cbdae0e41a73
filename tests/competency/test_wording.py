"""Wordings: frozen and thawed alike, tidied once, and what two say differently."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.competency import wording
from elearn.competency.wording import Difference, LevelWording, Wording
from elearn.errors import Invalid

TEXT = st.text(" ab\n", max_size=6)
LEVEL = st.builds(LevelWording, TEXT, TEXT, st.lists(TEXT, max_size=3).map(tuple))
WORDING = st.builds(Wording, TEXT, TEXT, st.lists(LEVEL, min_size=5, max_size=5).map(tuple), TEXT)


@settings(max_examples=30)
@given(WORDING)
def test_a_wording_survives_freezing_and_tidying_is_done_once(worded: Wording) -> None:
    assert wording.thawed(wording.frozen(worded)) == worded
    tidied = wording.tidy(worded)
    assert wording.tidy(tidied) == tidied


@settings(max_examples=30)
@given(WORDING, WORDING)
def test_what_differs_is_what_is_not_the_same(one: Wording, other: Wording) -> None:
    one, other = wording.tidy(one), wording.tidy(other)
    assert (wording.differences(one, other) == []) == (one == other)
    assert [change.before for change in wording.differences(one, other)] == [
        change.after for change in wording.differences(other, one)
    ]


def test_a_difference_names_its_level_and_part() -> None:
    one = Wording("Arsip", "Menata", tuple(LevelWording(str(n)) for n in range(1, 6)))
    levels = (*one.levels[:2], replace(one.levels[2], text="tiga"), *one.levels[3:])
    assert wording.differences(one, replace(one, levels=levels)) == [
        Difference("text", 3, "3", "tiga")
    ]


@pytest.mark.parametrize("count", [0, 1, 4, 6])
def test_levels_are_five_without_a_gap(count: int) -> None:
    levels = tuple(LevelWording("x") for _ in range(count))
    with pytest.raises(Invalid, match="missing"):
        wording.check(Wording("Arsip", "Menata", levels))
