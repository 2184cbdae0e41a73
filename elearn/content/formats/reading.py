"""Reads questions from Markdown as they were written: the way back from ``markdown.py``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from elearn.content.chips import Chips, Name, Place, take_chips
from elearn.content.cloze import MARK as GAP_MARK
from elearn.content.formats.written import (
    Labels,
    WrittenAnswer,
    WrittenCriterion,
    WrittenOption,
    WrittenPair,
    WrittenQuestion,
)
from elearn.content.found import Answer, OptionDraft
from elearn.content.keys import Gap, NumberKey, ScaleKey, TextKey
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
    answer, labels = draft.answer, labels_of(draft.chips)
    return WrittenQuestion(
        shape=answer.shape,
        title=_with_gaps(draft.title, answer),
        stem=_with_gaps(draft.stem, answer),
        options=() if answer.prompts else tuple(map(_option, answer.options)),
        answers=_answers(answer),
        pairs=tuple(_pairs(answer)),
        criteria=tuple(WrittenCriterion(c.text, c.points) for c in answer.criteria),
        scale=answer.key if isinstance(answer.key, ScaleKey) else None,
        hints=draft.hints,
        explanation=draft.explanation,
        labels=replace(labels, points=None) if answer.criteria else labels,
    )


def _with_gaps(text: str, answer: Answer) -> str:
    """A text with its gaps as ``[[…]]`` again."""
    return GAP_MARK.sub(lambda found: f"[[{_gap_text(answer.gaps[int(found[1])])}]]", text)


def _gap_text(gap: Gap) -> str:
    if gap.key is not None:
        return key_text(gap.key)
    return " | ".join(f"({choice})" if choice in gap.right else choice for choice in gap.choices)


def _option(option: OptionDraft) -> WrittenOption:
    return WrittenOption(
        option.text, option.correct, option.feedback, option.stays_last, option.percent
    )


def _answers(answer: Answer) -> tuple[WrittenAnswer, ...]:
    if isinstance(answer.key, TextKey | NumberKey):
        return (WrittenAnswer(key_text(answer.key)),)
    return tuple(WrittenAnswer(key_text(e.key), e.percent, e.feedback) for e in answer.expected)


def _pairs(answer: Answer) -> Iterator[WrittenPair]:
    """Left sides in their order; a distractor where its right side stood among the others."""
    if not answer.prompts:
        return
    told = 0
    for prompt in answer.prompts:
        yield from _distractors(answer.options[told : prompt.option])
        option = answer.options[prompt.option]
        yield WrittenPair(
            prompt.text, option.text, option.feedback if told <= prompt.option else ""
        )
        told = max(told, prompt.option + 1)
    yield from _distractors(answer.options[told:])


def _distractors(options: tuple[OptionDraft, ...]) -> Iterator[WrittenPair]:
    return (WrittenPair("", option.text, option.feedback) for option in options)


def labels_of(chips: Chips) -> Labels:
    """What the chips of a question say."""
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
