"""A quiz on paper: numbered questions, lettered choices, and the sheet of keys."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from elearn.content.course import Option, Pool, Question, Quiz, Shape
from elearn.content.formats.fields import LETTERS
from elearn.content.keys import ClozeKey, Criterion, EssayKey, MatchingKey, Prompt

ESSAY_LINES = 8


@dataclass(frozen=True)
class PaperOption:
    """A choice with the letter it has on this paper."""

    letter: str
    option: Option


@dataclass(frozen=True)
class PaperQuestion:
    """A question as it is printed, and its key in words."""

    number: int
    question: Question
    options: tuple[PaperOption, ...]
    key: str

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """The left sides of a matching."""
        key = self.question.key
        return key.prompts if isinstance(key, MatchingKey) else ()

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The rubric of an essay."""
        key = self.question.key
        return key.criteria if isinstance(key, EssayKey) else ()

    @property
    def lines(self) -> int:
        """How many empty lines there are to write on."""
        if self.question.shape is Shape.ESSAY:
            return ESSAY_LINES
        return int(self.question.shape in (Shape.TEXT, Shape.NUMBER))


@dataclass(frozen=True)
class PaperPart:
    """Questions that belong together; a pool says how many of them count."""

    title: str
    draw: int
    questions: tuple[PaperQuestion, ...]


def paper_of(quiz: Quiz) -> tuple[PaperPart, ...]:
    """All questions of a quiz, numbered through; the same paper each time."""
    parts: list[PaperPart] = []
    number = 1
    for pool in quiz.pools:
        printed = tuple(map(_printed, range(number, number + len(pool.questions)), pool.questions))
        number += len(printed)
        if not _is_pool(pool) and parts and not parts[-1].draw:
            parts[-1] = PaperPart("", 0, parts[-1].questions + printed)
        else:
            parts.append(PaperPart(pool.title, pool.draw if _is_pool(pool) else 0, printed))
    return tuple(parts)


def _is_pool(pool: Pool) -> bool:
    return bool(pool.title) or len(pool.questions) > 1


def _printed(number: int, question: Question) -> PaperQuestion:
    shown = list(question.options)
    if question.shape in (Shape.ORDERING, Shape.MATCHING):
        # The written order is the key of the one and gives the other away.
        Random(question.digest).shuffle(shown)  # noqa: S311  # not a secret, and the same each time
    options = tuple(PaperOption(_letter(place), option) for place, option in enumerate(shown))
    return PaperQuestion(number, question, options, _key(question, options))


def _letter(place: int) -> str:
    return LETTERS[place] if place < len(LETTERS) else str(place + 1)


def _key(question: Question, options: tuple[PaperOption, ...]) -> str:
    letters = {printed.option.key: printed.letter for printed in options}
    match question.key:
        case MatchingKey(prompts):
            return ", ".join(f"{n}–{letters[p.option]}" for n, p in enumerate(prompts, 1))
        case ClozeKey(_, gaps):
            return "; ".join(f"({n}) {gap.shown}" for n, gap in enumerate(gaps, 1))
        case EssayKey():
            return ""
    if question.shape is Shape.ORDERING:
        return ", ".join(letters[option.key] for option in question.options)
    if question.options:
        return ", ".join(letters[option.key] for option in question.options if option.correct)
    return question.key_shown
