"""The figures of the questions in a file of a draft, for each question as it is written there."""

from __future__ import annotations

from typing import NamedTuple

from elearn.content import drafts
from elearn.content.drafts import Draft
from elearn.content.places import QuestionPlace
from elearn.content.sections import Role
from elearn.editing import form_edits, preview
from elearn.errors import NotFound
from elearn.reports import questions
from elearn.reports.questions import QuestionResult


class DraftedQuestion(NamedTuple):
    """A graded question of a draft's file and what its answers tell.

    ``position`` counts all questions of the file from 0, ``line`` the lines from 1. ``result`` is
    None for a wording nobody was asked; ``was_asked`` says whether another one of it was.
    """

    position: int
    line: int
    title: str
    result: QuestionResult | None
    was_asked: bool


def of_file(draft: Draft, path: str) -> list[DraftedQuestion]:
    """The questions of quizzes and banks in a file, in its order. Raises NotFound."""
    places = form_edits.places(drafts.load(draft.course_id, path))
    page = preview.of_file(preview.compiled(draft), path)
    digests = {question.id: question.digest for question in page.all_questions}
    asked = _asked(draft.course_id)
    names = {result.figures.question.id for result in asked.values()}
    return [
        _drafted(position, place, asked.get(digests.get(place.default, "")), names)
        for position, place in enumerate(places)
        if place.role in (Role.QUIZ, Role.BANK)
    ]


def _asked(course_id: int) -> dict[str, QuestionResult]:
    try:
        return questions.by_digest(course_id)
    except NotFound:  # no edition was ever given out, so nobody was asked
        return {}


def _drafted(
    position: int, place: QuestionPlace, result: QuestionResult | None, names: set[str]
) -> DraftedQuestion:
    return DraftedQuestion(position, place.start, place.title, result, place.default in names)
