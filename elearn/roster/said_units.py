"""What somebody types of units that a file names: read from a form, and offered in one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from elearn.people import units
from elearn.people.actors import Actor
from elearn.people.names import fold
from elearn.people.units import UnitNode
from elearn.roster.deciding import MOST_UNITS, Asked, Said, unknown_units
from elearn.roster.models import RosterImport

IN_BRACKETS = re.compile(r"\[(\d{1,9})\]\s*$")


class Wrong(NamedTuple):
    """The line of the form that is not understood, and why."""

    line: int
    reason: str


def offered(actor: Actor, row: RosterImport) -> list[Asked]:
    """The units to be said, as many as one form holds."""
    del actor
    return unknown_units(row)[:MOST_UNITS]


def choices(actor: Actor) -> list[str]:
    """Every unit the actor acts in, as the form writes it: its name and its number."""
    return [written(node) for node in _acting(actor)]


def written(node: UnitNode) -> str:
    """A unit as it is offered and read."""
    return f"{node.name} [{node.id}]"


def _acting(actor: Actor) -> list[UnitNode]:
    return [node for node in units.tree_in_reach(actor) if actor.acts_in(node.path)]


def read(actor: Actor, sent: Mapping[str, str]) -> list[Said] | Wrong:
    """What was said of each unit; those left open are asked again."""
    nodes = _acting(actor)
    new = {fold(sent.get(f"file-{at}", "")) for at in range(MOST_UNITS)} - {""}
    said: list[Said] = []
    for at in range(MOST_UNITS):
        unit, parent = sent.get(f"file-{at}", ""), sent.get(f"parent-{at}", "")
        answer = sent.get(f"act-{at}", "")
        if not unit or answer not in {"new", "same"}:
            continue
        typed = sent.get(f"unit-{at}" if answer == "same" else f"above-{at}", "").strip()
        found = meant(typed, nodes)
        if answer == "same":
            if found is None:
                return Wrong(at, "unit_not_found")
            said.append(Said(at, unit, parent, unit_id=found.id))
        else:
            if typed and found is None and fold(typed) not in new:
                return Wrong(at, "above_not_found")
            if not sent.get(f"name-{at}", "").strip():
                return Wrong(at, "name_missing")
            above = None if found is None else found.id
            said.append(
                Said(
                    at,
                    unit,
                    parent,
                    None,
                    sent[f"name-{at}"].strip(),
                    above,
                    typed if not found else "",
                )
            )
    return said


def meant(typed: str, nodes: list[UnitNode]) -> UnitNode | None:
    """The unit that was typed: by its number, else by its name where it is the only one."""
    number = IN_BRACKETS.search(typed)
    if number:
        return next((node for node in nodes if node.id == int(number[1])), None)
    same = [node for node in nodes if fold(node.name) == fold(typed)]
    return same[0] if len(same) == 1 else None
