"""The counters of branches are what a query over the whole journal says, in any batches."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from elearn import clock
from elearn.database import db, rows, transaction
from elearn.jobs import Work
from elearn.journal import chain
from elearn.journal.models import Event
from elearn.people import units
from elearn.people.models import Unit
from elearn.proofs import verification
from elearn.reports import rollups
from elearn.reports.models import BranchMonth
from elearn.reports.rollup_check import Check
from tests.people_cast import Cast, make_cast
from tests.reports.school import begin, fails, passes

COUNTERS = [column.name for column in BranchMonth.__table__.c if not column.primary_key]
FIRST_MS = clock.start_of_day_ms(date(2026, 1, 1))
Key = tuple[int, str, int, int, str]


def stored() -> dict[Key, int]:
    """Every counter that is not zero, by unit, class, month, course and name."""
    return {
        (*row[:4], name): row._mapping[name]
        for row in rows(select(*BranchMonth.__table__.c))
        for name in COUNTERS
        if row._mapping[name]
    }


def by_query() -> dict[Key, int]:
    """The same from the whole journal, event by event, and the tree as it is."""
    parents = {row.id: row.parent_id for row in rows(select(Unit.id, Unit.parent_id))}
    found: Counter[Key] = Counter()
    for unit_id, *cell in _counted():
        above: int | None = unit_id
        while above is not None:
            for post in {cell[0], ""}:
                found[above, post, cell[1], cell[2], cell[3]] += 1
            above = parents[above]
    return dict(found)


def _counted() -> list[Any]:
    """Unit, class, month, course and counter of each single thing that is counted."""
    told = [
        (row.person_id, row.kind, json.loads(row.body), _month(row.happened_ms))
        for row in rows(select(Event.__table__).order_by(Event.id))
    ]
    entered = {b["enrolment"]: (b, month) for _, kind, b, month in told if kind == "enrolled"}
    ended = {b["enrolment"]: b for _, kind, b, _ in told if kind == "course_completed"}
    firsts: dict[Any, Any] = {}
    cohorts: set[Any] = set()
    found: list[Any] = []
    for person_id, kind, body, month in told:
        if kind == "certificate_issued":
            end = ended[int(body["source_id"])]
            course = entered[int(body["source_id"])][0]["course"]
            found.append((body["unit_id"], end["position_class"], month, course, "certificates"))
        if kind not in SINGLE:
            continue
        start, began = entered[body["enrolment"]]
        course, own, later = start["course"], *SINGLE[kind]
        place = body if kind == "course_completed" else start
        found.append((place["unit"], place["position_class"], month, course, own))
        there = (start["unit"], start["position_class"])
        if later:
            cohorts.add((body["enrolment"], *there, began, course, later))
        if kind != "course_completed":
            firsts.setdefault((person_id, month, course), (*there, month, course, "learners"))
            firsts.setdefault((person_id, month, 0), (*there, month, 0, "learners"))
    return [*found, *firsts.values(), *(row[1:] for row in cohorts)]


# What an event counts as in its own month, and in the month in which its enrolment began.
SINGLE = {
    "enrolled": ("enrolled", ""),
    "lesson_completed": ("lessons", "begun"),
    "attempt_submitted": ("attempts", "tried"),
    "course_completed": ("completed", "finished"),
}


def _month(moment_ms: int) -> int:
    moment = clock.from_ms(moment_ms)
    return 100 * moment.year + moment.month


KINDS = (
    "enrolled",
    "lesson_completed",
    "lesson_completed",
    "attempt_submitted",
    "course_completed",
)
HAPPENED = st.tuples(
    st.integers(0, 2), st.sampled_from(KINDS), st.integers(0, 3), st.integers(0, 120)
)
PIECES = st.lists(
    st.tuples(st.lists(HAPPENED, max_size=8), st.sampled_from((1, 2, 3, 50)), st.booleans()),
    min_size=1,
    max_size=5,
)


def put(cast: Cast, happened: list[tuple[int, str, int, int]], piece: int) -> None:
    """Events of the valid shape, each of an enrolment that was entered before."""
    people = (cast.ani, cast.budi, cast.citra)
    places = [cast.pustu.id, cast.puskesmas.id, cast.works.id, cast.health.id]
    posts = ("jf_terampil", "pelaksana", "", "pengawas")
    for at, (who, kind, course, day) in enumerate(happened):
        person = people[who]
        enrolment = 10 * person.id + course
        body: dict[str, Any] = {"enrolment": enrolment, "quiz": "q", "lesson": str(at)}
        body |= {"unit": places[course], "position_class": posts[course], "course": course + 1}
        once = "" if kind in ("lesson_completed", "attempt_submitted") else "once"
        entered = chain.Fact(f"enrolled:{enrolment}", "enrolled", body, FIRST_MS)
        fact = chain.Fact(
            f"{kind}:{enrolment}" if once else f"{piece}:{at}",
            kind,
            body,
            FIRST_MS + day * clock.DAY_MS,
        )
        facts = [entered] if kind == "enrolled" else [entered, fact]
        with transaction() as session:
            chain.append(session, person.id, facts, clock.now_ms())


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(pieces=PIECES)
def check(cast: Cast, pieces: list[Any]) -> None:
    with transaction() as session:
        savepoint = session.begin_nested()
        for number, (happened, most, anew) in enumerate(pieces):
            put(cast, happened, number)
            if anew:
                rollups.rebuild()
            while rollups.step(most):
                pass
            assert stored() == by_query()
        savepoint.rollback()
        session.expire_all()


def test_the_counters_are_a_query_over_the_journal_for_any_batches(app: Flask) -> None:
    cast = make_cast()
    check(cast)


def test_units_that_move_take_what_was_counted_in_them_along(
    app: Flask, cast: Cast, course_id: int
) -> None:
    passes(cast.ani, on=date(2026, 3, 2))
    begin(cast.citra)
    rollups.advance()
    assert stored() == by_query()
    with transaction():
        move(cast.puskesmas.id, cast.works.id)
        move(cast.pustu.id, cast.government.id)
    rollups.advance()
    assert stored() == by_query()
    with transaction():
        move(cast.pustu.id, cast.puskesmas.id)
        move(cast.puskesmas.id, cast.health.id)
    begin(cast.budi)
    rollups.advance()
    assert stored() == by_query()


def move(unit_id: int, parent_id: int) -> None:
    """Hang a branch below another unit, as the editor of the tree does."""
    unit, parent = units.unit_of(unit_id), units.unit_of(parent_id)
    before, after = unit.path, f"{parent.path}{unit.id}/"
    for below in db.session.scalars(select(Unit).where(units.below(before))).all():
        below.path = after + below.path.removeprefix(before)
    unit.parent_id = parent.id
    db.session.flush()


def test_every_use_case_is_counted_and_verified(app: Flask, cast: Cast, course_id: int) -> None:
    passes(cast.ani, on=date(2026, 3, 2))
    fails(cast.citra)
    assert rollups.as_of_ms() is None
    rollups.run(Work(0, rollups.ROLLUPS, {}))
    assert rollups.as_of_ms() == clock.now_ms()
    root = {name: sum(n for k, n in stored().items() if k[0] == cast.government.id
                      and k[1] == "" and k[3] and k[4] == name) for name in COUNTERS}  # fmt: skip
    assert root == {
        "enrolled": 2, "begun": 1, "tried": 2, "finished": 1, "lessons": 1, "attempts": 2,
        "completed": 1, "certificates": 1, "learners": 2,
    }  # fmt: skip
    assert found() == []
    before = stored()
    rollups.rebuild()
    assert stored() == before


def test_a_changed_counter_is_found(app: Flask, cast: Cast, course_id: int) -> None:
    passes(cast.ani, on=date(2026, 3, 2))
    rollups.advance()
    here = BranchMonth.unit_id == cast.health.id, BranchMonth.course_id == course_id
    for name in COUNTERS:
        counter = BranchMonth.__table__.c[name]
        with transaction() as session:
            session.execute(update(BranchMonth).where(*here).values({name: counter + 1}))
        assert found() == [f"branch_month {cast.health.id}: differs from the journal"]
        with transaction() as session:
            session.execute(update(BranchMonth).where(*here).values({name: counter - 1}))
    assert found() == []


def test_what_came_after_is_no_fault(app: Flask, cast: Cast, course_id: int) -> None:
    passes(cast.ani, on=date(2026, 3, 2))
    assert found() == []
    rollups.advance()
    begin(cast.citra)
    assert found() == []


def found() -> list[str]:
    return [str(row) for row in verification.findings(lambda _: None, (), [Check])]


def test_a_second_runner_counts_nothing_twice(app: Flask, cast: Cast, course_id: int) -> None:
    rollups.advance()
    begin(cast.ani)
    here = rollups.position()
    assert here is not None
    cells = rollups._counted([cast.ani.id], after=here.event_id, until=10**9)
    rollups.advance()
    before = stored()
    rollups._store(here, here._replace(event_id=here.event_id + 1), cells)
    assert stored() == before == by_query()
