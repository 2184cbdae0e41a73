"""What is stored follows from the journal and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from elearn import clock
from elearn.content.publishing import Published
from elearn.database import db, transaction
from elearn.journal import chain
from elearn.journal.models import Event
from elearn.learning import record
from elearn.learning.events import LessonCompleted, ReflectionWritten, client_id
from elearn.learning.models import Completion, CourseProgress
from elearn.learning.record import Difference, Happening
from tests.builders import (
    EXAM,
    OWN,
    TEXT,
    WRONG,
    an_attempt,
    an_enrolment,
    finish,
    hand_in,
    pass_everything,
    reflect,
)
from tests.people_cast import Cast

BEGUN_MS = 1_795_500_000_000


def rows(person_id: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for model in (CourseProgress, Completion):
        statement = select(model.__table__).where(model.__table__.c.person_id == person_id)
        found += [dict(row) for row in db.session.execute(statement).mappings()]
    return found


def test_a_rebuild_changes_nothing(cast: Cast, course: Published) -> None:
    pass_everything(cast.ani)
    an_enrolment(cast.budi)
    hand_in(cast.budi, an_attempt(cast.budi), WRONG)
    for person in (cast.ani, cast.budi):
        before = rows(person.id)
        with transaction():
            assert record.rebuild(person.id) == 1
        assert rows(person.id) == before
        assert list(record.differences(person.id)) == []


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (CourseProgress, {"percent": 7}),
        (CourseProgress, {"state": "failed"}),
        (CourseProgress, {"body": "{}"}),
        (Completion, {"jp": 99}),
        (Completion, {"unit_id": None}),
    ],
)
def test_a_changed_row_is_found_and_rebuilt(
    cast: Cast, course: Published, model: Any, values: dict[str, Any]
) -> None:
    pass_everything(cast.ani)
    if values == {"unit_id": None}:
        values = {"unit_id": cast.works.id}
    with transaction() as session:
        session.execute(update(model).values(**values))
    (found,) = record.differences(cast.ani.id)
    assert (found.table, found.person_id) == (model.__tablename__, cast.ani.id)
    with transaction():
        record.rebuild(cast.ani.id)
    assert list(record.differences(cast.ani.id)) == []


def test_a_missing_and_a_foreign_row_are_found(cast: Cast, course: Published) -> None:
    pass_everything(cast.ani)
    enrolment_id = an_enrolment(cast.budi).key.id
    with transaction() as session:
        session.query(CourseProgress).filter_by(person_id=cast.ani.id).delete()
        session.query(Completion).update({"person_id": cast.budi.id})
    assert {found.table for found in record.differences(cast.ani.id)} == {
        "course_progress",
        "completion",
    }
    (foreign,) = record.differences(cast.budi.id)
    assert foreign == Difference("completion", cast.budi.id, foreign.enrolment_id)
    assert foreign.enrolment_id != enrolment_id


@pytest.mark.parametrize("statement", ["UPDATE event SET kind = 'x'", "DELETE FROM event"])
def test_the_database_refuses_to_change_what_has_happened(
    app: Flask, cast: Cast, course: Published, statement: str
) -> None:
    an_enrolment(cast.ani)
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.connection().exec_driver_sql(statement)
    assert [event["kind"] for event in chain.events_of(cast.ani.id)] == ["enrolled"]


def test_the_orm_cannot_change_what_has_happened_either(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    with pytest.raises(DBAPIError), transaction() as session:  # noqa: PT012  # fails at its flush
        session.scalars(select(Event)).one().kind = "x"
        session.flush()


def test_progress_is_refreshed_with_the_version_that_is_pinned(
    cast: Cast, course: Published
) -> None:
    here = an_enrolment(cast.ani)
    stale = record.EnrolmentKey(here.key.id, cast.ani.id, here.key.course_id, 10**6)
    event = LessonCompleted(here.key.id, TEXT, f"digest-{TEXT}")
    with transaction() as session:
        record.append(session, stale, [Happening("one", event, clock.now_ms())])
    assert list(record.differences(cast.ani.id)) == []


LESSONS = st.sampled_from([TEXT, EXAM, OWN])
DIGESTS = st.sampled_from([f"digest-{key}" for key in (TEXT, EXAM, OWN)] + ["older"])
MOMENTS = st.integers(BEGUN_MS, BEGUN_MS + 3 * clock.DAY_MS)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("lesson"), LESSONS, DIGESTS, MOMENTS),
        st.tuples(st.just("reflection"), st.just("niat"), DIGESTS, MOMENTS),
    ),
    min_size=1,
    max_size=8,
)


def happenings(enrolment_id: int, steps: list[tuple[str, str, str, int]]) -> list[Happening]:
    made = []
    for kind, key, digest, at_ms in steps:
        event = (
            LessonCompleted(enrolment_id, key, digest)
            if kind == "lesson"
            else ReflectionWritten(enrolment_id, key, digest, 9)
        )
        made.append(Happening(client_id(kind, key, digest, at_ms), event, at_ms))
    return made


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS, chance=st.randoms(use_true_random=False))
def test_a_batch_sent_again_in_any_order_ends_in_the_same_state(
    cast: Cast, course: Published, steps: list[tuple[str, str, str, int]], chance: Any
) -> None:
    ends = []
    for person in (cast.ani, cast.budi):
        with clock.set_to(BEGUN_MS):
            key = an_enrolment(person).key
        batch = happenings(key.id, steps)
        chance.shuffle(batch)
        again = chance.sample(batch, chance.randint(0, len(batch)))
        with pytest.raises(_Undo), transaction() as session:  # noqa: PT012  # undone on purpose
            record.append(session, key, batch)
            outcome = record.append(session, key, again)
            assert outcome.is_new is False
            assert list(record.differences(person.id)) == []
            chained = [e for e in chain.events_of(person.id) if e["kind"] != "enrolled"]
            ends.append((_without_ids(outcome.progress), [e["client_id"] for e in chained]))
            raise _Undo
    assert ends[0] == ends[1]


class _Undo(Exception):
    """Ends a transaction without a trace, so that the next example begins anew."""


def _without_ids(progress: Any) -> str:
    return json.dumps(record.progress_rules.encode(progress), sort_keys=True)


def test_each_enrolment_has_a_fold_of_its_own(cast: Cast, course: Published) -> None:
    here = an_enrolment(cast.ani)
    finish(cast.ani)
    reflect(cast.ani)
    folded = record.fold_person(cast.ani.id)
    assert list(folded) == [here.key.id]
    assert folded[here.key.id] == record.progress_of(here.key.id)
    assert record.fold_person(cast.budi.id) == {}
