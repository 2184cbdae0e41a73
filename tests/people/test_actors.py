"""Who is signed in, and what they may do where."""

from __future__ import annotations

from typing import Any

import pytest

from elearn import clock
from elearn.database import transaction
from elearn.people import actors, staffing
from elearn.people.models import Status
from elearn.people.permissions import Permission, Role
from tests.people_cast import Cast, a_person, actor_of, token_of


def test_an_actor_is_read_by_one_statement_however_many_roles(cast: Cast, query_count: Any) -> None:
    with transaction():
        staffing.grant(None, cast.citra.id, Role.INSTRUCTOR)
        staffing.grant(None, cast.citra.id, Role.HR_UNIT, cast.works.id)
    token = token_of(cast.citra)
    with query_count() as count:
        citra = actors.load(token, clock.now_ms())
    assert count.total == 1
    assert citra
    assert citra.roles == {Role.LEARNER, Role.INSTRUCTOR, Role.HR_UNIT}
    assert set(citra.hr_paths) == {cast.health.path, cast.works.path}


def test_an_actor_says_what_flask_login_asks(cast: Cast) -> None:
    ani = actor_of(cast.ani)
    assert (ani.is_authenticated, ani.is_active, ani.is_anonymous) == (True, True, False)
    assert ani.get_id() == str(cast.ani.id)
    assert (ani.status, ani.unit_id) == (Status.PNS, cast.pustu.id)
    assert ani.unit_path == cast.pustu.path


@pytest.mark.parametrize(
    ("name", "degrees", "initials"),
    [
        ("Ani Pratiwi", "A.Md.Kep.", "AP"),
        ("Marlina", "", "M"),
        ("Muhammad Ali Akbar", "S.T.", "MA"),
    ],
)
def test_initials_are_of_the_name_without_degrees(
    cast: Cast, name: str, degrees: str, initials: str
) -> None:
    with transaction():
        person = a_person("199709252025242903", name, cast.works, degrees_after=degrees)
    assert actor_of(person).initials == initials


def test_everybody_learns_and_only_some_read_reports(cast: Cast) -> None:
    for person in (cast.ani, cast.budi, cast.citra, cast.dewi, cast.syamsul, cast.fadli):
        assert actor_of(person).may(Permission.COURSE_STUDY)
    assert actor_of(cast.citra).may(Permission.REPORT_READ)
    assert not actor_of(cast.ani).may(Permission.REPORT_READ)
    assert Permission.COURSE_APPROVE in actor_of(cast.syamsul).permissions


def test_an_unknown_or_empty_token_is_nobody(cast: Cast) -> None:
    assert actors.load("", clock.now_ms()) is None
    assert actors.load("x" * 43, clock.now_ms()) is None
