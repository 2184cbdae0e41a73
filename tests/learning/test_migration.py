"""A newer version: who is told, what a move keeps, and what its author sees before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import jobs, work
from elearn.content import publishing
from elearn.content.course import Course, Html
from elearn.content.publishing import Published
from elearn.database import db, transaction
from elearn.learning import announcements, events, migration, record, study
from elearn.learning.events import VersionMoved
from elearn.learning.migration import LessonAgain
from elearn.learning.models import Enrolment
from elearn.people import notices
from elearn.people.models import Notice
from tests.builders import (
    EXAM,
    OWN,
    SLUG,
    TEXT,
    a_course,
    a_lesson,
    a_published_version,
    a_question,
    a_quiz,
    a_reflection,
    an_attempt,
    an_enrolment,
    finish,
    hand_in,
    pass_everything,
)
from tests.people_cast import Cast, a_person, signed_in


def newer(digest: str = "versi-2") -> Course:
    """Another text at the start, another question in the exam, a new lesson at the end."""
    other = a_quiz((a_question("s1"), a_question("s9")))
    lessons = [
        a_lesson(TEXT, Html("<p>Isi lain.</p>"), digest="teks-2"),
        a_lesson(EXAM, other, digest="ujian-2"),
        a_lesson(OWN, a_reflection()),
        a_lesson("dasar/baru"),
    ]
    return a_course(lessons, digest=digest)


def do_jobs() -> None:
    while jobs.run_one(work.HANDLERS):
        pass
    failed = select(jobs.Job.error).where(jobs.Job.state == jobs.JobState.FAILED)
    assert db.session.scalars(failed).all() == []


def told(person_id: int) -> list[str]:
    return [m.kind for m in notices.inbox(person_id).messages]


def test_learners_in_progress_are_told_once_when_a_version_opens(
    cast: Cast, course: Published
) -> None:
    an_enrolment(cast.ani)
    pass_everything(cast.citra)
    a_published_version(cast, newer())
    an_enrolment(cast.dewi)
    assert told(cast.ani.id) == []
    do_jobs()
    assert told(cast.ani.id) == ["version_available"]
    assert "version_available" not in told(cast.citra.id) + told(cast.dewi.id)
    a_published_version(cast, a_course())
    a_published_version(cast, newer())
    do_jobs()
    assert told(cast.ani.id) == ["version_available"]


def test_nobody_is_told_of_a_version_that_waits(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    with transaction():
        done = publishing.publish(replace(newer(), jp=2), None)
    assert not done.is_open
    do_jobs()
    assert told(cast.ani.id) == []


def test_many_learners_are_told_in_small_transactions(
    cast: Cast, course: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcements, "BATCH", 2)
    with transaction():
        nips = [f"19940412201903{n}" for n in range(2902, 2906)]
        people = [a_person(nip, f"Peserta {nip[-1]}", cast.pustu) for nip in nips]
    for person in people:
        an_enrolment(person)
    a_published_version(cast, newer())
    do_jobs()
    wanted = Notice.kind == "version_available"
    assert db.session.scalar(select(func.count()).select_from(Notice).where(wanted)) == 4


def test_a_finished_lesson_whose_quiz_alone_changed_stays_finished(
    cast: Cast, course: Published
) -> None:
    an_enrolment(cast.ani)
    finish(cast.ani, TEXT)
    hand_in(cast.ani, an_attempt(cast.ani))
    a_published_version(cast, newer())
    offer = migration.offer(study.studying(cast.ani.id, SLUG))
    assert offer is not None
    assert [le.key for le in offer.stays] == [EXAM]
    assert [le.key for le in offer.again] == [TEXT]
    assert [le.key for le in offer.added] == ["dasar/baru"]
    with transaction() as session:
        outcome = migration.move_to_open_version(session, cast.ani.id, SLUG)
    here = study.studying(cast.ani.id, SLUG)
    assert [here.is_finished(le) for le in here.outline.lessons] == [False, True, False, False]
    assert outcome.progress.quizzes["kuis-akhir"].passed
    assert outcome.standing.percent == offer.after.percent
    assert migration.offer(here) is None
    assert list(record.differences(cast.ani.id)) == []
    with transaction():
        record.rebuild(cast.ani.id)
    assert study.studying(cast.ani.id, SLUG).progress == here.progress


def test_a_version_changed_without_an_event_is_found(cast: Cast, course: Published) -> None:
    key = an_enrolment(cast.ani).key
    other = a_published_version(cast, newer())
    with transaction() as session:
        session.get_one(Enrolment, key.id).version_id = other.version_id
    found = {difference.table for difference in record.differences(cast.ani.id)}
    assert "enrolment" in found


def test_a_move_recorded_before_lessons_were_kept_is_still_read() -> None:
    body = {"enrolment": 1, "version": "x"}
    assert events.decode("version_moved", body) == VersionMoved(1, "x", {})


def test_the_author_sees_whom_a_version_would_touch(cast: Cast, course: Published) -> None:
    pass_everything(cast.ani)
    an_enrolment(cast.budi)
    finish(cast.budi, TEXT)
    an_enrolment(cast.citra)
    effect = migration.preview(a_course(), newer())
    assert (effect.finished, effect.in_progress, effect.keeping) == (1, 2, 1)
    assert effect.again == (LessonAgain(f"Materi {TEXT}", 1),)
    assert (effect.completing, effect.back, effect.further) == (0, 1, 0)
    assert (effect.scores_up, effect.scores_down) == (0, 0)
    assert effect.difference.lessons
    assert migration.preview(None, replace(newer(), slug="lain")).in_progress == 0


def test_a_version_without_its_quiz_lowers_scores_and_may_complete(
    cast: Cast, course: Published
) -> None:
    an_enrolment(cast.budi)
    finish(cast.budi, TEXT)
    hand_in(cast.budi, an_attempt(cast.budi))
    effect = migration.preview(a_course(), a_course([a_lesson()], digest="pendek"))
    assert (effect.completing, effect.scores_down, effect.keeping) == (1, 1, 1)
    assert study.studying(cast.budi.id, SLUG).key.version_id == course.version_id


def test_the_lesson_page_says_that_a_newer_version_is_there(
    app: Flask, cast: Cast, course: Published
) -> None:
    an_enrolment(cast.ani)
    ani = signed_in(app, cast.ani)
    page = f"/courses/{SLUG}/lessons/{TEXT}"
    assert "Versi baru tersedia" not in ani.get(page).text
    a_published_version(cast, newer())
    assert "Versi baru tersedia" in ani.get(page).text
    offer = ani.get(f"/courses/{SLUG}").text
    for part in ('id="versi-baru"', "Materi baru", "Pindah ke versi 2"):
        assert part in offer
