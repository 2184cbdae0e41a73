"""Moodle XML (docs.moodle.org/en/Moodle_XML_format), in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from xml.etree.ElementTree import Element

from elearn.content.course import Shape
from elearn.content.essays import criteria_of
from elearn.content.formats import notes as say
from elearn.content.formats.exchange import (
    Candidate,
    Imported,
    Notes,
    Unreadable,
    first_of,
    refuse_large,
    settle,
    titled,
)
from elearn.content.formats.labels import Tags, number_text, read_tags, valid_id
from elearn.content.formats.moodle_gaps import Gaps, UnknownGap
from elearn.content.formats.richtext import markdown_of
from elearn.content.formats.weights import Weighted, choice_of, plain_number, rounded, typed_of
from elearn.content.formats.written import (
    Labels,
    WrittenAnswer,
    WrittenCriterion,
    WrittenOption,
    WrittenPair,
    WrittenQuestion,
)
from elearn.content.formats.xml_reading import tree_of
from elearn.content.keys import FULL_PERCENT
from elearn.content.parts import Kind, Part
from elearn.content.problems import FileReport, Report

AUTO = "moodle_auto_format"
COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
MAX_POINTS = 100


@dataclass(frozen=True)
class _Source:
    """A question element, and what is needed to understand it."""

    element: Element
    place: str
    tags: Tags
    notes: Notes
    language: str

    def field(self, name: str) -> str:
        """The plain text of a child element."""
        return (self.element.findtext(name) or "").strip()

    def text(self, element: Element | None, name: str = "") -> str:
        """The Markdown of an element that holds a text in some format."""
        holder = element.find(name) if element is not None and name else element
        if holder is None:
            return ""
        if holder.find("file") is not None:
            self.notes.lost(self.place, say.PICTURES)
        form = holder.get("format", AUTO)
        return markdown_of(holder.findtext("text") or "", form, self.place, self.notes)

    def answers(self, *, typed: bool = False) -> list[Weighted]:
        """The answers with their weights; typed ones are plain text."""
        return [
            Weighted(
                (answer.findtext("text") or "").strip() if typed else self.text(answer),
                plain_number(answer.get("fraction", "0")) or Decimal(0),
                self.text(answer, "feedback"),
            )
            for answer in self.element.findall("answer")
        ]


def read_moodle(content: bytes, codes: frozenset[str], language: str = "id") -> Imported:
    """The questions of a Moodle XML file. Raises Unreadable for what is no such file."""
    refuse_large(content)
    root = tree_of(content)
    if root.tag != "quiz":
        raise Unreadable(say.XML_OTHER)
    notes = Notes()
    candidates = []
    elements = (e for e in root.iter("question") if e.get("type") != "category")
    for number, element in enumerate(first_of(elements, notes), 1):
        name = " ".join((element.findtext("name/text") or "").split())
        place = f"{number}. {name}"[:80] if name else f"soal {number}"
        written = [tag.findtext("text") or "" for tag in element.findall("tags/tag")]
        tags = read_tags(written, place, codes, notes)
        question = _question(_Source(element, place, tags, notes, language), name)
        if question:
            candidates.append(Candidate(place, question))
    return settle(candidates, notes, codes, language)


def _question(source: _Source, name: str) -> WrittenQuestion | None:
    kind = source.element.get("type", "")
    if kind not in _READERS:
        source.notes.left_out(source.place, say.TYPE_UNKNOWN.format(name=kind[:40] or "?"))
        return None
    gaps = Gaps(source.place, source.tags, source.notes, source.language)
    try:
        if kind == "cloze":
            _hold_gaps(source.element, gaps)
        asked = gaps.put_back(source.text(source.element, "questiontext"))
        answered = _READERS[kind](source)
    except UnknownGap as problem:
        source.notes.left_out(source.place, say.TYPE_UNKNOWN.format(name=problem.args[0]))
        return None
    if answered is None:
        return None
    if any(source.text(source.element, name) for name in COMBINED):
        source.notes.lost(source.place, say.COMBINED_FEEDBACK)
    title, stem = titled(name, asked)
    hints = (source.text(hint) for hint in source.element.findall("hint"))
    return replace(
        answered,
        title=title,
        stem=stem,
        hints=tuple(hint for hint in hints if hint),
        explanation=source.text(source.element, "generalfeedback"),
        labels=_labels(source, answered),
    )


def _hold_gaps(element: Element, gaps: Gaps) -> None:
    text = element.find("questiontext/text")
    if text is not None:
        text.text = gaps.hold(text.text or "")


def _labels(source: _Source, answered: WrittenQuestion) -> Labels:
    labels = replace(source.tags.labels, id=valid_id(source.field("idnumber")))
    if answered.shape is Shape.MULTIPLE:
        labels = replace(labels, partial=not source.tags.whole)
    if source.field("shuffleanswers").lower() in ("false", "0") and labels.shuffled is None:
        labels = replace(labels, shuffled=False)
    return replace(labels, points=labels.points or _points(source))


def _points(source: _Source) -> int | None:
    """The weight of the question as whole points; one point needs no saying."""
    grade = plain_number(source.field("defaultgrade") or "1") or Decimal(1)
    points = max(1, min(MAX_POINTS, int(grade.to_integral_value())))
    if points != grade:
        source.notes.lost(source.place, say.DEFAULT_GRADE.format(grade=grade, points=points))
    return points if points > 1 else None


def _choice(source: _Source) -> WrittenQuestion | None:
    return choice_of(source.answers(), source.place, source.notes)


def _true_false(source: _Source) -> WrittenQuestion | None:
    found = {answer.text.lower(): answer for answer in source.answers(typed=True)}
    right, wrong = found.get("true"), found.get("false")
    if right is None or wrong is None:
        source.notes.left_out(source.place, say.NO_KEY)
        return None
    truth = right.percent > wrong.percent
    options = (
        WrittenOption("Benar", truth, right.feedback),
        WrittenOption("Salah", not truth, wrong.feedback),
    )
    return WrittenQuestion(Shape.TRUE_FALSE, options=options)


def _typed(source: _Source) -> WrittenQuestion | None:
    if source.field("usecase") == "1":
        source.notes.lost(source.place, say.CASE)
    return typed_of(source.answers(typed=True), source.place, source.notes)


def _number(source: _Source) -> WrittenQuestion | None:
    answers = []
    for element, answer in zip(
        source.element.findall("answer"), source.answers(typed=True), strict=True
    ):
        middle = plain_number(answer.text)
        width = plain_number(element.findtext("tolerance") or "0")
        if middle is None or width is None:
            source.notes.lost(source.place, say.WRONG_TYPED)
            continue
        key = number_text(middle - width, middle + width, source.tags, source.language)
        share = rounded(answer.percent, source.place, source.notes)
        answers.append(WrittenAnswer(key, share, answer.feedback))
    if not any(answer.percent == FULL_PERCENT for answer in answers):
        source.notes.left_out(source.place, say.NO_KEY)
        return None
    return WrittenQuestion(Shape.NUMBER, answers=tuple(answers))


def _matching(source: _Source) -> WrittenQuestion:
    pairs = (
        WrittenPair(source.text(part), _one_line(part.findtext("answer/text") or ""))
        for part in source.element.findall("subquestion")
    )
    return WrittenQuestion(Shape.MATCHING, pairs=tuple(pair for pair in pairs if pair.right))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _ordering(source: _Source) -> WrittenQuestion:
    steps = tuple(
        WrittenOption(source.text(part), True) for part in source.element.findall("answer")
    )
    return WrittenQuestion(Shape.ORDERING, options=steps)


def _cloze(_: _Source) -> WrittenQuestion:
    return WrittenQuestion(Shape.CLOZE)


def _essay(source: _Source) -> WrittenQuestion:
    """The rubric, where the information for graders is one; else a general criterion."""
    text = source.text(source.element, "graderinfo")
    read = criteria_of(Part(Kind.RUBRIC, 0, text), FileReport(Report(), "")) if text else None
    if read:
        criteria = tuple(WrittenCriterion(line.text, line.points) for line in read)
    else:
        source.notes.lost(source.place, say.RUBRIC_MADE)
        points = source.tags.labels.points or _points(source) or 1
        criteria = (WrittenCriterion(say.RUBRIC_TEXT, points),)
    return WrittenQuestion(Shape.ESSAY, criteria=criteria)


_READERS: dict[str, Callable[[_Source], WrittenQuestion | None]] = {
    "multichoice": _choice,
    "multichoiceset": _choice,
    "truefalse": _true_false,
    "shortanswer": _typed,
    "numerical": _number,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "essay": _essay,
}
