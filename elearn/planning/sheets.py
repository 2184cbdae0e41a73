"""The sheets that can be brought in, each with its columns, an example, its plan and its export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from elearn.people.actors import Actor
from elearn.planning import framework_sheet, level_sheet, requirement_sheet
from elearn.planning.imports import Undo
from elearn.planning.plans import Plan


class Kind(StrEnum):
    """What a sheet holds."""

    LEVELS = "levels"
    REQUIREMENTS = "requirements"
    FRAMEWORK = "framework"


@dataclass(frozen=True)
class SheetKind:
    """How a sheet of a kind is read; ``example`` is a row of the template."""

    columns: Sequence[str]
    example: Sequence[str]
    plan: Callable[[Actor, bytes], Plan]
    take_back: Undo


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
        level_sheet.take_back,
    ),
    Kind.REQUIREMENTS: SheetKind(
        requirement_sheet.COLUMNS,
        requirement_sheet.EXAMPLE,
        requirement_sheet.plan,
        requirement_sheet.take_back,
    ),
    Kind.FRAMEWORK: SheetKind(
        framework_sheet.COLUMNS,
        framework_sheet.EXAMPLE,
        framework_sheet.plan,
        framework_sheet.take_back,
    ),
}
