"""The moment every rule is met: event, evidence, JP, certificate and notice, once, together."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import clock
from elearn.competency.models import Certificate, Evidence, HoursEntry, HoursYear
from elearn.content.publishing import Published
from elearn.database import db, transaction
from elearn.errors import NotFound
from elearn.journal import chain
from elearn.learning import completion, quizzes, study
from elearn.learning.models import Completion
from elearn.people import notices, staffing
from tests.builders import (
    OWN,
    RIGHT,
    SLUG,
    TEXT,
    an_answer,
    an_attempt,
    an_enrolment,
    finish,
    hand_in,
    pass_everything,
    reflect,
)
from tests.people_cast import Cast

NEW_YEARS_EVE = clock.to_ms(datetime(2026, 12, 31, 23, 59, tzinfo=clock.WIB))


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_last_step_completes_the_course_in_the_same_transaction(
    cast: Cast, course: Published
) -> None:
    pass_everything(cast.ani)
    row = db.session.scalars(select(Completion)).one()
    assert (row.jp, row.score_tenths, row.version_id) == (3, 1000, course.version_id)
    assert row.unit_id == cast.pustu.id
    evidence = db.session.execute(select(Evidence.code, Evidence.level).order_by(Evidence.code))
    assert [tuple(item) for item in evidence] == [("M.05", 2), ("M.06", 1)]
    hours = db.session.scalars(select(HoursEntry)).one()
    assert (hours.jp, hours.planned, hours.kind) == (3, False, "16")
    assert json.loads(hours.days) == [clock.day_of(row.completed_ms).isoformat()]
    paper = db.session.scalars(select(Certificate)).one()
    assert study.certificate_of(row.enrolment_id) == paper.id
    (message,) = notices.inbox(cast.ani.id).messages
    assert message.kind == notices.NoticeKind.COURSE_COMPLETED
    assert message.values["number"] == paper.number


def test_a_course_is_completed_once_whatever_is_done_again(cast: Cast, course: Published) -> None:
    pass_everything(cast.ani)
    finish(cast.ani, TEXT)
    reflect(cast.ani, "Tulisan lain yang lebih panjang.")
    hand_in(cast.ani, an_attempt(cast.ani))
    kinds = [event["kind"] for event in chain.events_of(cast.ani.id)]
    assert kinds.count("course_completed") == 1
    assert [count(m) for m in (Completion, Certificate, HoursEntry)] == [1, 1, 1]
    assert len(notices.inbox(cast.ani.id).messages) == 1


def test_no_step_before_the_last_completes_the_course(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    finish(cast.ani, TEXT)
    finish(cast.ani, OWN)
    reflect(cast.ani)
    assert count(Completion) == 0
    assert completion.count_of(cast.ani.id) == 0
    hand_in(cast.ani, an_attempt(cast.ani))
    assert completion.count_of(cast.ani.id) == 1
    assert completion.has_passed(cast.ani.id, [course.course_id]) == {course.course_id}


def test_a_failure_after_the_last_step_undoes_the_step_too(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    finish(cast.ani, TEXT)
    finish(cast.ani, OWN)
    reflect(cast.ani)
    attempt_id = an_attempt(cast.ani)
    for position in (0, 1):
        an_answer(cast.ani, attempt_id, quizzes.NewAnswer(position, [RIGHT], 1))
    before = len(chain.events_of(cast.ani.id))
    with pytest.raises(NotFound), transaction() as session:  # noqa: PT012  # fails after the work
        quizzes.submit(session, cast.ani.id, attempt_id)
        raise NotFound
    assert len(chain.events_of(cast.ani.id)) == before
    assert [count(m) for m in (Completion, Certificate, Evidence, HoursYear)] == [0, 0, 0, 0]
    assert study.studying(cast.ani.id, SLUG).standing.state == "studying"


def test_a_completion_belongs_to_the_year_of_its_day_in_jambi(
    app: Flask, cast: Cast, course: Published
) -> None:
    with clock.set_to(NEW_YEARS_EVE):
        pass_everything(cast.ani)
    with clock.set_to(NEW_YEARS_EVE + 60_000):
        pass_everything(cast.budi)
    years = select(Completion.person_id, Completion.year)
    assert dict([tuple(row) for row in db.session.execute(years)]) == {
        cast.ani.id: 2026,
        cast.budi.id: 2027,
    }


def test_a_record_keeps_the_unit_of_its_day(cast: Cast, course: Published) -> None:
    pass_everything(cast.ani)
    with transaction():
        staffing.move(None, cast.ani.id, cast.works.id, clock.now_ms())
    assert db.session.scalars(select(Completion.unit_id)).one() == cast.pustu.id
