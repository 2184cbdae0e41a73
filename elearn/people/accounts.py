"""How a person gets in: made, signed in and out, password, one-time code, deactivated."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace

from sqlalchemy import delete, or_, select, union_all, update

from elearn import clock
from elearn.database import db, rows
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.people import (
    actors,
    audit,
    brake,
    delegations,
    holding,
    notices,
    passwords,
    placements,
    second_factor,
    staffing,
    units,
)
from elearn.people.actors import Actor
from elearn.people.audit import Action
from elearn.people.history_models import Delegation, Leaving
from elearn.people.models import Person, RoleGrant, SignIn, Unit
from elearn.people.models import Way as Way
from elearn.people.nip import compact
from elearn.people.notices import NoticeKind
from elearn.people.passwords import OneTimeCode
from elearn.people.permissions import Permission, Role
from elearn.people.placements import Basis

TOKEN_BYTES = 32
REMEMBERED_MS = 30 * clock.DAY_MS
UNREMEMBERED_MS = clock.DAY_MS // 2
CODE_LIFE_MS = clock.DAY_MS
JUST_MS = 10 * 60_000
MAX_DEVICE_LENGTH = 120
# Whose sign-in HR may reset: nobody who may do what HR may not.
RESET_BY_HR = frozenset({Role.LEARNER, Role.INSTRUCTOR, Role.HR_UNIT})


@dataclass(frozen=True)
class Verified:
    """A first factor that was right; ``seen`` is a digest of the hash it was held against.

    ``has_second`` where whoever verified it asked for a second factor as well.
    """

    person_id: int
    seen: str = ""
    way: Way = Way.PASSWORD
    has_second: bool = False

    @property
    def by_code(self) -> bool:
        return self.way in (Way.CODE, Way.RESCUE)


@dataclass(frozen=True)
class PasswordChange:
    """A new password that may be set, hashed before any lock is held."""

    person_id: int
    seen_hash: str
    new_hash: str


@dataclass(frozen=True)
class Device:
    """Where a person is signed in."""

    stamp: str
    name: str
    created_ms: int
    until_ms: int
    way: Way


def authenticate(nip_text: str, secret: str) -> Verified:
    """Hold a password or a living one-time code against an account.

    One hash is made whether or not there is such a person. Raises Invalid, always the same.
    """
    row = db.session.execute(
        select(Person.id, Person.password_hash, Person.code_hash, Person.code_until_ms).where(
            Person.nip == compact(nip_text), Person.active
        )
    ).one_or_none()
    by_code = bool(row and row.code_hash and row.code_until_ms > clock.now_ms())
    hashed = "" if row is None else row.code_hash if by_code else row.password_hash
    right = passwords.matches(hashed, passwords.tidy_code(secret) if by_code else secret)
    if row is None or not right:
        raise Invalid("sign_in_refused", field="password")
    return Verified(row.id, _digest(hashed), Way.CODE if by_code else Way.PASSWORD)


def rescued(verified: Verified) -> Verified:
    """Who has shown a one-time code and is an admin: all who get in while passwords are off.

    Raises Invalid, as ``authenticate`` does.
    """
    held = holding.held()
    is_theirs = held.c.person_id == verified.person_id, held.c.role == Role.ADMIN
    if not (verified.by_code and rows(select(held.c.role).where(*is_theirs))):
        raise Invalid("sign_in_refused", field="password")
    return replace(verified, way=Way.RESCUE)


def accept(verified: Verified, *, device: str, remember: bool) -> str:
    """Sign in who has been verified; a code is used up. Returns the token for the cookie."""
    person = staffing.locked(verified.person_id)
    if not person.active or not _still_stands(verified, person):
        raise Invalid("sign_in_refused", field="password")
    if verified.by_code:
        person.code_hash, person.code_until_ms = "", 0
        person.must_change_password = True
        audit.record(person.id, Action.CODE_USED, person.id)
    return complete(
        person,
        device=device,
        remember=remember,
        way=verified.way,
        has_second=verified.has_second,
    )


def complete(
    person: Person,
    *,
    device: str,
    remember: bool,
    way: Way = Way.PASSWORD,
    has_second: bool = False,
) -> str:
    """End a sign-in whose first factor was right, whichever it was: every way in comes here.

    Returns the token for the cookie.
    """
    brake.clear(person.nip)
    token = sign_in(person, device=device, remember=remember, way=way, has_second=has_second)
    audit.record(person.id, Action.SIGNED_IN, person.id, device=device, way=way)
    return token


def sign_in(
    person: Person,
    *,
    device: str = "",
    remember: bool = False,
    way: Way = Way.PASSWORD,
    has_second: bool = False,
) -> str:
    """Open a sign-in of a device: 30 days if it is remembered, else 12 hours. Returns the token."""
    now_ms = clock.now_ms()
    over = SignIn.person_id == person.id, SignIn.until_ms <= now_ms
    db.session.execute(delete(SignIn).where(*over))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    opened = SignIn(
        stamp=actors.stamp_of(token),
        person_id=person.id,
        created_ms=now_ms,
        until_ms=now_ms + (REMEMBERED_MS if remember else UNREMEMBERED_MS),
        device=device[:MAX_DEVICE_LENGTH],
        confirmed_ms=now_ms,
        factor_due_ms=None if has_second else second_factor.due_ms(person.id),
        way=way,
    )
    db.session.add(opened)
    return token


def sign_out(stamp: str) -> None:
    """End one sign-in; its cookie is dead, and so is every copy."""
    db.session.execute(delete(SignIn).where(SignIn.stamp == stamp))


def sign_out_device(person_id: int, stamp: str) -> None:
    """End one of a person's own sign-ins; raises NotFound for any other."""
    ended = delete(SignIn).where(SignIn.person_id == person_id, SignIn.stamp == stamp)
    if not db.session.execute(ended.returning(SignIn.stamp)).all():
        raise NotFound


