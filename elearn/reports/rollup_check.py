"""The counters of branches held against the journal, in little memory: a sum for each branch.

Each counter of each cell has a weight of its own, which nobody can foresee; so two sums agree where
the counters do.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from elearn.database import db
from elearn.reports import branch_months, rollups, study_counts
from elearn.reports.models import BranchMonth
from elearn.reports.study_counts import Cell, Counts

FETCHED_AT_ONCE = 2000
Events = Mapping[int, Sequence[Mapping[str, Any]]]


class Check:
    """Takes the events of everybody, some people at a time; begins and ends in one snapshot()."""

    table = BranchMonth.__tablename__

    def __init__(self) -> None:
        self._here = rollups.position()
        self._paths = branch_months.counted_paths()
        self._salt = secrets.token_bytes(16)
        self._sums: Counter[int] = Counter()

    def take(self, events: Events) -> None:
        """Add what some people's events should have added."""
        if self._here is None or not self._here.is_whole:
            return
        for happened in events.values():
            known = (event for event in happened if event["id"] <= self._here.event_id)
            for cell, counts in study_counts.of_person(known).items():
                self._add(cell, counts)

    def wrong(self) -> Iterator[int]:
        """The units whose counters are not what the journal says."""
        if self._here is None or not self._here.is_whole:
            return
        stored = self._stored()
        for unit_id in sorted(self._sums.keys() | stored.keys()):
            if self._sums[unit_id] != stored[unit_id]:
                yield unit_id

    def _add(self, cell: Cell, counts: Counts) -> None:
        for key in branch_months.keys_of(cell, self._paths):
            self._sums[key.unit_id] += self._weight(key, counts)

    def _stored(self) -> Counter[int]:
        sums: Counter[int] = Counter()
        wanted = select(*BranchMonth.__table__.c)
        options = {"yield_per": FETCHED_AT_ONCE}
        for row in db.session.execute(wanted, execution_options=options):
            sums[row.unit_id] += self._weight(Cell(*row[:4]), Counts(*row[4:]))
        return sums

    def _weight(self, key: Cell, counts: Counts) -> int:
        return sum(
            count * hash((self._salt, key[1:], at)) for at, count in enumerate(counts) if count
        )
