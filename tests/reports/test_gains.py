"""Before and after: the arithmetic against numpy, who is counted, and what a page may say."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import numpy as np
import pytest
from flask import Flask

from elearn.content import catalogue
from elearn.content.course import PRETEST
from elearn.content.publishing import Published
from elearn.database import transaction
from elearn.learning import attempts, quizzes, study
from elearn.learning.models import Enrolment
from elearn.learning.quizzes import NewAnswer
from elearn.people.models import Person
from elearn.reports import estimates, gains
from tests.builders import (
    RIGHT,
    SLUG,
    WRONG,
    a_course,
    a_published_version,
    a_tested_course,
    an_attempt,
    an_enrolment,
    finish,
    hand_in,
    skip_pretest,
    take_pretest,
)
from tests.people_cast import Cast, a_person, make_cast, signed_in

# Student's t at 95 % by degrees of freedom, as tables print it (Fisher and Yates 1938).
TABLE = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 9: 2.262, 30: 2.042, 67: 1.996, 120: 1.980}


@pytest.mark.parametrize(("freedom", "deviate"), list(TABLE.items()))
def test_students_deviates_are_those_of_the_tables(freedom: int, deviate: float) -> None:
    assert estimates.student(freedom) == pytest.approx(deviate, abs=5e-4)


def test_the_deviate_comes_to_the_normal_one() -> None:
    assert estimates.student(4999) == pytest.approx(estimates.deviate(), abs=5e-4)


@pytest.mark.parametrize("count", [2, 5, 6, 68, 401])
def test_the_gain_is_that_of_numpy(count: int) -> None:
    chance = np.random.default_rng(count)
    before = chance.uniform(size=count)
    after = before + chance.normal(0.2, 0.3, size=count)
    found = estimates.gain(before.tolist(), after.tolist())
    spread = np.std(after - before, ddof=1) / sqrt(count)
    assert found.value == pytest.approx(np.mean(after) - np.mean(before))
    assert found.high - found.low == pytest.approx(2 * estimates.student(count - 1) * spread)
    assert found.size == count


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    chance = np.random.default_rng(11)
    held = 0
    for _ in range(2000):
        pair = chance.normal([0.4, 0.55], 0.2, size=(6, 2))
        found = estimates.gain(pair[:, 0].tolist(), pair[:, 1].tolist())
        held += found.low <= 0.15 <= found.high
    assert 0.935 < held / 2000 < 0.965


# --- who is counted --------------------------------------------------------------------------


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    catalogue.forget()
    yield make_cast()
    catalogue.forget()


@pytest.fixture
def course(cast: Cast) -> Published:
    return a_published_version(cast, a_tested_course())


def a_learner(cast: Cast, at: int) -> Person:
    with transaction():
        person = a_person(f"19900101201503190{at}", f"Orang {at}", cast.pustu)
    an_enrolment(person)
    return person


def both(cast: Cast, at: int, before: str, after: str) -> Person:
    """Somebody who took the pretest and the final quiz, each question answered alike."""
    person = a_learner(cast, at)
    take_pretest(person, before)
    finish(person)
    hand_in(person, an_attempt(person), after)
    return person


def found(course: Published) -> gains.BeforeAfter:
    measured = gains.of_course(course.course_id, course.version_id)
    assert measured
    return measured


def test_people_with_both_are_counted_once_and_nobody_else(cast: Cast, course: Published) -> None:
    for at in range(4):
        both(cast, at, WRONG, RIGHT)
    fifth = both(cast, 4, RIGHT, WRONG)
    hand_in(fifth, an_attempt(fifth), RIGHT)  # a second attempt changes nothing
    skipped, late, open_one, unread = (a_learner(cast, at) for at in range(5, 9))
    skip_pretest(skipped)
    late_id = an_attempt(late, quiz_key=PRETEST)
    finish(late)
    hand_in(late, late_id, WRONG)
    an_attempt(open_one, quiz_key=PRETEST)
    take_pretest(unread)
    for person in (skipped, late, open_one):
        finish(person)
        hand_in(person, an_attempt(person))
    gain = found(course).gain
    assert gain
    assert (gain.people, gain.before, gain.after) == (5, 0.2, 0.8)
    wanted = estimates.gain([0, 0, 0, 0, 1], [1, 1, 1, 1, 0])
    assert gain.gain == wanted


def test_only_the_form_counts_of_the_final_quiz(cast: Cast, course: Published) -> None:
    """It draws three, two of them of the form: right in the third alone is a gain of nothing."""
    for at in range(5):
        person = a_learner(cast, at)
        take_pretest(person, WRONG)
        finish(person)
        attempt_id = an_attempt(person)
        _answer_the_third(person, attempt_id)
    gain = found(course).gain
    assert gain
    assert (gain.before, gain.after) == (0, 0)


def _answer_the_third(person: Person, attempt_id: str) -> None:
    for shown in attempts.attempt_page(person.id, attempt_id).questions:
        answer = RIGHT if shown.question.id in ("s5", "s6") else WRONG
        with transaction() as session:
            new = NewAnswer(shown.position, [answer], 1)
            quizzes.save_answer(session, person.id, attempt_id, new)
    with transaction() as session:
        quizzes.submit(session, person.id, attempt_id)


def test_a_second_round_is_not_counted(cast: Cast, course: Published) -> None:
    for at in range(5):
        person = both(cast, at, WRONG, RIGHT)
    key = study.studying(person.id, SLUG).key
    with transaction() as session:
        session.get_one(Enrolment, key.id).round = 2
    assert found(course).gain is None


def test_a_course_without_a_pretest_measures_nothing(cast: Cast) -> None:
    course = a_published_version(cast, a_course())
    assert gains.of_course(course.course_id, course.version_id) is None


# --- the page --------------------------------------------------------------------------------


def page(app: Flask, cast: Cast) -> str:
    text: str = signed_in(app, cast.budi).get(f"/teach/{SLUG}/questions").get_data(as_text=True)
    return text


def test_the_page_tells_nothing_of_four_people_and_the_means_of_five(
    app: Flask, cast: Cast, course: Published
) -> None:
    for at in range(4):
        both(cast, at, WRONG, RIGHT)
    few = page(app, cast)
    assert "setelah sedikitnya lima orang" in few
    assert "Kenaikan" not in few
    both(cast, 4, WRONG, WRONG)
    enough = page(app, cast)
    for said in ("Sebelum: uji awal", "+80 poin persen", "Orang yang mengerjakan keduanya"):
        assert said in enough
    assert "_pretest" not in enough
    assert "Orang 3" not in enough


def test_the_list_of_learners_counts_no_pretest(app: Flask, cast: Cast, course: Published) -> None:
    take_pretest(a_learner(cast, 1))
    text = signed_in(app, cast.budi).get(f"/teach/{SLUG}").get_data(as_text=True)
    assert 'data-label="Kesempatan terpakai" class="n">0<' in text
