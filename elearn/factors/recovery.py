"""Recovery codes: ten that stand in for a lost phone, shown once, kept as hashes, used once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from elearn import clock
from elearn.database import db
from elearn.errors import Invalid
from elearn.people import passwords
from elearn.people.factor_models import RecoveryCode

COUNT = 10
SELECTOR_LENGTH = 2
SECRET_LENGTH = 10  # 49 bits, as a one-time code
LENGTH = SELECTOR_LENGTH + SECRET_LENGTH
GROUP = 4


@dataclass(frozen=True)
class NewCode:
    """A code as it is shown once, and what is kept of it."""

    text: str
    selector: str
    hash: str


def new_codes() -> list[NewCode]:
    """Ten new codes; 0.25 s of one core, so no transaction is open meanwhile."""
    selectors: set[str] = set()
    while len(selectors) < COUNT:
        selectors.add(_letters(SELECTOR_LENGTH))
    return [_new_code(selector) for selector in sorted(selectors)]


def replace(person_id: int, codes: list[NewCode]) -> None:
    """Let these be the codes of a person, and no others."""
    remove(person_id)
    kept = [
        {"person_id": person_id, "selector": code.selector, "hash": code.hash} for code in codes
    ]
    db.session.execute(insert(RecoveryCode), kept)


def remove(person_id: int) -> None:
    """Take every code of a person away."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def unused(person_id: int) -> int:
    """How many codes are left."""
    left = RecoveryCode.person_id == person_id, RecoveryCode.used_ms.is_(None)
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(*left)) or 0


def find(person_id: int, text: str) -> int | None:
    """The id of the unused code that a text is; one hash is made whether or not there is one."""
    wanted = select(RecoveryCode.id, RecoveryCode.hash).where(
        RecoveryCode.person_id == person_id,
        RecoveryCode.selector == text[:SELECTOR_LENGTH],
        RecoveryCode.used_ms.is_(None),
    )
    row = db.session.execute(wanted).one_or_none()
    right = passwords.matches(row.hash if row else "", text[SELECTOR_LENGTH:])
    return row.id if row and right else None


def use(code_id: int) -> None:
    """Use a code up; raises Invalid when it has been used meanwhile."""
    fresh = RecoveryCode.id == code_id, RecoveryCode.used_ms.is_(None)
    used = update(RecoveryCode).where(*fresh).values(used_ms=clock.now_ms())
    if not db.session.execute(used.returning(RecoveryCode.id)).all():
        raise Invalid("factor_used", field="code")


def is_code(text: str) -> bool:
    """Whether a tidied text has the shape of a recovery code."""
    return len(text) == LENGTH and set(text) <= set(passwords.CODE_LETTERS)


def _new_code(selector: str) -> NewCode:
    secret = _letters(SECRET_LENGTH)
    whole = selector + secret
    shown = "-".join(whole[start : start + GROUP] for start in range(0, LENGTH, GROUP))
    return NewCode(shown, selector, passwords.hash_of(secret))


def _letters(count: int) -> str:
    return "".join(secrets.choice(passwords.CODE_LETTERS) for _ in range(count))
