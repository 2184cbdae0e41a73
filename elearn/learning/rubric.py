"""What an essay is given by its rubric, and what that is worth. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from elearn.content.keys import EssayKey
from elearn.errors import Invalid
from elearn.learning import grading

MAX_COMMENT = 4_000


@dataclass(frozen=True)
class Mark:
    """What an essay was given: points per criterion, and a word to the learner."""

    points: tuple[int, ...]
    comment: str

    @property
    def total(self) -> int:
        return sum(self.points)

    @property
    def comment_digest(self) -> str:
        """What the journal is told of the comment: its SHA-256, empty without one."""
        return hashlib.sha256(self.comment.encode()).hexdigest() if self.comment else ""


def check(key: EssayKey, given: Mark) -> None:
    """Raise Invalid("points_out_of_range", "points") or Invalid("comment_long", "comment")."""
    limits = [criterion.points for criterion in key.criteria]
    fits = len(given.points) == len(limits)
    if not fits or any(not 0 <= p <= top for p, top in zip(given.points, limits, strict=True)):
        raise Invalid("points_out_of_range", "points")
    if len(given.comment) > MAX_COMMENT or "\x00" in given.comment:
        raise Invalid("comment_long", "comment")


def hundredths(key: EssayKey, given: Mark) -> int:
    """Rounded up, so that a third of three points is worth the whole point at the pass mark."""
    whole = sum(criterion.points for criterion in key.criteria)
    return -(-grading.FULL * given.total // whole)
