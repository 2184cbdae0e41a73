"""Right and wrong answers to questions with parts: matching, ordering, cloze."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from elearn.content.course import Question, Shape
from elearn.content.keys import ClozeKey, Gap, MatchingKey, NumberKey, TextKey
from elearn.learning.answers import Answer


def right(question: Question) -> Answer:
    """Every part as the key has it."""
    return [f"{part}:{value}" for part, value in _parts(question)]


def wrong(question: Question, chance: Random) -> Answer:
    """Two parts changed for each other, or one gap filled with something else."""
    parts = _parts(question)
    at = chance.randrange(len(parts))
    values = [value for _, value in parts]
    other = (at + 1) % len(parts)
    if question.shape is Shape.CLOZE or values[at] == values[other]:
        values[at] = "lainnya"
    else:
        values[at], values[other] = values[other], values[at]
    return [f"{part}:{value}" for (part, _), value in zip(parts, values, strict=True)]


def _parts(question: Question) -> list[tuple[str, str]]:
    match question.key:
        case MatchingKey():
            return [(prompt.key, prompt.option) for prompt in question.key.prompts]
        case ClozeKey():
            return [(str(i), _filling(gap)) for i, gap in enumerate(question.key.gaps)]
    return [(option.key, str(place)) for place, option in enumerate(question.options, 1)]


def _filling(gap: Gap) -> str:
    return gap.right[0] if gap.key is None else typed(gap.key)


def typed(key: TextKey | NumberKey) -> str:
    """What somebody types who knows it; numbers with a decimal comma."""
    if isinstance(key, TextKey):
        return key.accepted[0]
    middle = (Decimal(key.low) + Decimal(key.high)) / 2
    return f"{middle.normalize():f}".replace(".", ",")
