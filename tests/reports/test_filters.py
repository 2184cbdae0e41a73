"""What a list was asked for: good values are read, bad ones are left out."""

from __future__ import annotations

from datetime import date

import pytest

from elearn import clock
from elearn.errors import NotFound
from elearn.people.units import UnitNode
from elearn.reports import filters

NODES = [UnitNode(4, "Dinas Kesehatan", "/1/4/", 0)]


def test_everything_that_is_asked_is_read() -> None:
    wanted = filters.read(
        {
            "q": " Ani ",
            "unit": "4",
            "year": "2025",
            "status": "pppk",
            "state": "not_started",
            "floor": "short",
            "active": "all",
            "from": "2026-01-02",
            "until": "2026-01-03",
            "page": "3",
            "person": "7",
        },
        NODES,
    )
    assert (wanted.text, wanted.unit, wanted.year) == ("Ani", NODES[0], 2025)
    assert (wanted.status, wanted.state, wanted.floor) == ("pppk", "not_started", "short")
    assert (wanted.activity, wanted.number, wanted.person_id) == ("all", 3, 7)
    assert wanted.since_ms == clock.start_of_day_ms(date(2026, 1, 2))
    assert wanted.before_ms == clock.start_of_day_ms(date(2026, 1, 4))
    assert wanted.is_narrowed
    assert wanted.is_past_year


@pytest.mark.parametrize(
    "args",
    [
        {},
        {"year": "2999", "page": "0", "person": "-1"},
        {"year": "1900", "page": "99999999999999999999", "person": str(2**31)},
        {"year": "٢٠٢٥", "page": "²", "person": "1e3"},
        {"from": "9999-12-31", "until": "0001-01-01"},
        {"status": "PNS", "state": "PASSED", "floor": "x", "active": "yes", "unit": "four"},
    ],
)
def test_bad_values_are_left_out(args: dict[str, str]) -> None:
    assert filters.read(args, NODES) == filters.Wanted(year=2026)


@pytest.mark.parametrize("unit", ["5", "0", "2147483647"])
def test_a_unit_out_of_reach_is_not_found(unit: str) -> None:
    with pytest.raises(NotFound):
        filters.read({"unit": unit}, NODES)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("19940412 201903 2 901", "199404122019032901"), ("1994.0412", "19940412"), ("Ani", "")],
)
def test_a_nip_is_read_with_its_spaces(typed: str, digits: str) -> None:
    assert filters.read({"q": typed}).digits == digits
