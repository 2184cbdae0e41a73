"""GIFT, the plain text format of Moodle (docs.moodle.org/en/GIFT_format), in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from elearn.content.course import Shape
from elearn.content.formats import notes as say
from elearn.content.formats.exchange import (
    Candidate,
    Imported,
    Notes,
    decoded,
    first_of,
    settle,
    titled,
)
from elearn.content.formats.labels import Tags, number_text, read_tags, valid_id
from elearn.content.formats.richtext import markdown_of
from elearn.content.formats.weights import Weighted, choice_of, plain_number, rounded, typed_of
from elearn.content.formats.written import (
    WrittenAnswer,
    WrittenCriterion,
    WrittenOption,
    WrittenPair,
    WrittenQuestion,
)
from elearn.content.keys import FULL_PERCENT

ESCAPED = re.compile(r"\\([\\~=#{}:n])")
FIRST_HELD = 0xE100
HELD = re.compile("[\ue100-\ue1ff]")
NAME = re.compile(r"\s*::(.*?)::", re.DOTALL)
FORM = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
BRACKETED = re.compile(r"\[(id|tag):([^\]]*)\]")
ANSWER = re.compile(r"([~=])\s*(?:%(-?[0-9.,]{1,12})%)?([^~=]*)")
RANGE = re.compile(r"(.+?)\.\.(.+)")
TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}
BLANK = "\\_\\_\\_\\_\\_"
FULL = Decimal(FULL_PERCENT)


@dataclass
class _Chunk:
    """The lines between two blank lines, and what the comments above them say."""

    lines: list[str] = field(default_factory=list)
    id: str = ""
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Source:
    """Where a question stands, and what its answers need to be understood."""

    place: str
    form: str
    tags: Tags
    notes: Notes
    language: str

    def text(self, held: str) -> str:
        """The Markdown of a stretch of text, in its own format or that of the question."""
        found = FORM.match(held)
        form = found[1].lower() if found else self.form
        return markdown_of(_let_go(_after(found, held)), form, self.place, self.notes)


def read_gift(content: bytes, codes: frozenset[str], language: str = "id") -> Imported:
    """The questions of a GIFT file. Raises Unreadable for what is no text."""
    notes = Notes()
    chunks = first_of(_chunks(_hold(decoded(content))), notes)
    candidates = [
        _candidate(chunk, number, _Reader(codes, notes, language))
        for number, chunk in enumerate(chunks, 1)
    ]
    return settle([c for c in candidates if c], notes, codes, language)


@dataclass(frozen=True)
class _Reader:
    codes: frozenset[str]
    notes: Notes
    language: str


def _hold(text: str) -> str:
    """The text with its escaped signs as private characters, so that they mean nothing."""
    return ESCAPED.sub(lambda found: chr(FIRST_HELD + ord(found[1])), HELD.sub("", text))


def _let_go(text: str) -> str:
    """The text with its held signs as what they stand for."""
    return HELD.sub(
        lambda f: chr(ord(f[0]) - FIRST_HELD) if f[0] != LINE_END else "\n", text
    ).strip()


LINE_END = chr(FIRST_HELD + ord("n"))


def _after(found: re.Match[str] | None, text: str) -> str:
    return text[found.end() :] if found else text


def _chunks(text: str) -> Iterator[_Chunk]:
    chunk = _Chunk()
    for line in [*text.split("\n"), ""]:
        bare = line.strip()
        if bare.startswith("//"):
            _note_comment(bare, chunk)
        elif bare and not bare.startswith("$CATEGORY:"):
            chunk.lines.append(line)
        elif chunk.lines:
            yield chunk
            chunk = _Chunk()


def _note_comment(comment: str, chunk: _Chunk) -> None:
    for name, value in BRACKETED.findall(comment):
        if name == "id":
            chunk.id = _let_go(value)
        else:
            chunk.tags.append(_let_go(value))


def _candidate(chunk: _Chunk, number: int, reader: _Reader) -> Candidate | None:
    whole = "\n".join(chunk.lines)
    name = NAME.match(whole)
    label = _let_go(name[1]) if name else ""
    place = f"{number}. {label}"[:80] if label else f"soal {number}"
    head, body, tail = _cut(_after(name, whole))
    if body is None:
        reader.notes.left_out(place, say.TYPE_UNKNOWN.format(name="keterangan tanpa jawaban"))
        return None
    found = FORM.match(head)
    form = found[1].lower() if found else "moodle"
    tags = read_tags(chunk.tags, place, reader.codes, reader.notes)
    source = _Source(place, form, tags, reader.notes, reader.language)
    asked = source.text(head)
    if tail.strip():
        reader.notes.lost(place, say.TAIL)
        asked = f"{asked} {BLANK} {source.text(tail)}"
    body, _, general = body.partition("####")
    answered = _answered(source, body.strip())
    if answered is None:
        return None
    title, stem = titled(label, asked)
    labels = replace(tags.labels, id=valid_id(chunk.id))
    if answered.shape is Shape.MULTIPLE:
        labels = replace(labels, partial=not tags.whole)
    explanation = source.text(general)
    return Candidate(
        place,
        replace(answered, title=title, stem=stem, explanation=explanation, labels=labels),
    )


def _cut(text: str) -> tuple[str, str | None, str]:
    """What stands before, between and after the braces."""
    opening = text.find("{")
    closing = text.find("}", opening)
    if opening < 0 or closing < 0:
        return text, None, ""
    return text[:opening], text[opening + 1 : closing], text[closing + 1 :]


def _answered(source: _Source, body: str) -> WrittenQuestion | None:
    """The shape and the key that stand between the braces."""
    if not body:
        return _essay(source)
    if body.startswith("#"):
        return _number(source, body[1:].strip())
    word, *feedback = body.split("#")
    if word.strip().upper() in TRUTH:
        return _true_false(source, TRUTH[word.strip().upper()], feedback)
    answers = ANSWER.findall(body)
    if answers and all(sign == "=" and "->" in text for sign, _, text in answers):
        return _matching(source, [text for _, _, text in answers])
    typed = bool(answers) and all(sign == "=" for sign, _, _ in answers)
    weighted = [_weighted(source, found, typed=typed) for found in answers]
    if typed:
        return typed_of(weighted, source.place, source.notes)
    return choice_of(weighted, source.place, source.notes)


def _weighted(source: _Source, found: tuple[str, str, str], *, typed: bool) -> Weighted:
    sign, percent, rest = found
    text, _, feedback = rest.partition("#")
    earned = plain_number(percent) if percent else None
    if earned is None:
        earned = FULL if sign == "=" else Decimal(0)
    shown = _let_go(text) if typed else source.text(text)
    return Weighted(shown, earned, source.text(feedback))


def _essay(source: _Source) -> WrittenQuestion:
    source.notes.lost(source.place, say.RUBRIC_MADE)
    points = source.tags.labels.points or 1
    return WrittenQuestion(Shape.ESSAY, criteria=(WrittenCriterion(say.RUBRIC_TEXT, points),))


def _true_false(source: _Source, truth: bool, feedback: list[str]) -> WrittenQuestion:
    """The first feedback is for who answers wrongly, the second for who answers rightly."""
    wrong, right = ([source.text(text) for text in feedback] + ["", ""])[:2]
    options = (
        WrittenOption("Benar", truth, right if truth else wrong),
        WrittenOption("Salah", not truth, wrong if truth else right),
    )
    return WrittenQuestion(Shape.TRUE_FALSE, options=options)


def _matching(source: _Source, texts: list[str]) -> WrittenQuestion:
    pairs = []
    for text in texts:
        left, _, right = text.partition("->")
        right, _, feedback = right.partition("#")
        if feedback.strip():
            source.notes.lost(source.place, say.PAIR_FEEDBACK)
        pairs.append(WrittenPair(source.text(left), source.text(right)))
    return WrittenQuestion(Shape.MATCHING, pairs=tuple(pairs))


def _number(source: _Source, body: str) -> WrittenQuestion | None:
    """``75:0.5``, ``70..80``, or several of them after ``=`` with weight and feedback."""
    answers = ANSWER.findall(body) if "=" in body else [("=", "", body)]
    read = [_expected(source, found) for found in answers]
    if None in read or not any(answer and answer.percent == FULL_PERCENT for answer in read):
        source.notes.left_out(source.place, say.NO_KEY)
        return None
    return WrittenQuestion(Shape.NUMBER, answers=tuple(answer for answer in read if answer))


def _expected(source: _Source, found: tuple[str, str, str]) -> WrittenAnswer | None:
    _, percent, rest = found
    text, _, feedback = rest.partition("#")
    bounds = _bounds(_let_go(text))
    if bounds is None:
        return None
    earned = plain_number(percent) if percent else FULL
    share = rounded(earned if earned is not None else FULL, source.place, source.notes)
    key = number_text(*bounds, source.tags, source.language)
    return WrittenAnswer(key, share, source.text(feedback))


def _bounds(text: str) -> tuple[Decimal, Decimal] | None:
    found = RANGE.fullmatch(text)
    if found:
        low, high = plain_number(found[1]), plain_number(found[2])
        return None if low is None or high is None else (low, high)
    value, _, spread = text.partition(":")
    middle, width = plain_number(value), plain_number(spread) if spread.strip() else Decimal(0)
    return None if middle is None or width is None else (middle - width, middle + width)
