"""The pattern of an agency's certificate numbers: what is wrong with one, and filling it. Pure."""

from __future__ import annotations

import string
from typing import Any, NamedTuple

FIELDS = frozenset({"serial", "unit", "month_roman", "year"})
MAX_NUMBER_LENGTH = 80
MAX_UNIT_LENGTH = 40  # of a unit's code
MAX_WIDTH = 9
_LARGEST = {"serial": 999_999, "unit": "U" * MAX_UNIT_LENGTH, "month_roman": "VIII", "year": 2100}


class Part(NamedTuple):
    """Text, and the field that follows it; ``field`` is None at the end."""

    text: str
    field: str | None
    spec: str
    conversion: str | None


def fault(pattern: Any) -> str:
    """The reason why a pattern cannot be used, as one word; empty for a good one.

    A good pattern holds the serial and the year, and text between any two fields, so that no two
    numbers are alike.
    """
    if not isinstance(pattern, str) or not pattern.strip():
        return "pattern_missing"
    try:
        parts = [Part(*part) for part in string.Formatter().parse(pattern)]  # type: ignore[arg-type]
    except ValueError:
        return "pattern_braces"
    return _fault_of_fields(parts) or _fault_of_text(pattern, parts)


def fill(pattern: str, serial: int, unit: str, month_roman: str, year: int) -> str:
    """The number; ``unit`` is the code of the unit."""
    return pattern.format(serial=serial, unit=unit, month_roman=month_roman, year=year)


def _fault_of_fields(parts: list[Part]) -> str:
    named = [part for part in parts if part.field is not None]
    fields = [part.field for part in named]
    if not FIELDS.issuperset(fields):
        return "pattern_unknown_field"
    if any(part.conversion or not _is_width(part) for part in named):
        return "pattern_width"
    if "serial" not in fields:
        return "pattern_no_serial"
    return "" if "year" in fields else "pattern_no_year"


def _is_width(part: Part) -> bool:
    """Only the serial has one: 0 and a digit, as in {serial:04}."""
    if not part.spec:
        return True
    digit = part.spec[1:]
    in_range = digit in set("123456789")
    return part.field == "serial" and part.spec[0] == "0" and in_range


def _fault_of_text(pattern: str, parts: list[Part]) -> str:
    if any(not part.text for part in parts[1:] if part.field is not None):
        return "pattern_adjacent"
    shown = pattern.format(**_LARGEST)
    if not shown.isprintable() or shown != shown.strip():
        return "pattern_unprintable"
    return "pattern_too_long" if len(shown) > MAX_NUMBER_LENGTH else ""
