"""The pretest: what a person knew before, asked once, for nothing but the gain of the group."""

from __future__ import annotations

import json

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from elearn import clock, settings
from elearn.content import catalogue
from elearn.content.course import PRETEST, Quiz
from elearn.database import db
from elearn.errors import Conflict, NotFound
from elearn.learning import crossing, record, rules, study
from elearn.learning.events import PretestSkipped, client_id
from elearn.learning.models import Attempt, AttemptState
from elearn.learning.record import Happening
from elearn.learning.study import Studying
from elearn.settings import Switch

# How an attempt was closed that was handed in once the course had begun: it measures no before.
LATE = "late"


def quiz_to_draw(here: Studying, quiz_key: str, number: int) -> Quiz:
    """The quiz as an attempt draws from it: a form of the pretest, and at the end the other.

    Raises NotFound.
    """
    key = here.key
    if quiz_key == PRETEST:
        form = crossing.form_of(key.course_id, key.person_id)
        return catalogue.pretest(key.version_id).quiz(form)
    quiz = catalogue.quiz(key.version_id, quiz_key)
    is_post_test = number == 1 and quiz_key == here.outline.final_quiz_key and here.outline.pretest
    asked = _asked(key.id) if is_post_test else []
    return crossing.crossed(quiz, catalogue.pretest(key.version_id), asked) if asked else quiz


def _asked(enrolment_id: int) -> list[str]:
    """The questions of a person's pretest by id, in whatever version they were asked."""
    drawn = db.session.scalar(select(Attempt.questions).where(_of(enrolment_id)))
    digests = [digest for digest, _ in json.loads(drawn or "[]")]
    return [question.id for question in catalogue.questions(digests)]


def _of(enrolment_id: int) -> ColumnElement[bool]:
    return (Attempt.enrolment_id == enrolment_id) & (Attempt.quiz_key == PRETEST)


def open_attempt_id(enrolment_id: int) -> str:
    """The pretest somebody has begun and not handed in; empty without one."""
    still_open = _of(enrolment_id) & (Attempt.state == AttemptState.OPEN)
    return db.session.scalar(select(Attempt.id).where(still_open)) or ""


def refuse_late(here: Studying) -> None:
    """Raise NotFound without a pretest, Conflict("pretest_over") once it is done or skipped.

    Where the agency has turned pretests off no course has one.
    """
    if here.outline.pretest is None or not settings.is_on(Switch.PRETEST):
        raise NotFound
    if not rules.may_take_pretest(here.outline, record.progress_of(here.key.id)):
        raise Conflict("pretest_over")


def skip(session: Session, here: Studying) -> None:
    """Note that the person goes on without; skipping twice is skipping once.

    Raises as ``refuse_late`` does.
    """
    study.lock_enrolment(session, here.key.id)
    refuse_late(here)
    happening = Happening(
        client_id("skip", here.key.id), PretestSkipped(here.key.id), clock.now_ms()
    )
    record.append(session, here.key, [happening])


def is_late(attempt: Attempt) -> bool:
    """Whether an open attempt is a pretest whose course has begun, or that was skipped."""
    if attempt.quiz_key != PRETEST:
        return False
    outline = catalogue.outline(attempt.version_id)
    return not rules.may_take_pretest(outline, record.progress_of(attempt.enrolment_id))
