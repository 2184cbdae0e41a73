"""Rows of an import as they are kept: by Core, as there are tens of thousands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table, insert

from elearn.database import db
from elearn.roster.models import RosterBefore, RosterRow

_row: Table = RosterRow.__table__  # type: ignore[assignment]  # declared as FromClause
_before: Table = RosterBefore.__table__  # type: ignore[assignment]  # declared as FromClause
UNSAID = {
    "siasn_id": "",
    "unit_name": "",
    "parent_name": "",
    "problems": "",
    "twin_id": None,
    "is_kept": False,
    "is_left": False,
}


class Planned(dict[str, Any]):
    """A row with every column, and the person before."""

    def __init__(self, values: dict[str, Any], before: dict[str, Any] | None) -> None:
        super().__init__(UNSAID | values)
        place = {"import_id": values["import_id"], "number": values["number"]}
        self.before = None if before is None else before | place


def keep(planned: Iterable[Planned]) -> None:
    """Keep rows, inside transaction()."""
    made = list(planned)
    before = [each.before for each in made if each.before is not None]
    if made:
        db.session.execute(insert(_row), made)
    if before:
        db.session.execute(insert(_before), before)
