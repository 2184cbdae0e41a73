"""What HR of the agency decides about certificates; it holds from the present year on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from elearn import clock, settings
from elearn.people import setting_changes
from elearn.people.setting_changes import Wish

KEYS = (
    "certificate_pattern",
    "certificate_numbers",
    "certificate_needs_signature",
    "certificate_photo",
    "certificate_place",
    "certificate_signer",
)


def present() -> dict[str, Any]:
    """The values that hold this year."""
    held = settings.of_year(clock.today().year)
    return {key: held[key] for key in KEYS}


def change(actor_id: int, wanted: Mapping[str, Any]) -> list[str]:
    """Keep what differs from what holds; returns the keys that changed.

    Raises Invalid with the field "value" for what a setting does not accept.
    """
    held, year = present(), clock.today().year
    changed = [key for key in KEYS if wanted[key] != held[key]]
    for key in changed:
        setting_changes.change(actor_id, key, Wish(year, wanted[key]))
    return changed
