"""Versions: stored once, opened by approval, never changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import files, markup
from elearn.content import catalogue, publishing, teachers
from elearn.content.approvals import waiting_courses
from elearn.content.catalogue import CatalogueFilter, QuizLink
from elearn.content.course import Check, Course, Html, Reflection
from elearn.content.difference import Fact, LessonChange, difference
from elearn.content.folders import check_folder
from elearn.content.models import CourseVersion, RenderedLesson, TeacherRole
from elearn.content.publishing import Published
from elearn.database import db, transaction
from elearn.errors import Conflict, NotFound
from tests.content.sources import KNOWN
from tests.people_cast import Cast, make_cast

GOOD = Path(__file__).parent.parent / "courses" / "contoh-baik"


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The people of the agency."""
    catalogue.forget()
    return make_cast()


@pytest.fixture
def course() -> Course:
    """The good course, compiled."""
    found = check_folder(GOOD, KNOWN).course
    assert found is not None
    return found


def publish(course: Course) -> Published:
    with transaction():
        return publishing.publish(course, None)


def changed(course: Course, title: str) -> Course:
    """The same course with another title: another version under the same terms."""
    return replace(course, title=title, digest=title.ljust(64, "0"))


def test_the_same_content_twice_is_one_version(cast: Cast, course: Course) -> None:
    first, second = publish(course), publish(course)
    assert (first.number, first.is_new) == (1, True)
    assert (second.version_id, second.is_new) == (first.version_id, False)
    assert db.session.scalar(select(func.count()).select_from(CourseVersion)) == 1


def test_going_back_to_an_old_content_points_back_to_its_version(
    cast: Cast, course: Course
) -> None:
    first, other = publish(course), publish(changed(course, "Lain"))
    again = publish(course)
    assert (other.number, again.number, again.is_new) == (2, 1, False)
    assert again.version_id == first.version_id
    assert catalogue.link(course.slug).title == course.title


def test_a_course_opens_when_its_terms_are_approved(cast: Cast, course: Course) -> None:
    done = publish(course)
    assert not done.is_open
    with pytest.raises(NotFound):
        catalogue.open_course(course.slug)
    with transaction():
        publishing.approve(done.course_id, cast.syamsul.id)
    assert catalogue.open_course(course.slug).open_version_id == done.version_id


def test_the_same_terms_need_no_second_approval(cast: Cast, course: Course) -> None:
    done = publish(course)
    with transaction():
        publishing.approve(done.course_id, cast.syamsul.id)
    assert publish(changed(course, "Lain")).is_open


def test_other_terms_wait_while_the_approved_version_stays_open(cast: Cast, course: Course) -> None:
    first = publish(course)
    with transaction():
        publishing.approve(first.course_id, cast.syamsul.id)
    second = publish(replace(changed(course, "Lain"), jp=2))
    assert not second.is_open
    assert catalogue.open_course(course.slug).open_version_id == first.version_id
    waiting = waiting_courses()
    assert [(w.title, w.terms.jp, w.before and w.before.jp) for w in waiting] == [("Lain", 2, 1)]
    assert (waiting[0].jp_changed, waiting[0].kind_changed) == (True, False)


def test_only_what_was_shown_is_approved_and_only_once(cast: Cast, course: Course) -> None:
    first = publish(course)
    second = publish(changed(course, "Lain"))
    with transaction():
        with pytest.raises(Conflict):
            publishing.approve(first.course_id, cast.syamsul.id, first.version_id)
        publishing.approve(first.course_id, cast.syamsul.id, second.version_id)
        with pytest.raises(Conflict):
            publishing.approve(first.course_id, cast.syamsul.id, second.version_id)
        with pytest.raises(NotFound):
            publishing.approve(9_999, cast.syamsul.id)


def test_a_version_reads_back_as_it_was_compiled(cast: Cast, course: Course) -> None:
    done = publish(course)
    outline = catalogue.outline(done.version_id)
    assert (outline.slug, outline.version_id, outline.number) == (course.slug, done.version_id, 1)
    assert outline.lesson_keys == [lesson.key for lesson in course.lessons]
    assert outline.rules == course.rules
    assert outline.find("terima/saluran").key == "terima/kanal"
    assert outline.next_key("terima/catat") == "kuis/kuis"
    assert outline.previous_key("terima/kanal") == ""
    assert catalogue.overview_html(done.version_id) == course.overview_html
    assert catalogue.quiz(done.version_id, "pengaduan") == course.quizzes[0]
    wanted = [q for pool in course.quizzes[0].pools for q in pool.questions]
    assert catalogue.questions([q.digest for q in wanted]) == wanted


