"""What the figures mean, at their edges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.health import states
from elearn.health.states import DAY_MS, GB, HOUR_MS, MB, MINUTE_MS, Line, State

NOW = 1_795_500_000_000
SOUND = {"problems": 0}


@pytest.mark.parametrize(
    ("line", "state", "reason"),
    [
        (states.disk(50 * GB, 100 * GB, GB), State.GOOD, ""),
        (states.disk(9 * GB, 100 * GB, GB), State.WATCH, "short"),
        (states.disk(50 * GB, 100 * GB, 26 * GB), State.WATCH, "no_room_for_copy"),
        (states.disk(GB, 100 * GB, GB), State.ACT, "full"),
        (states.disk(400 * MB, GB, MB), State.ACT, "full"),
        (states.database(GB, 100 * MB), State.GOOD, ""),
        (states.database(GB, None), State.GOOD, ""),
        (states.database(GB, 600 * MB), State.WATCH, "wal_grows"),
        (states.schema("a", "a"), State.GOOD, ""),
        (states.schema("a", "b"), State.ACT, "older"),
        (states.backup(None, NOW, None), State.ACT, "never"),
        (states.backup(NOW - 26 * HOUR_MS, NOW, 1), State.GOOD, ""),
        (states.backup(NOW - 26 * HOUR_MS - 1, NOW, 1), State.WATCH, "late"),
        (states.backup(NOW - 72 * HOUR_MS - 1, NOW, 1), State.ACT, "old"),
        (states.verified(None, NOW, {}), State.WATCH, "never"),
        (states.verified(NOW - 50 * HOUR_MS, NOW, SOUND), State.GOOD, ""),
        (states.verified(NOW - 51 * HOUR_MS, NOW, SOUND), State.WATCH, "old"),
        (states.verified(NOW, NOW, {"problems": 1}), State.ACT, "unsound"),
        (states.sealed(None, NOW, 0, 0), State.GOOD, ""),
        (states.sealed(NOW - 9 * DAY_MS, NOW, 4, 0), State.GOOD, ""),
        (states.sealed(NOW - 51 * HOUR_MS, NOW, 4, 1), State.WATCH, "late"),
        (states.sealed(NOW - HOUR_MS, NOW, 4, 9), State.GOOD, ""),
        (states.keys(None, [], []), State.GOOD, ""),
        (states.keys({"id": "a"}, ["b"], ["x.key"]), State.ACT, "missing"),
        (states.keys({"id": "a"}, [], ["x.key"]), State.ACT, "exposed"),
        (states.runner(None, NOW, is_busy=False), State.ACT, "never"),
        (states.runner(NOW - 3 * MINUTE_MS, NOW, is_busy=False), State.GOOD, ""),
        (states.runner(NOW - 3 * MINUTE_MS - 1, NOW, is_busy=False), State.ACT, "silent"),
        (states.runner(NOW - 9 * MINUTE_MS, NOW, is_busy=True), State.GOOD, ""),
        (states.jobs(3, NOW - MINUTE_MS, 0, NOW), State.GOOD, ""),
        (states.jobs(3, NOW - 16 * MINUTE_MS, 0, NOW), State.WATCH, "slow"),
        (states.jobs(0, None, 1, NOW), State.WATCH, "failed"),
        (states.slow(3, 2_000), State.GOOD, ""),
        (states.slow(3, 2_001), State.WATCH, "slow"),
        (states.errors(0, 0, None, NOW), State.GOOD, ""),
        (states.errors(1, 4, NOW - 2 * DAY_MS, NOW), State.WATCH, "happened"),
        (states.errors(1, 4, NOW - HOUR_MS, NOW), State.ACT, "happened"),
    ],
)
def test_a_figure_means(line: Line, state: State, reason: str) -> None:
    assert (line.state, line.reason) == (state, reason)
    assert line.told["state"] == state.name.lower()


@given(st.lists(st.sampled_from(State)))
def test_the_whole_is_as_its_worst_part(parts: list[State]) -> None:
    lines = [Line("disk", state) for state in parts]
    assert states.worst(lines) == max(parts, default=State.GOOD)


@given(st.integers(0, 10**15), st.integers(1, 10**13), st.integers(0, 10**12))
def test_less_room_is_never_better(free: int, less: int, size: int) -> None:
    fuller = states.disk(max(free - less, 0), 10**15, size)
    assert fuller.state >= states.disk(free, 10**15, size).state
