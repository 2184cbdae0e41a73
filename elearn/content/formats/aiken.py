"""Aiken, the simplest format of Moodle (docs.moodle.org/en/Aiken_format), in and out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from elearn.content.course import Shape
from elearn.content.formats import notes as say
from elearn.content.formats.exchange import (
    Candidate,
    Exported,
    Imported,
    Notes,
    decoded,
    first_of,
    settle,
)
from elearn.content.formats.fields import Fields, Unusable, question_of
from elearn.content.formats.leaving import asked_text, name_of, note_plain_losses
from elearn.content.formats.written import WrittenQuestion
from elearn.content.structure import inline_words

OPTION = re.compile(r"\s*([A-Z])[.)]\s+(.+)")
KEY = re.compile(r"\s*ANSWER:\s*(.*?)\s*$", re.IGNORECASE)
MAX_OPTIONS = 26


def read_aiken(content: bytes, codes: frozenset[str], language: str = "id") -> Imported:
    """The questions of an Aiken file. Raises Unreadable for what is no text."""
    notes = Notes()
    candidates = []
    for number, fields in enumerate(first_of(_fields(decoded(content)), notes), 1):
        place = f"soal {number}"
        try:
            candidates.append(Candidate(place, question_of(fields)))
        except Unusable as problem:
            notes.left_out(place, problem.reason)
    return settle(candidates, notes, codes, language)


def _fields(text: str) -> Iterator[Fields]:
    asked: list[str] = []
    options: list[str] = []
    for line in text.split("\n"):
        key, option = KEY.match(line), OPTION.match(line)
        if key:
            yield Fields("\n".join(asked), tuple(options), key[1])
            asked, options = [], []
        elif option and asked and ord(option[1]) - ord("A") == len(options):
            options.append(option[2].strip())
        elif line.strip():
            asked.append(line.strip())
    if asked or options:
        yield Fields("\n".join(asked), tuple(options), "")


def write_aiken(questions: Iterable[WrittenQuestion], _: str = "id") -> Exported:
    """An Aiken file: single choices and true/false as plain words, nothing else."""
    notes = Notes()
    pieces = []
    for number, question in enumerate(questions, 1):
        place = f"{number}. {name_of(question)}"[:80]
        if question.shape not in (Shape.SINGLE, Shape.TRUE_FALSE):
            notes.left_out(place, say.SHAPE_NOT_HERE)
        elif len(question.options) > MAX_OPTIONS:
            notes.left_out(place, say.CHOICES_MANY.format(limit=MAX_OPTIONS))
        else:
            note_plain_losses(question, place, notes)
            if question.explanation:
                notes.lost(place, say.EXPLANATION)
            pieces.append(_whole(question))
    return Exported("\n".join(pieces).encode(), tuple(notes.rows))


def _whole(question: WrittenQuestion) -> str:
    lines = [_words(asked_text(question))]
    for place, option in enumerate(question.options):
        lines.append(f"{chr(ord('A') + place)}. {_words(option.text)}")
    right = next(place for place, option in enumerate(question.options) if option.correct)
    return "\n".join([*lines, f"ANSWER: {chr(ord('A') + right)}", ""])


def _words(text: str) -> str:
    return " ".join(inline_words(part) for part in text.split("\n\n")).strip()
