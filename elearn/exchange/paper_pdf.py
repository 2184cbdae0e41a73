"""A quiz on paper as a PDF file with its sheet of keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from elearn import files, pdf, pictures
from elearn.content.assets import SVG
from elearn.content.course import Quiz
from elearn.errors import Invalid, NotFound
from elearn.exchange.nodes import data_of, sources_in
from elearn.exchange.paper import PaperPart, PaperQuestion, paper_of

TEMPLATE = "quiz"
ADDRESS = re.compile(r"/files/([0-9a-f]{64})/")
MAX_PICTURE_BYTES = 200_000
Pictures = Mapping[str, tuple[str, bytes]]


def render(quiz: Quiz, course_title: str, moment_ms: int) -> bytes:
    """The quiz and, on pages of their own, its keys; tagged, in Indonesian, with its pictures.

    A picture that cannot be laid out leaves its words.
    """
    parts = paper_of(quiz)
    shown = _pictures(_markup(quiz, parts))
    data = _data(quiz, course_title, parts, shown)
    held = dict(shown.values())
    try:
        return pdf.render(pdf.Page(TEMPLATE, data, moment_ms, held))
    except pdf.Unprintable:
        data = _data(quiz, course_title, parts, {})
        return pdf.render(pdf.Page(TEMPLATE, data, moment_ms))


def _pictures(pieces: Iterable[str]) -> Pictures:
    """The name and content of every picture that can be shown, by its address."""
    addresses = dict.fromkeys(address for piece in pieces for address in sources_in(piece))
    found = {address: _picture(address) for address in addresses}
    return {address: picture for address, picture in found.items() if picture}


def _picture(address: str) -> tuple[str, bytes] | None:
    """A drawing as it was published, anything else made anew, small and whole."""
    named = ADDRESS.match(address)
    if named is None:
        return None
    try:
        file = files.load(named[1])
        if file.media_type == SVG:
            return f"{named[1]}.svg", file.content.decode().encode()  # only UTF-8 is laid out
        made = pictures.clean(file.content, MAX_PICTURE_BYTES)
    except (NotFound, Invalid, UnicodeDecodeError):
        return None
    return f"{named[1]}.{made.ending}", made.content


def _markup(quiz: Quiz, parts: Iterable[PaperPart]) -> list[str]:
    """Every piece of HTML on the paper."""
    pieces = [quiz.intro_html]
    for item in (item for part in parts for item in part.questions):
        pieces += [item.question.stem_html, item.question.explanation_html]
        pieces += [printed.option.html for printed in item.options]
        pieces += [prompt.html for prompt in item.prompts]
        pieces += [line.html for line in item.criteria]
    return pieces


def _data(
    quiz: Quiz, course_title: str, parts: Iterable[PaperPart], shown: Pictures
) -> dict[str, Any]:
    return {
        "title": quiz.title,
        "course": course_title,
        "intro": data_of(quiz.intro_html),
        "parts": [
            {
                "title": part.title,
                "draw": part.draw,
                "questions": [_question(item) for item in part.questions],
            }
            for part in parts
        ],
        "pictures": {address: name for address, (name, _) in shown.items()},
    }


def _question(item: PaperQuestion) -> dict[str, Any]:
    return {
        "number": item.number,
        "stem": data_of(item.question.stem_html),
        "prompts": [data_of(prompt.html) for prompt in item.prompts],
        "options": [
            {"letter": printed.letter, "inside": data_of(printed.option.html)}
            for printed in item.options
        ],
        "lines": item.lines,
        "key": item.key,
        "points": item.question.points,
        "voided": item.question.voided,
        "criteria": [
            {"inside": data_of(line.html), "points": line.points} for line in item.criteria
        ],
        "explanation": data_of(item.question.explanation_html),
    }
