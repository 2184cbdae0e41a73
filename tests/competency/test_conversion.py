"""JP proposed from form and duration, as a table; the seed has a rule for each kind."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.competency import conversion, seed
from elearn.competency.conversion import Duration, Rates, Reason
from elearn.settings import REGISTRY

DEFAULTS = {key: known.default for key, known in REGISTRY.items()}
FIRST = date(2026, 5, 4)
BIMTEK, COACHING, ELEARNING, ALONE, MAGANG, DISTANCE = "8", "14", "16", "22", "10", "17"
COMMUNITY, BENCHMARK, SECONDMENT, AT_WORK = "23", "20", "18", "24"


def lasting(days: int, **more: object) -> Duration:
    return Duration(FIRST, FIRST + timedelta(days=days - 1), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "duration", "jp", "reason"),
    [
        (BIMTEK, lasting(3), 24, Reason.DAYS),
        (BIMTEK, lasting(3, hours=15), 20, Reason.HOURS),
        (BIMTEK, lasting(1, hours=1), 1, Reason.HOURS),
        (BIMTEK, lasting(3, abroad=True), 24, Reason.DAYS),
        (DISTANCE, lasting(3, abroad=True), 28, Reason.DAYS),
        (ELEARNING, lasting(2), 6, Reason.DAY_LIMIT),
        (ELEARNING, lasting(2, hours=3), 4, Reason.HOURS),
        (ELEARNING, lasting(2, hours=20), 6, Reason.DAY_LIMIT),
        (ALONE, lasting(4), 8, Reason.DAY_LIMIT),
        (COMMUNITY, lasting(5, abroad=True), 12, Reason.DAY_LIMIT),
        (COACHING, lasting(20, sessions=2), 4, Reason.SESSIONS),
        (COACHING, lasting(20, sessions=5), 4, Reason.SESSIONS),
        (COACHING, lasting(40, sessions=5), 8, Reason.SESSIONS),
        (COACHING, lasting(1), 2, Reason.SESSIONS),
        (AT_WORK, lasting(1, sessions=2, abroad=True), 4, Reason.SESSIONS),
        (MAGANG, lasting(60), 20, Reason.ACTIVITY),
        (MAGANG, lasting(60, abroad=True), 24, Reason.ACTIVITY),
        (BENCHMARK, lasting(2), 10, Reason.ACTIVITY),
        (SECONDMENT, lasting(30, abroad=True), 24, Reason.ACTIVITY),
    ],
)
def test_jp_follow_the_form_and_how_long_it_took(
    kind: str, duration: Duration, jp: int, reason: Reason
) -> None:
    found = conversion.proposed(kind, duration, DEFAULTS)
    assert found is not None
    assert (found.jp, found.reason) == (jp, reason)


def test_a_limit_that_cuts_is_told() -> None:
    found = conversion.proposed(COACHING, lasting(20, sessions=5), DEFAULTS)
    assert found is not None
    assert (found.quantity, found.rate, found.most) == (2, 2, 2)


def test_numbers_that_hr_has_changed_take_precedence() -> None:
    held = DEFAULTS | {"jp_conversion": {MAGANG: {"jp": 16}}, "programme_jp_per_day": 10}
    assert conversion.proposed(MAGANG, lasting(9), held).jp == 16  # type: ignore[union-attr]
    assert conversion.proposed(MAGANG, lasting(9, abroad=True), held).jp == 24  # type: ignore[union-attr]
    assert conversion.proposed(BIMTEK, lasting(2), held).jp == 20  # type: ignore[union-attr]
    assert conversion.proposed("99", lasting(2), held) is None


def test_every_kind_of_the_seed_has_a_form() -> None:
    kinds = {kind["id"] for kind in seed.read("training_kinds")["kinds"]}
    assert set(conversion.forms({})) == kinds


@given(st.sampled_from(sorted(conversion.forms({}))), st.integers(1, 400), st.booleans(), st.data())
def test_a_proposal_is_never_below_one_and_more_time_never_gives_less(
    kind: str, days: int, abroad: bool, data: st.DataObject
) -> None:
    hours = data.draw(st.none() | st.integers(1, 900))
    form, rates = conversion.forms({})[kind], Rates(45, 8)
    less = conversion.propose(form, lasting(days, hours=hours, abroad=abroad), rates)
    more = conversion.propose(form, lasting(days + 1, hours=hours, abroad=abroad), rates)
    assert 1 <= less.jp <= more.jp
