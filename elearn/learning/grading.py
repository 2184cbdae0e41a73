"""Draw questions from pools and grade answers: pure rules, seeded chance."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from random import Random

from elearn.content.course import Option, Pool, Question, Quiz, Shape
from elearn.content.keys import NumberKey, TextKey

FULL = 100  # hundredths of a question's points
MAX_ANSWER_CHARACTERS = 500
Answer = list[str]  # option keys, or one typed text


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
    return tuple(Drawn(q.digest, _order(q.options, q.shuffled, chance)) for q in questions)


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


def _order(options: Sequence[Option], shuffled: bool, chance: Random) -> tuple[str, ...]:
    moving = [option.key for option in options if not option.stays_last]
    if shuffled:
        chance.shuffle(moving)
    return (*moving, *(option.key for option in options if option.stays_last))


def grade(question: Question, answer: Answer) -> int:
    """Hundredths of the question's points that an answer earns; no answer earns nothing.

    A voided question gives everyone its points.
    """
    if question.voided:
        return FULL
    given = [part for part in answer if part.strip()]
    if not given:
        return 0
    if question.shape is Shape.TEXT and isinstance(question.key, TextKey):
        return FULL * _text_matches(question.key, given[0])
    if question.shape is Shape.NUMBER and isinstance(question.key, NumberKey):
        return FULL * _number_matches(question.key, given[0])
    return _grade_choice(question, set(given))


def _grade_choice(question: Question, picked: set[str]) -> int:
    right = {option.key for option in question.options if option.correct}
    wrong = {option.key for option in question.options if not option.correct}
    if not picked <= right | wrong:
        return 0
    if question.shape is not Shape.MULTIPLE or not question.partial:
        return FULL * (picked == right)
    earned = Fraction(len(picked & right), len(right)) - Fraction(
        len(picked & wrong), max(len(wrong), 1)
    )
    return max(0, round(earned * FULL))


def normalise(text: str) -> str:
    """Short text without case, spaces and punctuation; what stands between digits counts.

    A text of nothing but signs stays as it is.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    joined = re.sub(r"(?<=\d)\s*([^\w\s])\s*(?=\d)", r"\1", folded)
    words = re.sub(r"(?<!\d)[^\w\s]|[^\w\s](?!\d)", " ", joined)
    kept = re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", words)
    return re.sub(r"\s+", " ", kept) or re.sub(r"\s+", "", folded)


def _text_matches(key: TextKey, given: str) -> bool:
    typed = normalise(given)
    for accepted in key.accepted:
        parts = (re.escape(normalise(part)) for part in accepted.split("*"))
        if re.fullmatch(".*".join(parts), typed, re.DOTALL):
            return True
        if key.typos and "*" not in accepted and _within_one_slip(normalise(accepted), typed):
            return True
    return False


def _within_one_slip(wanted: str, typed: str) -> bool:
    """Whether one letter added, left out, changed or swapped makes the two equal.

    Words under five letters take no slip, and no slip may touch a digit.
    """
    if len(wanted) < 5 or any(c.isdigit() for c in wanted):
        return wanted == typed
    if len(wanted) == len(typed):
        differing = [i for i in range(len(wanted)) if wanted[i] != typed[i]]
        if len(differing) <= 1:
            return True
        i, j = differing[0], differing[-1]
        swapped = wanted[i] == typed[j] and wanted[j] == typed[i]
        return len(differing) == 2 and j == i + 1 and swapped
    longer, shorter = (wanted, typed) if len(wanted) > len(typed) else (typed, wanted)
    return len(longer) - len(shorter) == 1 and any(
        longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer))
    )


_NUMBER = re.compile(
    r"(rp\b\.?|rp(?=\d))?\s*([+\-−]?\s*\d[\d.,\s]*|[+\-−]?\s*[.,]\d+)\s*(.*)",
    re.DOTALL | re.IGNORECASE,
)


def read_number(text: str) -> tuple[Decimal, str] | None:
    """A typed number and its unit. Comma is decimal; points group thousands.

    A single point that does not group (1.5) is read as decimal, as calculators show it.
    """
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        return None
    digits = re.sub(r"\s", "", found[2]).replace("−", "-").rstrip(".,")
    if "," in digits:
        digits = digits.replace(".", "").replace(",", ".", 1)
    elif re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+", digits):
        digits = digits.replace(".", "")
    try:
        return Decimal(digits), found[3].strip(" -\n\t") or found[1] or ""
    except InvalidOperation:
        return None


def _number_matches(key: NumberKey, given: str) -> bool:
    found = read_number(given)
    if found is None:
        return False
    value, unit = found
    return _same_unit(unit, key.unit) and Decimal(key.low) <= value <= Decimal(key.high)


def _same_unit(typed: str, wanted: str) -> bool:
    """Whether a typed unit is the wanted one. It may be left out; signs as % say nothing new."""
    given, asked = (_letters(unit) for unit in (typed, wanted))
    return not given or given == asked


def _letters(unit: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", unit).casefold())


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
