"""Reflections: open texts about one's own work; the text is a row, its digest an event."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from elearn import clock
from elearn.database import db, insert_new
from elearn.errors import Invalid
from elearn.learning import record
from elearn.learning.events import ReflectionWritten, client_id
from elearn.learning.models import ReflectionText
from elearn.learning.record import Happening, Outcome
from elearn.learning.study import Studying, append_and_complete

MAX_CHARACTERS = 20_000


@dataclass(frozen=True)
class Written:
    """A saved reflection."""

    text: str
    words: int
    written_ms: int


def write(session: Session, here: Studying, key: str, text: str) -> Outcome:
    """Save what a learner wrote about their own work.

    Raises NotFound for a reflection that is not in the version, Invalid when it is too short
    ("too_short") or too long ("too_long").
    """
    asked = here.outline.reflection(key)
    text = text.replace("\r\n", "\n").strip()
    words = len(text.split())
    if words < max(asked.min_words, 1):
        raise Invalid("too_short", "text")
    if len(text) > MAX_CHARACTERS:
        raise Invalid("too_long", "text")
    digest = hashlib.sha256(text.encode()).hexdigest()
    now_ms = clock.now_ms()
    if _has_written(here.key.id, key, digest):
        return record.append(session, here.key, [])
    _store_reflection(session, here.key.id, key, Written(text, words, now_ms), digest)
    event = ReflectionWritten(here.key.id, key, digest, words)
    happening = Happening(client_id("reflection", here.key.id, key, digest, now_ms), event, now_ms)
    return append_and_complete(session, here.key, [happening], now_ms)


def _has_written(enrolment_id: int, key: str, digest: str) -> bool:
    """Whether the very same text is stored, so that sending it twice is writing it once."""
    stored = select(ReflectionText.digest).where(
        ReflectionText.enrolment_id == enrolment_id,
        ReflectionText.key == key,
        ReflectionText.text != "",  # a text that was forgotten may be written again
    )
    return db.session.scalar(stored) == digest


def _store_reflection(
    session: Session, enrolment_id: int, key: str, written: Written, digest: str
) -> None:
    values = {
        "text": written.text,
        "digest": digest,
        "words": written.words,
        "written_ms": written.written_ms,
    }
    at = and_(ReflectionText.enrolment_id == enrolment_id, ReflectionText.key == key)
    if not insert_new(ReflectionText, [{"enrolment_id": enrolment_id, "key": key, **values}]):
        session.execute(update(ReflectionText).where(at).values(**values))


def of(enrolment_id: int) -> dict[str, Written]:
    """What the learner has written so far, by the key of the reflection."""
    statement = select(
        ReflectionText.key, ReflectionText.text, ReflectionText.words, ReflectionText.written_ms
    ).where(ReflectionText.enrolment_id == enrolment_id)
    return {
        row.key: Written(row.text, row.words, row.written_ms)
        for row in db.session.execute(statement)
    }
