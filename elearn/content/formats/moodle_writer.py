"""Moodle XML (docs.moodle.org/en/Moodle_XML_format), out; the texts stay Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from elearn.content.answers import text_key
from elearn.content.course import Shape
from elearn.content.formats import notes as say
from elearn.content.formats.exchange import Exported, Notes
from elearn.content.formats.gift_writer import CANONICAL, share
from elearn.content.formats.labels import bounds_of, tags_of
from elearn.content.formats.leaving import asked_text, name_of, note_losses
from elearn.content.formats.moodle_gaps import gaps_out
from elearn.content.formats.written import WrittenQuestion

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_moodle(questions: Iterable[WrittenQuestion], language: str = "id") -> Exported:
    """A Moodle XML file of the questions."""
    notes = Notes()
    root = Element("quiz")
    for number, question in enumerate(questions, 1):
        place = f"{number}. {name_of(question)}"[:80]
        if question.shape not in _WRITERS:
            notes.left_out(place, say.SHAPE_NOT_HERE)
            continue
        _note_losses(question, place, notes, language)
        _add(root, question, language)
    indent(root)
    return Exported(tostring(root, "utf-8", xml_declaration=True), tuple(notes.rows))


def _note_losses(question: WrittenQuestion, place: str, notes: Notes, language: str) -> None:
    note_losses(question, place, notes)
    if any(pair.feedback for pair in question.pairs):
        notes.lost(place, say.PAIR_FEEDBACK)
    if question.shape is Shape.ORDERING and any(option.feedback for option in question.options):
        notes.lost(place, say.FEEDBACK)
    keys = (bounds_of(answer, language) for answer in question.answers)
    if any(key is not None and key.unit for key in keys):
        notes.lost(place, say.UNITS)


def _text(parent: Element, name: str, text: str, form: str = "markdown") -> Element:
    holder = SubElement(parent, name, {"format": form} if form else {})
    SubElement(holder, "text").text = NOT_XML.sub("", text)
    return holder


def _field(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = NOT_XML.sub("", text)


def _add(root: Element, question: WrittenQuestion, language: str) -> None:
    kind, write = _WRITERS[question.shape]
    if question.shape is Shape.TRUE_FALSE and [o.text for o in question.options] != CANONICAL:
        kind, write = _WRITERS[Shape.SINGLE]
    element = SubElement(root, "question", {"type": kind})
    asked = asked_text(question)
    _text(element, "name", name_of(question), "")
    _text(
        element,
        "questiontext",
        gaps_out(asked, language) if question.shape is Shape.CLOZE else asked,
    )
    _text(element, "generalfeedback", question.explanation)
    points = sum(criterion.points for criterion in question.criteria) or question.labels.points
    _field(element, "defaultgrade", str(points or 1))
    _field(element, "idnumber", question.labels.id)
    write(element, question, language)
    for hint in question.hints:
        _text(element, "hint", hint)
    tags = SubElement(element, "tags")
    for tag in tags_of(question, with_points=False):
        _text(tags, "tag", tag, "")


def _answer(parent: Element, text: str, fraction: str, feedback: str, form: str) -> Element:
    answer = _text(parent, "answer", text, form)
    answer.set("fraction", fraction)
    _text(answer, "feedback", feedback)
    return answer


def _choices(element: Element, question: WrittenQuestion, _: str) -> None:
    right = sum(option.correct for option in question.options)
    single = question.shape is not Shape.MULTIPLE
    _field(element, "single", str(single).lower())
    _field(element, "shuffleanswers", str(question.labels.shuffled is not False).lower())
    _field(element, "answernumbering", "ABCD")
    for option in question.options:
        worth = "0" if single else "-100"
        fraction = share(right) if option.correct else str(option.percent or worth)
        _answer(element, option.text, fraction, option.feedback, "markdown")


def _truth(element: Element, question: WrittenQuestion, _: str) -> None:
    for option, word in zip(question.options, ("true", "false"), strict=True):
        fraction = "100" if option.correct else "0"
        _answer(element, word, fraction, option.feedback, AUTO)


AUTO = "moodle_auto_format"


def _texts(element: Element, question: WrittenQuestion, _: str) -> None:
    _field(element, "usecase", "0")
    for answer in question.answers:
        for accepted in text_key(answer.text, 0).accepted:
            _answer(element, accepted, str(answer.percent), answer.feedback, "plain_text")


def _numbers(element: Element, question: WrittenQuestion, language: str) -> None:
    for answer in question.answers:
        key = bounds_of(answer, language)
        if key is None:
            continue
        low, high = Decimal(key.low), Decimal(key.high)
        middle = f"{(low + high) / 2:f}"
        written = _answer(element, middle, str(answer.percent), answer.feedback, "plain_text")
        _field(written, "tolerance", f"{(high - low) / 2:f}")


def _pairs(element: Element, question: WrittenQuestion, _: str) -> None:
    _field(element, "shuffleanswers", str(question.labels.shuffled is not False).lower())
    for pair in question.pairs:
        part = _text(element, "subquestion", pair.left)
        _text(part, "answer", pair.right, "")


def _steps(element: Element, question: WrittenQuestion, _: str) -> None:
    """The question type "ordering" of Moodle 4.4 and later: relative to correct, all items."""
    for name, value in (("layouttype", "VERTICAL"), ("selecttype", "ALL"), ("selectcount", "0")):
        _field(element, name, value)
    _field(element, "gradingtype", "RELATIVE_TO_CORRECT")
    for place, option in enumerate(question.options, 1):
        _text(element, "answer", option.text).set("fraction", str(place))


def _essay(element: Element, question: WrittenQuestion, _: str) -> None:
    _field(element, "responseformat", "editor")
    lines = (f"- {line.text} `{line.points} poin`" for line in question.criteria)
    _text(element, "graderinfo", "\n".join(lines))


def _nothing(_: Element, __: WrittenQuestion, ___: str) -> None:
    """The gaps stand in the text."""


_WRITERS: dict[Shape, tuple[str, Callable[[Element, WrittenQuestion, str], None]]] = {
    Shape.SINGLE: ("multichoice", _choices),
    Shape.MULTIPLE: ("multichoice", _choices),
    Shape.TRUE_FALSE: ("truefalse", _truth),
    Shape.TEXT: ("shortanswer", _texts),
    Shape.NUMBER: ("numerical", _numbers),
    Shape.MATCHING: ("matching", _pairs),
    Shape.ORDERING: ("ordering", _steps),
    Shape.CLOZE: ("cloze", _nothing),
    Shape.ESSAY: ("essay", _essay),
}
