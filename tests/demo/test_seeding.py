"""Seeding: through the journal, all or nothing, into an empty database only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from elearn import clock, demo, demo_mark
from elearn.competency import derived
from elearn.database import transaction
from elearn.demo import population, seeding
from elearn.demo.calendar import Calendar
from elearn.errors import Conflict, Invalid
from elearn.learning import record
from elearn.people import units
from elearn.people.models import Status
from tests.demo.conftest import COURSES, TODAY_MS
from tests.demo.reading import ask, one, problems

SMALL = 60


@pytest.fixture
def today(app: Flask) -> Iterator[None]:
    with clock.set_to(TODAY_MS):
        yield


def test_everything_stored_follows_from_the_journal(today: None) -> None:
    demo.seed(COURSES, SMALL)
    assert problems() == []


def test_rebuilding_changes_nothing(today: None) -> None:
    demo.seed(COURSES, 20)
    tables = ("course_progress", "completion", "evidence", "hours_entry", "hours_year")
    before = {name: sorted(map(str, ask(f"SELECT * FROM {name}"))) for name in tables}
    with transaction():
        for (id_,) in ask("SELECT id FROM person"):
            record.rebuild(id_)
            derived.rebuild(id_)
    assert {name: sorted(map(str, ask(f"SELECT * FROM {name}"))) for name in tables} == before


def test_a_seeded_database_is_marked_and_its_past_is_past(today: None) -> None:
    demo.seed(COURSES, 20)
    assert demo_mark.is_demo()
    assert one("SELECT max(recorded_ms) FROM event") < clock.now_ms()


def test_a_database_that_holds_anything_is_refused(today: None) -> None:
    with transaction():
        units.create_unit("Dinas Perhubungan")
    with pytest.raises(Conflict) as refused:
        demo.seed(COURSES, 20)
    assert refused.value.reason == "not_empty"
    assert not demo_mark.is_demo()


def test_a_failure_leaves_the_database_empty(today: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the last step")

    monkeypatch.setattr(seeding, "_finish", fail)
    with pytest.raises(RuntimeError):
        demo.seed(COURSES, 20)
    assert demo.is_empty()
    assert one("SELECT count(*) FROM event") == 0


def test_a_missing_course_stops_it_before_anything_is_written(today: None, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        demo.seed(tmp_path, 20)
    assert demo.is_empty()


def test_a_cleared_demo_is_empty_and_can_be_seeded_again(today: None) -> None:
    demo.seed(COURSES, 20)
    demo.clear()
    assert demo.is_empty()
    assert demo.cast() == []
    demo.seed(COURSES, 20)
    assert len(demo.cast()) == 15


def test_without_a_demo_there_is_no_cast_and_no_certificate(today: None) -> None:
    assert demo.cast() == []
    assert demo.certificates() == []


@pytest.mark.parametrize("size", [20, 33, 60, 320, 777, 2000])
def test_any_size_has_so_many_people_of_the_same_shape(size: int) -> None:
    people = population.residents(Calendar(clock.day_of(TODAY_MS)), size)
    active = [person for person in people if person.active]
    assert len(active) == size
    assert len({person.nip for person in people}) == size + 1
    if size > 200:
        share = sum(person.status is Status.PNS for person in active) / size
        assert share == pytest.approx(190 / 320, abs=0.01)


def test_nobody_is_led_by_somebody_who_comes_later() -> None:
    seen: set[str] = set()
    for person in population.residents(Calendar(clock.day_of(TODAY_MS)), 320):
        assert not person.boss or person.boss in seen
        seen.add(person.nip)
