"""Which unit a file means by a name and the name of the one above; asks no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from elearn.people.names import fold
from elearn.people.units import UnitNode, path_ids


class Named(NamedTuple):
    """A unit as a file writes it, folded; ``parent`` may be empty."""

    unit: str
    parent: str


def named(unit: str, parent: str) -> Named:
    """The names as they are compared and remembered."""
    return Named(fold(unit), "" if fold(parent) == fold(unit) else fold(parent))


class UnitNames:
    """The tree by names, with what people have said of other writings before.

    ``closed`` are units that are closed, with the one they were merged into, if any: a name of
    theirs means that one.
    """

    def __init__(
        self,
        nodes: Iterable[UnitNode],
        aliases: Mapping[Named, int],
        closed: Mapping[int, int | None],
    ) -> None:
        self._nodes = {node.id: node for node in nodes}
        self._aliases, self._closed = aliases, closed
        self._by_name: dict[str, list[UnitNode]] = defaultdict(list)
        for node in self._nodes.values():
            self._by_name[fold(node.name)].append(node)

    def find(self, wanted: Named) -> UnitNode | None:
        """The one open unit that is meant; None where there is none or more than one."""
        known = self._open(self._aliases.get(wanted))
        if known is not None:
            return known
        same = self._by_name.get(wanted.unit, [])
        if wanted.parent:
            same = [node for node in same if self._lies_below(node, wanted.parent)]
        found = {unit.id: unit for node in same if (unit := self._open(node.id))}
        return next(iter(found.values())) if len(found) == 1 else None

    def _open(self, unit_id: int | None) -> UnitNode | None:
        """The unit, or the one it went into."""
        seen: set[int] = set()
        while unit_id is not None and unit_id in self._closed and unit_id not in seen:
            seen.add(unit_id)
            unit_id = self._closed[unit_id]
        return None if unit_id is None or unit_id in seen else self._nodes.get(unit_id)

    def _lies_below(self, node: UnitNode, parent: str) -> bool:
        above = path_ids(node.path)[:-1]
        named_so = any(fold(unit.name) == parent for unit in map(self._nodes.get, above) if unit)
        return named_so or self._aliases.get(Named(parent, "")) in above
