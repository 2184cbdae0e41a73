"""Passkeys (WebAuthn level 2) in the place of a code: added by a person, shown when signing in.

A passkey is bound to this site's name and asks its holder for a finger, a face or a PIN, so that it
cannot be typed into a page that only looks like this one. Only who has an app may add one: recovery
codes stand in for a lost device.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import webauthn
from sqlalchemy import delete, select
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from elearn import clock, signing
from elearn.database import db
from elearn.errors import Invalid, NotAllowed, NotFound
from elearn.people import accounts, audit, notices, second_factor, staffing
from elearn.people.audit import Action
from elearn.people.factor_models import Passkey
from elearn.people.notices import NoticeKind

MOST = 10
MAX_NAME = 60
MS_BYTES, RANDOM_BYTES = 8, 24
CHALLENGE_LIFE_MS = 5 * 60_000
HANDLES = "passkey-handles"
REFUSED = "passkey_refused"


@dataclass(frozen=True)
class Site:
    """Where passkeys are for: the host by which they are known, and the address of the pages."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True)
class NewPasskey:
    """A passkey that has been made for a challenge of ours."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True)
class PasskeyProof:
    """An answer of a passkey that was right, its counter, and when it was asked for."""

    passkey_id: int
    sign_count: int
    challenge_ms: int


def new_challenge() -> bytes:
    """The moment it is made, and 192 random bits."""
    return clock.now_ms().to_bytes(MS_BYTES) + secrets.token_bytes(RANDOM_BYTES)


def of(person_id: int) -> list[Passkey]:
    """The passkeys of a person, the oldest first."""
    theirs = select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)
    return list(db.session.scalars(theirs))


def of_id(person_id: int, passkey_id: int) -> Passkey:
    """One of a person's own; raises NotFound for any other."""
    found = db.session.get(Passkey, passkey_id)
    if found is None or found.person_id != person_id:
        raise NotFound
    return found


def making_options(person_id: int, full_name: str, site: Site, challenge: bytes) -> str:
    """What the browser is told to make a passkey, as JSON."""
    made = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=_handle(person_id),
        user_name=full_name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(person_id),
    )
    return webauthn.options_to_json(made)


def asking_options(person_id: int, site: Site, challenge: bytes) -> str:
    """What the browser is told to ask one of a person's passkeys, as JSON."""
    made = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        allow_credentials=_descriptors(person_id),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(made)


def made(site: Site, challenge: bytes, answer: str) -> NewPasskey:
    """Check what a browser answers to the options for making. Raises Invalid."""
    _moment_of(challenge)
    with _refusing():
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    return NewPasskey(found.credential_id, found.credential_public_key, found.sign_count)


def add(person_id: int, new: NewPasskey, name: str, keep_stamp: str) -> None:
    """Let a passkey stand in for codes; every other device is signed out.

    Raises NotAllowed without an app, Invalid for one that is known and for one too many.
    """
    staffing.locked(person_id)
    if not second_factor.is_on(person_id):
        raise NotAllowed
    known = select(Passkey.id).where(Passkey.credential_id == new.credential_id)
    if db.session.scalar(known) is not None:
        raise Invalid(REFUSED, field="answer")
    if len(of(person_id)) >= MOST:
        raise Invalid("passkeys_too_many", field="answer")
    passkey = Passkey(
        person_id=person_id,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        last_challenge_ms=0,
        name=name[:MAX_NAME],
        created_ms=clock.now_ms(),
    )
    db.session.add(passkey)
    db.session.flush()
    accounts.end_sign_ins(person_id, keep_stamp)
    notices.notify(person_id, NoticeKind.PASSKEY_ADDED, f"passkey:{passkey.id}", name=passkey.name)
    audit.record(person_id, Action.PASSKEY_ADDED, person_id, named=passkey.name)


def remove(person_id: int, passkey_id: int, keep_stamp: str) -> None:
    """Take one of a person's own passkeys away; raises NotFound."""
    passkey = of_id(person_id, passkey_id)
    db.session.execute(delete(Passkey).where(Passkey.id == passkey.id))
    accounts.end_sign_ins(person_id, keep_stamp)
    key = f"passkey_removed:{passkey.id}"
    notices.notify(person_id, NoticeKind.PASSKEY_REMOVED, key, name=passkey.name)
    audit.record(person_id, Action.PASSKEY_REMOVED, person_id, named=passkey.name)


def prove(person_id: int, site: Site, challenge: bytes, answer: str) -> PasskeyProof:
    """Check what one of a person's passkeys answers to a challenge. Raises Invalid."""
    challenge_ms = _moment_of(challenge)
    with _refusing():
        raw_id = parse_authentication_credential_json(answer).raw_id
        passkey = _known(person_id, raw_id)
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    return PasskeyProof(passkey.id, found.new_sign_count, challenge_ms)


def spend(proof: PasskeyProof) -> None:
    """Let no challenge up to this one be answered by the passkey again. Raises Invalid."""
    wanted = select(Passkey).where(Passkey.id == proof.passkey_id).with_for_update()
    passkey = db.session.scalar(wanted.execution_options(populate_existing=True))
    if passkey is None or proof.challenge_ms <= passkey.last_challenge_ms:
        raise Invalid("factor_used", field="answer")
    passkey.sign_count = proof.sign_count
    passkey.last_challenge_ms = proof.challenge_ms


def _known(person_id: int, credential_id: bytes) -> Passkey:
    theirs = Passkey.person_id == person_id, Passkey.credential_id == credential_id
    found = db.session.scalar(select(Passkey).where(*theirs))
    if found is None:
        raise Invalid(REFUSED, field="answer")
    return found


def _moment_of(challenge: bytes) -> int:
    """When a challenge was made; raises Invalid where its time is over or there is none."""
    made_ms = int.from_bytes(challenge[:MS_BYTES])
    if len(challenge) != MS_BYTES + RANDOM_BYTES or clock.now_ms() - made_ms > CHALLENGE_LIFE_MS:
        raise Invalid("passkey_too_late", field="answer")
    return made_ms


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever is wrong with an answer, it is refused."""
    try:
        yield
    except (WebAuthnException, ValueError, TypeError, KeyError, RecursionError):
        raise Invalid(REFUSED, field="answer") from None


def _descriptors(person_id: int) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=each.credential_id) for each in of(person_id)]


def _handle(person_id: int) -> bytes:
    """What a device keeps the person as: always the same, and it tells nothing of them."""
    return hmac.digest(signing.ring().secret(HANDLES), str(person_id).encode(), "sha256")
