"""Who holds which role at a moment: by a grant, or by one that is lent to them for a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, or_, select, union_all

from elearn import clock
from elearn.people.history_models import Delegation
from elearn.people.models import RoleGrant


@dataclass(frozen=True)
class Period:
    """From a moment on, until the first moment after it; None where no end is set."""

    from_ms: int = 0
    until_ms: int | None = None


ALWAYS = Period()


def in_force(grant: Any, now_ms: Any) -> ColumnElement[bool]:
    """The condition that a grant, as a table or its class, holds at a moment."""
    begun: ColumnElement[bool] = grant.from_ms <= now_ms
    return begun & or_(grant.until_ms.is_(None), grant.until_ms > now_ms)


def is_lent(delegation: Any, now_ms: Any) -> ColumnElement[bool]:
    """The condition that a delegation, as a table or its class, holds at a moment."""
    begun, lasting = delegation.from_ms <= now_ms, delegation.until_ms > now_ms
    return and_(begun, lasting, delegation.ended_ms.is_(None))


def held(now_ms: int | None = None) -> Subquery:
    """Every role somebody holds at a moment, also a lent one: person_id, role, unit_id."""
    moment = clock.now_ms() if now_ms is None else now_ms
    own = select(RoleGrant.person_id, RoleGrant.role, RoleGrant.unit_id)
    lent = (
        select(Delegation.person_id, RoleGrant.role, RoleGrant.unit_id)
        .join(RoleGrant, RoleGrant.id == Delegation.grant_id)
        .where(in_force(RoleGrant, moment), is_lent(Delegation, moment))
    )
    return union_all(own.where(in_force(RoleGrant, moment)), lent).subquery("held")
