"""How long questions and reflections take: for the hours of a course and its list of material."""

from __future__ import annotations

QUESTION_MINUTES = 1.5
REFLECTION_MINUTES = 5.0
REFLECTION_WORDS_PER_MINUTE = 10


def reflection_minutes(min_words: int) -> float:
    """Minutes to write at least so many words about one's own work."""
    return max(REFLECTION_MINUTES, min_words / REFLECTION_WORDS_PER_MINUTE)
