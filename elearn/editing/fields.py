"""What a form of a question holds, as typed. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from elearn.content.answers import several
from elearn.content.course import Shape

MAX_ROWS = 40
FULL = "100"


@dataclass(frozen=True)
class Row:
    """One row of a question: an option, a pair, a step, an answer or a criterion of a rubric.

    ``percent`` is what it earns ("" where nothing is said), ``left`` the left side of a pair,
    ``points`` those of a criterion.
    """

    text: str = ""
    correct: bool = False
    feedback: str = ""
    stays_last: bool = False
    percent: str = ""
    left: str = ""
    points: str = ""


@dataclass(frozen=True)
class Fields:
    """What a form of a question holds, as typed; ``answer`` where one line says it."""

    shape: Shape
    title: str
    stem: str = ""
    rows: tuple[Row, ...] = ()
    answer: str = ""
    points: str = "1"
    difficulty: str = ""
    competencies: str = ""
    typos: str = "0"
    partial: bool = False
    fixed_order: bool = False
    void: bool = False
    id: str = ""
    hints: tuple[str, ...] = ()
    explanation: str = ""
    low: str = "1"
    high: str = "5"
    low_label: str = ""
    high_label: str = ""


TYPED = (Shape.TEXT, Shape.NUMBER)
CHOICES = (Shape.SINGLE, Shape.MULTIPLE)


def tidied(fields: Fields) -> Fields:
    """The same fields without what no reader of them, or not their shape, can see."""
    hints = (hint.strip("\n") for hint in fields.hints)
    shape = fields.shape
    is_scale = shape is Shape.SCALE
    return replace(
        fields,
        title=one_line(fields.title),
        stem=fields.stem.strip("\n"),
        rows=_rows(fields),
        answer=_answer(fields),
        points=(fields.points.strip() or "1") if shape is not Shape.ESSAY else "1",
        competencies=", ".join(codes_of(fields.competencies)),
        typos=(fields.typos.strip() or "0") if shape in (Shape.TEXT, Shape.CLOZE) else "0",
        partial=fields.partial and shape is Shape.MULTIPLE,
        hints=tuple(hint for hint in hints if hint.strip()),
        explanation=fields.explanation.strip("\n"),
        low=fields.low.strip() if is_scale else "1",
        high=fields.high.strip() if is_scale else "5",
        low_label=one_line(fields.low_label) if is_scale else "",
        high_label=one_line(fields.high_label) if is_scale else "",
    )


def _rows(fields: Fields) -> tuple[Row, ...]:
    rows = [row for row in fields.rows if row.text or row.left or row.feedback]
    if fields.shape is Shape.TRUE_FALSE and not any(row.feedback.strip("\n") for row in rows):
        return ()
    return tuple(_tidied(row, fields.shape) for row in rows)


def _tidied(row: Row, shape: Shape) -> Row:
    percent = row.percent.strip().rstrip("% ")
    if shape in TYPED and percent == FULL:
        percent = ""
    return Row(
        text=one_line(row.text) if shape in (*TYPED, Shape.ESSAY) else row.text.strip(),
        correct=row.correct and shape in CHOICES,
        feedback=row.feedback.strip("\n"),
        stays_last=row.stays_last and shape in CHOICES,
        percent=percent if shape in (*TYPED, Shape.SINGLE) else "",
        left=row.left.strip() if shape is Shape.MATCHING else "",
        points=row.points.strip() if shape is Shape.ESSAY else "",
    )


def _answer(fields: Fields) -> str:
    line = one_line(fields.answer)
    return " | ".join(dict.fromkeys(several(line))) if fields.shape is Shape.TEXT else line


def codes_of(text: str) -> list[str]:
    """The competencies that were typed, as ``M.05:2``."""
    codes = (code.lstrip("@").upper() for code in re.split(r"[\s,;]+", text))
    return [code for code in codes if code]


def one_line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def as_read(fields: Fields) -> Fields:
    """The fields as the reader of Markdown gives them back: it begins asides with a capital."""
    return replace(
        tidied(fields),
        hints=tuple(_capital(hint) for hint in tidied(fields).hints),
        explanation=_capital(fields.explanation.strip("\n")),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
