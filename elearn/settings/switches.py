"""Capabilities that the agency may turn off: their pages are gone then, what was kept stays.

A capability is here only where nothing else breaks without it; ``docs/decisions`` says which are
not, and why. Its entry in ``registry.py`` tells people what stays. Its views are marked with
``@access.part_of``, its links and places ask ``current_user.has``.
"""

from __future__ import annotations

from enum import StrEnum


class Switch(StrEnum):
    """A capability, by the key of its setting."""

    OUTSIDE_SUBMISSION = "switch_outside_submission"
    WAY = "switch_way"
    TEAM = "switch_team"
    PRETEST = "switch_pretest"
    BADGE = "switch_badge"
    FILE_CHECK = "switch_file_check"
    SIASN = "switch_siasn"
    DELEGATION = "switch_delegation"
    ANNOUNCEMENTS = "switch_announcements"
    ANALYSIS = "switch_analysis"
    EXCHANGE = "switch_exchange"


PREFIX = "switch_"
