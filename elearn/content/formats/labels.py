"""Chips as the tags of other programs, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from elearn.content.answers import NotANumber, number_key
from elearn.content.chips import ID, MAX_ID, Place, take_chips
from elearn.content.course import Shape
from elearn.content.formats import notes as say
from elearn.content.formats.exchange import Notes
from elearn.content.formats.markdown import write_chips
from elearn.content.formats.reading import labels_of
from elearn.content.formats.written import Labels, WrittenAnswer, WrittenQuestion
from elearn.content.keys import NumberKey
from elearn.content.problems import FileReport, Report
from elearn.content.structure import parse

SPELLED = "jawaban: "
WHOLE = "semua atau tidak"


@dataclass(frozen=True)
class Tags:
    """What the tags of a question say: its labels, how its numbers are spelled, and grading."""

    labels: Labels
    spelled: tuple[str, ...] = ()
    whole: bool = False


def tags_of(question: WrittenQuestion, *, with_points: bool = True) -> list[str]:
    """The tags that carry what a format has no field for."""
    labels = replace(question.labels, id="", partial=False)
    if not with_points:
        labels = replace(labels, points=None)
    chips = write_chips(replace(question, labels=labels))
    tags = [chip for chip in re.findall(r"`([^`]+)`", chips) if chip != "urutkan"]
    if question.shape is Shape.MULTIPLE and not question.labels.partial:
        tags.append(WHOLE)
    return tags + [SPELLED + text for text in _numbers(question)]


def _numbers(question: WrittenQuestion) -> list[str]:
    texts = [answer.text for answer in question.answers]
    if question.shape is Shape.CLOZE:
        texts += re.findall(r"\[\[(.+?)\]\]", f"{question.title}\n{question.stem}", re.DOTALL)
    return [" ".join(text.split()) for text in texts if "|" not in text and re.search(r"\d", text)]


def read_tags(tags: Iterable[str], place: str, codes: frozenset[str], notes: Notes) -> Tags:
    """The labels that tags give; what is no label is reported."""
    known, spelled, whole = [], [], False
    for tag in tags:
        text = " ".join(tag.split())
        if text.lower().startswith(SPELLED.strip()):
            spelled.append(text[len(SPELLED) - 1 :].strip())
        elif text.lower() == WHOLE:
            whole = True
        elif _is_chip(text, codes):
            known.append(text)
        elif text:
            notes.lost(place, say.TAG_UNKNOWN.format(tag=text[:60].replace("`", "")))
    return Tags(_labels(known, codes), tuple(spelled), whole)


def _is_chip(text: str, codes: frozenset[str]) -> bool:
    report = Report()
    if "`" in text or not text:
        return False
    chips, rest = take_chips(
        list(parse(f"`{text}`").blocks), Place.QUESTION, codes, FileReport(report, "")
    )
    return not report.has_errors and bool(chips.values) and not rest


def _labels(known: list[str], codes: frozenset[str]) -> Labels:
    line = " ".join(f"`{text}`" for text in dict.fromkeys(known))
    report = FileReport(Report(), "")
    return labels_of(take_chips(list(parse(line).blocks), Place.QUESTION, codes, report)[0])


def valid_id(text: str) -> str:
    """The id another program gave, where it can be one here."""
    text = text.strip().removeprefix("#").lower()
    return text if len(text) <= MAX_ID and ID.match(f"#{text}") else ""


def number_text(low: Decimal, high: Decimal, tags: Tags, language: str) -> str:
    """A numeric key as it is written here: as it was spelled, where that still says the same."""
    for spelled in tags.spelled:
        try:
            key = number_key(spelled, language)
        except NotANumber:
            continue
        if (Decimal(key.low), Decimal(key.high)) == (low, high):
            return spelled
    middle, spread = (low + high) / 2, (high - low) / 2
    text = _digits(middle, language)
    return f"{text} ± {_digits(spread, language)}" if spread else text


def _digits(value: Decimal, language: str) -> str:
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", ",") if language == "id" else text


def bounds_of(answer: WrittenAnswer, language: str) -> NumberKey | None:
    """The bounds of a typed answer that is a number."""
    try:
        return number_key(answer.text, language)
    except NotANumber:
        return None
