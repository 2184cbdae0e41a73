"""The gauges of branches from those of single units; which of them may not be told of. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from elearn.reports import small_groups
from elearn.reports.small_groups import Place

ALL_CLASSES = ""


class Kind(StrEnum):
    """What a gauge tells of people: whom it is asked of, and for whom it holds."""

    FLOOR = "floor"  # PNS; those at the JP floor of a year
    PLANNED = "planned"  # PPPK with a contract, by status; those within the ceiling of planned JP
    OVERDUE = "overdue"  # people asked of by an assignment, each time; those whose time is over
    GAP = "gap"  # people assessed in a competency that is asked of them; those who fall short
    # People; those with any JP in a year.
    BY_UNIT = "by_unit"
    BY_STATUS = "by_status"
    BY_CLASS = "by_class"
    BY_SEX = "by_sex"


ACCESS = (Kind.BY_UNIT, Kind.BY_STATUS, Kind.BY_CLASS, Kind.BY_SEX)
# Told of single position classes as well.
BY_POSITION = frozenset((Kind.FLOOR, Kind.PLANNED, Kind.OVERDUE))
# Told of no small group; the groups of the second are all people of a unit.
GUARDED = frozenset((Kind.GAP, *ACCESS))
PARTITIONS = frozenset((Kind.BY_STATUS, Kind.BY_CLASS, Kind.BY_SEX))


class Gauge(NamedTuple):
    """What is told of which unit."""

    unit_id: int
    position_class: str
    kind: Kind
    year: int
    key: str


class Count(NamedTuple):
    """People, and those of them for whom something holds."""

    people: int = 0
    matching: int = 0

    @property
    def others(self) -> int:
        return self.people - self.matching

    @property
    def percent(self) -> float:
        return 100 * self.matching / self.people if self.people else 0.0

    def plus(self, other: Count) -> Count:
        return Count(self.people + other.people, self.matching + other.matching)


NOBODY = Count()
Counts = Mapping[Gauge, Count]


def of_branches(counts: Counts, above: Mapping[int, list[int]]) -> dict[Gauge, Count]:
    """The gauges of units with all below them; ``above`` are the ids from the root to each."""
    sums: dict[Gauge, Count] = defaultdict(Count)
    for gauge, count in counts.items():
        classes = {ALL_CLASSES}
        if gauge.kind in BY_POSITION:
            classes.add(gauge.position_class)
        for unit_id in above.get(gauge.unit_id, ()):
            for name in classes:
                key = gauge._replace(unit_id=unit_id, position_class=name)
                sums[key] = sums[key].plus(count)
    return dict(sums)


def hidden(branches: Counts, parents: Mapping[int, int | None]) -> set[Gauge]:
    """The gauges that may not be told of."""
    sizes: dict[tuple[Kind, int], dict[int, dict[str, int]]] = defaultdict(dict)
    for gauge, count in branches.items():
        if gauge.kind in GUARDED:
            of_unit = sizes[gauge.kind, gauge.year].setdefault(gauge.unit_id, {})
            of_unit[gauge.key] = count.people
    found: set[Gauge] = set()
    for (kind, year), held in sizes.items():
        places: set[Place] = small_groups.hidden_in_tree(parents, held, whole=kind in PARTITIONS)
        found |= {Gauge(unit_id, ALL_CLASSES, kind, year, key) for unit_id, key in places}
    return found
