"""Gauges of branches: sums along the tree, what may not be told of, and how they are kept."""

from __future__ import annotations

from datetime import date

from flask import Flask
from sqlalchemy import select

from elearn import clock
from elearn.dashboard import gauges, plots, reading
from elearn.dashboard.gauges import Count, Gauge, Kind
from elearn.dashboard.models import BranchGauge
from elearn.dashboard.plots import Month
from elearn.database import rows, transaction
from elearn.people import staffing
from elearn.people.models import Status
from elearn.reports.periods import Period, of
from tests.people_cast import Cast, a_person
from tests.reports.school import learns_elsewhere

ABOVE = {1: [1], 2: [1, 2]}


def test_a_gauge_counts_in_all_units_above_and_in_its_class() -> None:
    late = Gauge(2, "pelaksana", Kind.OVERDUE, 0, "")
    found = gauges.of_branches({late: Count(3, 1)}, ABOVE)
    assert found == {
        Gauge(unit, name, Kind.OVERDUE, 0, ""): Count(3, 1)
        for unit in (1, 2)
        for name in ("", "pelaksana")
    }


def test_only_guarded_gauges_are_hidden() -> None:
    floor = Gauge(1, "", Kind.FLOOR, 2026, "")
    access = Gauge(1, "", Kind.BY_STATUS, 2026, "pns")
    assert gauges.hidden({floor: Count(2, 1), access: Count(2, 1)}, {1: None}) == {access}


def stored() -> dict[tuple[int, str, str, int, str], tuple[int, int, bool]]:
    table = BranchGauge.__table__
    return {tuple(row[:5]): tuple(row[5:]) for row in rows(select(*table.c))}


def test_they_are_read_off_people_and_follow_them(app: Flask, cast: Cast) -> None:
    learns_elsewhere(cast.citra, cast.ani, 20, date(2026, 3, 2))
    with transaction():
        pppk = a_person("199005172023211902", "Rudi", cast.pustu, status=Status.PPPK)
    reading.read()
    found, root = stored(), cast.government.id
    assert found[root, "", "floor", 2026, ""] == (7, 1, False)
    assert found[root, "jf_terampil", "floor", 2026, ""] == (1, 1, False)
    assert found[root, "", "by_status", 2026, "pns"] == (7, 1, True)
    assert found[root, "", "by_status", 2026, "pppk"] == (1, 0, True)
    assert found[cast.health.id, "", "by_unit", 2026, ""] == (3, 1, True)
    assert reading.read_ms() == clock.now_ms()
    with transaction():
        staffing.move(None, pppk.id, cast.works.id, clock.now_ms())
    reading.read()
    moved = stored()
    assert (cast.pustu.id, "", "by_status", 2026, "pppk") not in moved
    assert moved[cast.works.id, "", "by_status", 2026, "pppk"] == (1, 0, True)
    assert moved[root, "", "floor", 2026, ""] == found[root, "", "floor", 2026, ""]


def test_bars_stand_on_a_grid_of_round_numbers() -> None:
    months = [Month(1, 7, 3), Month(2, None, 12)]
    drawn = plots.by_month(months)
    assert [line.value for line in drawn.lines] == [0, 5, 10, 15]
    first, second = drawn.bars
    assert first.y + first.height == second.y == plots.BOTTOM
    assert plots.TOP < second.before_y < first.before_y
    assert plots.by_month([Month(1, 0, 0)]).lines[-1].value == 1


def test_a_period_beside_the_one_a_year_ago() -> None:
    today = date(2026, 11, 24)
    assert of(2026, "q1") == Period(2026, 1, 3)
    assert of(2026, "x") == of(2026, "") == Period(2026, 1, 12)
    assert of(2026, "").of_year_before(today) == Period(2025, 1, 11)
    assert of(2026, "m12").of_year_before(today) == Period(2025, 12, 12)
    assert of(2025, "").of_year_before(today) == Period(2024, 1, 12)
    assert (of(2024, "m02").since, of(2024, "m02").until) == (date(2024, 2, 1), date(2024, 2, 29))
    assert of(2026, "s2").keys == (202607, 202612)
