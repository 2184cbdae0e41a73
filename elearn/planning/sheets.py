"""The sheets that can be brought in, each with its columns, an example, its plan and its export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from elearn.people.actors import Actor
from elearn.planning import level_sheet, requirement_sheet
from elearn.planning.plans import Plan


class Kind(StrEnum):
    """What a sheet holds."""

    LEVELS = "levels"
    REQUIREMENTS = "requirements"


@dataclass(frozen=True)
class SheetKind:
    """How a sheet of a kind is read; ``example`` is a row of the template."""

    columns: Sequence[str]
    example: Sequence[str]
    plan: Callable[[Actor, bytes], Plan]


KINDS = {
    Kind.LEVELS: SheetKind(
        level_sheet.COLUMNS,
        (
            "199404122019032901",
            "Contoh: hapus baris ini",
            "M.01",
            "2",
            "24-11-2026",
            "Asesmen pemetaan 2026",
        ),
        level_sheet.plan,
    ),
    Kind.REQUIREMENTS: SheetKind(
        requirement_sheet.COLUMNS,
        ("pengawas", "Contoh: hapus baris ini", "M.01", "", "3", "01-01-2027", "Nomor peraturan"),
        requirement_sheet.plan,
    ),
}
