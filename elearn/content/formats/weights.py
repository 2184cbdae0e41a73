"""Answers that earn a share of the points, as Moodle weighs them, become our shapes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from elearn.content.course import Shape
from elearn.content.formats import notes as say
from elearn.content.formats.exchange import Notes
from elearn.content.formats.written import WrittenAnswer, WrittenOption, WrittenQuestion
from elearn.content.keys import FULL_PERCENT

NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,18})?(?:[eE][+-]?\d)?")


@dataclass(frozen=True)
class Weighted:
    """An answer with the percent of the points it earns; below 0 it costs some."""

    text: str
    percent: Decimal
    feedback: str = ""


def plain_number(text: str) -> Decimal | None:
    """A number as programs write it, with a decimal point."""
    text = text.strip().replace(",", ".")
    return Decimal(text) if NUMBER.fullmatch(text) else None


def choice_of(answers: Sequence[Weighted], place: str, notes: Notes) -> WrittenQuestion | None:
    """A single choice where one answer earns everything, else a multiple choice."""
    if any(answer.percent < 0 for answer in answers) and _is_single(answers):
        notes.lost(place, say.NEGATIVE)
    if not any(answer.percent > 0 for answer in answers):
        notes.left_out(place, say.NO_KEY)
        return None
    if _is_single(answers):
        options = tuple(_single(answer, place, notes) for answer in answers)
        return WrittenQuestion(Shape.SINGLE, options=options)
    options = tuple(WrittenOption(a.text, a.percent > 0, a.feedback) for a in answers)
    if len({answer.percent for answer in answers if answer.percent > 0}) > 1:
        notes.lost(place, say.PERCENTS)
    return WrittenQuestion(Shape.MULTIPLE, options=options)


def _is_single(answers: Sequence[Weighted]) -> bool:
    return sum(answer.percent >= FULL_PERCENT for answer in answers) == 1


def _single(answer: Weighted, place: str, notes: Notes) -> WrittenOption:
    if answer.percent >= FULL_PERCENT:
        return WrittenOption(answer.text, True, answer.feedback)
    percent = rounded(answer.percent, place, notes)
    return WrittenOption(answer.text, False, answer.feedback, percent=percent or None)


def rounded(percent: Decimal, place: str, notes: Notes) -> int:
    """A percent as a whole number from 0 to 100."""
    whole = int(percent.to_integral_value())
    if whole != percent:
        notes.lost(place, say.PERCENT_ROUNDED)
    return max(0, min(FULL_PERCENT, whole))


def typed_of(answers: Sequence[Weighted], place: str, notes: Notes) -> WrittenQuestion | None:
    """Short text: answers of the same weight and feedback are alternatives of one."""
    if not any(answer.percent >= FULL_PERCENT for answer in answers):
        notes.left_out(place, say.NO_KEY)
        return None
    merged = []
    for (percent, feedback), same in groupby(answers, lambda a: (a.percent, a.feedback)):
        text = " | ".join(" ".join(a.text.split()).replace("|", "\\|") for a in same)
        merged.append(WrittenAnswer(text, rounded(percent, place, notes), feedback))
    return WrittenQuestion(Shape.TEXT, answers=tuple(merged))
