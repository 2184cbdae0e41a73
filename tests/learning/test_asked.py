"""Where people stand in what is asked of them: the states, the figures, the borders of the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from sqlalchemy import false, or_, true

from elearn import clock
from elearn.assignments import assigned
from elearn.assignments.assigned import Assigned
from elearn.assignments.rule import Line, Stage
from elearn.database import db, transaction
from elearn.learning import asked, asked_figures
from elearn.learning.asked import Change, Figures
from elearn.people import staffing, units
from elearn.people.actors import EVERYWHERE
from elearn.people.models import Person
from tests.assignments.conftest import CAME, DUE, Office
from tests.assignments.conftest import office as office  # a fixture
from tests.reports import school


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.set_to(school.NOW_MS):
        yield


def figures_of(given: Assigned) -> Figures:
    found = asked_figures.figures_of(given, [EVERYWHERE])
    assert asked_figures.figures([given], [EVERYWHERE]) == {given.id: found}
    return found


def on(day: date) -> Any:
    return clock.set_to(clock.start_of_day_ms(day) + 1)


def test_every_standing_is_counted_once(office: Office) -> None:
    cast = office.cast
    given = office.give()
    school.passes(cast.ani)
    school.begin(cast.budi)
    school.fails(cast.citra)
    office.exempt(given, cast.dewi)
    in_time = figures_of(given)
    assert in_time == Figures(done=1, under_way=2, not_begun=3, exempt=1)
    assert (in_time.asked, in_time.missing, in_time.done_percent) == (6, 5, 16)
    with on(date(2026, 12, 1)):
        late = figures_of(given)
        assert late == Figures(done=1, overdue=5, exempt=1)
        by_unit = asked.by_unit(given, true())
        assert by_unit[cast.pustu.path] == Figures(done=1)
        assert by_unit[cast.government.path] == Figures(overdue=3, exempt=1)
        told = asked.overdue_of([cast.ani.id, cast.budi.id, cast.dewi.id])
        assert [(id_, each[0].due) for id_, each in told.items()] == [(cast.budi.id, DUE)]


@pytest.mark.parametrize(
    ("changes", "day", "stage"),
    [
        ({}, date(2026, 11, 30), Stage.SOON),
        ({}, date(2026, 12, 1), Stage.OVERDUE),
        ({"grace_days": 2}, date(2026, 12, 2), Stage.GRACE),
        ({"grace_days": 2}, date(2026, 12, 3), Stage.OVERDUE),
        ({"due_on": None, "days": 10}, date(2026, 11, 11), Stage.SOON),
        ({"due_on": None, "days": 10}, date(2026, 11, 12), Stage.OVERDUE),
    ],
)
def test_a_person_and_the_figures_agree_on_the_day(
    office: Office, changes: dict[str, Any], day: date, stage: Stage
) -> None:
    given = office.give(Line(unit_id=office.cast.pustu.id), **changes)
    with on(day):
        [mine] = asked.open_of(office.cast.ani.id)
        assert mine.stage is stage
        overdue = figures_of(given).overdue
        assert overdue == (stage is Stage.OVERDUE)


def test_all_courses_of_an_assignment_must_be_done(office: Office) -> None:
    second = school.publish(office.cast, school.a_course("kedua", "Kursus kedua"))
    given = office.give(Line(unit_id=office.cast.pustu.id), courses=(office.course, second))
    school.passes(office.cast.ani)
    assert figures_of(given) == Figures(not_begun=1)
    assert [each.title for each in asked.open_of(office.cast.ani.id)] == ["Kursus kedua"]
    school.passes(office.cast.ani, "kedua")
    assert figures_of(given) == Figures(done=1)
    assert asked.open_of(office.cast.ani.id) == []


@pytest.mark.parametrize(("repeats", "done"), [(False, 1), (True, 0)])
def test_what_was_completed_before_counts_unless_it_is_asked_again(
    office: Office, repeats: bool, done: int
) -> None:
    school.passes(office.cast.ani, on=date(2026, 10, 31))
    given = office.give(Line(unit_id=office.cast.pustu.id), repeats=repeats)
    found = figures_of(given)
    assert found == Figures(done=done, not_begun=1 - done)
    assert len(asked.open_of(office.cast.ani.id)) == 1 - done


def test_of_several_assignments_of_a_course_the_most_urgent_tells(office: Office) -> None:
    office.give(due_on=date(2026, 12, 31))
    urgent = office.give(due_on=date(2026, 11, 25))
    [mine] = asked.open_of(office.cast.ani.id)
    assert mine.assignment_id == urgent.id


def test_a_change_is_told_in_people(office: Office) -> None:
    given = office.give(Line(unit_id=office.cast.health.id))
    works = replace(given.rule, lines=(Line(unit_id=office.cast.works.id),))
    assert asked.change(given, works) == Change(before=2, after=1, added=1, removed=2)
    assert asked.change(given, given.rule) == Change(2, 2, 0, 0)
    assert asked.count(works, office.cast.health.path) == 0


def test_the_figures_of_many_are_few_statements(
    office: Office, query_count: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked_figures, "IN_ONE", 2)
    for _n in range(3):
        office.give()
    found = assigned.open_ones()
    with query_count() as counted:
        held = asked_figures.figures(found, [EVERYWHERE])
    assert counted.total == 2 * 2
    assert set(held.values()) == {Figures(not_begun=7)}


def test_figures_count_what_stands_of_each_person(office: Office) -> None:
    cast = office.cast
    second = school.publish(cast, school.a_course("kedua", "Kursus kedua", valid_months=1))
    moved_on = clock.start_of_day_ms(date(2026, 11, 20))
    with transaction():
        staffing.move(None, cast.dewi.id, cast.puskesmas.id, moved_on)
        nurse = staffing.position("Perawat", "pelaksana")
        db.session.get_one(Person, cast.budi.id).position_id = nurse.id
    rules: list[tuple[tuple[Line, ...], dict[str, Any]]] = [
        ((Line(),), {}),
        ((Line(),), {"courses": (office.course, second), "days": 14}),
        ((Line(),), {"due_on": None, "days": 10, "grace_days": 1}),
        ((Line(unit_id=cast.health.id), Line(status="pns")), {"repeats": True}),
        ((Line(position_class="pelaksana"), Line(post="Perawat")), {}),
        ((Line(joined_since=CAME), Line(people=(cast.ani.id, cast.budi.id))), {}),
        ((Line(status="pns", people=(cast.dewi.id, cast.citra.id)),), {"days": 14}),
    ]
    given = [office.give(*lines, **changes) for lines, changes in rules]
    given.append(office.give(by=cast.citra))
    for person in (cast.ani, cast.citra):
        school.passes(person)
    school.passes(cast.ani, "kedua")
    school.begin(cast.budi)
    school.begin(cast.dewi, "kedua")
    office.exempt(given[0], cast.ani)
    office.exempt(given[1], cast.stranger)
    branches = [[EVERYWHERE], [cast.health.path], [cast.works.path, cast.pustu.path], []]
    days = [date(2026, 11, 12), date(2026, 11, 24), date(2026, 12, 3), date(2027, 1, 2)]
    for paths, day in product(branches, days):
        with on(day):
            found = asked_figures.figures(given, paths)
            assert {each.id: counted(each, paths) for each in given} == found, (paths, day)


def counted(given: Assigned, paths: list[str]) -> Figures:
    """The figures by looking at each person."""
    query, _standing = asked.standings(given)
    each = query.where(or_(false(), *map(units.below, paths))).subquery()
    found = db.session.execute(asked.counted_by_standing(each)).all()
    return Figures(**{row.standing: row.people for row in found})


def test_a_completion_that_has_expired_counts_no_longer(office: Office) -> None:
    brief = school.a_course("singkat", "Kursus singkat", valid_months=1)
    given = office.give(
        Line(unit_id=office.cast.pustu.id), courses=(school.publish(office.cast, brief),)
    )
    school.passes(office.cast.ani, "singkat", on=date(2026, 11, 10))
    with on(date(2026, 12, 10)):
        assert figures_of(given) == Figures(done=1)
    with on(date(2026, 12, 11)):
        assert figures_of(given) == Figures(overdue=1)
        assert [each.is_done for each in asked.of_person(office.cast.ani.id)] == [False]