def sign_out_others(person_id: int, keep_stamp: str) -> None:
    """End every sign-in of a person but one, and trust no device any more."""
    end_sign_ins(person_id, keep_stamp)
    second_factor.forget_devices(person_id)
    audit.record(person_id, Action.OTHERS_SIGNED_OUT, person_id)


def devices(person_id: int) -> list[Device]:
    """Where a person is signed in, newest first."""
    wanted = (
        select(SignIn.stamp, SignIn.device, SignIn.created_ms, SignIn.until_ms, SignIn.way)
        .where(SignIn.person_id == person_id, SignIn.until_ms > clock.now_ms())
        .order_by(SignIn.created_ms.desc())
    )
    return [Device(*row) for row in rows(wanted)]


def prepare_password(person_id: int, old: str, new: str) -> PasswordChange:
    """Check the old password and the new one, and hash it; no transaction is open meanwhile.

    Who has to set a first password is not asked for an old one. Raises Invalid.
    """
    row = db.session.execute(
        select(Person.nip, Person.password_hash, Person.must_change_password).where(
            Person.id == person_id
        )
    ).one()
    if not row.must_change_password and not passwords.matches(row.password_hash, old):
        raise Invalid("old_password_wrong", field="old")
    weakness = passwords.Weakness.SAME if new == old else passwords.weakness_of(new, row.nip)
    if weakness:
        raise Invalid(f"password_{weakness}", field="new")
    return PasswordChange(person_id, row.password_hash, passwords.hash_of(new))


def confirm(person_id: int, secret: str) -> None:
    """Let who is signed in show again that it is they. Raises Invalid."""
    held = db.session.scalar(select(Person.password_hash).where(Person.id == person_id))
    if not held:
        raise Invalid("password_missing", field="password")
    if not passwords.matches(held, secret):
        raise Invalid("old_password_wrong", field="password")


def has_just_signed_in(stamp: str) -> bool:
    """Whether a person showed so lately who they are that they need not do it again."""
    shown = db.session.scalar(select(SignIn.confirmed_ms).where(SignIn.stamp == stamp))
    return shown is not None and clock.now_ms() - shown < JUST_MS


def keep_confirmed(stamp: str) -> None:
    """Remember that the person of a sign-in has shown again who they are."""
    same = update(SignIn).where(SignIn.stamp == stamp)
    db.session.execute(same.values(confirmed_ms=clock.now_ms()))


def change_password(change: PasswordChange, keep_stamp: str = "") -> None:
    """Set the new password, end every sign-in but the one it is changed from, trust no device."""
    person = staffing.locked(change.person_id)
    if person.password_hash != change.seen_hash:
        raise Conflict("password_changed_meanwhile")
    set_password_hash(person, change.new_hash, must_change=False)
    end_sign_ins(person.id, keep_stamp)
    second_factor.forget_devices(person.id)
    audit.record(person.id, Action.PASSWORD_CHANGED, person.id)


def set_password_hash(person: Person, hashed: str, *, must_change: bool) -> None:
    """Give a person a password, already hashed; for the console and the demo as well."""
    person.password_hash = hashed
    person.must_change_password = must_change
    person.code_hash, person.code_until_ms = "", 0


