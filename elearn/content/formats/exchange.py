"""What every conversion of questions shares: its limits, its report, the proof of a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeVar

from elearn.content.building import default_id
from elearn.content.course import Shape
from elearn.content.formats import notes as say
from elearn.content.formats.guards import title_line
from elearn.content.formats.markdown import write_bank
from elearn.content.formats.reading import read_bank
from elearn.content.formats.written import WrittenQuestion
from elearn.content.parts import is_generic
from elearn.content.problems import Severity

T = TypeVar("T")
MAX_BYTES = 1_000_000
MAX_QUESTIONS = 200
# A short answer that is only a number is numeric; options Benar and Salah are true/false.
SAME_SHAPE = {(Shape.TEXT, Shape.NUMBER), (Shape.SINGLE, Shape.TRUE_FALSE)}


class Unreadable(Exception):
    """The file as a whole cannot be read; ``reason`` is a sentence for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Note:
    """Something that could not be carried; with ``left_out`` the whole question stayed behind."""

    place: str
    text: str
    left_out: bool = False


@dataclass
class Notes:
    """The report of one conversion, each sentence once a question."""

    rows: list[Note] = field(default_factory=list)

    def lost(self, place: str, text: str) -> None:
        """A part of a question was lost."""
        note = Note(place, text)
        if note not in self.rows:
            self.rows.append(note)

    def left_out(self, place: str, text: str) -> None:
        """A question was not carried at all."""
        self.rows.append(Note(place, text, left_out=True))


@dataclass(frozen=True)
class Candidate:
    """A question as another format gave it, and how the report calls it."""

    place: str
    question: WrittenQuestion


@dataclass(frozen=True)
class Imported:
    """The questions that can be used, and the report."""

    questions: tuple[WrittenQuestion, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Exported:
    """A file in another format, and the report."""

    content: bytes
    notes: tuple[Note, ...]


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or what Windows wrote before.

    Raises Unreadable for binary data and for files over the limit.
    """
    refuse_large(content)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = content.decode("utf-16", "replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", "replace")
    if "\0" in text:
        raise Unreadable(say.BINARY)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def refuse_large(content: bytes) -> None:
    """Raise Unreadable for a file over the limit."""
    if len(content) > MAX_BYTES:
        raise Unreadable(say.TOO_LARGE.format(limit=MAX_BYTES // 1000))


def first_of(items: Iterable[T], notes: Notes) -> list[T]:
    """As many items as one conversion takes; that there were more is reported."""
    taken = list(islice(items, MAX_QUESTIONS + 1))
    if len(taken) > MAX_QUESTIONS:
        notes.left_out(f"soal {MAX_QUESTIONS + 1}", say.TOO_MANY.format(limit=MAX_QUESTIONS))
    return taken[:MAX_QUESTIONS]


def titled(name: str, text: str) -> tuple[str, str]:
    """The title and the stem of a question text (Markdown) that has a name elsewhere.

    A name such as "Soal 3" says nothing, so the text stays whole; else its first line asks.
    """
    if name.strip() and is_generic(name):
        return title_line(name), text.strip()
    first, _, rest = text.strip().partition("\n\n")
    if "\n" in first or first.startswith("```"):
        return "Soal", text.strip()
    return first.strip(), rest.strip()


def settle(
    candidates: Iterable[Candidate], notes: Notes, codes: frozenset[str], language: str
) -> Imported:
    """The candidates that are the same question once written and read; the others are reported."""
    taken: set[str] = set()
    settled: list[WrittenQuestion] = []
    for candidate in first_of(candidates, notes):
        question = _proved(candidate, notes, codes, language)
        if question:
            settled.append(_named(question, taken))
    return Imported(tuple(settled), tuple(notes.rows))


def _proved(
    candidate: Candidate, notes: Notes, codes: frozenset[str], language: str
) -> WrittenQuestion | None:
    written = candidate.question
    read, problems = read_bank(write_bank("Soal", [written]), codes, language)
    reason = next((p.message for p in problems if p.severity is Severity.ERROR), "")
    if not reason and (len(read) != 1 or not _is_same(written, read[0])):
        reason = say.READ_OTHERWISE
    if reason:
        notes.left_out(candidate.place, reason)
        return None
    return read[0]


def _is_same(written: WrittenQuestion, read: WrittenQuestion) -> bool:
    same = written.shape is read.shape or (written.shape, read.shape) in SAME_SHAPE
    return same and _marks(written) == _marks(read)


def _marks(question: WrittenQuestion) -> tuple[object, ...]:
    """What the key of a question consists of."""
    options = tuple((o.correct, o.percent) for o in question.options)
    return options, len(question.pairs), len(question.answers), len(question.criteria)


def _named(question: WrittenQuestion, taken: set[str]) -> WrittenQuestion:
    """The question with an id of its own."""
    wanted = question.labels.id or default_id(question.title, question.stem)
    identity = next(name for name in _names(wanted) if name not in taken)
    taken.add(identity)
    return replace(question, labels=replace(question.labels, id=identity))


def _names(wanted: str) -> Iterator[str]:
    yield wanted
    count = 2
    while True:
        yield f"{wanted}-{count}"
        count += 1
