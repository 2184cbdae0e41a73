"""What an assignment asks, of whom and by when. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from elearn.errors import Invalid

MOST_COURSES = 20
MOST_LINES = 12
MOST_LISTED = 2000
MOST_DAYS = 730
MOST_GRACE = 90
MAX_LETTER, MAX_REASON = 120, 400
SOON_DAYS = 7


class Stage(StrEnum):
    """Where an unmet assignment stands by its due day."""

    OPEN = "open"
    SOON = "soon"  # within SOON_DAYS
    GRACE = "grace"  # after its due day, not yet overdue
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Line:
    """Whom it is asked of: all that is given must hold; nothing given is everybody.

    ``post`` is the name of a position; ``people`` are the ids of a list in their order, None
    without one. ``id`` is that of a stored line.
    """

    unit_id: int | None = None
    position_class: str = ""
    post: str = ""
    status: str = ""
    joined_since: date | None = None
    people: tuple[int, ...] | None = None
    id: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Rule:
    """Courses by id, whom they are asked of, and by when.

    ``due_on`` is one day for everybody. ``days`` is what those have at least who came or moved
    after the start; without ``due_on`` everybody has them, from the start or from when they came.
    ``repeats`` asks for the course again: what was completed before the start does not count.
    """

    courses: tuple[int, ...]
    lines: tuple[Line, ...]
    starts_on: date
    due_on: date | None = None
    days: int | None = None
    grace_days: int = 0
    repeats: bool = False
    letter_number: str = ""
    letter_on: date | None = None
    reason: str = ""

    @property
    def base(self) -> date:
        """The due day of those who were there at the start."""
        return self.due_on or self.starts_on + timedelta(days=self.days or 0)

    def due(self, came_on: date) -> date:
        """The due day of somebody who stands where they stand since a day."""
        if self.days is None or came_on <= self.starts_on:
            return self.base
        return max(self.base, came_on + timedelta(days=self.days))

    def late_came_since(self, day: date) -> date | None:
        """The first day of coming with which one is due on ``day`` or later though the others
        are not; None when nobody is."""
        if self.days is None:
            return None
        return max(self.starts_on + timedelta(days=1), day - timedelta(days=self.days))


def stage(due: date, grace_days: int, today: date) -> Stage:
    """Where an unmet assignment stands on a day."""
    if today > due + timedelta(days=grace_days):
        return Stage.OVERDUE
    if today > due:
        return Stage.GRACE
    return Stage.SOON if (due - today).days <= SOON_DAYS else Stage.OPEN


def check(rule: Rule) -> None:
    """Raise Invalid with the field for what cannot be asked."""
    if not 0 < len(rule.courses) <= MOST_COURSES:
        raise Invalid("courses_out_of_range", "courses")
    if not 0 < len(rule.lines) <= MOST_LINES:
        raise Invalid("lines_out_of_range", "lines")
    _check_days(rule)
    _check_letter(rule)


def _check_days(rule: Rule) -> None:
    if rule.due_on is None and rule.days is None:
        raise Invalid("due_missing", "due_on")
    if rule.due_on is not None and rule.due_on < rule.starts_on:
        raise Invalid("due_before_start", "due_on")
    if rule.days is not None and not 1 <= rule.days <= MOST_DAYS:
        raise Invalid("days_out_of_range", "days")
    if not 0 <= rule.grace_days <= MOST_GRACE:
        raise Invalid("grace_out_of_range", "grace_days")


def _check_letter(rule: Rule) -> None:
    if bool(rule.letter_number) != (rule.letter_on is not None):
        raise Invalid("letter_incomplete", "letter_on" if rule.letter_number else "letter_number")
