"""Which golongan go with which status. The names of the ranks are printed by competency."""

from __future__ import annotations

from elearn.people.statuses import Status

_ROMANS: tuple[str, ...] = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_ROMANS += ("XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII")
# PP 11/2017 jo PP 17/2020: four golongan of four ruang, the last with a fifth.
PNS_GRADES = (*(f"{roman}/{room}" for roman in _ROMANS[:4] for room in "abcd"), "IV/e")
PPPK_GRADES = _ROMANS


def of(status: Status) -> tuple[str, ...]:
    """The grades that may go with a status."""
    return PPPK_GRADES if status.is_pppk else PNS_GRADES


def fits(status: Status, grade: str) -> bool:
    """Whether a grade may go with a status; none is known for everybody."""
    return not grade or grade in of(status)
