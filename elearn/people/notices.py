"""The inbox of a person: kinds and values; the sentences stand in the template."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update

from elearn import clock
from elearn.database import db, insert_new_together, rows
from elearn.people.models import Notice

PAGE_SIZE = 20


class NoticeKind(StrEnum):
    """What a notice tells, and the values its sentence needs."""

    COURSE_COMPLETED = "course_completed"  # title, number (of the certificate)
    COMPLETION_ENDING = "completion_ending"  # title, slug, day (its start, ms), is_given
    COMPLETION_EXPIRED = "completion_expired"  # title, slug, day (its start, ms), is_given
    COURSES_ASKED = "courses_asked"  # courses: title and due (start of the day, ms) of each
    COURSES_OVERDUE = "courses_overdue"  # count; once a week for HR
    TEAM_PRESSED = "team_pressed"  # overdue, soon: direct reports; once a week for supervisors
    CERTIFICATE_NUMBERED = "certificate_numbered"  # title, number, certificate
    CERTIFICATE_SIGNED = "certificate_signed"  # title, number, certificate
    CERTIFICATE_REVOKED = "certificate_revoked"  # title, number, reason, certificate
    CERTIFICATE_REPLACED = (
        "certificate_replaced"  # title, number (may be empty), reason, certificate
    )
    ATTEMPT_CLOSED = "attempt_closed"  # title, score (tenths), attempt
    OUTSIDE_LEARNING_ADDED = "outside_learning_added"  # title, jp
    OUTSIDE_LEARNING_WITHDRAWN = "outside_learning_withdrawn"  # title, jp
    OUTSIDE_LEARNING_CORRECTED = "outside_learning_corrected"  # title, id
    OUTSIDE_LEARNING_WAITING = "outside_learning_waiting"  # no values; once a day for HR
    OUTSIDE_LEARNING_APPROVED = "outside_learning_approved"  # title, jp, id
    OUTSIDE_LEARNING_RETURNED = "outside_learning_returned"  # title, jp, id
    OUTSIDE_LEARNING_REFUSED = "outside_learning_refused"  # title, jp, id
    RECTIFICATION_WAITING = "rectification_waiting"  # no values; once a day for HR
    RECTIFICATION_DONE = "rectification_done"  # id
    RECTIFICATION_REFUSED = "rectification_refused"  # id
    TARGET_PROPOSED = "target_proposed"  # title
    CONTRACT_ENDING = "contract_ending"  # day (its start, ms)
    CONTRACTS_ENDING = "contracts_ending"  # count, day (its start, ms); for HR
    ROLE_LENT = "role_lent"  # giver, from_ms, last_ms
    CODE_ISSUED = "code_issued"  # no values
    FACTOR_ON = "factor_on"  # no values
    FACTOR_OFF = "factor_off"  # no values
    FACTOR_GUESSED = "factor_guessed"  # no values; once a day
    PASSKEY_ADDED = "passkey_added"  # name
    PASSKEY_REMOVED = "passkey_removed"  # name
    FACTOR_RESET = "factor_reset"  # no values
    RECOVERY_CODE_USED = "recovery_code_used"  # left
    COURSE_TO_APPROVE = "course_to_approve"  # title
    VERSION_AVAILABLE = "version_available"  # title, slug
    EXTRA_ATTEMPT = "extra_attempt"  # title
    REVIEW_ASKED = "review_asked"  # title, slug, number
    REVIEW_PASSED = "review_passed"  # title, slug, number
    REVIEW_RETURNED = "review_returned"  # title, slug, number
    ESSAYS_TO_MARK = "essays_to_mark"  # title, slug
    ATTEMPT_MARKED = "attempt_marked"  # title, score (in tenths), attempt
    MARK_CORRECTED = "mark_corrected"  # title, score (None while essays wait), attempt, reason
    ANNOUNCED = "announced"  # title, id
    JOURNAL_UNSOUND = "journal_unsound"  # count (of problems)
    ATTEMPT_REGRADED = "attempt_regraded"  # title, slug


@dataclass(frozen=True)
class Message:
    """One notice as the inbox shows it."""

    id: int
    kind: str
    values: dict[str, Any]
    created_ms: int
    is_read: bool


@dataclass(frozen=True)
class InboxPage:
    """Messages, newest first."""

    messages: list[Message]
    number: int
    has_next: bool


def notify(person_id: int, kind: NoticeKind, key: str, **values: Any) -> None:
    """Put a notice in a person's inbox; the same key is one notice, however often it is told."""
    notify_all([person_id], kind, key, **values)


def notify_all(person_ids: Iterable[int], kind: NoticeKind, key: str, **values: Any) -> None:
    """Put the same notice in the inboxes of several people, in one statement; once as ``notify``.

    At most 200 people at a time: the caller splits what is more over transactions.
    """
    told = {
        "kind": kind.value,
        "key": key,
        "body": json.dumps(values, ensure_ascii=False, sort_keys=True),
        "created_ms": clock.now_ms(),
    }
    insert_new_together(Notice, [{"person_id": person_id, **told} for person_id in person_ids])


def inbox(person_id: int, number: int = 1) -> InboxPage:
    """A page of a person's notices; one statement."""
    wanted = (
        select(Notice.id, Notice.kind, Notice.body, Notice.created_ms, Notice.read_ms)
        .where(Notice.person_id == person_id)
        .order_by(Notice.created_ms.desc(), Notice.id.desc())
        .limit(PAGE_SIZE + 1)
        .offset((number - 1) * PAGE_SIZE)
    )
    found = [
        Message(row.id, row.kind, json.loads(row.body), row.created_ms, row.read_ms is not None)
        for row in rows(wanted)
    ]
    return InboxPage(found[:PAGE_SIZE], number, len(found) > PAGE_SIZE)


def mark_told_read(person_id: int, key: str) -> None:
    """Mark what a person was told under a key as read, if it is not."""
    told = update(Notice).where(Notice.person_id == person_id, Notice.key == key)
    db.session.execute(told.where(Notice.read_ms.is_(None)).values(read_ms=clock.now_ms()))


def mark_read(person_id: int, notice_id: int | None = None) -> None:
    """Mark one notice as read, or all of them; somebody else's stay as they are."""
    unread = update(Notice).where(Notice.person_id == person_id, Notice.read_ms.is_(None))
    if notice_id is not None:
        unread = unread.where(Notice.id == notice_id)
    db.session.execute(unread.values(read_ms=clock.now_ms()))
