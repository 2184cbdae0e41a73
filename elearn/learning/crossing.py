"""Two forms crossed over: who is asked which one first, and what the final quiz asks then. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from hashlib import sha256

from elearn.content.course import Pool, Pretest, Quiz


def form_of(course_id: int, person_id: int) -> int:
    """Which form (0 or 1) a person is asked before a course: half of all each, always the same."""
    return sha256(f"pretest:{course_id}:{person_id}".encode()).digest()[0] % 2


def crossed(quiz: Quiz, pretest: Pretest, asked: Collection[str]) -> Quiz:
    """The final quiz as it is drawn after a pretest that ``asked`` questions (ids).

    None of those, then all of the other form that fits, then what else there is.
    """
    other = {id_ for form in pretest.ids for id_ in form}.difference(asked)
    pools = (part for pool in quiz.pools for part in _parts(pool, asked, other))
    return replace(quiz, pools=tuple(pools))


def _parts(pool: Pool, asked: Collection[str], other: Collection[str]) -> Iterator[Pool]:
    """A pool cut in two: the other form first. One that would run dry stays as it is."""
    fresh = [question for question in pool.questions if question.id not in asked]
    first = tuple(question for question in fresh if question.id in other)
    rest = tuple(question for question in fresh if question.id not in other)
    if len(fresh) < pool.draw:
        yield pool
        return
    draw = min(len(first), pool.draw)
    if draw:
        yield replace(pool, draw=draw, questions=first)
    if pool.draw > draw:
        yield replace(pool, draw=pool.draw - draw, questions=rest)
