"""How people answer: by ability and difficulty, so that statistics of questions mean something."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from random import Random

from elearn.content.course import Difficulty, Question, Shape
from elearn.content.keys import FULL_PERCENT, EssayKey, ExpectedKey, NumberKey, TextKey
from elearn.demo import answering_parts as parts
from elearn.demo.calendar import chance_of
from elearn.learning import grading
from elearn.learning.answers import IN_PARTS, Answer
from elearn.learning.grading import Result

DIFFICULTY = {Difficulty.EASY: -1.3, Difficulty.MEDIUM: -0.4, Difficulty.HARD: 0.5}
SPREAD = 0.35
GUESSING = 0.6  # of what blind chance would give
# One question nearly everybody knows, and two whose last wrong option nobody takes.
TOO_EASY = {"d-sedia": -2.3}
UNTEMPTING = frozenset({"d-risiko", "p-teruskan"})
TRIES, PUSH = 80, 0.08


@dataclass(frozen=True)
class Mind:
    """What a learner can do; ``truth`` are the questions with their right keys, by id."""

    ability: float
    truth: Mapping[str, Question]


@dataclass(frozen=True)
class Goal:
    """What comes of an attempt: passed or not, by the pass mark of its quiz."""

    pass_percent: int
    passes: bool


def answers(questions: Sequence[Question], mind: Mind, goal: Goal, chance: Random) -> list[Answer]:
    """Answers to an attempt that lead where it went; ability is pushed only when it must be."""
    sign = 1 if goal.passes else -1
    for turn in range(TRIES):
        pushed = Mind(mind.ability + sign * PUSH * max(turn - 3, 0), mind.truth)
        given = [answer(question, pushed, chance) for question in questions]
        if _result(questions, given, goal).passed == goal.passes:
            return given
    return [_right(q) if goal.passes else _wrong(q, chance) for q in questions]


def _result(questions: Sequence[Question], given: Sequence[Answer], goal: Goal) -> Result:
    return grading.grade_all(questions, dict(enumerate(given)), goal.pass_percent)


def answer(question: Question, mind: Mind, chance: Random) -> Answer:
    """One answer: right as often as the learner knows or guesses it."""
    known = mind.truth.get(question.id, question)
    return (
        _right(known) if chance.random() < chances(known, mind.ability) else _wrong(known, chance)
    )


def chances(question: Question, ability: float) -> float:
    """How likely a learner of an ability answers a question rightly."""
    guess = GUESSING / len(question.options) if question.options else 0.0
    return guess + (1 - guess) / (1 + math.exp(-1.2 * (ability - _difficulty(question))))


def _difficulty(question: Question) -> float:
    if question.id in TOO_EASY:
        return TOO_EASY[question.id]
    return DIFFICULTY[question.difficulty or Difficulty.MEDIUM] + _own_difficulty(question.id)


PARTED = IN_PARTS - {Shape.ESSAY}
ESSAY = (
    "text:Laporan warga dicatat pada hari yang sama dengan nomor tiketnya. Setelah itu saya "
    "meneruskannya kepada unit yang berwenang, dan mengabari pelapor tentang batas waktunya."
)


@cache
def _own_difficulty(identity: str) -> float:
    return chance_of("difficulty", identity).gauss(0, SPREAD)


@cache
def _temptation(identity: str, option: str) -> float:
    return 0.3 + chance_of("tempting", identity, option).random()


def _right(question: Question) -> Answer:
    if question.shape in PARTED:
        return parts.right(question)
    match question.key:
        case TextKey() | NumberKey():
            return [parts.typed(question.key)]
        case ExpectedKey():
            best = max(question.key.answers, key=lambda expected: expected.percent)
            return [parts.typed(best.key)]
        case EssayKey():
            return [ESSAY]
    return [option.key for option in question.options if option.correct]


def _wrong(question: Question, chance: Random) -> Answer:
    if question.shape in PARTED:
        return parts.wrong(question, chance)
    match question.key:
        case TextKey():
            return [question.key.accepted[0][: -chance.randint(2, 4)]]
        case NumberKey():
            return [_typed(Decimal(question.key.high) * 2 + chance.randint(1, 3))]
        case ExpectedKey():
            worst = min(question.key.answers, key=lambda expected: expected.percent)
            return [parts.typed(worst.key) if worst.percent < FULL_PERCENT else "tidak tahu"]
        case EssayKey():
            return [ESSAY.partition(".")[0]]
    if question.shape is Shape.MULTIPLE:
        return _nearly(question, chance)
    tempting = [option.key for option in question.options if not option.correct]
    if question.id in UNTEMPTING:
        tempting.pop()
    weights = [_temptation(question.id, key) for key in tempting]
    return chance.choices(tempting, weights)


def _nearly(question: Question, chance: Random) -> Answer:
    """A right option left out, or a wrong one taken too."""
    right = [option.key for option in question.options if option.correct]
    wrong = [option.key for option in question.options if not option.correct]
    if len(right) > 1 and (not wrong or chance.random() < 0.6):
        right.remove(chance.choice(right))
    else:
        right.append(chance.choice(wrong))
    return right


def _typed(value: Decimal) -> str:
    """A number as it is typed here: with a decimal comma."""
    return f"{value.normalize():f}".replace(".", ",")
