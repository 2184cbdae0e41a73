"""Kinds of values a setting may have: what each accepts, and how it is told to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from elearn import number_patterns

LONGEST_MONTHS = 600
# The numbers of a form of learning, and the most each may be.
CONVERSION_NUMBERS = {"jp": 400, "most_a_month": 31, "abroad_percent": 200, "abroad_jp": 400}


def _(text: str, **values: Any) -> str:
    return str(gettext(text, **values))


class Floor(StrEnum):
    """Which figure is held against the floor of the year and goes to SIASN."""

    EARNED = "earned"
    COUNTABLE = "countable"


class Numbering(StrEnum):
    """Where the numbers of certificates come from."""

    AUTOMATIC = "automatic"  # the pattern and a serial
    REGISTER = "register"  # what HR of the agency enters from the office register


class Kind(Protocol):
    """What a setting may be."""

    def __call__(self, value: Any, /) -> bool:
        """Whether a value is of this kind and within its bounds."""
        ...

    def told(self, value: Any) -> str:
        """An accepted value in words."""
        ...

    @property
    def bounds(self) -> str:
        """What is accepted, in words."""
        ...


@dataclass(frozen=True)
class Text:
    """A text, so many letters long without the space around it; of one line if ``is_line``."""

    longest: int
    shortest: int = 1
    is_line: bool = True

    def __call__(self, value: Any) -> bool:
        if not isinstance(value, str) or (self.is_line and not value.isprintable()):
            return False
        return self.shortest <= len(value.strip()) <= self.longest

    def told(self, value: Any) -> str:
        return str(value) or _("(kosong)")

    @property
    def bounds(self) -> str:
        return _("%(least)s–%(most)s huruf", least=self.shortest, most=self.longest)


@dataclass(frozen=True)
class Whole:
    """A whole number between two others, both included; ``unit`` is what it counts."""

    low: int
    high: int
    unit: Any = ""

    def __call__(self, value: Any) -> bool:
        return type(value) is int and self.low <= value <= self.high

    def told(self, value: Any) -> str:
        return f"{value} {self.unit}".strip()

    @property
    def bounds(self) -> str:
        return f"{self.low}–{self.high} {self.unit}".strip()


@dataclass(frozen=True)
class YesNo:
    """It holds or it does not."""

    def __call__(self, value: Any) -> bool:
        return isinstance(value, bool)

    def told(self, value: Any) -> str:
        return _("ya") if value else _("tidak")

    @property
    def bounds(self) -> str:
        return _("ya atau tidak")


@dataclass(frozen=True)
class OnOff(YesNo):
    """A capability is there, or it is turned off."""

    def told(self, value: Any) -> str:
        return _("aktif") if value else _("dimatikan")

    @property
    def bounds(self) -> str:
        return _("aktif atau dimatikan")


@dataclass(frozen=True)
class OneOf:
    """One of a few words; ``options`` are what people read for each."""

    options: Mapping[str, Any]

    def __call__(self, value: Any) -> bool:
        return isinstance(value, str) and value in self.options

    def told(self, value: Any) -> str:
        return str(self.options[value])

    @property
    def bounds(self) -> str:
        return _("salah satu dari %(count)s pilihan", count=len(self.options))


@dataclass(frozen=True)
class SomeOf:
    """Any number of a few words, none included, in the order of ``options``."""

    options: Mapping[str, Any]

    def __call__(self, value: Any) -> bool:
        chosen = value if isinstance(value, list) else [None]
        return chosen == [option for option in self.options if option in chosen]

    def told(self, value: Any) -> str:
        return ", ".join(str(self.options[option]) for option in value) or _("tidak ada")

    @property
    def bounds(self) -> str:
        return _("beberapa dari %(count)s pilihan", count=len(self.options))


@dataclass(frozen=True)
class DayCounts:
    """Days before (negative: after) something, each once and the earliest first; none is none."""

    low: int
    high: int
    most: int

    def __call__(self, value: Any) -> bool:
        days = value if isinstance(value, list) and len(value) <= self.most else [None]
        are_days = all(map(Whole(self.low, self.high), days))
        return are_days and days == sorted(set(days), reverse=True)

    def told(self, value: Any) -> str:
        if not value:
            return _("tidak diberi tahu")
        return _("%(days)s hari", days=", ".join(map(str, value)))

    @property
    def bounds(self) -> str:
        return _(
            "paling banyak %(most)s bilangan, masing-masing %(low)s sampai %(high)s",
            most=self.most,
            low=self.low,
            high=self.high,
        )


@dataclass(frozen=True)
class Day:
    """A day as 2026-11-24; empty for none, where ``may_lack``."""

    may_lack: bool = True

    def __call__(self, value: Any) -> bool:
        if value == "":
            return self.may_lack
        try:
            return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False

    def told(self, value: Any) -> str:
        return f"{date.fromisoformat(value):%d-%m-%Y}" if value else _("belum ditentukan")

    @property
    def bounds(self) -> str:
        return _("tanggal, boleh kosong") if self.may_lack else _("tanggal")


@dataclass(frozen=True)
class Part:
    """A line of a record, and what people read beside it."""

    label: Any
    text: Text


@dataclass(frozen=True)
class Record:
    """Lines of text by name, each of them there."""

    parts: Mapping[str, Part]

    def __call__(self, value: Any) -> bool:
        is_whole = isinstance(value, dict) and value.keys() == self.parts.keys()
        return is_whole and all(part.text(value[name]) for name, part in self.parts.items())

    def told(self, value: Any) -> str:
        return "; ".join(filter(None, (value[name] for name in self.parts))) or _("(kosong)")

    @property
    def bounds(self) -> str:
        return ", ".join(f"{part.label}: {part.text.bounds}" for part in self.parts.values())


@dataclass(frozen=True)
class NumberPattern:
    """How numbers of certificates are made up; see ``number_patterns``."""

    def __call__(self, value: Any) -> bool:
        return not number_patterns.fault(value)

    def told(self, value: Any) -> str:
        return str(value)

    @property
    def bounds(self) -> str:
        return _("memuat {serial} dan {year}, boleh {unit} dan {month_roman}")


@dataclass(frozen=True)
class Months:
    """Months by a name, 0 for what is kept for good; edited on a page of its own."""

    def __call__(self, value: Any) -> bool:
        return isinstance(value, dict) and all(map(Whole(0, LONGEST_MONTHS), value.values()))

    def told(self, value: Any) -> str:
        return _("%(count)s jenis ditetapkan", count=len(value)) if value else _("bawaan")

    @property
    def bounds(self) -> str:
        return _("bulan untuk tiap jenis, 0 berarti selamanya")


@dataclass(frozen=True)
class Conversion:
    """Numbers that differ from the seed, by kind of training; edited on a page of their own."""

    def __call__(self, value: Any) -> bool:
        return isinstance(value, dict) and all(map(_are_numbers, value.values()))

    def told(self, value: Any) -> str:
        return _("%(count)s bentuk diubah", count=len(value)) if value else _("bawaan")

    @property
    def bounds(self) -> str:
        return _("empat bilangan untuk tiap bentuk")


def _are_numbers(numbers: Any) -> bool:
    return (
        isinstance(numbers, dict)
        and set(numbers) <= set(CONVERSION_NUMBERS)
        and all(Whole(0, CONVERSION_NUMBERS[name])(held) for name, held in numbers.items())
    )


SIGNER = Record({"name": Part(_l("Nama"), Text(120, 0)), "title": Part(_l("Jabatan"), Text(160))})
OFFICER = Record(
    {"name": Part(_l("Nama"), Text(120, 0)), "contact": Part(_l("Hubungan"), Text(200, 0))}
)
