"""The inbox of a person."""

from __future__ import annotations

import json
from datetime import date

import pytest
from flask import Flask

from elearn import clock
from elearn.database import db, transaction
from elearn.people import notices
from elearn.people.models import Notice
from elearn.people.notices import NoticeKind
from tests.people_cast import Cast, actor_of, signed_in

LAST_DAY = clock.start_of_day_ms(date(2027, 3, 10))
# What is not shown as it is kept.
SHOWN = {
    "score": "86,7",
    "day": "10 Maret 2027",
    "is_given": "ursus",
    "courses": "Keamanan, tenggat ",
}
VALUES = {
    NoticeKind.COURSE_COMPLETED: {"title": "Keamanan", "number": "0001/BKPSDM/XI/2026"},
    NoticeKind.COMPLETION_ENDING: {
        "title": "Keamanan",
        "slug": "keamanan",
        "day": LAST_DAY,
        "is_given": True,
    },
    NoticeKind.COURSES_ASKED: {"courses": [{"title": "Keamanan", "due": 1_795_000_000_000}]},
    NoticeKind.COURSES_OVERDUE: {"count": 12},
    NoticeKind.TEAM_PRESSED: {"overdue": 12, "soon": 7},
    NoticeKind.CONTRACT_ENDING: {"day": LAST_DAY},
    NoticeKind.CONTRACTS_ENDING: {"count": 12, "day": LAST_DAY},
    NoticeKind.COMPLETION_EXPIRED: {
        "title": "Keamanan",
        "slug": "keamanan",
        "day": LAST_DAY,
        "is_given": False,
    },
    NoticeKind.CERTIFICATE_NUMBERED: {"title": "Keamanan", "number": "1/2026", "certificate": "c1"},
    NoticeKind.ATTEMPT_CLOSED: {"title": "Kuis akhir", "score": 867, "attempt": "a1"},
    NoticeKind.OUTSIDE_LEARNING_ADDED: {"title": "Seminar arsip", "jp": 4},
    NoticeKind.OUTSIDE_LEARNING_WITHDRAWN: {"title": "Seminar arsip", "jp": 4},
    NoticeKind.CERTIFICATE_SIGNED: {"title": "Keamanan", "number": "1/2026", "certificate": "c1"},
    NoticeKind.CERTIFICATE_REVOKED: {
        "title": "Keamanan",
        "number": "1/2026",
        "certificate": "c1",
        "reason": "Salah nama",
    },
    NoticeKind.CERTIFICATE_REPLACED: {
        "title": "Keamanan",
        "number": "2/2026",
        "certificate": "c2",
        "reason": "Nama dibetulkan",
    },
    NoticeKind.OUTSIDE_LEARNING_APPROVED: {"title": "Seminar arsip", "jp": 4, "id": 731},
    NoticeKind.OUTSIDE_LEARNING_CORRECTED: {"title": "Seminar arsip", "id": 731},
    NoticeKind.OUTSIDE_LEARNING_RETURNED: {"title": "Seminar arsip", "id": 731},
    NoticeKind.OUTSIDE_LEARNING_REFUSED: {"title": "Seminar arsip", "id": 731},
    NoticeKind.OUTSIDE_LEARNING_WAITING: {},
    NoticeKind.RECTIFICATION_WAITING: {},
    NoticeKind.RECTIFICATION_DONE: {"id": 731},
    NoticeKind.RECTIFICATION_REFUSED: {"id": 731},
    NoticeKind.TARGET_PROPOSED: {"title": "Pengawas (eselon IV)"},
    NoticeKind.ROLE_LENT: {"giver": "Citra Lestari", "from_ms": 1, "last_ms": 2},
    NoticeKind.CODE_ISSUED: {},
    NoticeKind.FACTOR_ON: {},
    NoticeKind.FACTOR_OFF: {},
    NoticeKind.FACTOR_GUESSED: {},
    NoticeKind.PASSKEY_ADDED: {"name": "Ponsel kantor"},
    NoticeKind.PASSKEY_REMOVED: {"name": "Ponsel kantor"},
    NoticeKind.FACTOR_RESET: {},
    NoticeKind.RECOVERY_CODE_USED: {"left": 9},
    NoticeKind.COURSE_TO_APPROVE: {"title": "Keamanan"},
    NoticeKind.VERSION_AVAILABLE: {"title": "Keamanan"},
    NoticeKind.EXTRA_ATTEMPT: {"title": "Kuis akhir"},
    NoticeKind.REVIEW_ASKED: {"title": "Keamanan", "slug": "keamanan", "number": 2},
    NoticeKind.REVIEW_PASSED: {"title": "Keamanan", "slug": "keamanan", "number": 2},
    NoticeKind.REVIEW_RETURNED: {"title": "Keamanan", "slug": "keamanan", "number": 2},
    NoticeKind.ESSAYS_TO_MARK: {"title": "Keamanan", "slug": "keamanan"},
    NoticeKind.ATTEMPT_MARKED: {"title": "Kuis akhir", "score": 867, "attempt": "a1"},
    NoticeKind.MARK_CORRECTED: {
        "title": "Kuis akhir",
        "score": 867,
        "attempt": "a1",
        "reason": "Butir kedua terlewat.",
    },
    NoticeKind.ATTEMPT_REGRADED: {"title": "Kuis akhir", "slug": "keamanan"},
    NoticeKind.ANNOUNCED: {"title": "Rapat umum", "id": 7},
    NoticeKind.JOURNAL_UNSOUND: {"count": 3},
}


