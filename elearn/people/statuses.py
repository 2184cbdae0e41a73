"""The employment statuses."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Employment status; a column of its own that the NIP may hint but never decides."""

    PNS = "pns"
    CPNS = "cpns"
    PPPK = "pppk"
    PPPK_PART_TIME = "pppk_pw"

    @property
    def is_pppk(self) -> bool:
        return self in {Status.PPPK, Status.PPPK_PART_TIME}
