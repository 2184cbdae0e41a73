"""The audit log: who did or saw what of whom, and when. Holds no NIP and no password."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased

from elearn import canonical, clock
from elearn.database import db, rows, snapshot
from elearn.people import audit_chain
from elearn.people.models import AuditEntry, Person, full_name
from elearn.people.names import fold

PAGE_SIZE = 50
ACTIONS_FROM = 5000
FETCHED_AT_ONCE = 1000
MAX_TEXT = 100
OPERATOR = "operator"
# In whose name the present request acts, where it does so by a role that is lent.
_giver: ContextVar[str] = ContextVar("giver", default="")


class Action(StrEnum):
    """What people do to people; other slices name their own actions in the same way."""

    PERSON_CREATED = "person:created"
    PERSON_CHANGED = "person:changed"
    PERSON_VIEWED = "person:viewed"
    PERSON_MOVED = "person:moved"
    PLACEMENT_UNDONE = "placement:undone"
    PERSON_DEACTIVATED = "person:deactivated"
    PERSON_REACTIVATED = "person:reactivated"
    CONTRACT_ENTERED = "contract:entered"
    CONTRACT_CHANGED = "contract:changed"
    CONTRACT_REMOVED = "contract:removed"
    NIP_CHANGED = "nip:changed"
    ROLE_GRANTED = "role:granted"
    ROLE_LENT = "role:lent"
    ROLE_RETURNED = "role:returned"
    ROLE_REVOKED = "role:revoked"
    CODE_ISSUED = "code:issued"
    CODE_USED = "code:used"
    SIGNED_IN = "account:signed_in"
    SIGN_IN_REFUSED = "account:refused"
    AGENCY_REFUSED = "account:agency_refused"
    SIGNED_OUT = "account:signed_out"
    OTHERS_SIGNED_OUT = "account:others_signed_out"
    FACTOR_ON = "factor:on"
    FACTOR_OFF = "factor:off"
    FACTOR_RESET = "factor:reset"
    RECOVERY_CODE_USED = "recovery_code:used"
    RECOVERY_CODES_MADE = "recovery_code:made"
    PASSKEY_ADDED = "passkey:added"
    PASSKEY_REMOVED = "passkey:removed"
    DEVICE_TRUSTED = "device:trusted"
    PASSWORD_CHANGED = "password:changed"  # noqa: S105  # the name of an action
    HEAD_MARKED = "unit:head_marked"
    UNIT_CREATED = "unit:created"


@dataclass(frozen=True)
class Wanted:
    """What to look for: parts of names, an action, WIB days from and to (both included).

    The actor ``operator`` is nobody who signs in: the console, or the product itself.
    """

    actor: str = ""
    subject: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Entry:
    """One line of the log. ``actor`` is empty for the operator at the console."""

    id: int
    at_ms: int
    action: str
    actor: str
    subject_id: int | None
    subject: str
    values: dict[str, Any]
    # Its place in the chain of the actor, and the digest over the one before.
    seq: int
    digest: str


@dataclass(frozen=True)
class AuditPage:
    """Entries, newest first."""

    entries: list[Entry]
    number: int
    has_next: bool


def act_for(giver: str) -> None:
    """Let what this request records say in whose name it is done; empty for one's own."""
    _giver.set(giver)


def record(actor_id: int | None, action: str, subject_id: int | None, **values: Any) -> None:
    """Append an entry to the actor's chain; ``actor_id`` is None for the operator at the console.

    Best the last thing in a transaction: the chain is held from here to its end.
    """
    giver = _giver.get()
    if giver and actor_id is not None:
        values["on_behalf"] = giver
    entry = {
        "actor_id": actor_id,
        "action": str(action),
        "subject_id": subject_id,
        "body": canonical.text(values),
        "at_ms": clock.now_ms(),
    }
    audit_chain.append(db.session(), entry)


def read(arguments: Mapping[str, str]) -> Wanted:
    """What is wanted, from the address; nonsense counts as not given."""
    actor, subject, action = (
        " ".join(arguments.get(name, "").split())[:MAX_TEXT] for name in ("q", "subject", "action")
    )
    return Wanted(actor, subject, action, _day(arguments, "since"), _day(arguments, "until"))


