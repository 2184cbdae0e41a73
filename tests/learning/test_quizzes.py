"""An attempt is frozen, its answers are safe, it ends once, and there are only so many."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select, update

from elearn import clock, jobs
from elearn.content.course import Reveal, Shape
from elearn.content.keys import TextKey
from elearn.content.publishing import Published
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.journal import chain
from elearn.learning import attempts, quizzes, study
from elearn.learning.attempts import GRACE_MS
from elearn.learning.models import Attempt, AttemptAnswer, QuestionShown
from elearn.learning.quizzes import NewAnswer
from elearn.learning.rules import REOPEN_AFTER_MS
from elearn.people import notices
from tests.builders import (
    EXAM,
    QUIZ,
    RIGHT,
    SLUG,
    WRONG,
    a_course,
    a_lesson,
    a_published_version,
    a_question,
    a_quiz,
    an_answer,
    an_attempt,
    an_enrolment,
    hand_in,
)
from tests.people_cast import Cast

MINUTE_MS = 60_000
WORK = jobs.Work(1, "close_attempts", {})


def enter_quiz(cast: Cast, **rules: object) -> None:
    """Let Ani enter a course of one quiz with the given rules."""
    lesson = a_lesson(EXAM, a_quiz(**rules))
    a_published_version(cast, a_course([lesson], digest="kuis"))
    an_enrolment(cast.ani)


def stored(attempt_id: str) -> Attempt:
    with transaction() as session:
        return session.get_one(Attempt, attempt_id)


def submit(cast: Cast, attempt_id: str) -> None:
    with transaction() as session:
        quizzes.submit(session, cast.ani.id, attempt_id)


def answers_of(attempt_id: str) -> dict[int, list[str]]:
    rows = db.session.execute(
        select(AttemptAnswer.position, AttemptAnswer.body).where(
            AttemptAnswer.attempt_id == attempt_id
        )
    )
    return {row.position: json.loads(row.body) for row in rows}


def submitted_event(cast: Cast) -> dict[str, object]:
    (event,) = [e for e in chain.events_of(cast.ani.id) if e["kind"] == "attempt_submitted"]
    body: dict[str, object] = event["body"]
    return body


# --- the start


def test_an_attempt_is_opened_once_and_resumed_from_anywhere(cast: Cast) -> None:
    enter_quiz(cast)
    attempt_id = an_attempt(cast.ani)
    an_answer(cast.ani, attempt_id, NewAnswer(0, [RIGHT], 1))
    assert an_attempt(cast.ani) == attempt_id
    page = attempts.attempt_page(cast.ani.id, attempt_id)
    assert [shown.answer for shown in page.questions] == [[RIGHT], []]
    assert page.answered == 1
    found = study.open_attempt(page.attempt.enrolment_id)
    assert found is not None
    assert (found.id, found.quiz_key, found.number) == (attempt_id, QUIZ, 1)


def test_questions_rules_and_orders_are_frozen_at_the_start(cast: Cast) -> None:
    enter_quiz(cast, pass_percent=50)
    attempt_id = an_attempt(cast.ani)
    before = [s.options for s in attempts.attempt_page(cast.ani.id, attempt_id).questions]
    stricter = a_quiz([a_question("lain")], pass_percent=100)
    a_published_version(cast, a_course([a_lesson(EXAM, stricter)], digest="baru"))
    page = attempts.attempt_page(cast.ani.id, attempt_id)
    assert [s.options for s in page.questions] == before
    an_answer(cast.ani, attempt_id, NewAnswer(0, [RIGHT], 1))
    submit(cast, attempt_id)
    assert (stored(attempt_id).passed, stored(attempt_id).score_tenths) == (True, 500)


def test_the_start_is_in_the_journal_by_digests(cast: Cast) -> None:
    enter_quiz(cast)
    attempt_id = an_attempt(cast.ani)
    event = chain.events_of(cast.ani.id)[-1]
    assert event["kind"] == "attempt_started"
    assert event["body"] == {
        "enrolment": stored(attempt_id).enrolment_id,
        "attempt": attempt_id,
        "quiz": QUIZ,
        "number": 1,
        "questions": ["digest-s1", "digest-s2"],
    }


def test_a_new_attempt_asks_what_was_not_asked_before(cast: Cast) -> None:
    bank = [a_question(f"b{i}") for i in range(6)]
    quiz = a_quiz(bank)
    pools = (quiz.pools[0].__class__("", 2, tuple(bank)),)
    enter_quiz(cast, pools=pools, max_attempts=0)
    asked: list[str] = []
    for _ in range(3):
        attempt_id = an_attempt(cast.ani)
        asked += [d.digest for d in attempts.drawn_of(stored(attempt_id))]
        hand_in(cast.ani, attempt_id, WRONG)
    assert len(set(asked)) == 6
    assert set(db.session.scalars(select(QuestionShown.times))) == {1}


def test_a_quiz_that_is_not_there_cannot_be_started(cast: Cast) -> None:
    enter_quiz(cast)
    with pytest.raises(NotFound):
        an_attempt(cast.ani, quiz_key="tidak-ada")


# --- answers


def test_the_newest_answer_by_counter_stands(cast: Cast) -> None:
    enter_quiz(cast)
    attempt_id = an_attempt(cast.ani)
    assert not an_answer(cast.ani, attempt_id, NewAnswer(0, [RIGHT], 5)).is_stale
    stale = an_answer(cast.ani, attempt_id, NewAnswer(0, [WRONG], 4))
    assert (stale.is_stale, stale.counter) == (True, 5)
    assert answers_of(attempt_id) == {0: [RIGHT]}
    equal = an_answer(cast.ani, attempt_id, NewAnswer(0, [WRONG], 5))
    assert (equal.is_stale, equal.counter) == (False, 5)
    assert answers_of(attempt_id) == {0: [WRONG]}


def test_an_answer_can_be_taken_back(cast: Cast) -> None:
    enter_quiz(cast)
    attempt_id = an_attempt(cast.ani)
    an_answer(cast.ani, attempt_id, NewAnswer(0, [RIGHT], 1))
    an_answer(cast.ani, attempt_id, NewAnswer(0, [], 2))
    submit(cast, attempt_id)
    assert stored(attempt_id).score_tenths == 0


def test_no_answer_is_taken_after_the_end(cast: Cast) -> None:
    enter_quiz(cast)
    attempt_id = an_attempt(cast.ani)
    submit(cast, attempt_id)
    with pytest.raises(Conflict) as closed:
        an_answer(cast.ani, attempt_id, NewAnswer(0, [RIGHT], 1))
    assert closed.value.reason == "closed"
    assert answers_of(attempt_id) == {}


@pytest.mark.parametrize("position", [2, quizzes.MAX_QUESTIONS, 10**30])
def test_a_question_that_was_not_asked_takes_no_answer(cast: Cast, position: int) -> None:
    enter_quiz(cast)
    attempt_id = an_attempt(cast.ani)
    with pytest.raises(NotFound):
        an_answer(cast.ani, attempt_id, NewAnswer(position, [RIGHT], 1))


def test_an_attempt_of_somebody_else_does_not_exist(cast: Cast) -> None:
    enter_quiz(cast)
    attempt_id = an_attempt(cast.ani)
    for try_it in (
        lambda: an_answer(cast.budi, attempt_id, NewAnswer(0, [RIGHT], 1)),
        lambda: hand_in(cast.budi, attempt_id),
        lambda: attempts.attempt_page(cast.budi.id, attempt_id),
        lambda: attempts.result_page(cast.budi.id, attempt_id),
        lambda: attempts.attempt_page(cast.ani.id, "tidak-ada"),
    ):
        with pytest.raises(NotFound):
            try_it()
    assert answers_of(attempt_id) == {}


@pytest.mark.parametrize(
    "new",
    [
        NewAnswer(0, ["x" * 501], 1),
        NewAnswer(0, ["a"] * 51, 1),
        NewAnswer(0, ["a"], -1),
        NewAnswer(0, ["a"], 2**53),
        NewAnswer(0, ["\x00"], 1),
        NewAnswer(0, ["\ud800"], 1),
    ],
)
def test_what_no_page_sends_is_refused(new: NewAnswer) -> None:
    with pytest.raises(Invalid):
        quizzes.check_answer(new)


# --- the end


def test_an_attempt_is_handed_in_once(cast: Cast) -> None:
    enter_quiz(cast)
    attempt_id = an_attempt(cast.ani)
    submit(cast, attempt_id)
    with pytest.raises(Conflict) as closed:
        submit(cast, attempt_id)
    assert closed.value.reason == "closed"
    kinds = [event["kind"] for event in chain.events_of(cast.ani.id)]
    assert kinds.count("attempt_submitted") == 1


def test_typed_answers_are_in_the_journal_by_digest_only(cast: Cast) -> None:
    typed = a_question(shape=Shape.TEXT, options=(), key=TextKey(("masyarakat",)))
    enter_quiz(cast, pools=a_quiz([typed, a_question("s2")]).pools)
    attempt_id = an_attempt(cast.ani)
    an_answer(cast.ani, attempt_id, NewAnswer(0, ["masyarakat"], 1))
    an_answer(cast.ani, attempt_id, NewAnswer(1, [WRONG], 1))
    submit(cast, attempt_id)
    body = submitted_event(cast)
    first, second = body["answers"]  # type: ignore[misc]
    assert second == [WRONG]
    assert len(first[0]) == 64
    assert "masyarakat" not in str(body)
    assert (body["points"], body["score_tenths"], body["closed_by"]) == ([100, 0], 500, "person")


def test_passing_the_quizzes_of_a_lesson_finishes_it(cast: Cast) -> None:
    both = a_lesson(EXAM, a_quiz(), a_quiz([a_question("s3")], key="kedua", title="Kedua"))
    a_published_version(cast, a_course([both, a_lesson("m/akhir")]))
    an_enrolment(cast.ani)
    hand_in(cast.ani, an_attempt(cast.ani))
    assert not study.lesson_page(cast.ani.id, SLUG, EXAM).is_finished
    hand_in(cast.ani, an_attempt(cast.ani, quiz_key="kedua"))
    assert study.lesson_page(cast.ani.id, SLUG, EXAM).is_finished


# --- the time limit


def test_saved_answers_are_handed_in_when_the_time_is_over(cast: Cast) -> None:
    enter_quiz(cast, time_limit_minutes=20)
    attempt_id = an_attempt(cast.ani)
    an_answer(cast.ani, attempt_id, NewAnswer(0, [RIGHT], 1))
    deadline_ms = stored(attempt_id).deadline_ms
    assert deadline_ms - stored(attempt_id).started_ms == 20 * MINUTE_MS
    with clock.set_to(deadline_ms + GRACE_MS):
        quizzes.close_overdue(WORK)
    assert stored(attempt_id).state == "open"
    with clock.set_to(deadline_ms + GRACE_MS + 1):
        quizzes.close_overdue(WORK)
        quizzes.close_overdue(WORK)
    closed = stored(attempt_id)
    assert (closed.state, closed.closed_by, closed.score_tenths) == ("submitted", "time", 500)
    assert closed.submitted_ms == deadline_ms
    kinds = [message.kind for message in notices.inbox(cast.ani.id).messages]
    assert kinds == [notices.NoticeKind.ATTEMPT_CLOSED]


def test_an_answer_on_its_way_when_the_time_ends_still_counts(cast: Cast) -> None:
    enter_quiz(cast, time_limit_minutes=20)
    attempt_id = an_attempt(cast.ani)
    deadline_ms = stored(attempt_id).deadline_ms
    with clock.set_to(deadline_ms + GRACE_MS):
        an_answer(cast.ani, attempt_id, NewAnswer(0, [RIGHT], 1))
    with clock.set_to(deadline_ms + GRACE_MS + 1):
        with pytest.raises(Conflict):
            an_answer(cast.ani, attempt_id, NewAnswer(1, [RIGHT], 1))
        assert attempts.attempt_page(cast.ani.id, attempt_id).is_over
        submit(cast, attempt_id)
    closed = stored(attempt_id)
    assert (closed.closed_by, closed.submitted_ms) == ("time", deadline_ms)
    assert answers_of(attempt_id) == {0: [RIGHT]}


def test_one_attempt_that_cannot_be_closed_does_not_hold_up_the_others(cast: Cast) -> None:
    enter_quiz(cast, time_limit_minutes=1)
    first = an_attempt(cast.ani)
    an_enrolment(cast.budi)
    second = an_attempt(cast.budi)
    with transaction() as session:
        broken = update(Attempt).where(Attempt.id == first)
        session.execute(broken.values(questions='[["gone", []], ["gone too", []]]'))
    with clock.set_to(stored(second).deadline_ms + MINUTE_MS):
        quizzes.close_overdue(WORK)
    assert (stored(first).state, stored(second).state) == ("open", "submitted")


def test_a_quiz_without_a_limit_stays_open(cast: Cast) -> None:
    enter_quiz(cast)
    attempt_id = an_attempt(cast.ani)
    with clock.set_to(clock.now_ms() + 400 * clock.DAY_MS):
        quizzes.close_overdue(WORK)
        an_answer(cast.ani, attempt_id, NewAnswer(0, [RIGHT], 1))
    assert stored(attempt_id).state == "open"


# --- how many


def test_attempts_are_limited_and_one_more_opens_a_day_later(cast: Cast) -> None:
    enter_quiz(cast, max_attempts=2)
    for _ in range(2):
        hand_in(cast.ani, an_attempt(cast.ani), WRONG)
    with pytest.raises(Conflict) as refused:
        an_attempt(cast.ani)
    assert refused.value.reason == "no_attempts_left"
    with clock.set_to(clock.now_ms() + REOPEN_AFTER_MS):
        third = an_attempt(cast.ani)
        hand_in(cast.ani, third, WRONG)
        with pytest.raises(Conflict):
            an_attempt(cast.ani)
    assert stored(third).number == 3


def grant(cast: Cast, course_id: int) -> None:
    enrolment_id = study.studying(cast.ani.id, SLUG).key.id
    with transaction() as session:
        quizzes.grant_attempt(session, cast.budi.id, course_id, enrolment_id, QUIZ)


def test_an_instructor_opens_one_more_attempt(cast: Cast) -> None:
    enter_quiz(cast, max_attempts=1)
    course_id = study.studying(cast.ani.id, SLUG).key.course_id
    with pytest.raises(Conflict):
        grant(cast, course_id)
    hand_in(cast.ani, an_attempt(cast.ani), WRONG)
    for _ in range(2):
        grant(cast, course_id)
        with pytest.raises(Conflict):
            grant(cast, course_id)
        hand_in(cast.ani, an_attempt(cast.ani), WRONG)
    kinds = [message.kind for message in notices.inbox(cast.ani.id).messages]
    assert kinds == [notices.NoticeKind.EXTRA_ATTEMPT] * 2


def test_an_attempt_can_be_granted_after_one_that_opened_by_itself(cast: Cast) -> None:
    enter_quiz(cast, max_attempts=1)
    course_id = study.studying(cast.ani.id, SLUG).key.course_id
    hand_in(cast.ani, an_attempt(cast.ani), WRONG)
    with clock.set_to(clock.now_ms() + REOPEN_AFTER_MS):
        hand_in(cast.ani, an_attempt(cast.ani), WRONG)
        grant(cast, course_id)
        assert stored(an_attempt(cast.ani)).number == 3


def test_nothing_is_granted_in_a_course_of_others_or_to_who_has_passed(cast: Cast) -> None:
    enter_quiz(cast, max_attempts=1)
    course_id = study.studying(cast.ani.id, SLUG).key.course_id
    hand_in(cast.ani, an_attempt(cast.ani))
    with pytest.raises(NotFound):
        grant(cast, course_id + 1)
    with pytest.raises(Conflict):
        grant(cast, course_id)


# --- the result


@pytest.mark.parametrize(
    ("reveal", "answer", "wanted"),
    [
        (Reveal.AFTER_PASS, WRONG, False),
        (Reveal.AFTER_PASS, RIGHT, True),
        (Reveal.AFTER_SUBMIT, WRONG, True),
        (Reveal.NEVER, RIGHT, False),
    ],
)
def test_keys_are_shown_when_the_quiz_says_so(
    cast: Cast, reveal: Reveal, answer: str, wanted: bool
) -> None:
    enter_quiz(cast, reveal=reveal)
    attempt_id = an_attempt(cast.ani)
    with pytest.raises(Conflict):
        attempts.result_page(cast.ani.id, attempt_id)
    hand_in(cast.ani, attempt_id, answer)
    page = attempts.result_page(cast.ani.id, attempt_id)
    assert page.reveals is wanted
    assert page.right == (2 if answer == RIGHT else 0)


def test_the_list_of_attempts_is_in_their_order(app: Flask, cast: Cast, course: Published) -> None:
    here = an_enrolment(cast.ani)
    hand_in(cast.ani, an_attempt(cast.ani), WRONG)
    an_attempt(cast.ani)
    lines = attempts.attempts_of(here.key.id, [QUIZ])[QUIZ]
    assert [(line.number, line.state, line.score_tenths) for line in lines] == [
        (1, "submitted", 0),
        (2, "open", None),
    ]
    assert attempts.attempts_of(here.key.id, []) == {}
