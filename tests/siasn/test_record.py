"""What SIASN would refuse, as a table; names of files; what counts entry by entry."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.competency import hour_rules
from elearn.siasn.record import Fault, Record, safe_name, written

GOOD = {
    "nip": "199404122019032901",
    "kind": "16",
    "kind_name": "E-Learning",
    "flag": "",
    "title": "Keamanan informasi",
    "organiser": "BKPSDM",
    "number": "0001/BKPSDM/III/2026",
    "jp": 3,
    "started_on": date(2026, 3, 1),
    "ended_on": date(2026, 3, 2),
    "file_name": "0001-BKPSDM-III-2026.pdf",
}


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, []),
        ({"number": ""}, [Fault.NO_NUMBER]),
        ({"number": " - "}, [Fault.NO_NUMBER]),
        ({"number": "Tanpa Nomor"}, [Fault.NO_NUMBER]),
        ({"jp": 0}, [Fault.NO_HOURS]),
        ({"started_on": None}, [Fault.NO_DATES]),
        ({"ended_on": None}, [Fault.NO_DATES]),
        ({"started_on": date(2026, 3, 3)}, [Fault.ENDS_BEFORE_START]),
        ({"organiser": " "}, [Fault.NO_ORGANISER]),
        ({"kind": "1"}, [Fault.STRUCTURAL]),
        ({"number": "-", "jp": 0}, [Fault.NO_NUMBER, Fault.NO_HOURS]),
    ],
)
def test_what_bkn_would_refuse_is_named(change: dict[str, Any], faults: list[Fault]) -> None:
    assert Record(**(GOOD | change)).faults == faults


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("0001/BKPSDM/III/2026", "0001-BKPSDM-III-2026"),
        ("../../etc/passwd", "etc-passwd"),
        ("No. 12 / É", "No-12"),
        ("///", "tanpa-nomor"),
        ("x" * 200, "x" * 80),
    ],
)
def test_a_number_becomes_a_safe_name(number: str, name: str) -> None:
    assert safe_name(number) == name


def test_days_are_written_as_siasn_wants_them() -> None:
    assert [written(date(2026, 3, 2)), written(None)] == ["02-03-2026", ""]


class Entry(NamedTuple):
    kind: str
    jp: int
    active_days: tuple[date, ...]


DAY = st.integers(0, 9).map(lambda n: date(2026, 3, 1) + timedelta(days=n))
ENTRY = st.builds(
    Entry,
    st.sampled_from(["16", "8"]),
    st.integers(1, 12),
    st.lists(DAY, max_size=4, unique=True).map(tuple),
)


@given(st.lists(ENTRY, max_size=8), st.integers(1, 4))
def test_what_counts_is_shared_out_without_loss(entries: list[Entry], per_day: int) -> None:
    shares = hour_rules.allotted(entries, per_day)
    assert sum(shares) == hour_rules.countable(entries, per_day)
    assert all(0 <= share <= entry.jp for share, entry in zip(shares, entries, strict=True))
