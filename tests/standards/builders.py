"""A technical competency of the agency, and how it is typed into its form."""

from __future__ import annotations

from typing import Any

from elearn import clock
from elearn.competency import editions
from elearn.competency.editions import Why
from elearn.competency.wording import LevelWording, Wording
from elearn.database import transaction
from tests.people_cast import Cast

CODE = "TEK.ARSIP"
FRAMEWORK = "/hr/framework"
HERE = f"{FRAMEWORK}/{CODE}"
REASON = "Keputusan Bupati 12/2026"


def a_wording(name: str = "Tata kelola arsip", text: str = "Arsip", basis: str = "") -> Wording:
    """Five levels, the first with two indicators."""
    first = LevelWording(f"{text} 1", "Pemula", ("Menata berkas", "Mencatat surat"))
    others = (LevelWording(f"{text} {level}") for level in range(2, 6))
    return Wording(name, "Menata arsip unit.", (first, *others), basis)


def a_competency(cast: Cast, code: str = CODE, wording: Wording | None = None) -> str:
    """Added by HR of the agency today."""
    with transaction():
        why = Why(clock.today(), REASON)
        editions.add(cast.syamsul.id, code, wording or a_wording(), why)
    return code


def typed(wording: Wording, edition: int = 0, **values: Any) -> dict[str, Any]:
    """The fields of the form for a wording."""
    sent: dict[str, Any] = {
        "name": wording.name,
        "definition": wording.definition,
        "basis": wording.basis,
        "edition": str(edition),
        "valid_from": clock.today().isoformat(),
        "reason": REASON,
    }
    for number, level in wording.numbered.items():
        sent[f"name_{number}"], sent[f"text_{number}"] = level.name, level.text
        sent[f"indicators_{number}"] = "\n".join(level.indicators)
    return sent | values
