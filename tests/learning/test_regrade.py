"""A wrong key is mended: attempts are replayed, never to a learner's loss unless asked."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from elearn import jobs, work
from elearn.content import publishing
from elearn.content.course import Course, Html, Option, Question
from elearn.content.publishing import Published
from elearn.database import db, snapshot, transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.journal import chain, walk
from elearn.learning import (
    attempts,
    flips,
    grading,
    kept,
    mends,
    migration,
    quizzes,
    record,
    regrade,
    study,
)
from elearn.learning.grading import Result
from elearn.learning.mends import Mend
from elearn.learning.models import Attempt, Completion, Regrade, RegradedAttempt
from elearn.learning.quizzes import NewAnswer
from elearn.learning.regrade import Ask
from elearn.people import notices
from tests.builders import (
    EXAM,
    OWN,
    QUIZ,
    RIGHT,
    SLUG,
    TEXT,
    WRONG,
    a_course,
    a_lesson,
    a_published_version,
    a_question,
    a_quiz,
    a_reflection,
    an_answer,
    an_attempt,
    an_enrolment,
    finish,
    reflect,
)
from tests.people_cast import Cast

WHY = "Kunci soal s2 tertukar; lihat pedoman halaman 4."


def swapped(id: str = "s2", **changes: Any) -> Question:
    """The question with the other option right."""
    options = (Option(RIGHT, f"Ya {id}", False), Option(WRONG, f"Tidak {id}", True))
    return a_question(id, digest=f"digest-{id}-betul", options=options, **changes)


def mended_course(question: Question | None = None) -> Course:
    asked = (a_question("s1"), question or swapped())
    lessons = [
        a_lesson(),
        a_lesson(EXAM, a_quiz(asked), digest="ujian-2"),
        a_lesson(OWN, a_reflection()),
    ]
    return a_course(lessons, digest="versi-2")


def asked_for(course: Published, *, never_worse: bool = True, reason: str = WHY) -> Ask:
    return Ask(course.course_id, "digest-s2", "digest-s2-betul", never_worse, reason)


def ask(cast: Cast, wanted: Ask) -> int:
    with transaction():
        return regrade.ask(cast.budi.id, wanted)


def do_jobs() -> None:
    while jobs.run_one(work.HANDLERS):
        pass
    failed = select(jobs.Job.error).where(jobs.Job.state == jobs.JobState.FAILED)
    assert db.session.scalars(failed).all() == []


def answer(person: Any, *given: str) -> str:
    """Hand in an attempt with one answer a question, in the order of the questions."""
    attempt_id = an_attempt(person)
    for position, text in enumerate(given):
        an_answer(person, attempt_id, NewAnswer(position, [text], 1))
    with transaction() as session:
        quizzes.submit(session, person.id, attempt_id)
    return attempt_id


def agrees(*people: Any) -> None:
    """Stored rows are the fold of the journal, and a rebuild changes nothing."""
    for person in people:
        assert list(record.differences(person.id)) == []
        assert list(kept.wrong_of(chain.events_of_people([person.id]))) == []
        with transaction():
            record.rebuild(person.id)
        assert list(record.differences(person.id)) == []
    with snapshot():
        assert list(walk.broken_links()) == []


def test_who_was_right_all_along_passes_and_completes(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    finish(cast.ani, TEXT)
    finish(cast.ani, OWN)
    reflect(cast.ani)
    attempt_id = answer(cast.ani, RIGHT, WRONG)
    assert not study.studying(cast.ani.id, SLUG).progress.completed_ms
    a_published_version(cast, mended_course())
    regrade_id = ask(cast, asked_for(course))
    do_jobs()
    attempt = db.session.get_one(Attempt, attempt_id)
    assert (attempt.score_tenths, attempt.passed) == (1000, True)
    here = study.studying(cast.ani.id, SLUG)
    assert here.progress.completed_ms
    assert here.key.version_id == course.version_id
    assert db.session.scalars(select(Completion.score_tenths)).all() == [1000]
    kinds = [m.kind for m in notices.inbox(cast.ani.id).messages]
    assert {"attempt_regraded", "course_completed"} <= set(kinds)
    report = flips.report(course.course_id, regrade_id)
    assert report.counts == flips.Counts(1, 1, 0, 1, 0)
    assert [(f.full_name, f.before_tenths, f.after_tenths) for f in report.flips] == [
        ("Ani Pratiwi, A.Md.Kep.", 500, 1000)
    ]
    agrees(cast.ani)


def test_the_journal_says_who_and_why_without_free_text(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    answer(cast.ani, RIGHT, WRONG)
    a_published_version(cast, mended_course())
    ask(cast, asked_for(course))
    do_jobs()
    (event,) = [e for e in chain.events_of(cast.ani.id) if e["kind"] == "attempt_regraded"]
    assert event["body"]["regraded_by"] == cast.budi.id
    assert event["body"]["points"] == [100, 100]
    assert len(event["body"]["reason"]) == 64
    assert WHY not in json.dumps(event["body"])
    assert db.session.scalars(select(Regrade.reason)).all() == [WHY]


def test_never_worse_is_kept_and_the_stricter_way_lowers(cast: Cast, course: Published) -> None:
    for person in (cast.ani, cast.citra):
        an_enrolment(person)
        answer(person, RIGHT, RIGHT)
    a_published_version(cast, mended_course())
    lenient = flips.forecast(asked_for(course))
    strict = flips.forecast(asked_for(course, never_worse=False))
    assert lenient.counts == flips.Counts(2, 0, 0, 0, 0)
    assert strict.counts == flips.Counts(2, 0, 2, 0, 2)
    assert db.session.scalars(select(Attempt.score_tenths)).all() == [1000, 1000]
    ask(cast, asked_for(course, never_worse=False))
    do_jobs()
    for person in (cast.ani, cast.citra):
        quiz = study.studying(person.id, SLUG).progress.quizzes[QUIZ]
        assert (quiz.best_tenths, quiz.passed) == (500, False)
    agrees(cast.ani, cast.citra)


def test_the_best_attempt_stands_when_another_is_lowered(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    answer(cast.ani, WRONG, RIGHT)
    answer(cast.ani, RIGHT, WRONG)
    a_published_version(cast, mended_course())
    ask(cast, asked_for(course, never_worse=False))
    do_jobs()
    quiz = study.studying(cast.ani.id, SLUG).progress.quizzes[QUIZ]
    assert (quiz.best_tenths, quiz.passed, quiz.submitted) == (1000, True, 2)
    agrees(cast.ani)


def test_an_attempt_under_way_is_graded_by_the_mended_key(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    attempt_id = an_attempt(cast.ani)
    a_published_version(cast, mended_course())
    ask(cast, asked_for(course))
    do_jobs()
    an_answer(cast.ani, attempt_id, NewAnswer(0, [RIGHT], 1))
    an_answer(cast.ani, attempt_id, NewAnswer(1, [WRONG], 1))
    with transaction() as session:
        outcome = quizzes.submit(session, cast.ani.id, attempt_id)
    assert outcome.progress.quizzes[QUIZ].best_tenths == 1000
    shown = attempts.result_page(cast.ani.id, attempt_id).questions[1].shown.question
    assert [option.key for option in shown.options if option.correct] == [WRONG]
    agrees(cast.ani)


def test_the_result_shows_the_mended_key_of_an_earlier_attempt(
    cast: Cast, course: Published
) -> None:
    an_enrolment(cast.ani)
    attempt_id = answer(cast.ani, RIGHT, WRONG)
    a_published_version(cast, mended_course())
    ask(cast, asked_for(course))
    do_jobs()
    graded = attempts.result_page(cast.ani.id, attempt_id).questions[1]
    assert graded.hundredths == grading.FULL
    assert [o.key for o in graded.shown.question.options if o.correct] == [WRONG]


def test_done_again_it_changes_nothing_twice(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    answer(cast.ani, RIGHT, WRONG)
    a_published_version(cast, mended_course())
    regrade_id = ask(cast, asked_for(course))
    do_jobs()
    before = chain.events_of(cast.ani.id)
    regrade.run(jobs.Work(0, "regrade", {"regrade": regrade_id}))
    assert chain.events_of(cast.ani.id) == before
    assert len(db.session.scalars(select(RegradedAttempt)).all()) == 1


def test_a_voided_question_gives_everyone_its_points(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    answer(cast.ani, RIGHT, WRONG)
    gone = a_question("s2", digest="digest-s2-betul", voided=True, stem_text="Dianulir")
    a_published_version(cast, mended_course(gone))
    assert [m.before.id for m in flips.mendable(course.course_id)] == ["s2"]
    ask(cast, asked_for(course))
    assert flips.mendable(course.course_id) == []
    do_jobs()
    assert study.studying(cast.ani.id, SLUG).progress.quizzes[QUIZ].best_tenths == 1000


def test_a_failed_regrade_may_be_asked_for_again(cast: Cast, course: Published) -> None:
    an_enrolment(cast.ani)
    answer(cast.ani, RIGHT, WRONG)
    a_published_version(cast, mended_course())
    ask(cast, asked_for(course))
    with transaction() as session:
        session.query(jobs.Job).filter_by(kind="regrade").update({"state": "failed"})
    assert [m.before.id for m in flips.mendable(course.course_id)] == ["s2"]
    ask(cast, asked_for(course))
    assert jobs.run_one(work.HANDLERS)
    while jobs.run_one(work.HANDLERS):
        pass
    assert study.studying(cast.ani.id, SLUG).progress.quizzes[QUIZ].best_tenths == 1000


@pytest.mark.parametrize(
    "question",
    [
        swapped(stem_text="Soal lain"),
        replace(swapped(), options=(Option("c", "Lain", True), Option(WRONG, "Tidak s2", False))),
    ],
)
def test_another_question_cannot_stand_in(
    cast: Cast, course: Published, question: Question
) -> None:
    an_enrolment(cast.ani)
    answer(cast.ani, RIGHT, WRONG)
    a_published_version(cast, mended_course(question))
    assert flips.mendable(course.course_id) == []
    with pytest.raises(NotFound):
        ask(cast, asked_for(course))


def test_a_key_that_no_edition_given_out_has_is_not_taken(cast: Cast, course: Published) -> None:
    with transaction():
        publishing.stage(mended_course(), cast.budi.id)
    with pytest.raises(NotFound):
        ask(cast, asked_for(course))


def test_a_reason_is_needed_and_one_regrade_at_a_time(cast: Cast, course: Published) -> None:
    a_published_version(cast, mended_course())
    with pytest.raises(Invalid):
        ask(cast, asked_for(course, reason="salah"))
    ask(cast, asked_for(course))
    with pytest.raises(Conflict):
        ask(cast, asked_for(course))


def test_the_report_of_another_course_is_not_found(cast: Cast, course: Published) -> None:
    a_published_version(cast, mended_course())
    regrade_id = ask(cast, asked_for(course))
    (found,) = flips.reports_of(course.course_id)
    assert (found.id, found.percent, found.ended_ms) == (regrade_id, 0, None)
    with pytest.raises(NotFound):
        flips.report(course.course_id + 1, regrade_id)


HUNDREDTHS = st.sampled_from([0, 50, 100])
GIVEN = st.dictionaries(st.integers(0, 2), st.sampled_from([[RIGHT], [WRONG], [], ["z"]]))


@given(earned=st.tuples(HUNDREDTHS, HUNDREDTHS, HUNDREDTHS), answers=GIVEN, never=st.booleans())
def test_a_replay_is_never_worse_and_settles_at_once(
    earned: tuple[int, int, int], answers: dict[int, list[str]], never: bool
) -> None:
    questions = [a_question("s1"), a_question("s2", points=3), a_question("s3")]
    was = grading.result_of([1, 3, 1], earned, 70)
    mended = {"digest-s2": Mend(swapped(points=3), never)}
    now = mends.again(questions, answers, 70, was, mended)
    assert (now.hundredths[0], now.hundredths[2]) == (earned[0], earned[2])
    if never:
        assert now.hundredths[1] >= earned[1]
        assert now.score_tenths >= was.score_tenths
        assert now.passed >= was.passed
    assert mends.again(questions, answers, 70, now, mended) == now
    assert mends.again(questions, answers, 70, was, {}) == Result(
        was.hundredths, was.score_tenths, was.passed
    )


STEPS = st.lists(
    st.sampled_from(
        ["lesson", "right", "wrong", "mixed", "move", "regrade", "strict", "reflect", "publish"]
    ),
    max_size=9,
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_happens_stored_is_the_fold(
    cast: Cast, course: Published, steps: list[str]
) -> None:
    with pytest.raises(_Undo), transaction():  # noqa: PT012  # undone on purpose
        an_enrolment(cast.ani)
        for number, step in enumerate(steps):
            _do(step, cast, course, number)
            assert list(record.differences(cast.ani.id)) == []
            assert list(kept.wrong_of(chain.events_of_people([cast.ani.id]))) == []
        before = record.progress_of(study.studying(cast.ani.id, SLUG).key.id)
        record.rebuild(cast.ani.id)
        assert record.progress_of(study.studying(cast.ani.id, SLUG).key.id) == before
        raise _Undo


class _Undo(Exception):
    """Ends a transaction without a trace, so that the next example begins anew."""


def _do(step: str, cast: Cast, course: Published, number: int) -> None:
    """One step; what is refused at this point is left out."""
    try:
        if step in ("right", "wrong", "mixed"):
            first = WRONG if step == "wrong" else RIGHT
            answer(cast.ani, first, RIGHT if step == "right" else WRONG)
        elif step == "lesson":
            finish(cast.ani, TEXT)
        elif step == "reflect":
            reflect(cast.ani)
        elif step == "publish":
            text = Html(f"<p>{number}</p>")
            lessons = [a_lesson(TEXT, text, digest=f"t{number}"), *mended_course().lessons[1:]]
            publishing.publish(a_course(lessons, digest=f"versi-{number}"), None)
        elif step == "move":
            migration.move_to_open_version(db.session(), cast.ani.id, SLUG)
        else:
            _regrade(cast, course, never_worse=step == "regrade")
    except (Conflict, NotFound):
        pass


def _regrade(cast: Cast, course: Published, *, never_worse: bool) -> None:
    regrade_id = regrade.ask(cast.budi.id, asked_for(course, never_worse=never_worse))
    regrade.run(jobs.Work(0, "regrade", {"regrade": regrade_id}))
