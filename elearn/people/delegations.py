"""A role of HR lent to somebody for a period. It ends by its dates, and never goes further.

What is lent is a grant of the giver's own: who holds a role only by delegation has none to lend,
and when the grant ends, what was lent of it has ended too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import aliased

from elearn import clock
from elearn.database import db, rows
from elearn.errors import Invalid, NotAllowed, NotFound
from elearn.people import audit, notices, second_factor, units
from elearn.people.actors import Actor
from elearn.people.audit import Action
from elearn.people.history_models import Delegation
from elearn.people.holding import Period, in_force
from elearn.people.models import Person, RoleGrant, Unit, full_name
from elearn.people.notices import NoticeKind
from elearn.people.permissions import Permission, Role

LENDABLE = frozenset({Role.HR_UNIT, Role.HR_AGENCY})
MOST_DAYS = 184
MAX_REASON = 200
SHOWN_PAST_MS = 365 * clock.DAY_MS


@dataclass(frozen=True)
class OwnGrant:
    """A role that somebody may lend, with the name of its unit."""

    id: int
    role: Role
    unit: str


@dataclass(frozen=True)
class Lending:
    """A delegation in words."""

    id: int
    role: Role
    unit: str
    giver: str
    giver_id: int
    person: str
    person_id: int
    from_ms: int
    until_ms: int
    reason: str
    ended_ms: int | None
    is_gone: bool

    @property
    def state(self) -> str:
        """coming, running, ended before its time, or over."""
        now_ms = clock.now_ms()
        if self.ended_ms is not None or self.is_gone:
            return "ended"
        if now_ms < self.from_ms:
            return "coming"
        return "running" if now_ms < self.until_ms else "over"


def lendable(actor: Actor) -> list[OwnGrant]:
    """The roles somebody holds themselves and may lend; one statement."""
    wanted = (
        select(RoleGrant.id, RoleGrant.role, Unit.name.label("unit"))
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(*_own(actor))
        .order_by(RoleGrant.id)
    )
    return [OwnGrant(row.id, Role(row.role), row.unit or "") for row in rows(wanted)]


def give(actor: Actor, grant_id: int, person_id: int, period: Period, reason: str) -> Delegation:
    """Lend a role of one's own to a person within one's reach. Raises NotFound, Invalid."""
    grant = db.session.scalar(
        select(RoleGrant).where(*_own(actor), RoleGrant.id == grant_id).with_for_update()
    )
    if grant is None:
        raise NotFound
    person = units.person_in_reach(actor, person_id)
    until_ms = _checked(actor, person, grant, period)
    lent = Delegation(
        grant_id=grant.id,
        giver_id=actor.id,
        person_id=person.id,
        role=grant.role,
        unit_id=grant.unit_id,
        from_ms=period.from_ms,
        until_ms=until_ms,
        reason=reason.strip()[:MAX_REASON],
        given_ms=clock.now_ms(),
    )
    db.session.add(lent)
    db.session.flush()
    second_factor.tell_sign_ins(person.id)
    days = _days(lent)
    told = {"giver": actor.full_name, "from_ms": lent.from_ms, "last_ms": until_ms - 1}
    notices.notify(person.id, NoticeKind.ROLE_LENT, f"lent:{lent.id}", **told)
    about = {"role": grant.role, "unit": grant.unit_id, "reason": lent.reason, **days}
    audit.record(actor.id, Action.ROLE_LENT, person.id, **about)
    return lent


def end(actor: Actor, delegation_id: int) -> None:
    """End a delegation before its time: who gave it, or an admin. Raises NotFound, NotAllowed."""
    lent = db.session.get(Delegation, delegation_id, with_for_update=True)
    may_all = actor.may(Permission.ROLE_GRANT)
    if lent is None or not (may_all or actor.id in {lent.giver_id, lent.person_id}):
        raise NotFound
    if not may_all and actor.id != lent.giver_id:
        raise NotAllowed
    if lent.ended_ms is None:
        lent.ended_ms = clock.now_ms()
        about = {"role": lent.role, "unit": lent.unit_id}
        audit.record(actor.id, Action.ROLE_RETURNED, lent.person_id, **about)


def end_all_of(person_id: int) -> None:
    """End what a person who leaves has lent, and what was lent to them."""
    theirs = (Delegation.giver_id == person_id) | (Delegation.person_id == person_id)
    _end(theirs)


def end_all_of_grant(grant_id: int) -> None:
    """End what was lent of a grant that is taken back, and let go of the grant."""
    _end(Delegation.grant_id == grant_id)
    gone = update(Delegation).where(Delegation.grant_id == grant_id).values(grant_id=None)
    db.session.execute(gone.execution_options(synchronize_session=False))


def of(person_id: int) -> list[Lending]:
    """What a person has lent and was lent, the newest first; one statement."""
    return _find((Delegation.giver_id == person_id) | (Delegation.person_id == person_id))


def everything() -> list[Lending]:
    """Every delegation that holds, is to come, or ended within a year; one statement."""
    return _find(Delegation.until_ms > clock.now_ms() - SHOWN_PAST_MS)


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    lendable = RoleGrant.role.in_(sorted(LENDABLE))
    return RoleGrant.person_id == actor.id, lendable, in_force(RoleGrant, clock.now_ms())


def _checked(actor: Actor, person: Person, grant: RoleGrant, period: Period) -> int:
    if person.id == actor.id or not person.active:
        raise Invalid("delegate_wrong", field="target")
    if period.until_ms is None or period.until_ms <= max(period.from_ms, clock.now_ms()):
        raise Invalid("period_wrong", field="until")
    if period.until_ms - period.from_ms > MOST_DAYS * clock.DAY_MS:
        raise Invalid("period_too_long", field="until")
    if grant.until_ms is not None and period.until_ms > grant.until_ms:
        raise Invalid("period_beyond_grant", field="until")
    same = Delegation.grant_id == grant.id, Delegation.person_id == person.id
    crossing = Delegation.from_ms < period.until_ms, Delegation.until_ms > period.from_ms
    twice = select(Delegation.id).where(*same, *crossing, Delegation.ended_ms.is_(None))
    if db.session.scalar(twice.limit(1)) is not None:
        raise Invalid("delegation_held", field="target")
    return period.until_ms


def _days(lent: Delegation) -> dict[str, str]:
    first, last = clock.day_of(lent.from_ms), clock.day_of(lent.until_ms - 1)
    return {"starts": first.isoformat(), "ends": last.isoformat()}


def _end(which: ColumnElement[bool]) -> None:
    open_still = Delegation.ended_ms.is_(None), Delegation.until_ms > clock.now_ms()
    ended = update(Delegation).where(which, *open_still).values(ended_ms=clock.now_ms())
    db.session.execute(ended.execution_options(synchronize_session=False))


def _find(which: ColumnElement[bool]) -> list[Lending]:
    giver, taker = aliased(Person), aliased(Person)
    wanted = (
        select(
            Delegation,
            Unit.name.label("unit"),
            *(person.degrees_before for person in (giver, taker)),
            *(person.name for person in (giver, taker)),
            *(person.degrees_after for person in (giver, taker)),
        )
        .join(giver, giver.id == Delegation.giver_id)
        .join(taker, taker.id == Delegation.person_id)
        .outerjoin(Unit, Unit.id == Delegation.unit_id)
        .where(which)
        .order_by(Delegation.from_ms.desc(), Delegation.id.desc())
    )
    return [_lending(*row) for row in rows(wanted)]


def _lending(lent: Delegation, unit: str | None, *words: Any) -> Lending:
    giver, taker = words[0::2], words[1::2]
    return Lending(
        id=lent.id,
        role=Role(lent.role),
        unit=unit or "",
        giver=full_name(*giver),
        giver_id=lent.giver_id,
        person=full_name(*taker),
        person_id=lent.person_id,
        from_ms=lent.from_ms,
        until_ms=lent.until_ms,
        reason=lent.reason,
        ended_ms=lent.ended_ms,
        is_gone=lent.grant_id is None,
    )
