"""Who looked at a person's record, or changed something in it: the audit log for its subject.

UU 27/2022 art. 32 (1): access to one's data comes with the trace of its processing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, or_, select

from elearn.database import rows
from elearn.people.models import AuditEntry, Person, RoleGrant, Unit, full_name

PAGE_SIZE = 50
PORTION = 500


class Look(NamedTuple):
    """One entry; ``who`` is empty for what nobody signed in has done. Roles and unit are those
    of today."""

    at_ms: int
    action: str
    who: str
    roles: tuple[str, ...]
    unit: str


class LooksPage(NamedTuple):
    """Entries, the newest first."""

    looks: list[Look]
    number: int
    has_next: bool


def of(person_id: int, number: int = 1) -> LooksPage:
    """A page of what others did to or saw of a person; two statements."""
    page = _entries(person_id).limit(PAGE_SIZE + 1).offset((number - 1) * PAGE_SIZE)
    found = rows(page)
    return LooksPage(_looks(found[:PAGE_SIZE]), number, len(found) > PAGE_SIZE)


def everything(person_id: int) -> Iterator[Look]:
    """All of it, the newest first, for the copy of one's data."""
    found = rows(_entries(person_id))
    for at in range(0, len(found), PORTION):
        yield from _looks(found[at : at + PORTION])


def _entries(person_id: int) -> Select[*tuple[Any, ...]]:
    by_others = or_(AuditEntry.actor_id.is_(None), AuditEntry.actor_id != person_id)
    return (
        select(
            AuditEntry.at_ms,
            AuditEntry.action,
            AuditEntry.actor_id,
            Person.degrees_before,
            Person.name,
            Person.degrees_after,
            Unit.name.label("unit"),
        )
        .outerjoin(Person, Person.id == AuditEntry.actor_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(AuditEntry.subject_id == person_id, by_others)
        .order_by(AuditEntry.id.desc())
    )


def _looks(found: Sequence[Any]) -> list[Look]:
    roles = _roles({row.actor_id for row in found if row.actor_id})
    return [_look(row, roles.get(row.actor_id, ())) for row in found]


def _look(row: Any, roles: tuple[str, ...]) -> Look:
    who = full_name(row.degrees_before, row.name, row.degrees_after) if row.name else ""
    return Look(row.at_ms, row.action, who, roles, row.unit or "")


def _roles(people: Iterable[int]) -> dict[int, tuple[str, ...]]:
    held: dict[int, set[str]] = defaultdict(set)
    wanted = select(RoleGrant.person_id, RoleGrant.role)
    for row in rows(wanted.where(RoleGrant.person_id.in_(list(people)))):
        held[row.person_id].add(row.role)
    return {person_id: tuple(sorted(roles)) for person_id, roles in held.items()}
