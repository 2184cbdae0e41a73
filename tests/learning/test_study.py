"""Enter a course, finish lessons, write reflections, go on in another version."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select

from elearn import clock
from elearn.content.course import Html, Rule, RuleKind
from elearn.content.models import Course, CourseState
from elearn.content.publishing import Published
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.journal import chain
from elearn.learning import migration, quizzes, record, reflections, study
from elearn.learning.models import CourseProgress, Enrolment
from tests.builders import (
    EXAM,
    OWN,
    QUIZ,
    SLUG,
    TEXT,
    WORDS,
    a_course,
    a_lesson,
    a_published_version,
    a_quiz,
    a_reflection,
    an_attempt,
    an_enrolment,
    finish,
    hand_in,
    pass_everything,
    reflect,
)
from tests.people_cast import Cast

EVENING = clock.to_ms(datetime(2026, 12, 31, 23, 59, tzinfo=clock.WIB))


def kinds(person_id: int) -> list[str]:
    return [event["kind"] for event in chain.events_of(person_id)]


def test_entering_twice_is_entering_once(cast: Cast, course: Published) -> None:
    first, second = an_enrolment(cast.ani), an_enrolment(cast.ani)
    assert first.key == second.key
    assert kinds(cast.ani.id) == ["enrolled"]
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 1


def test_a_stranger_to_a_course_finds_nothing(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    assert study.studying_or_none(cast.budi.id, SLUG) is None
    with pytest.raises(NotFound):
        study.lesson_page(cast.budi.id, SLUG, TEXT)


def test_a_course_that_is_not_open_cannot_be_entered(cast: Cast, course: Published) -> None:
    with pytest.raises(NotFound):
        an_enrolment(cast.ani, "tidak-ada")
    with transaction() as session:
        session.get_one(Course, course.course_id).state = CourseState.RETIRED
    with pytest.raises(NotFound):
        an_enrolment(cast.ani)
    assert kinds(cast.ani.id) == []


def test_prerequisites_come_first(cast: Cast, course: Published) -> None:
    later = a_course([a_lesson("m/lanjut")], slug="lanjutan", digest="l1", prerequisites=(SLUG,))
    a_published_version(cast, later)
    with pytest.raises(Conflict) as refused:
        an_enrolment(cast.ani, "lanjutan")
    assert refused.value.reason == "prerequisites"
    pass_everything(cast.ani)
    assert an_enrolment(cast.ani, "lanjutan").outline.slug == "lanjutan"


def test_a_lesson_is_finished_once(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    finish(cast.ani)
    finish(cast.ani)
    assert kinds(cast.ani.id) == ["enrolled", "lesson_completed"]
    page = study.lesson_page(cast.ani.id, SLUG, TEXT)
    assert page.is_finished
    assert (page.previous_key, page.next_key) == ("", EXAM)
    assert page.studying.standing.next_lesson == EXAM


def test_a_lesson_that_is_not_in_the_version_cannot_be_finished(
    cast: Cast, course: Published
) -> None:
    an_enrolment(cast.ani)
    with pytest.raises(NotFound):
        finish(cast.ani, "dasar/tidak-ada")


def test_publishing_never_moves_who_is_in_a_course(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    newer = a_published_version(cast, a_course([a_lesson("dasar/baru")], digest="versi-2"))
    here = study.studying(cast.ani.id, SLUG)
    assert here.key.version_id == course.version_id
    assert here.outline.lesson_keys == [TEXT, EXAM, OWN]
    assert here.has_newer_version
    finish(cast.ani)
    assert study.lesson_page(cast.ani.id, SLUG, TEXT).is_finished
    assert an_enrolment(cast.budi).key.version_id == newer.version_id


def a_newer_course() -> list[object]:
    """The first lesson renamed, the exam the same, another text before the reflection."""
    renamed = a_lesson("dasar/naskah", digest=f"digest-{TEXT}", old_keys=(TEXT,))
    text = Html("<p>Kalimat lain.</p>")
    changed = a_lesson(OWN, text, a_reflection(), digest="digest-berubah")
    return [renamed, a_lesson(EXAM, a_quiz()), changed]


def move(cast: Cast) -> record.Outcome:
    with transaction() as session:
        return migration.move_to_open_version(session, cast.ani.id, SLUG)


def test_moving_keeps_lessons_whose_text_is_the_same(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    finish(cast.ani, TEXT)
    finish(cast.ani, OWN)
    hand_in(cast.ani, an_attempt(cast.ani))
    newer = a_published_version(cast, a_course(a_newer_course(), digest="versi-2"))
    move(cast)
    here = study.studying(cast.ani.id, SLUG)
    assert here.key.version_id == newer.version_id
    assert [here.is_finished(lesson) for lesson in here.outline.lessons] == [True, True, False]
    assert not here.has_newer_version
    assert study.lesson_page(cast.ani.id, SLUG, TEXT).lesson.key == "dasar/naskah"
    assert list(record.differences(cast.ani.id)) == []


def test_moving_may_complete_the_course(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    finish(cast.ani)
    a_published_version(cast, a_course([a_lesson()], digest="versi-2"))
    assert move(cast).is_due
    assert study.studying(cast.ani.id, SLUG).progress.completed_ms


def test_nobody_moves_during_an_attempt_or_without_a_newer_version(
    cast: Cast, course: Published
) -> None:
    an_enrolment(cast.ani)
    with pytest.raises(Conflict) as same:
        move(cast)
    an_attempt(cast.ani)
    a_published_version(cast, a_course([a_lesson("dasar/baru")], digest="versi-2"))
    with pytest.raises(Conflict) as under_way:
        move(cast)
    assert (same.value.reason, under_way.value.reason) == ("same_version", "attempt_open")


def test_who_has_completed_a_course_stays_in_its_version(cast: Cast, course: Published) -> None:
    pass_everything(cast.ani)
    a_published_version(cast, a_course([a_lesson("dasar/baru")], digest="versi-2"))
    assert not study.studying(cast.ani.id, SLUG).has_newer_version
    with pytest.raises(Conflict):
        move(cast)


def test_an_attempt_is_not_begun_in_a_version_one_has_left(cast: Cast, course: Published) -> None:
    before = an_enrolment(cast.ani)
    a_published_version(cast, a_course(a_newer_course(), digest="versi-2"))
    move(cast)
    with pytest.raises(Conflict) as moved, transaction() as session:
        quizzes.start(session, before, QUIZ)
    assert moved.value.reason == "moved"


def test_a_needed_quiz_comes_before_the_tick_of_its_lesson(cast: Cast) -> None:
    lesson = a_lesson(EXAM, Html("<p>Bacaan.</p>"), a_quiz())
    a_published_version(cast, a_course([lesson]))
    an_enrolment(cast.ani)
    assert not study.lesson_page(cast.ani.id, SLUG, EXAM).may_finish
    free = a_course([lesson], digest="versi-2", rules=(Rule(RuleKind.LESSONS),))
    a_published_version(cast, free)
    move(cast)
    assert study.lesson_page(cast.ani.id, SLUG, EXAM).may_finish


def test_a_quiz_passed_before_lets_its_changed_lesson_be_finished(
    cast: Cast, course: Published
) -> None:
    an_enrolment(cast.ani)
    assert not study.lesson_page(cast.ani.id, SLUG, EXAM).may_finish
    hand_in(cast.ani, an_attempt(cast.ani))
    changed = [
        a_lesson(),
        a_lesson(EXAM, Html("<p>Bacalah dahulu.</p>"), a_quiz(), digest="changed"),
        a_lesson(OWN, a_reflection()),
    ]
    a_published_version(cast, a_course(changed, digest="versi-2"))
    move(cast)
    page = study.lesson_page(cast.ani.id, SLUG, EXAM)
    assert not page.is_finished
    assert page.may_finish


def test_a_day_ends_at_midnight_in_jambi(cast: Cast, course: Published) -> None:
    with clock.set_to(EVENING):
        an_enrolment(cast.ani)
    with clock.set_to(EVENING + 60_000):
        finish(cast.ani)
    assert record.progress_of(an_enrolment(cast.ani).key.id).days == ("2026-12-31", "2027-01-01")


def test_a_reflection_is_kept_and_its_newest_text_stands(cast: Cast, course: Published) -> None:
    here = an_enrolment(cast.ani)
    reflect(cast.ani, "Tulisan yang pertama.")
    reflect(cast.ani, f"  {WORDS}\r\n")
    written = reflections.of(here.key.id)["niat"]
    assert (written.text, written.words) == (WORDS, 9)
    assert kinds(cast.ani.id) == ["enrolled", "reflection_written", "reflection_written"]
    assert WORDS not in str(chain.events_of(cast.ani.id))


def test_the_same_reflection_sent_twice_is_written_once(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    reflect(cast.ani)
    reflect(cast.ani)
    assert kinds(cast.ani.id).count("reflection_written") == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "too_short"),
        ("dua kata", "too_short"),
        ("kata " * (reflections.MAX_CHARACTERS // 5 + 1), "too_long"),
    ],
)
def test_a_reflection_has_a_least_and_a_greatest_length(
    cast: Cast, course: Published, text: str, reason: str
) -> None:
    here = an_enrolment(cast.ani)
    with pytest.raises(Invalid) as refused:
        reflect(cast.ani, text)
    assert (refused.value.reason, refused.value.field) == (reason, "text")
    assert reflections.of(here.key.id) == {}


def test_a_reflection_that_nobody_asked_for_is_not_found(cast: Cast, course: Published) -> None:
    here = an_enrolment(cast.ani)
    with pytest.raises(NotFound), transaction() as session:
        reflections.write(session, here, "lain", WORDS)


def test_the_courses_in_hand_come_newest_first_with_where_to_go_on(
    cast: Cast, course: Published
) -> None:
    other = a_course([a_lesson("m/satu"), a_lesson("m/dua")], slug="kedua", digest="k1")
    a_published_version(cast, other)
    with clock.set_to(EVENING):
        an_enrolment(cast.ani)
    with clock.set_to(EVENING + 1):
        an_enrolment(cast.ani, "kedua")
        finish(cast.ani, "m/satu", "kedua")
    with clock.set_to(EVENING - 1):
        attempt_id = an_attempt(cast.ani)
    newest, oldest = study.in_hand(cast.ani.id)
    assert (newest.slug, newest.next_lesson, newest.minutes_left) == ("kedua", "m/dua", 10)
    assert (newest.percent, newest.next_title) == (50, "Materi m/dua")
    assert (oldest.slug, oldest.attempt_id, oldest.next_lesson) == (SLUG, attempt_id, TEXT)


def test_progress_is_stored_for_lists_and_reports(cast: Cast, course: Published) -> None:
    pass_everything(cast.ani)
    row = db.session.scalars(select(CourseProgress)).one()
    assert (row.state, row.percent, row.score_tenths) == ("passed", 100, 1000)
    assert row.completed_ms >= row.first_ms > 0
