"""Rank and grade as they are printed: pangkat for PNS, golongan alone for PPPK."""

from __future__ import annotations

from functools import cache

from elearn.competency import seed
from elearn.people.models import Status


def printed(status: Status, grade: str) -> str:
    """``Penata Muda Tingkat I (III/b)`` or ``Golongan IX``; empty where there is no grade."""
    if not grade:
        return ""
    if Status(status).is_pppk:
        return f"Golongan {grade}"
    name = pangkat().get(grade)
    return f"{name} ({grade})" if name else grade


@cache
def pangkat() -> dict[str, str]:
    """The name of each PNS grade."""
    return {row["code"]: row["pangkat"] for row in seed.read("pangkat")["pns"]}


def number_label(status: Status) -> str:
    """What the number of a person is called on paper."""
    return "NI PPPK" if Status(status).is_pppk else "NIP"
