"""What a certificate of learning elsewhere says, and what it cannot say. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from elearn import clock
from elearn.errors import Invalid

MOST_JP = 1000
MOST_HOURS, MOST_SESSIONS = 5000, 400
FIRST_YEAR = 1990


@dataclass(frozen=True)
class Learning:
    """What is read from a certificate; ``letter_number`` and ``letter_on`` only with a letter.

    ``hours`` in the room, ``sessions`` and ``abroad`` only help to propose the JP.
    """

    title: str
    kind: str
    jp: int
    number: str
    organiser: str
    started_on: date
    ended_on: date
    letter_number: str = ""
    letter_on: date | None = None
    hours: int | None = None
    sessions: int | None = None
    abroad: bool = False


def check_words(learning: Learning) -> None:
    """Refuse what is missing, and JP that cannot be. Raises Invalid with the field."""
    for field in ("title", "number", "organiser"):
        if not getattr(learning, field).strip():
            raise Invalid("missing", field)
    if not 1 <= learning.jp <= MOST_JP:
        raise Invalid("jp_out_of_range", "jp")


def check_days(learning: Learning) -> None:
    """Refuse days that cannot be. Raises Invalid with the field."""
    if learning.ended_on > clock.today():
        raise Invalid("in_the_future", "ended_on")
    if learning.started_on > learning.ended_on:
        raise Invalid("ends_before_start", "ended_on")
    if learning.started_on.year < FIRST_YEAR:
        raise Invalid("too_long_ago", "started_on")
    if bool(learning.letter_number.strip()) != (learning.letter_on is not None):
        raise Invalid(
            "letter_incomplete", "letter_on" if learning.letter_number else "letter_number"
        )
    if learning.letter_on is not None and learning.letter_on > learning.ended_on:
        raise Invalid("letter_after_end", "letter_on")
