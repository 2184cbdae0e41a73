"""What SIASN takes of something finished, and what it would refuse (riwayat kursus). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

STRUCTURAL = "1"
# People write so where a certificate has no number.
NO_NUMBERS = ("", "-", "--", "---", ".", "0", "tanpa nomor", "tidak ada", "nihil", "n/a")
_UNSAFE = re.compile(r"[^A-Za-z0-9]+")


class Fault(StrEnum):
    """Why SIASN would refuse a record."""

    NO_NUMBER = "no_number"
    NO_HOURS = "no_hours"
    NO_DATES = "no_dates"
    ENDS_BEFORE_START = "ends_before_start"
    NO_ORGANISER = "no_organiser"
    # Its certificate was taken back.
    REVOKED = "revoked"
    # Leadership training goes to another history of BKN.
    STRUCTURAL = "structural"


@dataclass(frozen=True)
class Record:
    """Something finished, in the words of SIASN. ``jp`` is the figure the agency sends."""

    nip: str
    kind: str
    kind_name: str
    flag: str
    title: str
    organiser: str
    number: str
    jp: int
    started_on: date | None
    ended_on: date | None
    file_name: str
    is_revoked: bool = False

    @property
    def faults(self) -> list[Fault]:
        return [fault for fault, holds in self._checks() if holds]

    def _checks(self) -> list[tuple[Fault, bool]]:
        first, last = self.started_on, self.ended_on
        return [
            (Fault.NO_NUMBER, is_no_number(self.number)),
            (Fault.NO_HOURS, self.jp < 1),
            (Fault.NO_DATES, first is None or last is None),
            (Fault.ENDS_BEFORE_START, bool(first and last and last < first)),
            (Fault.NO_ORGANISER, not self.organiser.strip()),
            (Fault.REVOKED, self.is_revoked),
            (Fault.STRUCTURAL, self.kind == STRUCTURAL),
        ]


def is_no_number(number: str) -> bool:
    """Whether what stands in the place of a certificate number is none."""
    return number.strip().casefold() in NO_NUMBERS


def written(day: date | None) -> str:
    """A day as SIASN writes it: DD-MM-YYYY."""
    return f"{day:%d-%m-%Y}" if day else ""


def safe_name(number: str) -> str:
    """A certificate number as a part of a file name."""
    return _UNSAFE.sub("-", number).strip("-")[:80] or "tanpa-nomor"
