"""Answers as devices send them and as they are kept. Pure.

An answer is a list of texts: the keys of the picked options, or one typed text. Where a question
has parts (matching, ordering, cloze) each text is ``part:value``: a left side and the key of its
option, a step and its place from 1, a gap counted from 0 and what was filled in. An essay is the
one part ``text``, which alone may be long.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from elearn.content.course import Question, Shape
from elearn.errors import Invalid

Answer = list[str]
MAX_CHARACTERS = 500
MAX_ESSAY_CHARACTERS = 20_000
MAX_PICKS = 50
ESSAY_PART = "text"
IN_PARTS = frozenset({Shape.MATCHING, Shape.ORDERING, Shape.CLOZE, Shape.ESSAY})
_TYPED = frozenset({Shape.TEXT, Shape.NUMBER})
_TYPED_PARTS = frozenset({Shape.CLOZE, Shape.ESSAY})


def parts_of(answer: Iterable[str]) -> dict[str, str]:
    """The parts of an answer by their keys."""
    split = (text.partition(":") for text in answer)
    return {part: value for part, sign, value in split if sign}


def places_of(answer: Iterable[str]) -> dict[str, int]:
    """Where each step was put, counted from 1; what is no place is left out."""
    parts = parts_of(answer)
    return {part: int(place) for part, place in parts.items() if _is_place(place)}


def _is_place(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4


def essay_of(answer: Iterable[str]) -> str:
    """What was written for an essay."""
    return parts_of(answer).get(ESSAY_PART, "")


def check(answer: Answer) -> None:
    """Raise Invalid for what no page of ours sends."""
    is_essay = len(answer) == 1 and answer[0].startswith(f"{ESSAY_PART}:")
    limit = MAX_ESSAY_CHARACTERS if is_essay else MAX_CHARACTERS
    if len(answer) > MAX_PICKS or any(_is_odd(part, limit) for part in answer):
        raise Invalid("bad_answer", "answer")


def _is_odd(part: str, limit: int) -> bool:
    """Too long, or with what no database stores: NUL and half a surrogate pair."""
    is_text = part == part.encode("utf-8", "ignore").decode() and "\x00" not in part
    return len(part) > limit or not is_text


def from_fields(fields: Mapping[str, Sequence[str]], name: str) -> Answer:
    """The answer of a form: fields named ``name``, and ``name.part`` for each part."""
    whole = [text for text in fields.get(name, []) if text.strip()]
    prefix = f"{name}."
    parts = (
        f"{field.removeprefix(prefix)}:{text}".replace("\r\n", "\n")  # as forms send lines
        for field, texts in fields.items()
        if field.startswith(prefix)
        for text in texts
        if text.strip()
    )
    return whole + list(parts)


def for_journal(question: Question, answer: Answer) -> Answer:
    """Picked keys as they are; of typed text only the SHA-256, so that erasure stays possible."""
    if question.shape in _TYPED:
        return [_digest(text) for text in answer if text]
    if question.shape in _TYPED_PARTS:
        return [f"{part}:{_digest(text)}" for part, text in parts_of(answer).items()]
    return answer


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
