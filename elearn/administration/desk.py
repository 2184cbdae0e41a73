"""What the pages of settings show: each with what holds, since when, and who may change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from elearn import clock, settings
from elearn.people import setting_changes
from elearn.people.actors import Actor
from elearn.people.permissions import GRANTED, Permission, Role
from elearn.people.setting_changes import Dated
from elearn.settings import Group, Known
from elearn.settings.registry import GROUPS


@dataclass(frozen=True)
class Line:
    """A setting as it holds in a year; ``since`` is None while its default does.

    ``coming`` are the values of later years, the next first; ``roles`` those who change it.
    """

    known: Known
    value: Any
    words: str
    since: int | None
    coming: tuple[Dated, ...]
    may_change: bool
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Section:
    """A group of settings under its words."""

    group: Group
    label: Any
    lines: list[Line]


def overview(actor: Actor) -> list[Section]:
    """Every setting as it holds this year, group by group; one statement."""
    dated = setting_changes.dated(list(settings.REGISTRY))
    lines = [_line(known, dated[key], actor) for key, known in settings.REGISTRY.items()]
    return [
        Section(group, label, [line for line in lines if line.known.group is group])
        for group, label in GROUPS.items()
    ]


def line_of(key: str, actor: Actor) -> Line:
    """One setting as it holds this year; one statement. Raises NotFound."""
    known = settings.known(key)
    return _line(known, setting_changes.dated([key])[key], actor)


def _line(known: Known, dated: Sequence[Dated], actor: Actor) -> Line:
    year = clock.today().year
    held = next((each for each in dated if each.from_year <= year), None)
    value = held.value if held else known.default
    return Line(
        known=known,
        value=value,
        words=held.words if held else known.accepts.told(value),
        since=held.from_year if held else None,
        coming=tuple(reversed([each for each in dated if each.from_year > year])),
        may_change=setting_changes.may_change(actor, known),
        roles=roles_of(known),
    )


def roles_of(known: Known) -> tuple[Role, ...]:
    """The roles that change a setting."""
    permission = Permission(known.changed_with)
    return tuple(role for role, granted in GRANTED.items() if permission in granted)
