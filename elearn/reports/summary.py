"""The people of a branch: how many by status, the floor of the year, unit by unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, case, func, select

from elearn.competency.models import HoursYear
from elearn.people import units
from elearn.people.models import Person, Status, Unit
from elearn.people.units import UnitNode
from elearn.reports import branch, people
from elearn.reports.branch import AnyRow
from elearn.reports.filters import Wanted
from elearn.reports.people import Rules

LOWEST_SHARE_OF_UNITS = 3


@dataclass(frozen=True)
class Share:
    """How many PNS of a unit and all below meet the floor."""

    unit_id: int
    label: str
    meeting: int
    bound: int
    low: bool = False

    @property
    def percent(self) -> float:
        return 100 * self.meeting / self.bound if self.bound else 0.0


@dataclass(frozen=True)
class Summary:
    """The people of a branch in a year. ``shares`` are the units below it, the best first."""

    by_status: dict[Status, int]
    whole: Share
    shares: list[Share]
    rules: Rules

    @property
    def people(self) -> int:
        return sum(self.by_status.values())


def of(scope: ColumnElement[bool], wanted: Wanted, nodes: Sequence[UnitNode]) -> Summary:
    """The summary of the people a condition on Unit holds for; two statements.

    ``nodes`` are the units among which those below are found.
    """
    rules = people.rules_of(wanted.year)
    counts = _counts(scope, wanted, rules)
    by_status: Counter[Status] = Counter()
    for row in counts:
        by_status[Status(row.status)] += row.people
    whole = _share(0, wanted.unit.name if wanted.unit else "", counts)
    below = children(wanted.unit, nodes)
    inside = _by_unit(below, counts)
    shares = [_share(node.id, node.name, inside[node.id]) for node in below]
    return Summary(
        {status: by_status[status] for status in Status if by_status[status]},
        whole,
        _ranked([share for share in shares if share.bound], whole),
        rules,
    )


def _counts(scope: ColumnElement[bool], wanted: Wanted, rules: Rules) -> Sequence[AnyRow]:
    """People and those who meet the floor, by unit and status; one statement."""
    meets = func.sum(case((rules.counted >= rules.floor, 1), else_=0))
    status = branch.status_in(wanted.year).label("status")
    statement = (
        select(Unit.path, status, func.count().label("people"), meets.label("meeting"))
        .select_from(Person)
        .join(Unit, Unit.id == branch.unit_in(wanted.year))
        .outerjoin(HoursYear, people.hours_of(wanted.year))
        .where(Person.active, scope, *branch.holds_class(wanted))
        .group_by(Unit.path, status)
    )
    return branch.read(statement)


def children(unit: UnitNode | None, nodes: Sequence[UnitNode]) -> list[UnitNode]:
    """The units right below one; below a single top when none was asked for."""
    tops = [node for node in nodes if node.depth == 0]
    top = unit or (tops[0] if len(tops) == 1 else None)
    if top is None:
        return tops
    return [n for n in nodes if n.depth == top.depth + 1 and n.path.startswith(top.path)]


def _by_unit(found: Iterable[UnitNode], counts: Iterable[AnyRow]) -> Mapping[int, list[AnyRow]]:
    """The rows of each of some units and all below it; no unit lies in another."""
    held: dict[int, list[AnyRow]] = {node.id: [] for node in found}
    for row in counts:
        unit_id = next((id_ for id_ in units.path_ids(row.path) if id_ in held), None)
        if unit_id is not None:
            held[unit_id].append(row)
    return held


def _share(unit_id: int, label: str, counts: Iterable[AnyRow]) -> Share:
    bound = [row for row in counts if row.status == Status.PNS]
    meeting, people = sum(row.meeting for row in bound), sum(row.people for row in bound)
    return Share(unit_id, label, int(meeting), people)


def _ranked(shares: list[Share], whole: Share) -> list[Share]:
    """The best first; of the units below the whole, the last third is marked."""
    ranked = sorted(shares, key=lambda share: (-share.percent, share.label))
    first_low = len(ranked) - len(ranked) // LOWEST_SHARE_OF_UNITS
    return [
        replace(share, low=at >= first_low and share.percent < whole.percent)
        for at, share in enumerate(ranked)
    ]
