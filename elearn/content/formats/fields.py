"""A question from plain fields: text, options A to H, a key, an explanation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from elearn.content.course import Shape
from elearn.content.formats import notes as say
from elearn.content.formats.exchange import titled
from elearn.content.formats.guards import literal
from elearn.content.formats.written import WrittenAnswer, WrittenOption, WrittenQuestion

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
KEY_LETTERS = re.compile(r"[A-Za-z](?:\s*(?:,|;|&|dan|and)\s*[A-Za-z])*[.)]?")
TRUTH = {"benar": True, "true": True, "salah": False, "false": False}


class Unusable(Exception):
    """The fields make no question; ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Fields:
    """Plain text, as typed into a form, a sheet or a word processor. Empty options are none."""

    text: str
    options: tuple[str, ...] = ()
    key: str = ""
    explanation: str = ""


def question_of(fields: Fields) -> WrittenQuestion:
    """The question the fields make. Raises Unusable with the reason."""
    if not fields.text.strip():
        raise Unusable(say.NO_TEXT)
    key = fields.key.strip()
    if not key:
        raise Unusable(say.NO_KEY)
    title, stem = titled("", literal(_paragraphs(fields.text)))
    shape, options, answers = _answer(fields, key)
    explanation = literal(_paragraphs(fields.explanation))
    return WrittenQuestion(shape, title, stem, options, answers, explanation=explanation)


def _paragraphs(text: str) -> str:
    """Each line is a paragraph of its own, as a word processor means it."""
    return "\n\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())


def _answer(
    fields: Fields, key: str
) -> tuple[Shape, tuple[WrittenOption, ...], tuple[WrittenAnswer, ...]]:
    options = [option.strip() for option in fields.options]
    if any(options):
        right = _picked(key, options)
        written = tuple(
            WrittenOption(literal(" ".join(option.split())), place in right)
            for place, option in enumerate(options)
            if option
        )
        return Shape.MULTIPLE if len(right) > 1 else Shape.SINGLE, written, ()
    if key.lower() in TRUTH:
        truth = TRUTH[key.lower()]
        pair = (WrittenOption("Benar", truth), WrittenOption("Salah", not truth))
        return Shape.TRUE_FALSE, pair, ()
    return Shape.TEXT, (), (WrittenAnswer(" ".join(key.split())),)


def _picked(key: str, options: list[str]) -> set[int]:
    """The options a key names, by letter or by their words."""
    words = [option.casefold() for option in options]
    if key.casefold() in words and len(key) > 1:
        return {words.index(key.casefold())}
    letters = re.sub(r"\b(?:dan|and)\b", " ", key) if KEY_LETTERS.fullmatch(key) else ""
    places = {LETTERS.index(letter.upper()) for letter in re.findall(r"[A-Za-z]", letters)}
    if not places or any(place >= len(options) or not options[place] for place in places):
        raise Unusable(say.KEY_UNKNOWN.format(key=key[:40]))
    return places
