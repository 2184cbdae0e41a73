"""New numbers that may belong to somebody known: the same name and day of birth."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import func, select, update

from elearn.database import db, rows
from elearn.people.models import Person, Unit
from elearn.people.units import below
from elearn.roster.comparing import Kind
from elearn.roster.models import RosterImport, RosterRow

BORN = 8  # digits of a NIP that say the day of birth


def find(row: RosterImport, path: str, seen: Collection[int], decided: Mapping[str, int]) -> int:
    """Note beside each new number who may be the same person; how many there are.

    Whoever stands in the file under their own number is nobody else, and what somebody has
    decided is not asked again.
    """
    wanted = (
        select(RosterRow.number, RosterRow.nip, Person.id)
        .join(Person, Person.sort_name == RosterRow.sort_name)
        .join(Unit, Unit.id == Person.unit_id)
        .where(
            RosterRow.import_id == row.id,
            RosterRow.kind == Kind.NEW,
            RosterRow.twin_id.is_(None),
            func.substr(Person.nip, 1, BORN) == func.substr(RosterRow.nip, 1, BORN),
            below(path),
        )
    )
    found = {
        each.number: each.id
        for each in rows(wanted)
        if each.id not in seen and each.nip not in decided
    }
    for number, person_id in found.items():
        here = (RosterRow.import_id == row.id) & (RosterRow.number == number)
        db.session.execute(update(RosterRow).where(here).values(twin_id=person_id))
    there = (
        RosterRow.import_id == row.id,
        RosterRow.twin_id.is_not(None),
        RosterRow.kind == Kind.NEW,
    )
    return db.session.scalar(select(func.count()).select_from(RosterRow).where(*there)) or 0
