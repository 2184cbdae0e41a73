"""What is found under the heading of a question, and what a shape makes of it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from hashlib import sha256

from elearn.content.chips import Chips
from elearn.content.course import Shape
from elearn.content.keys import Gap, NumberKey, ScaleKey, TextKey
from elearn.content.parts import Part
from elearn.content.problems import FileReport


@dataclass(frozen=True)
class OptionDraft:
    """An option before rendering."""

    line: int
    text: str
    correct: bool
    feedback: str = ""
    stays_last: bool = False
    percent: int | None = None


@dataclass(frozen=True)
class ExpectedDraft:
    """An accepted or foreseen answer before its feedback is rendered."""

    line: int
    key: TextKey | NumberKey
    percent: int = 100
    feedback: str = ""


@dataclass(frozen=True)
class PromptDraft:
    """A left side of a matching; ``option`` is the place of its right side."""

    line: int
    text: str
    option: int


@dataclass(frozen=True)
class CriterionDraft:
    """A line of a rubric before rendering."""

    line: int
    text: str
    points: int


@dataclass(frozen=True)
class Answer:
    """What a recogniser makes of the parts that hold the key."""

    shape: Shape
    options: tuple[OptionDraft, ...] = ()
    key: TextKey | NumberKey | ScaleKey | None = None
    expected: tuple[ExpectedDraft, ...] = ()
    prompts: tuple[PromptDraft, ...] = ()
    gaps: tuple[Gap, ...] = ()
    criteria: tuple[CriterionDraft, ...] = ()


@dataclass(frozen=True)
class Found:
    """Where the key is: the list, the key line, or both."""

    title: str
    line: int
    chips: Chips
    language: str
    report: FileReport
    choices: Part | None = None
    key: Part | None = None
    rubric: Part | None = None
    texts: tuple[Part, ...] = ()


def fold(text: str) -> str:
    """Text for comparison: no case, accents, punctuation or spare spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(letters.split())


def part_key(text: str, taken: list[str]) -> str:
    """The name of an option or left side: by what it says, so that order does not matter."""
    key = sha256((fold(text) or text).encode()).hexdigest()[:8]
    return key if key not in taken else f"{key}-{len(taken)}"
