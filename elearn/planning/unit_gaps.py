"""The gaps of a branch as a heat map of units by competencies, and the people behind a cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from elearn.competency import framework
from elearn.competency.gaps import Standing
from elearn.people.actors import Actor
from elearn.people.models import Person
from elearn.people.units import UnitNode
from elearn.planning import heat, standings
from elearn.planning.heat import Cell, Count, Row
from elearn.planning.standings import Aim, PersonGaps
from elearn.reports import branch
from elearn.reports.branch import Page
from elearn.reports.filters import Wanted

FIRST = (Standing.SHORT, Standing.NOT_ASSESSED, Standing.SUPPORTED)


@dataclass(frozen=True)
class HeatMap:
    """Units by competencies: ``codes`` are the columns, ``whole`` the branch in one row.

    ``asked`` counts the people whose position asks something, ``assessed`` those of them with any
    assessed level.
    """

    codes: list[str]
    names: Mapping[str, str]
    rows: list[Row]
    whole: tuple[Cell | None, ...]
    people: int
    asked: int
    assessed: int

    @property
    def has_hidden(self) -> bool:
        return any(any(row.hidden) for row in self.rows)


def conditions(actor: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The active people of the branch that is looked at, within the actor's reach."""
    return [branch.scope(actor, wanted), Person.active.is_(True)]


def heat_map(actor: Actor, wanted: Wanted, nodes: Sequence[UnitNode], aim: Aim) -> HeatMap:
    """The units directly below the one asked for, each with everything below it; six statements."""
    people = standings.of_people(conditions(actor, wanted), aim)
    groups = _groups(nodes, wanted.unit)
    counts: dict[tuple[int, str], Count] = defaultdict(Count)
    for person in people:
        key = _group_of(person.unit_path, groups)
        for gap in person.gaps:
            if gap.required and gap.held:
                counts[key, gap.code] = counts[key, gap.code].plus(Count(1, int(gap.missing > 0)))
    names = framework.names()
    asked = {gap.code for person in people for gap in person.gaps if gap.required}
    codes = [code for code in names if code in asked]
    filled = {key for key, _ in counts}
    labels = {node.id: node.name for node in groups if node.id in filled}
    return HeatMap(
        codes,
        names,
        heat.rows(labels, codes, counts),
        tuple(heat.cell(_sum(counts, code)) for code in codes),
        len(people),
        sum(1 for person in people if any(gap.required for gap in person.gaps)),
        sum(1 for person in people if any(gap.required and gap.held for gap in person.gaps)),
    )


def _sum(counts: Mapping[tuple[int, str], Count], code: str) -> Count:
    total = Count()
    for (_, each), count in counts.items():
        total = total.plus(count) if each == code else total
    return total


def _groups(nodes: Sequence[UnitNode], unit: UnitNode | None) -> list[UnitNode]:
    """The unit looked at and those directly below it; without one, the highest within reach."""
    tops = [node for node in nodes if node.depth == 0]
    top = unit or (tops[0] if len(tops) == 1 else None)
    if top is None:
        return tops
    below = [n for n in nodes if n.path.startswith(top.path) and n.depth == top.depth + 1]
    return [*below, top]


def _group_of(path: str, groups: Sequence[UnitNode]) -> int:
    """The longest unit that a path lies in."""
    within = [node for node in groups if path.startswith(node.path)]
    return max(within, key=lambda node: len(node.path)).id


def people_of(actor: Actor, wanted: Wanted, aim: Aim, code: str) -> list[PersonGaps]:
    """The people behind a cell whose level falls short or is not known, the furthest first."""
    framework.described(code)
    found = [
        person
        for person in standings.of_people(conditions(actor, wanted), aim)
        if (gap := person.gap(code)) and gap.standing in FIRST
    ]
    return sorted(found, key=lambda person: _rank(person, code))


def people_page(actor: Actor, wanted: Wanted, aim: Aim, code: str) -> Page[PersonGaps]:
    """One page of them; past the end it is the last."""
    found = people_of(actor, wanted, aim, code)
    pages = branch.pages(len(found))
    number = min(wanted.number, pages)
    first = (number - 1) * branch.PAGE_SIZE
    return Page(found[first : first + branch.PAGE_SIZE], number, pages, len(found))


def _rank(person: PersonGaps, code: str) -> tuple[int, int]:
    gap = person.gap(code)
    return (FIRST.index(gap.standing), -gap.missing) if gap else (len(FIRST), 0)
