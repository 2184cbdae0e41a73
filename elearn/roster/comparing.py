"""What a row would change of a person. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from elearn.people.names import fold

# What an import sets, and takes back when it is undone.
IMAGE = (
    "nip",
    "name",
    "sort_name",
    "degrees_before",
    "degrees_after",
    "status",
    "grade",
    "unit_id",
    "position_name",
    "position_class",
    "contract_start",
    "contract_end",
    "whatsapp",
    "active",
)
EMPTY: dict[str, Any] = {
    "nip": "",
    "name": "",
    "sort_name": "",
    "degrees_before": "",
    "degrees_after": "",
    "status": "",
    "grade": "",
    "unit_id": None,
    "position_name": "",
    "position_class": "",
    "contract_start": None,
    "contract_end": None,
    "whatsapp": "",
    "active": True,
}

# What a placement keeps: another one of these begins a new placement.
POST = ("unit_id", "position_name", "position_class", "status", "grade")


class Kind(StrEnum):
    """What becomes of a person."""

    NEW = "new"
    MOVED = "moved"
    CHANGED = "changed"
    BACK = "back"
    LEAVER = "leaver"
    SAME = "same"
    REFUSED = "refused"


def merged(held: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The person after the import: what the row leaves out stays as it is held.

    A name that differs in capitals alone is the same name, so is a position.
    """
    after = {**held, **said, "active": True}
    if fold(after["name"]) == fold(held["name"]):
        after["name"] = held["name"] or after["name"]
    if fold(after["position_name"]) == fold(held["position_name"]) and held["position_name"]:
        after["position_name"] = held["position_name"]
        after["position_class"] = after["position_class"] or held["position_class"]
    if after["contract_start"] != held["contract_start"]:
        after["contract_end"] = said.get("contract_end")
    after["sort_name"] = fold(after["name"])
    return after


def kind_of(held: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Kind:
    """What the row does to the person who is held; None is nobody."""
    if held is None:
        return Kind.NEW
    if not held["active"]:
        return Kind.BACK
    if held["unit_id"] != after["unit_id"]:
        return Kind.MOVED
    return Kind.SAME if differences(held, after) == [] else Kind.CHANGED


def holds_another_post(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a new placement begins."""
    return any(before[name] != after[name] for name in POST)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The columns that change."""
    return [name for name in IMAGE if before[name] != after[name]]
