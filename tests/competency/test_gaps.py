"""Required less assessed, with the evidence since beside it."""

from __future__ import annotations

from datetime import date

import pytest

from elearn.competency import gaps
from elearn.competency.gaps import Held, Standing, Support

LAST_YEAR, TODAY = date(2025, 5, 1), date(2026, 5, 1)


@pytest.mark.parametrize(
    ("required", "held", "evidence", "standing", "missing"),
    [
        ({"M.01": 2}, {}, [], Standing.NOT_ASSESSED, 2),
        ({"M.01": 2}, {"M.01": Held(2, LAST_YEAR)}, [], Standing.MET, 0),
        ({"M.01": 2}, {"M.01": Held(4, LAST_YEAR)}, [], Standing.MET, 0),
        ({"M.01": 3}, {"M.01": Held(1, LAST_YEAR)}, [], Standing.SHORT, 2),
        ({"M.01": 3}, {"M.01": Held(1, LAST_YEAR)}, [("M.01", 2, TODAY)], Standing.SHORT, 2),
        ({"M.01": 3}, {"M.01": Held(1, LAST_YEAR)}, [("M.01", 3, TODAY)], Standing.SUPPORTED, 2),
        ({"M.01": 3}, {"M.01": Held(1, TODAY)}, [("M.01", 3, TODAY)], Standing.SHORT, 2),
        ({"M.01": 2}, {}, [("M.01", 2, TODAY)], Standing.SUPPORTED, 2),
        ({}, {}, [("M.01", 2, TODAY)], Standing.NOT_REQUIRED, 0),
        ({}, {"M.01": Held(2, TODAY)}, [], Standing.NOT_REQUIRED, 0),
    ],
)
def test_a_course_supports_a_level_and_only_an_assessment_meets_it(
    required, held, evidence, standing, missing
) -> None:
    (gap,) = gaps.of(["M.01", "M.02"], required, held, [Support(*item) for item in evidence])
    assert (gap.standing, gap.missing) == (standing, missing)


def test_gaps_come_in_the_order_of_the_framework_and_leave_out_what_nobody_asks() -> None:
    found = gaps.of(["M.01", "M.02", "M.03"], {"M.03": 1, "M.01": 1}, {}, [])
    assert [gap.code for gap in found] == ["M.01", "M.03"]
