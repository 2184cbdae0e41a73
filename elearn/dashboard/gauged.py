"""What the gauges tell of a branch, for the dashboard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select

from elearn.competency import framework
from elearn.dashboard import reading
from elearn.dashboard.gauges import NOBODY, Count, Kind
from elearn.dashboard.models import BranchGauge
from elearn.people.models import Status
from elearn.people.units import UnitNode
from elearn.planning import heat
from elearn.planning.heat import Cell
from elearn.reports import branch
from elearn.reports.filters import Wanted

MOST_NEEDS = 5
HEAT_COLUMNS = 6
SEXES = ("1", "2")  # as the digit of a NIP
_VALUES: tuple[Any, ...] = (BranchGauge.people, BranchGauge.matching, BranchGauge.is_hidden)


class Need(NamedTuple):
    """A competency in which assessed people fall short."""

    code: str
    name: str
    share: Count


class Group(NamedTuple):
    """A group of people with its share; ``cell`` is None where it may not be told."""

    key: str
    label: str
    people: int
    cell: Cell | None


@dataclass(frozen=True)
class HeatMap:
    """The units below by the competencies in which most fall short."""

    names: list[str]
    rows: list[tuple[UnitNode, list[Cell | None]]]


@dataclass(frozen=True)
class Gauged:
    """What was read off people when it was read last; ``access`` only of the two newest years."""

    read_ms: int | None
    floor_before: Count
    planned: Mapping[Status, Count]
    overdue: Count
    needs: list[Need]
    heat: HeatMap
    access: Mapping[Kind, list[Group]]


class _Told(NamedTuple):
    share: Count = NOBODY
    is_hidden: bool = False


_Gauges = Mapping[tuple[int, Kind, int, str], _Told]  # by unit, kind, year and key


def of(tops: Sequence[int], below: Sequence[UnitNode], wanted: Wanted) -> Gauged:
    """Three statements."""
    found = _read(tops, below, wanted)
    whole = _together(found, tops)
    names = framework.names()
    needs = _needs(whole, names)
    return Gauged(
        read_ms=reading.read_ms(),
        floor_before=whole[Kind.FLOOR, wanted.year - 1, ""].share,
        planned={
            status: whole[Kind.PLANNED, 0, status].share
            for status in Status
            if whole[Kind.PLANNED, 0, status].share.people
        },
        overdue=whole[Kind.OVERDUE, 0, ""].share,
        needs=needs[:MOST_NEEDS],
        heat=_heat(found, below, needs[:HEAT_COLUMNS]),
        access=_access(found, whole, below, wanted),
    )


def _read(tops: Sequence[int], below: Sequence[UnitNode], wanted: Wanted) -> _Gauges:
    """The gauges of the class asked for; of the units below, those by which they are compared."""
    gauge = BranchGauge.__table__.c
    compared = gauge.kind.in_((Kind.GAP.value, Kind.BY_UNIT.value))
    of_units = and_(gauge.unit_id.in_([node.id for node in below]), compared)
    in_class = gauge.position_class == wanted.position_class
    years = gauge.year.in_((0, wanted.year, wanted.year - 1))
    query = select(gauge.unit_id, gauge.kind, gauge.year, gauge.key, *_VALUES)
    where = (or_(gauge.unit_id.in_(tops), of_units), in_class, years)
    return {
        (row.unit_id, Kind(row.kind), row.year, row.key): _Told(
            Count(row.people, row.matching), row.is_hidden
        )
        for row in branch.read(query.where(*where))
    }


def _together(found: _Gauges, tops: Sequence[int]) -> Mapping[tuple[Kind, int, str], _Told]:
    """The gauges of several branches as one; hidden where one of them is."""
    sums: dict[tuple[Kind, int, str], _Told] = defaultdict(_Told)
    for (unit_id, kind, year, word), told in found.items():
        if unit_id in tops:
            held = sums[kind, year, word]
            hidden = held.is_hidden or told.is_hidden
            sums[kind, year, word] = _Told(held.share.plus(told.share), hidden)
    return sums


def _needs(whole: Mapping[tuple[Kind, int, str], _Told], names: Mapping[str, str]) -> list[Need]:
    """The competencies in which most people fall short."""
    found = [
        Need(code, names[code], told.share)
        for (kind, _, code), told in whole.items()
        if kind is Kind.GAP and not told.is_hidden and told.share.matching and code in names
    ]
    return sorted(found, key=lambda need: (-need.share.matching, need.name))


def _heat(found: _Gauges, below: Sequence[UnitNode], needs: Sequence[Need]) -> HeatMap:
    rows = [
        (node, [_cell(found.get((node.id, Kind.GAP, 0, need.code))) for need in needs])
        for node in below
    ]
    told = [(node, cells) for node, cells in rows if any(cells)]
    return HeatMap([need.name for need in needs], told)


def _cell(told: _Told | None) -> Cell | None:
    if told is None or told.is_hidden:
        return None
    return heat.cell(heat.Count(*told.share))


def _access(
    found: _Gauges,
    whole: Mapping[tuple[Kind, int, str], _Told],
    below: Sequence[UnitNode],
    wanted: Wanted,
) -> Mapping[Kind, list[Group]]:
    """Who has learnt anything in the year, by unit, status, class and sex."""
    if wanted.position_class:
        return {}
    labels = {row.key: row.name for row in framework.classes()}
    keys = {Kind.BY_STATUS: tuple(Status), Kind.BY_CLASS: (*labels, ""), Kind.BY_SEX: SEXES}
    groups = {Kind.BY_UNIT: _units(found, below, wanted.year)}
    for kind, order in keys.items():
        told = {key: whole[kind, wanted.year, key] for key in map(str, order)}
        groups[kind] = [
            Group(key, labels.get(key, ""), each.share.people, _cell(each))
            for key, each in told.items()
            if each.share.people
        ]
    return {kind: rows for kind, rows in groups.items() if rows}


def _units(found: _Gauges, below: Sequence[UnitNode], year: int) -> list[Group]:
    told = {node: found.get((node.id, Kind.BY_UNIT, year, "")) for node in below}
    return [
        Group(str(node.id), node.name, each.share.people, _cell(each))
        for node, each in told.items()
        if each
    ]
