"""Which figure SIASN is sent: the JP earned, or those that count where the agency says so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from elearn import settings
from elearn.competency import hour_rules
from elearn.competency.events import Source
from elearn.competency.hours import PER_DAY
from elearn.competency.models import HoursEntry, HoursYear
from elearn.people.models import Person
from elearn.reports import branch
from elearn.reports.filters import Wanted
from elearn.settings import Floor

# JP by what brought them, where they are not those that were earned.
Cut = Mapping[Source, int]
KEY = (HoursEntry.person_id, HoursEntry.source_kind, HoursEntry.source_id)


def cut_of(wanted: Wanted) -> dict[Source, int]:
    """The JP of entries that count less than they earned, in years whose setting sends what counts.

    Few people learn more in a day than counts, so their entries alone are read.
    """
    short = (
        select(HoursYear.person_id, HoursYear.year)
        .join(Person, Person.id == HoursYear.person_id)
        .where(HoursYear.countable_jp < HoursYear.earned_jp, *branch.who(wanted))
    )
    found = branch.read(short)
    held = {year: settings.of_year(year) for year in {row.year for row in found}}
    counting = {year for year, values in held.items() if _sends_countable(values)}
    people = {(row.person_id, row.year) for row in found if row.year in counting}
    limits = {year: held[year][PER_DAY] for year in counting}
    return dict(_cut(people, limits)) if people else {}


def _sends_countable(values: Mapping[str, Any]) -> bool:
    return bool(values["floor_counts"] == Floor.COUNTABLE)


def _cut(people: set[tuple[int, int]], limits: Mapping[int, int]) -> Iterator[tuple[Source, int]]:
    entries: dict[tuple[int, int], list[_Entry]] = {key: [] for key in people}
    for entry in _entries(sorted({person for person, _year in people})):
        if (entry.person_id, entry.ended_on.year) in entries:
            entries[entry.person_id, entry.ended_on.year].append(entry)
    for (_person, year), found in entries.items():
        allotted = hour_rules.allotted(found, limits[year])
        yield from (
            (entry.source, jp) for entry, jp in zip(found, allotted, strict=True) if jp < entry.jp
        )


class _Entry(NamedTuple):
    source: Source
    person_id: int
    kind: str
    jp: int
    ended_on: date
    active_days: Sequence[date]


def _entries(people: Iterable[int]) -> Iterator[_Entry]:
    columns = (*KEY, HoursEntry.kind, HoursEntry.jp)
    wanted = (
        select(*columns, HoursEntry.ended_on, HoursEntry.days)
        .where(HoursEntry.person_id.in_(list(people)))
        .order_by(HoursEntry.ended_on, *KEY)
    )
    for row in branch.read(wanted):
        days = tuple(date.fromisoformat(day) for day in json.loads(row.days))
        source = Source(row.source_kind, row.source_id)
        yield _Entry(source, row.person_id, row.kind, row.jp, row.ended_on, days)
