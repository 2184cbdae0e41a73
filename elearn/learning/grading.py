"""Draw questions from pools and grade answers: pure rules, seeded chance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from random import Random

from elearn.content.course import Option, Pool, Question, Quiz, Shape
from elearn.content.keys import (
    ClozeKey,
    EssayKey,
    Expected,
    ExpectedKey,
    Gap,
    MatchingKey,
    NumberKey,
    ScaleKey,
    TextKey,
)
from elearn.learning import answers, typed
from elearn.learning.answers import Answer

FULL = 100  # hundredths of a question's points
UNMARKED = -1  # in place of hundredths, until an instructor has marked the essay


@dataclass(frozen=True)
class Drawn:
    """A question as one attempt shows it: its version and the order of its options."""

    digest: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """A graded attempt: hundredths earned per question, score in tenths of a percent."""

    hundredths: tuple[int, ...]
    score_tenths: int
    passed: bool


def draw(quiz: Quiz, seen: Mapping[str, int], seed: str) -> tuple[Drawn, ...]:
    """The questions of a new attempt: unseen first, balanced by tag, options shuffled.

    ``seen`` counts how often the learner was shown each question (by digest).
    """
    chance = Random(seed)  # noqa: S311  # repeatable on purpose; secrecy is not needed
    questions = [q for pool in quiz.pools for q in _draw_pool(pool, seen, chance)]
    if quiz.shuffled:
        chance.shuffle(questions)
    return tuple(Drawn(q.digest, _order_of(q, chance)) for q in questions)


def _draw_pool(pool: Pool, seen: Mapping[str, int], chance: Random) -> list[Question]:
    if pool.draw >= len(pool.questions):
        return list(pool.questions)
    strata: dict[str, list[Question]] = defaultdict(list)
    for question in chance.sample(pool.questions, len(pool.questions)):
        strata[question.stratum].append(question)
    shares = _shares({name: len(group) for name, group in strata.items()}, pool.draw, chance)
    picked: list[Question] = []
    for name, group in strata.items():
        group.sort(key=lambda q: seen.get(q.digest, 0))  # stable: chance decides among equals
        picked += group[: shares[name]]
    chance.shuffle(picked)
    return picked


def _shares(sizes: Mapping[str, int], total: int, chance: Random) -> dict[str, int]:
    """Split ``total`` over strata by size (largest remainder; chance decides ties)."""
    whole = sum(sizes.values())
    exact = {name: Fraction(size * total, whole) for name, size in sizes.items()}
    shares = {name: int(value) for name, value in exact.items()}
    names = sorted(sizes)
    chance.shuffle(names)
    names.sort(key=lambda name: exact[name] - shares[name], reverse=True)
    for name in names[: total - sum(shares.values())]:
        shares[name] += 1
    return shares


def _order_of(question: Question, chance: Random) -> tuple[str, ...]:
    """The order in which options are shown; steps to be put in order never stand so already."""
    order = _order(question.options, question.shuffled, chance)
    written = tuple(option.key for option in question.options)
    if question.shape is Shape.ORDERING and order == written:
        return (*order[1:], order[0])
    return order


def _order(options: Sequence[Option], shuffled: bool, chance: Random) -> tuple[str, ...]:
    moving = [option.key for option in options if not option.stays_last]
    if shuffled:
        chance.shuffle(moving)
    return (*moving, *(option.key for option in options if option.stays_last))


def grade(question: Question, answer: Answer) -> int:
    """Hundredths of the question's points that an answer earns; no answer earns nothing.

    A voided question gives everyone its points. An essay earns nothing until it is marked.
    """
    if question.voided:
        return FULL
    given = [part for part in answer if part.strip()]
    if not given:
        return 0
    match question.key:
        case TextKey() | NumberKey():
            return FULL * typed.matches(question.key, given[0])
        case ExpectedKey():
            expected = expected_of(question.key, given[0])
            return expected.percent if expected else 0
        case MatchingKey() | ClozeKey():
            right = right_parts(question, given)
            return round(FULL * Fraction(sum(right.values()), len(right)))
        case EssayKey() | ScaleKey():
            return 0
    if question.shape is Shape.ORDERING:
        return _grade_order(question, given)
    return _grade_choice(question, set(given))


def essays_in(questions: Sequence[Question], given: Mapping[int, Answer]) -> list[int]:
    """Where an essay was written that an instructor must mark."""
    return [
        i
        for i, question in enumerate(questions)
        if question.shape is Shape.ESSAY and not question.voided and any(given.get(i, []))
    ]


def expected_of(key: ExpectedKey, given: str) -> Expected | None:
    """The first accepted or foreseen answer that what was typed matches."""
    return next((e for e in key.answers if typed.matches(e.key, given)), None)


def right_parts(question: Question, answer: Answer) -> dict[str, bool]:
    """Whether each left side of a matching, or each gap of a cloze, was answered rightly."""
    parts = answers.parts_of(answer)
    match question.key:
        case MatchingKey():
            return {p.key: parts.get(p.key) == p.option for p in question.key.prompts}
        case ClozeKey():
            gaps = enumerate(question.key.gaps)
            return {str(i): _fills(gap, parts.get(str(i), "")) for i, gap in gaps}
    return {}


def _fills(gap: Gap, given: str) -> bool:
    if not given.strip():
        return False
    return given in gap.right if gap.key is None else typed.matches(gap.key, given)


def _grade_order(question: Question, answer: Answer) -> int:
    """Twice the share of pairs in the right order, less one, so that chance earns nothing."""
    places = answers.places_of(answer)
    keys = [option.key for option in question.options]
    pairs = list(combinations(keys, 2))
    right = sum(
        first in places and second in places and places[first] < places[second]
        for first, second in pairs
    )
    return max(0, round(FULL * (2 * Fraction(right, max(len(pairs), 1)) - 1)))


def _grade_choice(question: Question, picked: set[str]) -> int:
    right = {option.key for option in question.options if option.correct}
    wrong = {option.key for option in question.options if not option.correct}
    if not picked <= right | wrong:
        return 0
    if question.shape is not Shape.MULTIPLE or not question.partial:
        return FULL if picked == right else _percent_of(question, picked)
    earned = Fraction(len(picked & right), len(right)) - Fraction(
        len(picked & wrong), max(len(wrong), 1)
    )
    return max(0, round(earned * FULL))


def _percent_of(question: Question, picked: set[str]) -> int:
    """What a wrong option of a single choice earns all the same."""
    found = [option.percent for option in question.options if {option.key} == picked]
    return (found[0] or 0) if found else 0


def grade_all(
    questions: Sequence[Question], answers: Mapping[int, Answer], pass_percent: int
) -> Result:
    """Grade an attempt: percent = points earned / points, to one decimal."""
    hundredths = tuple(grade(q, answers.get(i, [])) for i, q in enumerate(questions))
    return result_of([q.points for q in questions], hundredths, pass_percent)


def result_of(weights: Sequence[int], hundredths: tuple[int, ...], pass_percent: int) -> Result:
    """The result of an attempt from what each question weighs and earned."""
    points = sum(weights)
    earned = sum(weight * h for weight, h in zip(weights, hundredths, strict=True))
    exact = Fraction(earned * 10, points) if points else Fraction(0)
    tenths = int(exact + Fraction(1, 2))  # half up, as people round
    return Result(hundredths, tenths, tenths >= pass_percent * 10)
