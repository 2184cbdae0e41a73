"""Many at once: nothing acknowledged is lost, and what may happen once happens once."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn.content.publishing import Published
from elearn.database import db, snapshot, transaction
from elearn.errors import Conflict
from elearn.journal import chain, walk
from elearn.learning import attempts, quizzes, record, study
from elearn.learning.models import Attempt, Completion, Enrolment
from elearn.learning.quizzes import NewAnswer
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
    an_answer,
    an_attempt,
    an_enrolment,
    finish,
    reflect,
)
from tests.people_cast import Cast

THREADS = 8


def at_once(app: Flask, work: Callable[[int], Any]) -> list[Any]:
    """Do the work in several threads that begin together, each as a request of its own."""
    gate = threading.Barrier(THREADS)

    def one(number: int) -> Any:
        with app.app_context():
            gate.wait()
            try:
                return work(number)
            finally:
                db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))


@dataclass(frozen=True)
class Somebody:
    """A person by id: threads share no loaded row."""

    id: int


@pytest.fixture
def ani(cast: Cast) -> Somebody:
    """Ani, on many devices."""
    return Somebody(cast.ani.id)


def assert_sound(person_id: int) -> None:
    """The chain is whole and the stored state is its fold."""
    with snapshot():
        assert list(walk.broken_links()) == []
        assert list(record.differences(person_id)) == []


def test_entering_from_many_devices_is_entering_once(
    app: Flask, ani: Somebody, course: Published
) -> None:
    keys = at_once(app, lambda _: an_enrolment(ani).key)
    assert len(set(keys)) == 1
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 1
    assert [event["kind"] for event in chain.events_of(ani.id)] == ["enrolled"]


def test_lessons_finished_at_once_are_all_kept(app: Flask, cast: Cast, ani: Somebody) -> None:
    lessons = [a_lesson(f"m/{number}") for number in range(THREADS)]
    a_published_version(cast, a_course(lessons))
    an_enrolment(ani)
    at_once(app, lambda number: finish(ani, f"m/{number}"))
    here = study.studying(ani.id, SLUG)
    assert len(here.progress.lessons) == THREADS
    assert here.progress.completed_ms
    assert db.session.scalar(select(func.count()).select_from(Completion)) == 1
    assert_sound(ani.id)


def test_starting_from_many_devices_opens_one_attempt(
    app: Flask, ani: Somebody, course: Published
) -> None:
    an_enrolment(ani)
    ids = at_once(app, lambda _: an_attempt(ani))
    assert len(set(ids)) == 1
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1
    assert_sound(ani.id)


def test_the_highest_counter_stands_whoever_comes_last(
    app: Flask, ani: Somebody, course: Published
) -> None:
    an_enrolment(ani)
    attempt_id = an_attempt(ani)

    def save(number: int) -> bool:
        answer = [RIGHT] if number == THREADS - 1 else [WRONG]
        return an_answer(ani, attempt_id, NewAnswer(0, answer, number)).is_stale

    at_once(app, save)
    shown = attempts.attempt_page(ani.id, attempt_id).questions[0]
    assert (shown.answer, shown.counter) == ([RIGHT], THREADS - 1)


def test_an_attempt_handed_in_by_many_is_handed_in_once(
    app: Flask, ani: Somebody, course: Published
) -> None:
    an_enrolment(ani)
    attempt_id = an_attempt(ani)

    def submit(_: int) -> bool:
        try:
            with transaction() as session:
                quizzes.submit(session, ani.id, attempt_id)
        except Conflict:
            return False
        return True

    assert sorted(at_once(app, submit)) == [False] * (THREADS - 1) + [True]
    assert_sound(ani.id)


def test_every_acknowledged_answer_is_in_what_is_handed_in(
    app: Flask, cast: Cast, ani: Somebody
) -> None:
    questions = [a_question(f"s{number}") for number in range(THREADS)]
    a_published_version(cast, a_course([a_lesson(EXAM, a_quiz(questions, max_attempts=0))]))
    an_enrolment(ani)
    chance = random.Random(5)  # noqa: S311  # only spreads the threads
    for _ in range(6):
        attempt_id = an_attempt(ani)
        pauses = [chance.random() / 20 for _ in range(THREADS)]

        def act(number: int, attempt_id: str = attempt_id, pauses: list[float] = pauses) -> bool:
            time.sleep(pauses[number])
            try:
                if number == 0:
                    with transaction() as session:
                        quizzes.submit(session, ani.id, attempt_id)
                else:
                    an_answer(ani, attempt_id, NewAnswer(number, [RIGHT], 1))
            except Conflict:
                return False
            return True

        acknowledged = at_once(app, act)
        assert acknowledged[0]
        event = chain.events_of(ani.id)
        (body,) = [
            e["body"]
            for e in event
            if e["kind"] == "attempt_submitted" and e["body"]["attempt"] == attempt_id
        ]
        handed_in = [answer == [RIGHT] for answer in body["answers"]]
        assert handed_in[1:] == acknowledged[1:]
    assert_sound(ani.id)


def test_the_last_steps_on_several_devices_complete_the_course_once(
    app: Flask, ani: Somebody, course: Published
) -> None:
    an_enrolment(ani)
    attempt_id = an_attempt(ani)
    for position in (0, 1):
        an_answer(ani, attempt_id, NewAnswer(position, [RIGHT], 1))

    def submit() -> None:
        with transaction() as session:
            quizzes.submit(session, ani.id, attempt_id)

    steps = [submit, lambda: finish(ani, TEXT), lambda: finish(ani, OWN)]
    steps += [lambda: reflect(ani)] * (THREADS - len(steps))
    at_once(app, lambda number: steps[number]())
    kinds = [event["kind"] for event in chain.events_of(ani.id)]
    assert kinds.count("course_completed") == kinds.count("certificate_issued") == 1
    assert study.studying(ani.id, SLUG).progress.quizzes[QUIZ].passed
    assert_sound(ani.id)
