"""The person who is signed in, as one lean select of named columns. Read on each page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import Table, bindparam, func, select

from elearn.database import Prepared
from elearn.people.models import Notice, Person, RoleGrant, SignIn, Status, Unit, full_name
from elearn.people.permissions import Permission, Role, permissions_of

EVERYWHERE = "/"  # every unit path begins with it
INITIALS = 2

_permissions = cache(permissions_of)
_sign_in: Table = SignIn.__table__  # type: ignore[assignment]  # declared as FromClause
_person: Table = Person.__table__  # type: ignore[assignment]  # declared as FromClause
_unit: Table = Unit.__table__  # type: ignore[assignment]  # declared as FromClause
_grant: Table = RoleGrant.__table__  # type: ignore[assignment]  # declared as FromClause
_granted_unit = _unit.alias("granted_unit")
_notice: Table = Notice.__table__  # type: ignore[assignment]  # declared as FromClause
# The count in the header of each page, in the same statement as the person.
_UNREAD = (
    select(func.count())
    .where(_notice.c.person_id == _person.c.id, _notice.c.read_ms.is_(None))
    .scalar_subquery()
)

# Who is signed in by a cookie's stamp: one row for each role, and one for those without.
_IS_SIGNED_IN = (
    _sign_in.c.stamp == bindparam("stamp"),
    _sign_in.c.until_ms > bindparam("now_ms"),
    _person.c.active.is_(True),
)
SIGNED_IN = (
    select(
        _person.c.id,
        _person.c.name,
        _person.c.degrees_before,
        _person.c.degrees_after,
        _person.c.status,
        _person.c.unit_id,
        _person.c.must_change_password,
        _unit.c.path.label("unit_path"),
        _sign_in.c.until_ms,
        _grant.c.role,
        _granted_unit.c.path.label("granted_path"),
        _UNREAD.label("unread_count"),
    )
    .select_from(_sign_in)
    .join(_person, _person.c.id == _sign_in.c.person_id)
    .join(_unit, _unit.c.id == _person.c.unit_id)
    .outerjoin(_grant, _grant.c.person_id == _person.c.id)
    .outerjoin(_granted_unit, _granted_unit.c.id == _grant.c.unit_id)
    .where(*_IS_SIGNED_IN)
)
# The id alone, of who has a password of their own: everybody active may study.
MAY_STUDY = (
    select(_person.c.id)
    .select_from(_sign_in.join(_person, _person.c.id == _sign_in.c.person_id))
    .where(*_IS_SIGNED_IN, _person.c.must_change_password.is_(False))
)
_LOAD = Prepared(SIGNED_IN)


@dataclass(frozen=True)
class Actor:
    """Who is signed in, and what they may do where.

    ``hr_paths`` are the branches whose people they may see, ``acting_paths`` those where they
    may also change something: an auditor sees all and acts nowhere.
    """

    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    id: int
    name: str
    full_name: str
    unit_id: int
    unit_path: str
    status: Status
    roles: frozenset[Role]
    hr_paths: tuple[str, ...]
    acting_paths: tuple[str, ...]
    must_change_password: bool
    stamp: str
    until_ms: int
    unread_count: int

    def get_id(self) -> str:
        return str(self.id)

    @property
    def initials(self) -> str:
        """One or two letters of the name without degrees."""
        return "".join(word[0] for word in self.name.split()[:INITIALS]).upper()

    @property
    def permissions(self) -> frozenset[Permission]:
        return _permissions(self.roles)

    def may(self, permission: Permission) -> bool:
        """Whether any of the roles grants the permission at all."""
        return permission in _permissions(self.roles)

    def in_reach(self, unit_path: str) -> bool:
        """Whether they may see the people of a unit, by its path."""
        return unit_path.startswith(self.hr_paths)

    def acts_in(self, unit_path: str) -> bool:
        """Whether they may change something for the people of a unit, by its path."""
        return unit_path.startswith(self.acting_paths)


def stamp_of(token: str) -> str:
    """What the database keeps of the token in the cookie."""
    return hashlib.sha256(token.encode()).hexdigest()


def load(token: str, now_ms: int) -> Actor | None:
    """The person behind a cookie; None when it has ended, run out, or the person is inactive."""
    stamp = stamp_of(token)
    found = _LOAD.all(stamp=stamp, now_ms=now_ms)
    return of_rows(found, stamp) if found else None


def of_rows(found: Sequence[Any], stamp: str) -> Actor:
    """The person whom the rows of SIGNED_IN tell of."""
    first = found[0]
    roles = frozenset(Role(row.role) for row in found if row.role)
    acting = (EVERYWHERE,) if Role.HR_AGENCY in roles else _branches(found)
    return Actor(
        id=first.id,
        name=first.name,
        full_name=full_name(first.degrees_before, first.name, first.degrees_after),
        unit_id=first.unit_id,
        unit_path=first.unit_path,
        status=Status(first.status),
        roles=roles | {Role.LEARNER},
        hr_paths=(EVERYWHERE,) if Role.AUDITOR in roles else acting,
        acting_paths=acting,
        must_change_password=first.must_change_password,
        stamp=stamp,
        until_ms=first.until_ms,
        unread_count=first.unread_count,
    )


def _branches(found: Sequence[Any]) -> tuple[str, ...]:
    return tuple(row.granted_path for row in found if row.role == Role.HR_UNIT and row.granted_path)