def _day(arguments: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(arguments.get(name, ""))
    except ValueError:
        return None


def find(wanted: Wanted, number: int = 1) -> AuditPage:
    """A page of the log; one statement."""
    statement = _query(wanted).order_by(AuditEntry.id.desc())
    page = statement.limit(PAGE_SIZE + 1).offset((number - 1) * PAGE_SIZE)
    found = [_entry(row) for row in rows(page)]
    return AuditPage(found[:PAGE_SIZE], number, len(found) > PAGE_SIZE)


def sign_in_before(person_id: int) -> Entry | None:
    """A person's last sign-in before the newest one; None where there was none."""
    theirs = AuditEntry.actor_id == person_id, AuditEntry.action == Action.SIGNED_IN
    wanted = _query(Wanted()).where(*theirs).order_by(AuditEntry.seq.desc()).offset(1).limit(1)
    found = rows(wanted)
    return _entry(found[0]) if found else None


def everything(wanted: Wanted) -> Iterator[Entry]:
    """All entries that are wanted, the oldest first, from one statement read in portions."""
    statement = _query(wanted).order_by(AuditEntry.id)
    with snapshot() as session:
        options = {"yield_per": FETCHED_AT_ONCE}
        for row in session.connection().execute(statement, execution_options=options):
            yield _entry(row)


def of_subject(subject_id: int, actions: Collection[str]) -> list[Entry]:
    """What was done to a person, of some actions, the newest first; one statement."""
    done = AuditEntry.subject_id == subject_id, AuditEntry.action.in_(actions)
    return [
        _entry(row) for row in rows(_query(Wanted()).where(*done).order_by(AuditEntry.id.desc()))
    ]


def _query(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    actor, subject = aliased(Person), aliased(Person)
    columns = (
        AuditEntry.id,
        AuditEntry.at_ms,
        AuditEntry.action,
        AuditEntry.subject_id,
        AuditEntry.body,
        AuditEntry.seq,
        AuditEntry.digest,
    )
    return (
        select(*columns, *_name_of(actor, "actor"), *_name_of(subject, "subject"))
        .outerjoin(actor, actor.id == AuditEntry.actor_id)
        .outerjoin(subject, subject.id == AuditEntry.subject_id)
        .where(*_conditions(wanted, actor, subject))
    )


def actions() -> list[str]:
    """The actions among the newest entries, so that asking costs the same in every year."""
    newest = select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(ACTIONS_FROM)
    recent = newest.subquery()
    return list(db.session.scalars(select(recent.c.action).distinct().order_by(recent.c.action)))


def _conditions(wanted: Wanted, actor: Any, subject: Any) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.actor:
        named = actor.sort_name.contains(fold(wanted.actor), autoescape=True)
        is_operator = OPERATOR.startswith(fold(wanted.actor))
        found.append(or_(named, AuditEntry.actor_id.is_(None)) if is_operator else named)
    if wanted.subject:
        found.append(subject.sort_name.contains(fold(wanted.subject), autoescape=True))
    if wanted.action:
        found.append(AuditEntry.action == wanted.action)
    if wanted.since:
        found.append(AuditEntry.at_ms >= clock.start_of_day_ms(wanted.since))
    if wanted.until:
        found.append(AuditEntry.at_ms < clock.start_of_day_ms(wanted.until + timedelta(days=1)))
    return found


def _name_of(person: Any, label: str) -> list[Any]:
    return [
        person.degrees_before.label(f"{label}_before"),
        person.name.label(f"{label}_name"),
        person.degrees_after.label(f"{label}_after"),
    ]


def _entry(row: Any) -> Entry:
    return Entry(
        id=row.id,
        at_ms=row.at_ms,
        action=row.action,
        actor=_named(row.actor_before, row.actor_name, row.actor_after),
        subject_id=row.subject_id,
        subject=_named(row.subject_before, row.subject_name, row.subject_after),
        values=json.loads(row.body),
        seq=row.seq,
        digest=row.digest,
    )


def _named(before: str | None, name: str | None, after: str | None) -> str:
    return full_name(before or "", name, after or "") if name else ""
