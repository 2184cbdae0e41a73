"""Refused sign-ins in the audit log: who was tried and how often, bounded against a flood.

The first refusal of an account in a quarter of an hour is an entry at once; how many there were
is a second one when the quarter is over. So an account adds two entries a quarter at most, and
accounts that nobody has add ``MOST_UNKNOWN`` together. What was typed for such an account is kept
only as a keyed digest: it may be another number, or a secret in the wrong field.
"""

from __future__ import annotations

import hmac

from sqlalchemy import delete, func, select, update

from elearn import clock, signing
from elearn.database import db, insert_new, transaction
from elearn.jobs import Work
from elearn.people import audit
from elearn.people.audit import Action
from elearn.people.models import Person, RefusedSignIn

REFUSALS_JOB = "tell_refusals"
QUARTER_MS = 15 * 60_000
MOST_UNKNOWN = 200
BEYOND = "others"  # of unknown accounts, those past the bound
AGENCY = "|"  # stands before the reason why one who came by the agency's account was refused
SECRET = "refused-accounts"  # noqa: S105  # the name of a key
SHOWN = 12


def note(account: str) -> None:
    """Keep that an account was refused: its secret was wrong, or nobody has it."""
    person_id = db.session.scalar(select(Person.id).where(Person.nip == account))
    quarter = _quarter()
    subject = f"person:{person_id}" if person_id else _unknown(account, quarter)
    _count(subject, quarter, person_id)


def note_agency(reason: str, account: str, person_id: int | None) -> None:
    """Keep that somebody who came from the agency's account was refused, and why.

    ``account`` is the NIP that nobody has here, or empty where none was told.
    """
    quarter = _quarter()
    who = f"person:{person_id}" if person_id else _unknown(account, quarter) if account else ""
    _count(f"{who}{AGENCY}{reason}", quarter, person_id)


def _quarter() -> int:
    """The moment in which the present quarter of an hour began."""
    now_ms = clock.now_ms()
    return now_ms - now_ms % QUARTER_MS


def _count(subject: str, quarter: int, person_id: int | None) -> None:
    row = {"subject": subject, "quarter_ms": quarter, "person_id": person_id, "times": 1}
    if insert_new(RefusedSignIn, [row]):
        _tell(person_id, subject, 1)
    else:
        same = (RefusedSignIn.subject == subject) & (RefusedSignIn.quarter_ms == quarter)
        again = update(RefusedSignIn).where(same)
        db.session.execute(again.values(times=RefusedSignIn.times + 1))


def _unknown(account: str, quarter: int) -> str:
    """The digest of an account that nobody has; past the bound all are one."""
    key = signing.ring().secret(SECRET)
    digest = hmac.new(key, account.encode(), "sha256").hexdigest()[:SHOWN]
    others = (RefusedSignIn.quarter_ms == quarter) & RefusedSignIn.person_id.is_(None)
    known = select(func.count()).select_from(RefusedSignIn).where(others)
    if (db.session.scalar(known) or 0) < MOST_UNKNOWN:
        return digest
    is_counted = select(RefusedSignIn.times).where(others, RefusedSignIn.subject == digest)
    return digest if db.session.scalar(is_counted) else BEYOND


def _tell(person_id: int | None, subject: str, times: int) -> None:
    who, by_agency, reason = subject.partition(AGENCY)
    account = "" if person_id else who
    if by_agency:
        audit.record(
            None,
            Action.AGENCY_REFUSED,
            person_id,
            account=account,
            times=times,
            refused_for=reason,
        )
    else:
        audit.record(None, Action.SIGN_IN_REFUSED, person_id, account=account, times=times)


def tell_totals(work: Work) -> None:
    """The job: say how often each account was refused in the quarters that are over."""
    before = clock.now_ms() - clock.now_ms() % QUARTER_MS
    over = RefusedSignIn.quarter_ms < before
    with transaction():
        counted = delete(RefusedSignIn).where(over).returning(*_COLUMNS)
        found = db.session.execute(counted).all()
        for row in sorted(found, key=lambda row: (row.quarter_ms, row.subject)):
            if row.times > 1:
                _tell(row.person_id, row.subject, row.times)
    work.report(100)


_COLUMNS = (
    RefusedSignIn.quarter_ms,
    RefusedSignIn.subject,
    RefusedSignIn.person_id,
    RefusedSignIn.times,
)
