"""What a position requires, less what was assessed, with the evidence since beside it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Standing(StrEnum):
    """Where a person stands in one competency."""

    NOT_ASSESSED = "not_assessed"
    MET = "met"
    SHORT = "short"
    # Short, or not assessed yet, with evidence that supports the required level.
    SUPPORTED = "supported"
    # The position asks nothing; evidence is shown all the same.
    NOT_REQUIRED = "not_required"


class Held(NamedTuple):
    """The newest assessed level and its day."""

    level: int
    assessed_on: date


class Support(NamedTuple):
    """Evidence up to a level, and the WIB day it came."""

    code: str
    level: int
    day: date


@dataclass(frozen=True)
class Gap:
    """One competency of one person against one requirement."""

    code: str
    required: int | None
    held: Held | None
    # The highest level that evidence supports since the assessment, 0 without any.
    supported: int

    @property
    def missing(self) -> int:
        """Levels short of the requirement; a competency not assessed counts as none held."""
        return max((self.required or 0) - (self.held.level if self.held else 0), 0)

    @property
    def standing(self) -> Standing:
        if self.required is None:
            return Standing.NOT_REQUIRED
        if self.held is not None and self.missing == 0:
            return Standing.MET
        if self.supported >= self.required:
            return Standing.SUPPORTED
        return Standing.NOT_ASSESSED if self.held is None else Standing.SHORT


def asked(of_class: Mapping[str, int], of_position: Mapping[str, int | None]) -> dict[str, int]:
    """What a position asks: its own level before its class's, and 0 of either asks nothing."""
    own = {code: level for code, level in of_position.items() if level is not None}
    return {code: level for code, level in {**of_class, **own}.items() if level}


def of(
    codes: Iterable[str],
    required: Mapping[str, int],
    held: Mapping[str, Held],
    evidence: Iterable[Support],
) -> list[Gap]:
    """One gap for each code that is required, assessed or supported, in the order of the codes."""
    supported = _supported_since(held, evidence)
    touched = required.keys() | held.keys() | supported.keys()
    return [
        Gap(code, required.get(code), held.get(code), supported.get(code, 0))
        for code in codes
        if code in touched
    ]


def _supported_since(held: Mapping[str, Held], evidence: Iterable[Support]) -> dict[str, int]:
    """Evidence of the day of an assessment or before it is contained in the assessed level."""
    highest: dict[str, int] = {}
    for item in evidence:
        assessed = held.get(item.code)
        if assessed is None or item.day > assessed.assessed_on:
            highest[item.code] = max(highest.get(item.code, 0), item.level)
    return highest
