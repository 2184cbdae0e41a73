"""How a competency reads: name, meaning, and what each of five levels looks like. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from elearn import canonical
from elearn.errors import Invalid

LEVELS = range(1, 6)
MAX_NAME = 120
MAX_TEXT = 2000
MAX_BASIS = 400
MAX_INDICATOR = 400
MOST_INDICATORS = 20


@dataclass(frozen=True)
class LevelWording:
    """One level; ``name`` is empty where the common scale names it."""

    text: str
    name: str = ""
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wording:
    """A whole competency; ``levels`` are the five, from 1. ``basis`` is what it rests on."""

    name: str
    definition: str
    levels: tuple[LevelWording, ...]
    basis: str = ""

    @property
    def numbered(self) -> dict[int, LevelWording]:
        """The levels by their number."""
        return dict(zip(LEVELS, self.levels, strict=False))


class Difference(NamedTuple):
    """A part that two wordings say differently; ``level`` is 0 for the competency as a whole."""

    part: str
    level: int
    before: str
    after: str


def tidy(wording: Wording) -> Wording:
    """The same without space around its texts and without empty indicators."""
    levels = tuple(
        LevelWording(
            " ".join(level.text.split()),
            " ".join(level.name.split()),
            tuple(text for each in level.indicators if (text := " ".join(each.split()))),
        )
        for level in wording.levels
    )
    return replace(
        wording,
        name=" ".join(wording.name.split()),
        definition=" ".join(wording.definition.split()),
        basis=" ".join(wording.basis.split()),
        levels=levels,
    )


def check(wording: Wording) -> None:
    """Raise Invalid with the field (``text_3`` for the text of level 3) for what cannot stand."""
    _check_text("name", wording.name, MAX_NAME)
    _check_text("definition", wording.definition, MAX_TEXT)
    _check_text("basis", wording.basis, MAX_BASIS, required=False)
    if len(wording.levels) != len(LEVELS):
        raise Invalid("missing", f"text_{min(len(wording.levels) + 1, LEVELS[-1])}")
    for number, level in wording.numbered.items():
        _check_text(f"text_{number}", level.text, MAX_TEXT)
        _check_text(f"name_{number}", level.name, MAX_NAME, required=False)
        if len(level.indicators) > MOST_INDICATORS:
            raise Invalid("many_indicators", f"indicators_{number}")
        for text in level.indicators:
            _check_text(f"indicators_{number}", text, MAX_INDICATOR)


def _check_text(field: str, text: str, longest: int, *, required: bool = True) -> None:
    if required and not text:
        raise Invalid("missing", field)
    if len(text) > longest:
        raise Invalid("too_long", field)


def frozen(wording: Wording) -> str:
    """The one text of a wording."""
    levels = [[each.name, each.text, list(each.indicators)] for each in wording.levels]
    told = {"name": wording.name, "definition": wording.definition, "basis": wording.basis}
    return canonical.text({**told, "levels": levels})


def thawed(text: str) -> Wording:
    """The wording of a frozen text."""
    told: dict[str, Any] = json.loads(text)
    levels = (LevelWording(said, name, tuple(listed)) for name, said, listed in told["levels"])
    return Wording(told["name"], told["definition"], tuple(levels), told["basis"])


def parts(wording: Wording) -> Mapping[tuple[int, str], str]:
    """Every part by its level, 0 for the whole, and its name; indicators one a line."""
    return dict(_parts(wording))


def _parts(wording: Wording) -> Iterator[tuple[tuple[int, str], str]]:
    yield (0, "name"), wording.name
    yield (0, "definition"), wording.definition
    yield (0, "basis"), wording.basis
    for number, level in wording.numbered.items():
        yield (number, "name"), level.name
        yield (number, "text"), level.text
        yield (number, "indicators"), "\n".join(level.indicators)


def differences(before: Wording, after: Wording) -> list[Difference]:
    """What the second says otherwise, in the order of the pages."""
    was, told = parts(before), parts(after)
    return [
        Difference(part, level, was.get((level, part), ""), told.get((level, part), ""))
        for level, part in dict.fromkeys([*was, *told])
        if was.get((level, part), "") != told.get((level, part), "")
    ]