def tell(cast: Cast, kind: NoticeKind, key: str) -> None:
    with transaction():
        notices.notify(cast.ani.id, kind, key, **VALUES[kind])


def test_the_same_key_is_one_notice_and_stays_read(cast: Cast) -> None:
    tell(cast, NoticeKind.EXTRA_ATTEMPT, "extra:1")
    with transaction():
        notices.mark_read(cast.ani.id)
    tell(cast, NoticeKind.EXTRA_ATTEMPT, "extra:1")
    assert len(notices.inbox(cast.ani.id).messages) == 1
    assert actor_of(cast.ani).unread_count == 0


def test_the_newest_notice_comes_first_and_pages_follow(cast: Cast) -> None:
    start = clock.now_ms()
    for number in range(notices.PAGE_SIZE + 1):
        with clock.set_to(start + number):
            tell(cast, NoticeKind.EXTRA_ATTEMPT, f"extra:{number}")
    first, second = notices.inbox(cast.ani.id, 1), notices.inbox(cast.ani.id, 2)
    assert first.messages[0].created_ms == start + notices.PAGE_SIZE
    assert (first.has_next, second.has_next) == (True, False)
    assert [message.created_ms for message in second.messages] == [start]


def test_marking_one_leaves_the_others_and_somebody_elses(cast: Cast) -> None:
    for number in range(2):
        tell(cast, NoticeKind.EXTRA_ATTEMPT, f"extra:{number}")
    chosen = notices.inbox(cast.ani.id).messages[0].id
    with transaction():
        notices.mark_read(cast.budi.id, chosen)
    assert actor_of(cast.ani).unread_count == 2
    with transaction():
        notices.mark_read(cast.ani.id, chosen)
    assert actor_of(cast.ani).unread_count == 1


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_kind_has_its_sentence(app: Flask, cast: Cast, kind: NoticeKind) -> None:
    tell(cast, kind, "key")
    page = signed_in(app, cast.ani).get("/inbox").text
    assert "Ada pemberitahuan untuk Anda." not in page
    for name, value in VALUES[kind].items():
        assert SHOWN.get(name, str(value)) in page


def test_a_notice_keeps_values_and_no_sentence(cast: Cast) -> None:
    tell(cast, NoticeKind.ATTEMPT_CLOSED, "key")
    stored = db.session.query(Notice).one()
    assert json.loads(stored.body) == VALUES[NoticeKind.ATTEMPT_CLOSED]
