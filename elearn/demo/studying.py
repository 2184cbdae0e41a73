"""Learners at work, through the use cases of the product, with the clock set to their moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from elearn import clock
from elearn.content import catalogue
from elearn.content.course import PRETEST, Question
from elearn.database import db
from elearn.demo import answering, essays
from elearn.demo.answering import Goal, Mind
from elearn.demo.calendar import MINUTE_MS, chance_of
from elearn.demo.journeys import Act, Deed
from elearn.demo.reflections import reflection
from elearn.learning import attempts, pretests, quizzes, reflections, study
from elearn.learning.answers import ESSAY_PART, Answer
from elearn.learning.models import Attempt
from elearn.learning.quizzes import NewAnswer

LEARNED = 1.6  # what the course adds to an ability


@dataclass(frozen=True)
class Learner:
    """Somebody in a course: their id, the course, and what they can do."""

    person_id: int
    slug: str
    mind: Mind
    chance: Random


def ability_of(nip: str) -> float:
    """What a person can do, on the scale of the questions' difficulty."""
    return chance_of("ability", nip).gauss(0.6, 0.85)


def do(learner: Learner, deed: Deed) -> None:
    """One thing a learner does, at the clock's moment."""
    match deed.act:
        case Act.ENROL:
            study.enrol(db.session(), learner.person_id, learner.slug)
        case Act.READ:
            study.finish_lesson(db.session(), learner.person_id, learner.slug, deed.key)
        case Act.ATTEMPT:
            _attempt(learner, deed)
        case Act.PRETEST:
            _pretest(learner, deed)
        case Act.SKIP:
            pretests.skip(db.session(), study.studying(learner.person_id, learner.slug))
        case Act.WRITE:
            _write(learner, deed)
        case Act.REFLECT:
            here = study.studying(learner.person_id, learner.slug)
            text = reflection(learner.slug, learner.chance)
            reflections.write(db.session(), here, deed.key, text)


def _attempt(learner: Learner, deed: Deed) -> None:
    """A whole attempt that ends now: started, answered one by one, handed in."""
    ended_ms = clock.now_ms()
    started_ms = ended_ms - deed.answering_minutes * MINUTE_MS
    attempt = start(learner, deed.key, started_ms)
    goal = Goal(attempt.pass_percent, deed.passes)
    given = answering.answers(questions_of(attempt), learner.mind, goal, learner.chance)
    save(learner, attempt, given, ended_ms)
    quizzes.submit(db.session(), learner.person_id, attempt.id)


def _pretest(learner: Learner, deed: Deed) -> None:
    """A form answered with what the learner knows before the course, and handed in now."""
    ended_ms = clock.now_ms()
    attempt = start(learner, PRETEST, ended_ms - deed.answering_minutes * MINUTE_MS)
    mind = replace(learner.mind, ability=learner.mind.ability - LEARNED)
    asked = questions_of(attempt)
    save(learner, attempt, [answering.answer(q, mind, learner.chance) for q in asked], ended_ms)
    quizzes.submit(db.session(), learner.person_id, attempt.id)


def _write(learner: Learner, deed: Deed) -> None:
    """An attempt at a quiz of one essay, which then waits for its mark."""
    ended_ms = clock.now_ms()
    attempt = start(learner, deed.key, ended_ms - deed.answering_minutes * MINUTE_MS)
    text = essays.written(learner.chance, learner.mind.ability)
    save(learner, attempt, [[f"{ESSAY_PART}:{text}"]], ended_ms)
    quizzes.submit(db.session(), learner.person_id, attempt.id)


def start(learner: Learner, quiz_key: str, at_ms: int) -> Attempt:
    """Open an attempt at a moment."""
    with clock.set_to(at_ms):
        here = study.studying(learner.person_id, learner.slug)
        attempt_id = quizzes.start(db.session(), here, quiz_key)
    return db.session.get_one(Attempt, attempt_id)


def questions_of(attempt: Attempt) -> list[Question]:
    """The questions an attempt has drawn, in its order."""
    return catalogue.questions([drawn.digest for drawn in attempts.drawn_of(attempt)])


def save(learner: Learner, attempt: Attempt, given: Sequence[Answer], until_ms: int) -> None:
    """Save the answers one after the other, the last one shortly before the given moment."""
    step_ms = (until_ms - attempt.started_ms) // (len(given) + 1)
    for position, answer in enumerate(given):
        with clock.set_to(attempt.started_ms + step_ms * (position + 1)):
            new = NewAnswer(position, answer, position + 1)
            quizzes.save_answer(db.session(), learner.person_id, attempt.id, new)
