"""A question as its author writes it: Markdown source, nothing rendered, nothing hashed."""

from __future__ import annotations

from dataclasses import dataclass

from elearn.content.course import CompetencyLevel, Difficulty, Shape
from elearn.content.keys import FULL_PERCENT, ScaleKey
from elearn.content.parts import is_generic


@dataclass(frozen=True)
class WrittenOption:
    """A choice, or a step of an ordering (in the right order). Texts are Markdown."""

    text: str
    correct: bool = False
    feedback: str = ""
    stays_last: bool = False
    percent: int | None = None


@dataclass(frozen=True)
class WrittenAnswer:
    """What may be typed: alternatives between ``|``, or a number with tolerance and unit."""

    text: str
    percent: int = FULL_PERCENT
    feedback: str = ""


@dataclass(frozen=True)
class WrittenPair:
    """A left side and the right side that belongs to it; without a left side a distractor."""

    left: str
    right: str
    feedback: str = ""


@dataclass(frozen=True)
class WrittenCriterion:
    """A line of a rubric and the points it gives at most."""

    text: str
    points: int


@dataclass(frozen=True)
class Labels:
    """What the chips of a question say. No points means as many as the shape gives."""

    id: str = ""
    points: int | None = None
    competencies: tuple[CompetencyLevel, ...] = ()
    difficulty: Difficulty | None = None
    shuffled: bool | None = None
    partial: bool = False
    typos: int | None = None
    voided: bool = False


@dataclass(frozen=True)
class WrittenQuestion:
    """One question. ``title`` is one line, ``stem`` what follows it; gaps are ``[[…]]`` in them.

    ``options`` serve single and multiple choice, true/false and ordering; ``answers`` text and
    number; ``pairs`` matching; ``criteria`` essay; ``scale`` the scale of a survey.
    """

    shape: Shape
    title: str = ""
    stem: str = ""
    options: tuple[WrittenOption, ...] = ()
    answers: tuple[WrittenAnswer, ...] = ()
    pairs: tuple[WrittenPair, ...] = ()
    criteria: tuple[WrittenCriterion, ...] = ()
    scale: ScaleKey | None = None
    hints: tuple[str, ...] = ()
    explanation: str = ""
    labels: Labels = Labels()

    @property
    def has_own_title(self) -> bool:
        """Whether the title is part of what is asked, and not a bare number."""
        return not is_generic(self.title)
