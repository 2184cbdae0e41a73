"""Which hints somebody opened in an attempt: told to instructors as a share, never graded."""

from __future__ import annotations

from elearn import clock
from elearn.content import catalogue
from elearn.database import insert_new
from elearn.errors import Conflict, NotFound
from elearn.learning import attempts
from elearn.learning.models import AttemptState, HintOpened


def opened(person_id: int, attempt_id: str, position: int, hint: int) -> None:
    """Note that a hint (from 0) of a question was opened; once is enough.

    Raises NotFound to strangers and for what is not there, Conflict("closed") after the end.
    """
    attempt = attempts.attempt_of(person_id, attempt_id)
    drawn = attempts.drawn_of(attempt)
    if position >= len(drawn):
        raise NotFound
    (question,) = catalogue.questions([drawn[position].digest])
    if hint >= len(question.hints_html):
        raise NotFound
    if attempt.state != AttemptState.OPEN or attempts.is_overdue(attempt, clock.now_ms()):
        raise Conflict("closed")
    values = {"attempt_id": attempt_id, "position": position, "hint": hint}
    insert_new(HintOpened, [values])
