"""The hints of a quiz, opened one after another: told to instructors as a share, never graded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import count
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.content import catalogue
from elearn.content.course import PRETEST, Question
from elearn.database import db, insert_new
from elearn.errors import Conflict, NotFound
from elearn.learning import attempts, quizzes
from elearn.learning.attempts import AttemptPage
from elearn.learning.models import Attempt, AttemptState, HintOpened


class OpenedHint(NamedTuple):
    """A hint that may be read: its question, and how many of its hints are open."""

    question: Question
    opened: int


def open_hint(
    session: Session, person_id: int, attempt_id: str, position: int, hint: int
) -> OpenedHint:
    """Open a hint (from 0) of a question and note it; once is enough.

    Raises NotFound to strangers and for what is not there, Conflict("closed") after the end and
    Conflict("out_of_order") while one before it is closed. Locks the attempt.
    """
    attempt = quizzes.lock(session, attempts.attempt_of(person_id, attempt_id).id)
    question = _question(attempt, position)
    if attempt.quiz_key == PRETEST or hint >= len(question.hints_html):
        raise NotFound
    if attempt.state != AttemptState.OPEN or attempts.is_overdue(attempt, clock.now_ms()):
        raise Conflict("closed")
    if hint > opened_in(attempt_id).get(position, 0):
        raise Conflict("out_of_order")
    insert_new(HintOpened, [{"attempt_id": attempt_id, "position": position, "hint": hint}])
    return OpenedHint(question, opened_in(attempt_id)[position])


def _question(attempt: Attempt, position: int) -> Question:
    drawn = attempts.drawn_of(attempt)
    if position >= len(drawn):
        raise NotFound
    (question,) = catalogue.questions([drawn[position].digest])
    return question


def opened_of(page: AttemptPage) -> Mapping[int, int]:
    """How many hints of each question are open, by position; no statement where there are none."""
    return opened_in(page.attempt.id) if page.has_hints else {}


def opened_in(attempt_id: str) -> Mapping[int, int]:
    """How many hints are open without a gap before them, by position."""
    statement = select(HintOpened.position, HintOpened.hint).where(
        HintOpened.attempt_id == attempt_id
    )
    noted: dict[int, set[int]] = defaultdict(set)
    for position, hint in db.session.execute(statement):
        noted[position].add(hint)
    return {position: _without_gap(found) for position, found in noted.items()}


def _without_gap(noted: Collection[int]) -> int:
    return next(hint for hint in count() if hint not in noted)
