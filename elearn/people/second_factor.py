"""Who has a second factor, who needs one from when, and which sign-ins have to be told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import CursorResult, delete, exists, or_, select, union_all, update

from elearn import clock, settings
from elearn.database import db, rows
from elearn.people import actors, factor_rule
from elearn.people.factor_models import Authenticator, TrustedDevice
from elearn.people.factor_rule import FactorRule, HeldRole
from elearn.people.history_models import Delegation
from elearn.people.models import RoleGrant, SignIn
from elearn.people.permissions import Role


def is_on(person_id: int) -> bool:
    """Whether a person has a second factor."""
    held = select(exists().where(Authenticator.person_id == person_id))
    return bool(db.session.scalar(held))


def rule() -> FactorRule:
    """The agency's rule as it holds now."""
    return factor_rule.of_values(settings.of_year(clock.today().year))


def required_ms(person_id: int) -> int | None:
    """From when a person's roles need a second factor, whether they have one or not."""
    present = rule()
    return factor_rule.due_ms(present, _held(person_id)) if present.roles else None


def due_ms(person_id: int) -> int | None:
    """From when a person may do nothing before they have a second factor; None if never."""
    due = required_ms(person_id)
    return None if due is None or is_on(person_id) else due


def tell_sign_ins(person_id: int) -> int | None:
    """Let the open sign-ins of a person know from when it is due, and give it back."""
    due = due_ms(person_id)
    theirs = update(SignIn).where(SignIn.person_id == person_id)
    db.session.execute(theirs.values(factor_due_ms=due))
    return due


def tell_all_sign_ins(_from_year: int = 0) -> None:
    """The same for everybody who is signed in; only holders of a role are concerned."""
    for person_id in db.session.scalars(select(SignIn.person_id).distinct().where(_has_role())):
        tell_sign_ins(person_id)


def is_trusted(person_id: int, token: str) -> bool:
    """Whether a cookie's token is of a device that its person trusts, where that is allowed."""
    if not token or not may_trust():
        return False
    known = exists().where(
        TrustedDevice.stamp == actors.stamp_of(token),
        TrustedDevice.person_id == person_id,
        TrustedDevice.until_ms > clock.now_ms(),
    )
    return bool(db.session.scalar(select(known)))


def may_trust() -> bool:
    """Whether the agency lets people trust a device."""
    return bool(settings.value(factor_rule.TRUSTS, clock.today().year))


def forget_devices(person_id: int) -> int:
    """Trust none of a person's devices any more. Returns how many were trusted."""
    theirs = delete(TrustedDevice).where(TrustedDevice.person_id == person_id)
    found: CursorResult[Any] = db.session.execute(theirs)  # type: ignore[assignment]
    return found.rowcount


def _has_role() -> Any:
    asked = SignIn.factor_due_ms.is_not(None)
    granted = exists().where(RoleGrant.person_id == SignIn.person_id)
    return or_(asked, granted, exists().where(Delegation.person_id == SignIn.person_id))


def _held(person_id: int) -> Iterable[HeldRole]:
    """The roles somebody holds or will hold, of their own or lent; one statement."""
    now_ms = clock.now_ms()
    own = select(RoleGrant.role, RoleGrant.from_ms, RoleGrant.granted_ms, RoleGrant.until_ms)
    lent = select(
        RoleGrant.role, Delegation.from_ms, Delegation.given_ms, Delegation.until_ms
    ).join(RoleGrant, RoleGrant.id == Delegation.grant_id)
    lasting = or_(RoleGrant.until_ms.is_(None), RoleGrant.until_ms > now_ms)
    lent_still = Delegation.ended_ms.is_(None), Delegation.until_ms > now_ms
    both = union_all(
        own.where(RoleGrant.person_id == person_id, lasting),
        lent.where(Delegation.person_id == person_id, lasting, *lent_still),
    ).subquery()
    return [
        HeldRole(Role(row.role), max(row.from_ms, row.granted_ms), row.until_ms)
        for row in rows(select(both.c.role, both.c.from_ms, both.c.granted_ms, both.c.until_ms))
    ]


for _key in (factor_rule.ROLES, factor_rule.SINCE, factor_rule.GRACE_DAYS):
    settings.follow(_key, tell_all_sign_ins)
