"""Who works in a branch and is not in its complete file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

from sqlalchemy import select

from elearn.database import db, rows
from elearn.people.models import Person, RoleGrant, Unit
from elearn.people.permissions import Role
from elearn.people.units import below
from elearn.roster import staging
from elearn.roster.columns import Field
from elearn.roster.comparing import Kind
from elearn.roster.imports import Scope
from elearn.roster.matching import held_by
from elearn.roster.models import RosterImport
from elearn.roster.problems import Problem, packed
from elearn.roster.staging import Planned

PORTION = 500
# Whose account no file closes: the product would be without who runs it.
KEPT_ROLES = (Role.ADMIN, Role.HR_AGENCY, Role.AUDITOR)


def stage(row: RosterImport, scope: Scope, seen: Collection[int]) -> int:
    """Keep everybody of the branch who was not met in the file; how many are to be closed."""
    here = [path for path in scope.acting if (scope.path or path).startswith(path)]
    count = 0
    for path in here:
        count += _stage_branch(row, scope.path or path, seen)
    return count


def _stage_branch(row: RosterImport, path: str, seen: Collection[int]) -> int:
    wanted = (
        select(Person.id).join(Unit, Unit.id == Person.unit_id).where(below(path), Person.active)
    )
    missing = iter([found.id for found in rows(wanted) if found.id not in seen])
    holders = _holders()
    count = 0
    while ids := list(islice(missing, PORTION)):
        planned = list(_planned(row, ids, holders))
        staging.keep(planned)
        count += sum(not each["is_kept"] for each in planned)
    return count


def _planned(row: RosterImport, ids: list[int], holders: set[int]) -> Iterator[Planned]:
    for held in held_by(Person.id.in_(ids)):
        reason = "own" if held.id == row.asked_by else "holds_role" if held.id in holders else ""
        values = {
            "import_id": row.id,
            "number": -held.id,
            "kind": Kind.LEAVER.value,
            "person_id": held.id,
            "problems": packed([Problem(Field.NIP.value, reason)] if reason else []),
            "is_kept": bool(reason),
        }
        yield Planned(held.image | {"active": False} | values, held.image)


def _holders() -> set[int]:
    wanted = select(RoleGrant.person_id).where(RoleGrant.role.in_(KEPT_ROLES))
    return set(db.session.scalars(wanted))
