"""How long quizzes and reflections take: for the hours of a course and its list of material."""

from __future__ import annotations

from elearn.content.course import Pool, Quiz, Shape

QUESTION_MINUTES = 1.5
REFLECTION_MINUTES = 5.0
REFLECTION_WORDS_PER_MINUTE = 10


def quiz_minutes(quiz: Quiz) -> float:
    """Minutes for the drawn questions of a quiz."""
    return sum(pool.draw * _question_minutes(pool) for pool in quiz.pools)


def reflection_minutes(min_words: int) -> float:
    """Minutes to write at least so many words about one's own work."""
    return max(REFLECTION_MINUTES, min_words / REFLECTION_WORDS_PER_MINUTE)


def _question_minutes(pool: Pool) -> float:
    """Writing an essay takes as long as a reflection."""
    essays = all(question.shape is Shape.ESSAY for question in pool.questions)
    return REFLECTION_MINUTES if essays else QUESTION_MINUTES
