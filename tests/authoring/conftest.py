"""The cast, a course Budi owns, and a second edition that only he and his fellows can see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from elearn.content import catalogue, publishing, teachers
from elearn.content.course import Course, Html, Option
from elearn.content.models import TeacherRole
from elearn.content.publishing import Published
from elearn.database import transaction
from elearn.people import staffing
from elearn.people.permissions import Role
from tests.builders import (
    EXAM,
    OWN,
    RIGHT,
    TEXT,
    WRONG,
    a_course,
    a_lesson,
    a_published_version,
    a_question,
    a_quiz,
    a_reflection,
)
from tests.people_cast import Cast, make_cast


@pytest.fixture(autouse=True)
def _fresh_catalogue() -> Iterator[None]:
    """What is kept of versions belongs to the database of one test."""
    catalogue.forget()
    yield
    catalogue.forget()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Beside Budi, Ani writes, Citra reviews and Dewi teaches something else."""
    made = make_cast()
    with transaction():
        for person in (made.ani, made.citra, made.dewi):
            staffing.grant(None, person.id, Role.INSTRUCTOR)
    return made


@pytest.fixture
def course(cast: Cast) -> Published:
    """The first edition: Budi owns it, Ani is co-author, Citra reviewer."""
    done = a_published_version(cast)
    with transaction():
        named = {
            cast.budi.id: TeacherRole.OWNER,
            cast.ani.id: TeacherRole.COAUTHOR,
            cast.citra.id: TeacherRole.REVIEWER,
        }
        teachers.set_teachers(done.course_id, named)
    return done


def second_edition() -> Course:
    """Another text, the key of the second question the other way round."""
    options = (Option(RIGHT, "Ya s2", False), Option(WRONG, "Tidak s2", True))
    mended = a_question("s2", digest="digest-s2-betul", options=options)
    lessons = [
        a_lesson(TEXT, Html("<p>Isi lain.</p>"), digest="teks-2"),
        a_lesson(EXAM, a_quiz((a_question("s1"), mended)), digest="ujian-2"),
        a_lesson(OWN, a_reflection()),
    ]
    return a_course(lessons, digest="versi-2")


@pytest.fixture
def staged(course: Published) -> publishing.Staged:
    """A second edition that is stored and not given out."""
    with transaction():
        return publishing.stage(second_edition(), None)


@pytest.fixture
def dearer(course: Published) -> publishing.Staged:
    """A second edition under other terms."""
    with transaction():
        return publishing.stage(replace(second_edition(), digest="versi-jp", jp=2), None)