def test_a_lesson_reads_back_with_its_checks_and_without_the_keys_of_its_quiz(
    cast: Cast, course: Course
) -> None:
    done = publish(course)
    blocks = catalogue.lesson(done.version_id, "terima/kanal")
    assert [type(block) for block in blocks] == [Html, Check, Html]
    assert blocks == course.lessons[0].blocks
    kinds = [type(b) for b in catalogue.lesson(done.version_id, "terima/catat")]
    assert kinds == [Html, Reflection]
    quiz = catalogue.lesson(done.version_id, "kuis/kuis")
    assert quiz == (QuizLink("pengaduan", "<p>Siapkan catatan Anda.</p>"),)
    with pytest.raises(NotFound):
        catalogue.lesson(done.version_id, "tidak/ada")


def test_files_are_stored_by_digest(cast: Cast, course: Course) -> None:
    publish(course)
    asset = course.assets[0]
    assert files.load(asset.digest) == files.File("image/svg+xml", asset.content)
    with pytest.raises(NotFound):
        files.load("0" * 64)


def test_a_mended_renderer_reaches_a_version_when_it_is_published_again(
    cast: Cast, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = publish(course)
    monkeypatch.setattr(markup, "RENDERER", "2")
    before = catalogue.lesson(done.version_id, "terima/kanal")
    catalogue.forget()
    lesson = course.lessons[0]
    mended = replace(lesson, blocks=(Html("<p>Baru</p>"),))
    module = replace(course.modules[0], lessons=(mended, *course.modules[0].lessons[1:]))
    again = publish(replace(course, modules=(module, *course.modules[1:])))
    assert again.version_id == done.version_id
    assert before == lesson.blocks
    assert catalogue.lesson(done.version_id, "terima/kanal") == (Html("<p>Baru</p>"),)
    assert db.session.scalar(select(func.count()).select_from(RenderedLesson)) == 6


def test_the_catalogue_finds_open_courses(cast: Cast, course: Course) -> None:
    done = publish(course)
    assert catalogue.open_courses(CatalogueFilter()).total == 0
    with transaction():
        publishing.approve(done.course_id, cast.syamsul.id)

    def found(**wanted: object) -> int:
        return catalogue.open_courses(CatalogueFilter(**wanted)).total  # type: ignore[arg-type]

    assert found() == 1
    assert found(query="PENGADUAN mencatat") == 1
    assert found(query="anggaran") == 0
    assert found(query="100%") == 0
    assert found(category="pelayanan", competency="M.05", level=2, jp=1) == 1
    assert (found(category="digital"), found(competency="M.06"), found(level=3)) == (0, 0, 0)


def test_who_teaches_a_course(cast: Cast, course: Course) -> None:
    done = publish(course)
    with transaction():
        teachers.set_teachers(done.course_id, {cast.budi.id: TeacherRole.OWNER})
    assert teachers.teaches(cast.budi.id, done.course_id)
    assert not teachers.teaches(cast.ani.id, done.course_id)
    assert [t.slug for t in teachers.taught_by(cast.budi.id)] == [course.slug]
    with transaction():
        teachers.set_teachers(done.course_id, {cast.ani.id: TeacherRole.COAUTHOR})
    assert not teachers.teaches(cast.budi.id, done.course_id)


def test_what_a_new_compilation_changes(course: Course) -> None:
    first, *rest = course.modules[0].lessons
    edited = replace(first, digest="x")
    added = replace(rest[0], key="terima/baru")
    module = replace(course.modules[0], lessons=(edited, added))
    change = difference(course, replace(course, jp=2, modules=(module, *course.modules[1:])))
    assert [(lesson.key, lesson.what) for lesson in change.lessons] == [
        ("terima/kanal", LessonChange.QUIZ),
        ("terima/baru", LessonChange.ADDED),
        ("terima/catat", LessonChange.REMOVED),
    ]
    assert [(fact.what, fact.before, fact.after) for fact in change.facts] == [(Fact.JP, 1, 2)]
    assert change.changes_terms
    assert change.questions == ()
