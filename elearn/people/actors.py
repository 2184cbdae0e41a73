"""The person who is signed in, as one lean select of named columns. Read on each page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import BindParameter, Table, and_, bindparam, func, or_, select

from elearn import clock, settings
from elearn.database import Prepared
from elearn.people.history_models import Delegation
from elearn.people.holding import in_force, is_lent
from elearn.people.models import Notice, Person, RoleGrant, SignIn, Status, Unit, Way, full_name
from elearn.people.permissions import GRANTED, Permission, Role, permissions_of

EVERYWHERE = "/"  # every unit path begins with it
INITIALS = 2

_permissions = cache(permissions_of)
_sign_in: Table = SignIn.__table__  # type: ignore[assignment]  # declared as FromClause
_person: Table = Person.__table__  # type: ignore[assignment]  # declared as FromClause
_unit: Table = Unit.__table__  # type: ignore[assignment]  # declared as FromClause
_grant: Table = RoleGrant.__table__  # type: ignore[assignment]  # declared as FromClause
_granted_unit = _unit.alias("granted_unit")
_delegation: Table = Delegation.__table__  # type: ignore[assignment]  # declared as FromClause
_lent = _grant.alias("lent_grant")
_lent_unit = _unit.alias("lent_unit")
_giver = _person.alias("giver")
_notice: Table = Notice.__table__  # type: ignore[assignment]  # declared as FromClause
# The count in the header of each page, in the same statement as the person.
_UNREAD = (
    select(func.count())
    .where(_notice.c.person_id == _person.c.id, _notice.c.read_ms.is_(None))
    .scalar_subquery()
)

# Who is signed in by a cookie's stamp: one row for each role of their own with each that is lent
# to them, and one for those without. What has ended is not there.
_NOW: BindParameter[int] = bindparam("now_ms")
_IS_SIGNED_IN = (
    _sign_in.c.stamp == bindparam("stamp"),
    _sign_in.c.until_ms > bindparam("now_ms"),
    _person.c.active.is_(True),
)
# Who comes with the agency's account, or while there are no passwords, needs none of their own.
_MUST_CHANGE = and_(
    _person.c.must_change_password, _sign_in.c.way != Way.AGENCY, _sign_in.c.way != Way.RESCUE
)
SIGNED_IN = (
    select(
        _person.c.id,
        _person.c.name,
        _person.c.degrees_before,
        _person.c.degrees_after,
        _person.c.status,
        _person.c.unit_id,
        _MUST_CHANGE.label("must_change_password"),
        _sign_in.c.way,
        _unit.c.path.label("unit_path"),
        _sign_in.c.until_ms,
        _sign_in.c.factor_due_ms,
        _grant.c.role,
        _granted_unit.c.path.label("granted_path"),
        _lent.c.role.label("lent_role"),
        _lent_unit.c.path.label("lent_path"),
        _giver.c.degrees_before.label("giver_before"),
        _giver.c.name.label("giver_name"),
        _giver.c.degrees_after.label("giver_after"),
        _UNREAD.label("unread_count"),
        settings.SWITCHED_OFF.label("switched_off"),
    )
    .select_from(_sign_in)
    .join(_person, _person.c.id == _sign_in.c.person_id)
    .join(_unit, _unit.c.id == _person.c.unit_id)
    .outerjoin(_grant, and_(_grant.c.person_id == _person.c.id, in_force(_grant.c, _NOW)))
    .outerjoin(_granted_unit, _granted_unit.c.id == _grant.c.unit_id)
    .outerjoin(
        _delegation,
        and_(_delegation.c.person_id == _person.c.id, is_lent(_delegation.c, _NOW)),
    )
    .outerjoin(_lent, and_(_lent.c.id == _delegation.c.grant_id, in_force(_lent.c, _NOW)))
    .outerjoin(_lent_unit, _lent_unit.c.id == _lent.c.unit_id)
    .outerjoin(_giver, _giver.c.id == _delegation.c.giver_id)
    .where(*_IS_SIGNED_IN)
)
# The id alone, of who has all that is asked before anything else: everybody active may study.
MAY_STUDY = (
    select(_person.c.id)
    .select_from(_sign_in.join(_person, _person.c.id == _sign_in.c.person_id))
    .where(
        *_IS_SIGNED_IN,
        ~_MUST_CHANGE,
        or_(_sign_in.c.factor_due_ms.is_(None), _sign_in.c.factor_due_ms > bindparam("now_ms")),
    )
)
_LOAD = Prepared(SIGNED_IN)


@dataclass(frozen=True)
class Lent:
    """A role held for a time in somebody's name; ``path`` is the branch it holds for."""

    role: Role
    path: str
    giver: str


