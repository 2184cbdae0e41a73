"""Reads questions from Markdown as they were written: the way back from ``markdown.py``."""

from __future__ import annotations

from elearn.content.chips import Chips, Name, Place, take_chips
from elearn.content.formats.written import Labels, WrittenAnswer, WrittenOption, WrittenQuestion
from elearn.content.keys import NumberKey, TextKey
from elearn.content.lessons import open_document
from elearn.content.problems import FileReport, Problem, Report
from elearn.content.questions import Draft, Heading, read_question
from elearn.content.quizzes import groups_of
from elearn.content.sections import Role, clean_title, role_of
from elearn.content.structure import Block


def read_bank(
    text: str, codes: frozenset[str], language: str = "id"
) -> tuple[tuple[WrittenQuestion, ...], tuple[Problem, ...]]:
    """The questions of a bank file, and what is wrong with the others."""
    report = FileReport(Report(), "")
    _, groups = groups_of(open_document(text, report).blocks)
    read = [
        read_written(group.heading, group.blocks, codes, language, report)
        for group in groups
        if role_of(group.heading)[0] is Role.TEXT
    ]
    return tuple(question for question in read if question), report.report.sorted()


def read_written(
    heading: Block, blocks: list[Block], codes: frozenset[str], language: str, report: FileReport
) -> WrittenQuestion | None:
    """The question under a heading as it was written; None with its problems noted."""
    chips, rest = take_chips(blocks, Place.QUESTION, codes, report)
    title = Heading(clean_title(heading.title), heading.start)
    draft = read_question(title, chips, rest, language, report)
    return _written(draft) if draft else None


def _written(draft: Draft) -> WrittenQuestion:
    answer = draft.answer
    return WrittenQuestion(
        shape=answer.shape,
        title=draft.title,
        stem=draft.stem,
        options=tuple(
            WrittenOption(o.text, o.correct, o.feedback, o.stays_last) for o in answer.options
        ),
        answers=(WrittenAnswer(key_text(answer.key)),) if answer.key else (),
        hints=draft.hints,
        explanation=draft.explanation,
        labels=_labels(draft.chips),
    )


def _labels(chips: Chips) -> Labels:
    return Labels(
        id=chips.get(Name.ID, ""),
        points=chips.get(Name.POINTS),
        competencies=tuple(chips.all(Name.COMPETENCY)),
        difficulty=chips.get(Name.DIFFICULTY),
        shuffled=chips.get(Name.SHUFFLED),
        partial=chips.get(Name.PARTIAL, False),
        typos=chips.get(Name.TYPOS),
        voided=chips.get(Name.VOID, False),
    )


def key_text(key: TextKey | NumberKey) -> str:
    """A typed key as it is written after ``Jawaban:``."""
    if isinstance(key, NumberKey):
        return key.shown or key.low
    return " | ".join(accepted.replace("|", "\\|") for accepted in key.accepted)