def issue_code(
    actor: Actor, person_id: int, code: OneTimeCode, *, life_ms: int = CODE_LIFE_MS
) -> Person:
    """Reset a person's sign-in: the code works once while it lives, the old password no more.

    HR may do it in its branch, for those who may do no more than HR; an admin for anybody else.
    """
    resettable(actor, person_id)
    return reset_to_code(person_id, code, actor_id=actor.id, life_ms=life_ms)


def resettable(actor: Actor, person_id: int) -> None:
    """Refuse at once what ``issue_code`` would refuse, before a hash is spent on it."""
    if actor.id == person_id:
        raise NotAllowed
    if not actor.may(Permission.ROLE_GRANT):
        units.person_to_act_on(actor, person_id)
        _refuse_reset_upward(actor, person_id)


def reset_to_code(
    person_id: int,
    code: OneTimeCode,
    *,
    actor_id: int | None = None,
    life_ms: int = CODE_LIFE_MS,
) -> Person:
    """Let a one-time code be the only way in; without an actor it is the operator's console."""
    person = staffing.locked(person_id)
    if not person.active:
        raise Conflict("person_inactive")
    now_ms = clock.now_ms()
    set_password_hash(person, "", must_change=True)
    person.code_hash, person.code_until_ms = code.hash, now_ms + life_ms
    brake.clear(person.nip)
    end_sign_ins(person.id)
    second_factor.forget_devices(person.id)
    notices.notify(person.id, NoticeKind.CODE_ISSUED, f"code:{now_ms}")
    audit.record(actor_id, Action.CODE_ISSUED, person.id)
    return person


def deactivate(
    actor_id: int | None,
    person_id: int,
    leaving: Leaving = Leaving.OTHER,
    basis: Basis | None = None,
) -> None:
    """Close an account of who leaves; the records stay. Raises Invalid for a wrong day."""
    if actor_id == person_id:
        raise Conflict("own_account")
    person = staffing.locked(person_id)
    person.active = False
    person.code_hash, person.code_until_ms = "", 0
    delegations.end_all_of(person.id)
    placements.leave(person, leaving, basis or Basis(at_ms=clock.now_ms()))
    end_sign_ins(person.id)
    second_factor.forget_devices(person.id)
    letter = {"letter": basis.letter} if basis and basis.letter else {}
    audit.record(actor_id, Action.PERSON_DEACTIVATED, person.id, leaving=leaving, **letter)


def reactivate(actor_id: int | None, person_id: int, unit_id: int | None = None) -> None:
    """Open an account again, in the unit from before or another; the password is the old one.

    Raises Invalid("unit_closed") for a unit that is closed now.
    """
    person = staffing.locked(person_id)
    if person.active:
        return
    person.active = True
    person.unit_id = unit_id or person.unit_id
    placements.come_back(person, Basis(at_ms=clock.now_ms()), actor_id=actor_id)
    audit.record(actor_id, Action.PERSON_REACTIVATED, person.id)


def _still_stands(verified: Verified, person: Person) -> bool:
    if verified.way is Way.AGENCY:
        return True
    present = person.code_hash if verified.by_code else person.password_hash
    return _digest(present) == verified.seen


def _digest(hashed: str) -> str:
    return hashlib.sha256(hashed.encode()).hexdigest()


def end_sign_ins(person_id: int, keep_stamp: str = "") -> None:
    """End every sign-in of a person, but for one."""
    others = SignIn.person_id == person_id, SignIn.stamp != keep_stamp
    db.session.execute(delete(SignIn).where(*others))


def _refuse_reset_upward(actor: Actor, person_id: int) -> None:
    """Whoever resets a sign-in could enter by it: never to more rights than one's own."""
    now_ms = clock.now_ms()
    lasting = or_(RoleGrant.until_ms.is_(None), RoleGrant.until_ms > now_ms)
    grants = select(RoleGrant.role, Unit.path).outerjoin(Unit, Unit.id == RoleGrant.unit_id)
    lent = select(Delegation.role, Unit.path).outerjoin(Unit, Unit.id == Delegation.unit_id)
    lent_still = Delegation.ended_ms.is_(None), Delegation.until_ms > now_ms
    held = union_all(
        grants.where(RoleGrant.person_id == person_id, lasting),
        lent.where(Delegation.person_id == person_id, *lent_still),
    )
    for role, path in db.session.execute(held):
        # By the sign-in of somebody of HR a role that is lent would outlast its time.
        beyond = role == Role.HR_UNIT and not (path or "").startswith(actor.own_paths)
        if role not in RESET_BY_HR or beyond:
            raise NotAllowed
