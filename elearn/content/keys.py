"""What counts as an answer to a question: one class of key for each kind."""

from __future__ import annotations

from dataclasses import dataclass

FULL_PERCENT = 100


@dataclass(frozen=True)
class TextKey:
    """Short text: accepted answers as written; ``*`` matches anything."""

    accepted: tuple[str, ...]
    typos: int = 0


@dataclass(frozen=True)
class NumberKey:
    """A number as decimal text, inclusive bounds, and the unit (may be empty)."""

    low: str
    high: str
    unit: str = ""
    shown: str = ""


def shown_key(key: TextKey | NumberKey) -> str:
    """A typed key in words."""
    if isinstance(key, TextKey):
        return " / ".join(key.accepted)
    return key.shown or key.low


@dataclass(frozen=True)
class Expected:
    """One accepted or foreseen answer: the percent it earns (0 to 100), and what to say to it."""

    key: TextKey | NumberKey
    percent: int = 100
    feedback_html: str = ""


@dataclass(frozen=True)
class ExpectedKey:
    """Several accepted and expected wrong answers; the first that matches counts."""

    answers: tuple[Expected, ...]


@dataclass(frozen=True)
class Prompt:
    """A left side of a matching; ``option`` is the key of the option that belongs to it."""

    key: str
    html: str
    option: str


@dataclass(frozen=True)
class MatchingKey:
    """Left sides in the written order; the right sides are the options of the question."""

    prompts: tuple[Prompt, ...]


@dataclass(frozen=True)
class Gap:
    """A gap of a cloze: typed against ``key``, or picked from ``choices`` (then ``right`` count).

    Choices stand in the order they are shown.
    """

    key: TextKey | NumberKey | None = None
    choices: tuple[str, ...] = ()
    right: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """What belongs into the gap, in words."""
        if self.key is None:
            return " / ".join(self.right)
        return shown_key(self.key)


@dataclass(frozen=True)
class ClozeKey:
    """The text of a cloze cut at its gaps: one more piece of HTML than gaps."""

    pieces_html: tuple[str, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric and the points it gives at most."""

    html: str
    points: int


@dataclass(frozen=True)
class EssayKey:
    """The rubric of an essay; its points add up to those of the question."""

    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class ScaleKey:
    """A Likert scale from ``low`` to ``high`` with the words of its ends; no step is right."""

    low: int
    high: int
    low_label: str = ""
    high_label: str = ""

    @property
    def steps(self) -> tuple[int, ...]:
        return tuple(range(self.low, self.high + 1))


Key = TextKey | NumberKey | ExpectedKey | MatchingKey | ClozeKey | EssayKey | ScaleKey
