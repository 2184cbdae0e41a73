"""Checking the second factor of who has shown the first: a code of the app, or a recovery code."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select

from elearn import clock
from elearn.database import db
from elearn.errors import Invalid
from elearn.factors import enrolling, recovery, sealing, totp
from elearn.people import accounts, actors, audit, notices, passwords
from elearn.people.audit import Action
from elearn.people.factor_models import Authenticator, TrustedDevice
from elearn.people.notices import NoticeKind

TRUSTED_MS = 30 * clock.DAY_MS


@dataclass(frozen=True)
class Proof:
    """A code that was right: the step of the app, or the id of a recovery code."""

    person_id: int
    step: int | None = None
    recovery_id: int | None = None


def subject_of(person_id: int) -> str:
    """Whose tries are counted together, by whichever way they come."""
    return f"factor:{person_id}"


def prove(person_id: int, text: str) -> Proof:
    """Hold a code against a person's app, or against their recovery codes. Raises Invalid.

    A recovery code costs a hash, so no transaction is open meanwhile.
    """
    code, letters = totp.tidy(text), passwords.tidy_code(text)
    if totp.is_code(code):
        return Proof(person_id, step=_step(person_id, code))
    if recovery.is_code(letters):
        found = recovery.find(person_id, letters)
        if found is not None:
            return Proof(person_id, recovery_id=found)
    raise Invalid("factor_refused", field="code")


def spend(proof: Proof) -> None:
    """Use a proved code up: nobody signs in by it again. Raises Invalid."""
    if proof.recovery_id is not None:
        _spend_recovery(proof.person_id, proof.recovery_id)
        return
    held = _locked(proof.person_id)
    if held is None or proof.step is None or proof.step <= held.last_step:
        raise Invalid("factor_used", field="code")
    held.last_step = proof.step


def trust(person_id: int, device: str) -> str:
    """Ask for no code in this browser for 30 days. Returns the token for its cookie."""
    now_ms = clock.now_ms()
    over = TrustedDevice.person_id == person_id, TrustedDevice.until_ms <= now_ms
    db.session.execute(delete(TrustedDevice).where(*over))
    token = secrets.token_urlsafe(accounts.TOKEN_BYTES)
    trusted = TrustedDevice(
        stamp=actors.stamp_of(token),
        person_id=person_id,
        device=device[: accounts.MAX_DEVICE_LENGTH],
        created_ms=now_ms,
        until_ms=now_ms + TRUSTED_MS,
    )
    db.session.add(trusted)
    db.session.flush()
    audit.record(person_id, Action.DEVICE_TRUSTED, person_id, device=trusted.device)
    return token


def warn(person_id: int) -> None:
    """Tell a person, once a day, that somebody with their password keeps failing at the code."""
    key = f"factor_guessed:{clock.today().isoformat()}"
    notices.notify(person_id, NoticeKind.FACTOR_GUESSED, key)


def _step(person_id: int, code: str) -> int:
    """The step of a code; one that was used, or one before it, is told apart from a wrong one."""
    held = db.session.get(Authenticator, person_id)
    if held is None:
        raise Invalid("factor_refused", field="code")
    secret = sealing.unseal(held.sealed_secret, enrolling.kept_for(person_id))
    step = totp.matching_step(secret, code, clock.now_ms())
    if step is None:
        raise Invalid("factor_refused", field="code")
    return step


def _spend_recovery(person_id: int, code_id: int) -> None:
    recovery.use(code_id)
    left = recovery.unused(person_id)
    key = f"recovery:{code_id}"
    notices.notify(person_id, NoticeKind.RECOVERY_CODE_USED, key, left=left)
    audit.record(person_id, Action.RECOVERY_CODE_USED, person_id, left=left)


def _locked(person_id: int) -> Authenticator | None:
    wanted = select(Authenticator).where(Authenticator.person_id == person_id).with_for_update()
    return db.session.scalar(wanted.execution_options(populate_existing=True))
