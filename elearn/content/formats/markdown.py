"""Writes questions as Markdown, in the one spelling the editor and all imports share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from elearn.content.course import Shape
from elearn.content.formats.guards import (
    block_text,
    title_line,
    without_gaps,
    without_keywords,
    without_letters,
)
from elearn.content.formats.written import (
    WrittenAnswer,
    WrittenOption,
    WrittenPair,
    WrittenQuestion,
)
from elearn.content.keys import FULL_PERCENT
from elearn.content.structure import Kind, parse

LIST_SHAPES = (Shape.SINGLE, Shape.MULTIPLE, Shape.TRUE_FALSE, Shape.MATCHING, Shape.ORDERING)
TYPED_SHAPES = (Shape.TEXT, Shape.NUMBER)
TITLE = "Soal"


def write_bank(title: str, questions: Iterable[WrittenQuestion]) -> str:
    """A whole bank file: ``# Bank: …`` and its questions."""
    pieces = [f"# Bank: {title_line(title) or 'Soal'}\n"]
    pieces += [write_question(question) for question in questions]
    return "\n".join(pieces)


def write_question(question: WrittenQuestion, level: int = 2) -> str:
    """The Markdown of one question under a heading of this level (1 to 6)."""
    with_gaps = question.shape is Shape.CLOZE
    title = title_line(question.title, with_gaps=with_gaps) or TITLE
    pieces = [f"{'#' * level} {title}", write_chips(question)]
    stem = block_text(question.stem, with_gaps=with_gaps)
    stem = without_letters(stem) if question.shape in TYPED_SHAPES else stem
    pieces += [stem, *(_quote(f"Petunjuk: {_aside(hint)}") for hint in question.hints)]
    if question.shape in LIST_SHAPES and _ends_with_list(stem):
        pieces.append("<!-- -->")
    pieces += [_WRITERS[question.shape](question), _quote(_aside(question.explanation))]
    return "\n\n".join(piece for piece in pieces if piece) + "\n"


def _ends_with_list(text: str) -> bool:
    blocks = parse(text).blocks
    return bool(blocks) and blocks[-1].kind is Kind.LIST


def write_chips(question: WrittenQuestion) -> str:
    """The line of chips under a heading."""
    labels = question.labels
    shuffled = {None: "", True: "acak", False: "urut tetap"}[labels.shuffled]
    chips = [
        f"#{labels.id}" if labels.id else "",
        f"{labels.points} poin" if labels.points is not None and not question.criteria else "",
        *(f"@{held.code}:{held.level}" for held in labels.competencies),
        labels.difficulty.value if labels.difficulty else "",
        shuffled,
        "urutkan" if question.shape is Shape.ORDERING else "",
        "parsial" if labels.partial else "",
        f"salah ketik {labels.typos}" if labels.typos is not None else "",
        "anulir" if labels.voided else "",
    ]
    return " ".join(f"`{chip}`" for chip in chips if chip)


def _aside(text: str) -> str:
    """Text of a quote that is neither a hint, an explanation nor a call-out of its own."""
    text = without_keywords(text.strip())
    return "\\" + text if text.startswith("[!") else text


def _quote(text: str) -> str:
    if not text.strip() or text.strip() == "Petunjuk:":
        return ""
    return "\n".join(f"> {line}".rstrip() for line in text.strip("\n").split("\n"))


def _item(mark: str, text: str, feedback: str) -> str:
    """An item of a list; what belongs to it is indented under it."""
    indent = " " * (len(mark.split()[0]) + 1)
    lines = [f"{mark}{_item_text(text)}"]
    if feedback.strip():
        lines.append(_quote(feedback))
    return re.sub(r"\n(?=[^\n])", "\n" + indent, "\n".join(lines))


def _item_text(text: str) -> str:
    """The text of an item: a quote in it would be feedback, so it loses its mark."""
    return re.sub(r"^(\s*)>", r"\1\\>", text.strip(), flags=re.MULTILINE)


def _with_chips(text: str, chips: list[str]) -> str:
    first, newline, rest = text.strip().partition("\n")
    return " ".join([first, *(f"`{chip}`" for chip in chips)]) + newline + rest


def _tasks(question: WrittenQuestion) -> str:
    return "\n".join(map(_task, question.options))


def _task(option: WrittenOption) -> str:
    chips = ["tetap"] if option.stays_last else []
    if option.percent is not None:
        chips.append(f"{option.percent}%")
    mark = "- [x] " if option.correct else "- [ ] "
    return _item(mark, _with_chips(option.text, chips), option.feedback)


def _steps(question: WrittenQuestion) -> str:
    return "\n".join(
        _item(f"{place}. ", without_gaps(option.text), option.feedback)
        for place, option in enumerate(question.options, 1)
    )


def _typed(question: WrittenQuestion) -> str:
    answers = question.answers
    if len(answers) == 1 and answers[0].percent == FULL_PERCENT and not answers[0].feedback:
        return f"Jawaban: {' '.join(answers[0].text.split())}"
    return "Jawaban:\n\n" + "\n".join(map(_expected, answers))


def _expected(answer: WrittenAnswer) -> str:
    chips = [] if answer.percent == FULL_PERCENT else [f"{answer.percent}%"]
    return _item("- ", _with_chips(" ".join(answer.text.split()), chips), answer.feedback)


def _pairs(question: WrittenQuestion) -> str:
    return "\n".join(map(_pair, question.pairs))


def _pair(pair: WrittenPair) -> str:
    sides = f"{' '.join(pair.left.split())} → {pair.right.strip()}"
    return _item("- ", without_gaps(sides), pair.feedback)


def _rubric(question: WrittenQuestion) -> str:
    lines = ["Jawaban: uraian", "", "> Rubrik:", ">"]
    lines += [f"> - {' '.join(c.text.split())} `{c.points} poin`" for c in question.criteria]
    return "\n".join(lines)


def _gaps(_: WrittenQuestion) -> str:
    """The gaps stand in the text."""
    return ""


def _scale(question: WrittenQuestion) -> str:
    scale = question.scale
    if scale is None:
        return ""
    words = f" ({scale.low_label} … {scale.high_label})" if scale.low_label else ""
    return f"Skala: {scale.low}..{scale.high}{words}"


_WRITERS: dict[Shape, Callable[[WrittenQuestion], str]] = {
    Shape.SINGLE: _tasks,
    Shape.MULTIPLE: _tasks,
    Shape.TRUE_FALSE: _tasks,
    Shape.TEXT: _typed,
    Shape.NUMBER: _typed,
    Shape.MATCHING: _pairs,
    Shape.ORDERING: _steps,
    Shape.CLOZE: _gaps,
    Shape.ESSAY: _rubric,
    Shape.SCALE: _scale,
}