@dataclass(frozen=True)
class Actor:
    """Who is signed in, and what they may do where.

    ``hr_paths`` are the branches whose people they may see, ``acting_paths`` those where they
    may also change something: an auditor sees all and acts nowhere. ``roles`` holds their own
    ones and those that are ``lent`` to them; ``own_paths`` are the branches they act in by their
    own.
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
    own_roles: frozenset[Role] = frozenset()
    own_paths: tuple[str, ...] = ()
    lent: tuple[Lent, ...] = ()
    factor_due_ms: int | None = None
    way: Way = Way.PASSWORD
    switched_off: frozenset[str] = frozenset()

    def get_id(self) -> str:
        return str(self.id)

    @property
    def initials(self) -> str:
        """One or two letters of the name without degrees."""
        return "".join(word[0] for word in self.name.split()[:INITIALS]).upper()

    @property
    def must_add_factor(self) -> bool:
        """Whether they may do nothing before they have set up a second factor."""
        return self.factor_due_ms is not None and self.factor_due_ms <= clock.now_ms()

    @property
    def permissions(self) -> frozenset[Permission]:
        return _permissions(self.roles)

    def may(self, permission: Permission) -> bool:
        """Whether any of the roles grants the permission at all."""
        return permission in _permissions(self.roles)

    def has(self, switch: str) -> bool:
        """Whether a capability is there, by the key of its switch."""
        return switch not in self.switched_off

    def in_reach(self, unit_path: str) -> bool:
        """Whether they may see the people of a unit, by its path."""
        return unit_path.startswith(self.hr_paths)

    def giver_of(self, permission: Permission) -> str:
        """In whose name they use a permission; empty where they have it themselves."""
        if not self.lent or permission in _permissions(self.own_roles):
            return ""
        grants = (lent.giver for lent in self.lent if permission in GRANTED[lent.role])
        return next(grants, "")

    def giver_in(self, unit_path: str) -> str:
        """In whose name they act for the people of a unit; empty where they do themselves."""
        if not self.lent or unit_path.startswith(self.own_paths):
            return ""
        return next((lent.giver for lent in self.lent if unit_path.startswith(lent.path)), "")

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
    own = frozenset(Role(row.role) for row in found if row.role)
    lent = _lent_of(found)
    roles = own | {each.role for each in lent}
    own_paths = (EVERYWHERE,) if Role.HR_AGENCY in own else _branches(found)
    acting = own_paths + tuple(each.path for each in lent if each.path not in own_paths)
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
        own_roles=own,
        own_paths=own_paths,
        lent=lent,
        switched_off=settings.switched_off(first.switched_off),
        factor_due_ms=first.factor_due_ms,
        way=Way(first.way),
    )


def _branches(found: Sequence[Any]) -> tuple[str, ...]:
    held = (row for row in found if row.role == Role.HR_UNIT and row.granted_path)
    return tuple(dict.fromkeys(row.granted_path for row in held))


def _lent_of(found: Sequence[Any]) -> tuple[Lent, ...]:
    """Each role that is lent, once."""
    lent = (
        Lent(
            Role(row.lent_role),
            row.lent_path or EVERYWHERE,
            full_name(row.giver_before, row.giver_name, row.giver_after),
        )
        for row in found
        if row.lent_role
    )
    return tuple(dict.fromkeys(lent))
