"""Forgetting what people wrote at length. Their digests stay in the journal, so proofs hold.

Essays, reflections and the comments of markers are rows of their own; an event names only their
SHA-256. An essay that still waits for its mark, or whose attempt is open, stays until then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, select, update

from elearn import canonical
from elearn.database import db
from elearn.learning.answers import ESSAY_PART
from elearn.learning.models import (
    Attempt,
    AttemptAnswer,
    AttemptState,
    Enrolment,
    EssayMark,
    MarkCorrection,
    ReflectionText,
)

FORGOTTEN = canonical.text([f"{ESSAY_PART}:"])
_ESSAY_START = canonical.text([f"{ESSAY_PART}:"])[:-2]


class Erased(NamedTuple):
    """How many texts were forgotten."""

    essays: int
    reflections: int
    comments: int

    @property
    def total(self) -> int:
        return self.essays + self.reflections + self.comments


def writings_of(person_ids: Sequence[int]) -> Erased:
    """Forget the essays, reflections and marker's comments of some people (a few hundred)."""
    attempts = (
        select(Attempt.id)
        .where(Attempt.person_id.in_(person_ids))
        .where(Attempt.state == AttemptState.SUBMITTED, Attempt.unmarked == 0)
    )
    return Erased(
        _essays(AttemptAnswer.attempt_id.in_(attempts)),
        _reflections(person_ids),
        _comments(attempts),
    )


def is_essay() -> ColumnElement[bool]:
    """The condition on AttemptAnswer: an essay that has not been forgotten."""
    return AttemptAnswer.body.startswith(_ESSAY_START, autoescape=True) & (
        AttemptAnswer.body != FORGOTTEN
    )


def _essays(theirs: ColumnElement[bool]) -> int:
    forgotten = update(AttemptAnswer).where(theirs, is_essay()).values(body=FORGOTTEN)
    return len(db.session.execute(forgotten.returning(AttemptAnswer.attempt_id)).all())


def _reflections(person_ids: Sequence[int]) -> int:
    entered = select(Enrolment.id).where(Enrolment.person_id.in_(person_ids))
    theirs = ReflectionText.enrolment_id.in_(entered) & (ReflectionText.text != "")
    forgotten = update(ReflectionText).where(theirs).values(text="")
    return len(db.session.execute(forgotten.returning(ReflectionText.enrolment_id)).all())


def _comments(attempts: Select[str]) -> int:
    corrected = update(MarkCorrection).where(MarkCorrection.attempt_id.in_(attempts))
    db.session.execute(corrected.values(before_comment="", after_comment=""))
    said = EssayMark.attempt_id.in_(attempts) & (EssayMark.comment != "")
    forgotten = update(EssayMark).where(said).values(comment="")
    return len(db.session.execute(forgotten.returning(EssayMark.attempt_id)).all())
