"""Surveys: what was said is counted without who said it; the journal tells only that it was."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from elearn import clock
from elearn.content import catalogue
from elearn.content.course import Question, Shape, Survey
from elearn.content.keys import ScaleKey
from elearn.content.models import Course
from elearn.database import db
from elearn.errors import Invalid, NotFound
from elearn.learning import answers
from elearn.learning.answers import Answer
from elearn.learning.events import SurveyAnswered, client_id
from elearn.learning.models import SurveyCount, SurveyText
from elearn.learning.record import Happening, Outcome
from elearn.learning.study import Studying, append_and_complete, lock_enrolment

FEWEST = 5  # what fewer people said could tell who they are
MAX_TEXT = 4_000
MAX_TEXTS = 500
EVERYBODY = ""  # in place of a question: the number of people


def find(version_id: int, key: str) -> Survey:
    """A survey of a version. Raises NotFound."""
    lesson = catalogue.outline(version_id).lesson_of_survey(key)
    blocks = catalogue.lesson(version_id, lesson.key)
    found = (block for block in blocks if isinstance(block, Survey) and block.key == key)
    survey = next(found, None)
    if survey is None:
        raise NotFound
    return survey


def answer(session: Session, here: Studying, survey: Survey, given: Sequence[Answer]) -> Outcome:
    """Count what was said to a survey, once a person; a second time changes nothing.

    ``given`` are answers in the order of the questions. Raises Invalid("empty") when nothing was
    said, Invalid("bad_answer") for what no page of ours sends.
    """
    key = survey.key
    asked = zip(survey.questions, given, strict=True)
    said = {question: said for question, answer in asked if (said := _said(question, answer))}
    if not said:
        raise Invalid("empty", "survey")
    lock_enrolment(session, here.key.id)
    now_ms = clock.now_ms()
    event = SurveyAnswered(here.key.id, key)
    happening = Happening(client_id("survey", here.key.id, key), event, now_ms)
    outcome = append_and_complete(session, here.key, [happening], now_ms)
    if outcome.is_new:
        _count(session, here.key.course_id, key, said)
    return outcome


def _said(question: Question, given: Answer) -> list[str]:
    """The picked choices, or the text. Raises Invalid for a choice that is not offered."""
    if question.shape is Shape.ESSAY:
        text = answers.essay_of(given).strip()
        if len(text) > MAX_TEXT or "\x00" in text:
            raise Invalid("bad_answer", "survey")
        return [text] if text else []
    picked = list(dict.fromkeys(given))
    offered = set(choices_of(question))
    if not offered.issuperset(picked) or (len(picked) > 1 and question.shape is not Shape.MULTIPLE):
        raise Invalid("bad_answer", "survey")
    return picked


def choices_of(question: Question) -> dict[str, str]:
    """What can be picked, with its words as HTML."""
    key = question.key
    if isinstance(key, ScaleKey):
        ends = {key.low: key.low_label, key.high: key.high_label}
        return {str(s): f"{s} {ends.get(s, '')}".strip() for s in key.steps}
    return {option.key: option.html for option in question.options}


def _count(session: Session, course_id: int, key: str, said: Mapping[Question, list[str]]) -> None:
    counted = [(EVERYBODY, "")]
    for question, picked in said.items():
        if question.shape is Shape.ESSAY:
            session.add(_text(course_id, key, question, picked[0]))
        else:
            counted += [(question.digest, choice) for choice in picked]
    session.flush()
    rows = [
        {"course_id": course_id, "survey_key": key, "question": q, "choice": choice, "times": 1}
        for q, choice in sorted(counted)  # one order of locks
    ]
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    table: Table = SurveyCount.__table__  # type: ignore[assignment]  # declared as FromClause
    session.connection().execute(
        make(table).on_conflict_do_update(
            index_elements=["course_id", "survey_key", "question", "choice"],
            set_={"times": table.c.times + 1},
        ),
        rows,
    )


def _text(course_id: int, key: str, question: Question, text: str) -> SurveyText:
    name = secrets.token_urlsafe(16)
    return SurveyText(
        id=name, course_id=course_id, survey_key=key, question=question.digest, text=text
    )


@dataclass(frozen=True)
class Share:
    """How many people picked a choice, and that as percent of those who answered the survey."""

    html: str
    times: int
    percent: float


@dataclass(frozen=True)
class QuestionResult:
    """What was said to one question: shares of the choices, or texts in no order."""

    question: Question
    shares: list[Share]
    texts: list[str]
    mean: float | None


@dataclass(frozen=True)
class SurveyResult:
    """The results of a survey; without questions while fewer than FEWEST people answered it."""

    key: str
    title: str
    people: int
    questions: list[QuestionResult]

    @property
    def is_hidden(self) -> bool:
        return 0 < self.people < FEWEST


def results(course_id: int) -> list[SurveyResult]:
    """The results of the surveys of a course as its newest version asks them."""
    version_id = db.session.scalar(select(Course.latest_version_id).where(Course.id == course_id))
    if version_id is None:
        raise NotFound
    counts = _counts(course_id)
    return [
        _result(course_id, find(version_id, summary.key), counts)
        for lesson in catalogue.outline(version_id).lessons
        for summary in lesson.surveys
    ]


def _counts(course_id: int) -> dict[tuple[str, str, str], int]:
    statement = select(SurveyCount).where(SurveyCount.course_id == course_id)
    return {
        (row.survey_key, row.question, row.choice): row.times
        for row in db.session.scalars(statement)
    }


def _result(
    course_id: int, survey: Survey, counts: Mapping[tuple[str, str, str], int]
) -> SurveyResult:
    people = counts.get((survey.key, EVERYBODY, ""), 0)
    shown = survey.questions if people >= FEWEST else ()
    questions = [_question(course_id, survey.key, q, people, counts) for q in shown]
    return SurveyResult(survey.key, survey.title, people, questions)


def _question(
    course_id: int,
    key: str,
    question: Question,
    people: int,
    counts: Mapping[tuple[str, str, str], int],
) -> QuestionResult:
    if question.shape is Shape.ESSAY:
        return QuestionResult(question, [], list(_texts(course_id, key, question)), None)
    times = {c: counts.get((key, question.digest, c), 0) for c in choices_of(question)}
    shares = [
        Share(html, times[choice], 100 * times[choice] / people)
        for choice, html in choices_of(question).items()
    ]
    return QuestionResult(question, shares, [], _mean(question, times))


def _texts(course_id: int, key: str, question: Question) -> Iterator[str]:
    """Texts by their random names; fewer than FEWEST are not shown."""
    statement = (
        select(SurveyText.text)
        .where(
            SurveyText.course_id == course_id,
            SurveyText.survey_key == key,
            SurveyText.question == question.digest,
        )
        .order_by(SurveyText.id)
        .limit(MAX_TEXTS)
    )
    found = db.session.scalars(statement).all()
    yield from found if len(found) >= FEWEST else ()


def _mean(question: Question, times: Mapping[str, int]) -> float | None:
    whole = sum(times.values())
    if question.shape is not Shape.SCALE or not whole:
        return None
    return sum(int(step) * count for step, count in times.items()) / whole
