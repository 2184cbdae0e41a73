"""Patterns of numbers: what is wrong is said, and a good one makes no two numbers alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn import number_patterns


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("{serial:04}/{unit}/{month_roman}/{year}", ""),
        ("800.1/{serial}-{year}", ""),
        ("{{x}} {serial}/{year}", ""),
        (None, "pattern_missing"),
        ("  ", "pattern_missing"),
        ("{serial/{year}", "pattern_braces"),
        ("{serial}/{year", "pattern_braces"),
        ("{serial}/{year}/{nip}", "pattern_unknown_field"),
        ("{serial}/{year}/{}", "pattern_unknown_field"),
        ("{serial.__class__}/{year}", "pattern_unknown_field"),
        ("{serial:99}/{year}", "pattern_width"),
        ("{serial:0}/{year}", "pattern_width"),
        ("{serial:{year}}/{year}", "pattern_width"),
        ("{serial}/{year:04}", "pattern_width"),
        ("{serial!r}/{year}", "pattern_width"),
        ("{year}/BKD", "pattern_no_serial"),
        ("{serial}/BKD", "pattern_no_year"),
        ("{serial}{year}", "pattern_adjacent"),
        (" {serial}/{year}", "pattern_unprintable"),
        ("{serial}\n/{year}", "pattern_unprintable"),
        ("{serial}/{year}/{unit}" + "x" * 40, "pattern_too_long"),
    ],
)
def test_what_is_wrong_with_a_pattern_is_named(pattern: object, fault: str) -> None:
    assert number_patterns.fault(pattern) == fault


@given(st.text(alphabet="{}serialunityear:04/!. ", max_size=40))
def test_a_pattern_without_fault_makes_different_numbers(pattern: str) -> None:
    if number_patterns.fault(pattern):
        return
    made = {
        number_patterns.fill(pattern, n, "U", "VIII", y) for n in range(1, 30) for y in (2026, 2027)
    }
    assert len(made) == 58
