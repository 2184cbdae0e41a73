"""Setting up the app: a secret is offered, confirmed by its first code, replaced or taken away."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from sqlalchemy import delete

from elearn import clock
from elearn.database import db
from elearn.errors import Invalid, NotAllowed
from elearn.factors import recovery, sealing, totp
from elearn.factors.recovery import NewCode
from elearn.people import accounts, audit, notices, second_factor, staffing
from elearn.people.audit import Action
from elearn.people.factor_models import Authenticator, Passkey
from elearn.people.notices import NoticeKind

OFFER_LIFE_MS = 30 * 60_000


@dataclass(frozen=True)
class Enrolment:
    """A secret whose first code was right, and recovery codes hashed before any lock is held."""

    person_id: int
    secret: str
    step: int
    codes: list[NewCode]


@dataclass(frozen=True)
class Standing:
    """Since when somebody has a second factor, and how many recovery codes are left."""

    since_ms: int
    codes_left: int


def standing(person_id: int) -> Standing | None:
    """How it is with a person's second factor; None where there is none."""
    held = db.session.get(Authenticator, person_id)
    return Standing(held.created_ms, recovery.unused(person_id)) if held else None


def offer(person_id: int) -> str:
    """A new secret for a person, sealed, for their own browser to keep for half an hour."""
    held = f"{clock.now_ms()}:{totp.new_secret()}"
    return base64.b64encode(sealing.seal(held, _offered_to(person_id))).decode()


def offered(person_id: int, sealed: str) -> str:
    """The secret of an offer; raises Invalid when it is not of this person or its time is over."""
    try:
        held = sealing.unseal(base64.b64decode(sealed, validate=True), _offered_to(person_id))
    except (Invalid, binascii.Error, ValueError):
        raise Invalid("offer_over", field="code") from None
    made_ms, _, secret = held.partition(":")
    if clock.now_ms() - int(made_ms) > OFFER_LIFE_MS:
        raise Invalid("offer_over", field="code")
    return secret


def prepare(person_id: int, sealed: str, code: str) -> Enrolment:
    """Check the first code of an offered secret, and make the recovery codes. Raises Invalid.

    No transaction is open meanwhile.
    """
    secret = offered(person_id, sealed)
    step = totp.matching_step(secret, totp.tidy(code), clock.now_ms())
    if step is None:
        raise Invalid("factor_refused", field="code")
    return Enrolment(person_id, secret, step, recovery.new_codes())


def turn_on(enrolment: Enrolment, keep_stamp: str) -> None:
    """Let the app be the second factor from now on; every other device is signed out."""
    person_id = enrolment.person_id
    staffing.locked(person_id)
    _remove_app(person_id)
    kept = Authenticator(
        person_id=person_id,
        sealed_secret=sealing.seal(enrolment.secret, kept_for(person_id)),
        last_step=enrolment.step,
        created_ms=clock.now_ms(),
    )
    db.session.add(kept)
    db.session.flush()
    recovery.replace(person_id, enrolment.codes)
    accounts.end_sign_ins(person_id, keep_stamp)
    second_factor.tell_sign_ins(person_id)
    notices.notify(person_id, NoticeKind.FACTOR_ON, f"factor:{kept.created_ms}")
    audit.record(person_id, Action.FACTOR_ON, person_id)


def renew_codes(person_id: int, codes: list[NewCode]) -> None:
    """Replace every recovery code of who has a second factor. Raises NotAllowed."""
    staffing.locked(person_id)
    if not second_factor.is_on(person_id):
        raise NotAllowed
    recovery.replace(person_id, codes)
    audit.record(person_id, Action.RECOVERY_CODES_MADE, person_id)


def turn_off(person_id: int, keep_stamp: str) -> None:
    """Do without a second factor again; raises NotAllowed for whose role needs one."""
    staffing.locked(person_id)
    if second_factor.required_ms(person_id) is not None:
        raise NotAllowed
    take_away(person_id, keep_stamp)
    notices.notify(person_id, NoticeKind.FACTOR_OFF, f"factor:{clock.now_ms()}")
    audit.record(person_id, Action.FACTOR_OFF, person_id)


def take_away(person_id: int, keep_stamp: str = "") -> None:
    """Remove the app, codes and passkeys of a person, and end every sign-in but one."""
    _remove_app(person_id)
    db.session.execute(delete(Passkey).where(Passkey.person_id == person_id))
    accounts.end_sign_ins(person_id, keep_stamp)
    second_factor.tell_sign_ins(person_id)


def kept_for(person_id: int) -> str:
    """The purpose a kept secret is sealed for."""
    return f"authenticator:{person_id}"


def _offered_to(person_id: int) -> str:
    return f"offer:{person_id}"


def _remove_app(person_id: int) -> None:
    db.session.execute(delete(Authenticator).where(Authenticator.person_id == person_id))
    recovery.remove(person_id)
    second_factor.forget_devices(person_id)
