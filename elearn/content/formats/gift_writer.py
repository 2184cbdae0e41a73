"""GIFT, the plain text format of Moodle, out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from elearn.content.answers import text_key
from elearn.content.course import Shape
from elearn.content.formats import notes as say
from elearn.content.formats.exchange import Exported, Notes
from elearn.content.formats.labels import bounds_of, tags_of
from elearn.content.formats.leaving import asked_text, name_of, note_losses
from elearn.content.formats.written import WrittenAnswer, WrittenOption, WrittenQuestion
from elearn.content.keys import FULL_PERCENT, NumberKey

SPECIAL = re.compile(r"[\\~=#{}:]")
CANONICAL = ["Benar", "Salah"]
CARRIED = frozenset(
    {Shape.SINGLE, Shape.MULTIPLE, Shape.TRUE_FALSE, Shape.TEXT, Shape.NUMBER, Shape.MATCHING}
) | {Shape.ESSAY}


def write_gift(questions: Iterable[WrittenQuestion], language: str = "id") -> Exported:
    """A GIFT file of the questions; texts are Markdown, labels stand in comments as tags."""
    notes = Notes()
    pieces = []
    for number, question in enumerate(questions, 1):
        place = f"{number}. {name_of(question)}"[:80]
        if question.shape not in CARRIED:
            notes.left_out(place, say.SHAPE_NOT_HERE)
            continue
        _note_losses(question, place, notes)
        pieces.append(_whole(question, language))
    return Exported("\n".join(pieces).encode(), tuple(notes.rows))


def _note_losses(question: WrittenQuestion, place: str, notes: Notes) -> None:
    note_losses(question, place, notes)
    if question.hints:
        notes.lost(place, say.HINTS)
    if question.criteria:
        notes.lost(place, say.RUBRIC)
    if any(pair.feedback for pair in question.pairs):
        notes.lost(place, say.PAIR_FEEDBACK)


def _whole(question: WrittenQuestion, language: str) -> str:
    marks = [f"[id:{question.labels.id}]"] if question.labels.id else []
    marks += [f"[tag:{_escaped(tag)}]" for tag in tags_of(question) if "]" not in tag]
    body = _WRITERS[question.shape](question, language)
    if question.explanation:
        body += f"####{_escaped(question.explanation)}"
    head = f"::{_escaped(name_of(question))}::[markdown]{_escaped(asked_text(question))}"
    return ("// " + " ".join(marks) + "\n" if marks else "") + f"{head} {{{body}}}\n"


def _escaped(text: str) -> str:
    return SPECIAL.sub(lambda found: "\\" + found[0], text.strip()).replace("\n", "\\n")


def _feedback(text: str) -> str:
    return f"#{_escaped(text)}" if text.strip() else ""


def _truth(question: WrittenQuestion, language: str) -> str:
    first, second = question.options
    if [first.text, second.text] != CANONICAL:
        return _choices(question, language)
    right, wrong = (first, second) if first.correct else (second, first)
    word = "TRUE" if first.correct else "FALSE"
    if not right.feedback and not wrong.feedback:
        return word
    return f"{word}#{_escaped(wrong.feedback)}{_feedback(right.feedback)}"


def _choices(question: WrittenQuestion, _: str) -> str:
    right = sum(option.correct for option in question.options)
    single = question.shape is not Shape.MULTIPLE
    return " ".join(_choice(option, right, single=single) for option in question.options)


def _choice(option: WrittenOption, right: int, *, single: bool) -> str:
    text = _escaped(option.text) + _feedback(option.feedback)
    if single:
        percent = f"%{option.percent}%" if option.percent and not option.correct else ""
        return f"={text}" if option.correct else f"~{percent}{text}"
    return f"~%{share(right) if option.correct else -100}%{text}"


def share(right: int) -> str:
    """The percent of one of several right answers, as Moodle writes it."""
    return f"{Decimal(FULL_PERCENT) / right:.5f}".rstrip("0").rstrip(".")


def _texts(question: WrittenQuestion, _: str) -> str:
    return " ".join(
        f"={_percent(answer)}{_escaped(accepted)}{_feedback(answer.feedback)}"
        for answer in question.answers
        for accepted in text_key(answer.text, 0).accepted
    )


def _percent(answer: WrittenAnswer) -> str:
    return "" if answer.percent == FULL_PERCENT else f"%{answer.percent}%"


def _numbers(question: WrittenQuestion, language: str) -> str:
    return "#" + " ".join(
        f"={_percent(answer)}{_bounds(key)}{_feedback(answer.feedback)}"
        for answer in question.answers
        if (key := bounds_of(answer, language))
    )


def _bounds(key: NumberKey) -> str:
    return key.low if key.low == key.high else f"{key.low}..{key.high}"


def _pairs(question: WrittenQuestion, _: str) -> str:
    return " ".join(f"={_escaped(p.left)} -> {_escaped(p.right)}" for p in question.pairs)


def _open(_: WrittenQuestion, __: str) -> str:
    return ""


_WRITERS: dict[Shape, Callable[[WrittenQuestion, str], str]] = {
    Shape.SINGLE: _choices,
    Shape.MULTIPLE: _choices,
    Shape.TRUE_FALSE: _truth,
    Shape.TEXT: _texts,
    Shape.NUMBER: _numbers,
    Shape.MATCHING: _pairs,
    Shape.ESSAY: _open,
}
