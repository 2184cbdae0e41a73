"""Essays go round among the teachers of a course."""

from __future__ import annotations

import pytest
from flask import Flask

from elearn.content import teachers
from elearn.content.models import TeacherRole
from elearn.content.publishing import Published
from elearn.database import transaction
from elearn.learning import marking, turns
from elearn.learning.rubric import Mark
from elearn.people import staffing
from elearn.people.permissions import Role
from tests.builders import SLUG, a_published_version
from tests.learning.essays import course_with, essay, give, write
from tests.people_cast import Cast, signed_in


@pytest.fixture
def course(cast: Cast) -> Published:
    """One essay; Dewi, who came before, is co-author of Budi."""
    done = a_published_version(cast, course_with(essay()))
    with transaction():
        staffing.grant(None, cast.dewi.id, Role.INSTRUCTOR)
        named = {cast.dewi.id: TeacherRole.COAUTHOR, cast.budi.id: TeacherRole.OWNER}
        teachers.set_teachers(done.course_id, named)
    return done


def mine(course: Published, marker_id: int) -> list[bool]:
    return [essay.is_mine for essay in marking.queue(course.course_id, marker_id)]


def test_the_owner_is_first_and_then_who_has_fewest(cast: Cast, course: Published) -> None:
    first = write(cast.ani)
    assert mine(course, cast.budi.id) == [True]
    assert mine(course, cast.dewi.id) == [False]
    second = write(cast.citra)
    assert mine(course, cast.dewi.id) == [True, False]
    give(course, cast.budi, second, Mark((2, 1), ""), 0)
    write(cast.fadli)
    assert {a: t.marker_id for a, t in turns.of_course(course.course_id).items()}[first] == (
        cast.budi.id
    )
    assert turns.essays_of(cast.dewi.id) == {course.course_id: 1}


def test_what_a_teacher_wrote_is_a_colleagues_turn(cast: Cast, course: Published) -> None:
    write(cast.budi)
    assert mine(course, cast.dewi.id) == [True]
    assert turns.essays_of(cast.budi.id) == {}


def test_the_turn_of_who_teaches_no_longer_is_anybodys(cast: Cast, course: Published) -> None:
    write(cast.ani)
    with transaction():
        teachers.assign(course.course_id, cast.dewi.id, TeacherRole.OWNER)
        teachers.release_from(course.course_id, cast.budi.id)
    assert mine(course, cast.dewi.id) == [True]
    assert turns.essays_of(cast.budi.id) == {}


def test_pages_tell_whose_turn_it_is(app: Flask, cast: Cast, course: Published) -> None:
    attempt_id = write(cast.ani)
    write(cast.citra)
    budi = signed_in(app, cast.budi)
    assert "1 uraian menunggu Anda" in budi.get("/teach").text
    assert budi.get("/inbox").text.count("menunggu Anda nilai") == 1
    page = budi.get(f"/teach/{SLUG}/essays").text
    assert "1 giliran Anda, 1 giliran rekan pengajar" in page
    assert cast.dewi.full_name in page
    answer = budi.post(f"/teach/{SLUG}/essays/{attempt_id}/0", data={"points0": 2, "points1": 1})
    assert answer.headers["Location"].endswith("/essays")
    assert "uraian menunggu Anda" not in budi.get("/teach").text
