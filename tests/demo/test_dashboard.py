"""The demo on the dashboard: the counters and gauges say what the tables of the design say."""

from __future__ import annotations

import pytest
from flask import Flask

from elearn.dashboard import figures
from elearn.dashboard.figures import Board
from elearn.dashboard.gauges import Count, Kind
from elearn.demo import members
from elearn.demo.editions import LEADING, LITERACY, SECURITY
from elearn.people import units
from elearn.people.models import Status
from elearn.reports.filters import Wanted
from tests.demo.reading import actor_of, one

COMPLETED = "SELECT count(*) FROM completion WHERE year = :year"
CERTIFIED = "SELECT count(*) FROM certificate WHERE year = :year"


@pytest.fixture
def board(seeded: Flask) -> Board:
    actor = actor_of(members.SYAMSUL)
    return figures.of(units.reach(actor), Wanted(2026), units.tree_in_reach(actor))


def test_completions_and_certificates_are_those_of_their_lists(board: Board) -> None:
    assert board.now.completed == one(COMPLETED, year=2026)
    assert sum(month.before for month in board.months) == one(COMPLETED, year=2025)
    assert board.now.certificates == one(CERTIFIED, year=2026)
    assert sum(month.value or 0 for month in board.months) == board.now.completed


def test_courses_have_their_enrolled_and_completed(board: Board) -> None:
    found = {line.slug: line for line in board.courses}
    security, leading = found[SECURITY], found[LEADING]
    assert (security.completed, security.enrolled, security.stopped) == (71, 124, 53)
    assert (leading.completed, leading.enrolled, leading.stopped) == (26, 52, 26)
    assert found[LITERACY].completed + board.before.completed <= 18
    for line in board.courses:
        assert line.enrolled >= line.begun >= line.finished
        assert line.enrolled >= line.tried >= line.finished


def test_gauges_are_those_of_the_design(board: Board) -> None:
    gauged = board.gauged
    assert gauged.floor_before == Count(189, 88)  # Fitri was PPPK at its end
    assert gauged.planned == {Status.PPPK: Count(100, 100), Status.PPPK_PART_TIME: Count(20, 20)}
    actor = actor_of(members.CITRA)
    health = figures.of(units.reach(actor), Wanted(2026), units.tree_in_reach(actor))
    assert health.gauged.overdue.matching == 12


def test_access_is_told_of_everybody_but_the_smallest(board: Board, seeded: Flask) -> None:
    access = board.gauged.access
    assert [group.people for group in access[Kind.BY_STATUS]] == [190, 10, 100, 20]
    assert sum(group.people for group in access[Kind.BY_SEX]) == 320
    assert sum(group.people for group in access[Kind.BY_UNIT]) == 320
    nodes = units.tree_in_reach(actor_of(members.SYAMSUL))
    clinic = next(node for node in nodes if node.name == "Puskesmas Hulu")
    found = figures.of(units.below(clinic.path), Wanted(2026, unit=clinic), nodes)
    pustu = next(g for g in found.gauged.access[Kind.BY_UNIT] if g.label == "Pustu Bukit Sari")
    assert (pustu.people, pustu.cell) == (3, None)
