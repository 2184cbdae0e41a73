"""The parts of a question: text, lists, keys, hints, quotes, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from elearn.content import messages as say
from elearn.content.problems import FileReport
from elearn.content.structure import Block, Item, unquote
from elearn.content.structure import Kind as BlockKind


class Kind(StrEnum):
    """What a part of a question is."""

    TEXT = "text"
    TASKS = "tasks"
    LIST = "list"
    LETTERS = "letters"
    KEY = "key"
    SCALE = "scale"
    RUBRIC = "rubric"
    HINT = "hint"
    EXPLANATION = "explanation"
    QUOTE = "quote"


CHOICES = (Kind.TASKS, Kind.LIST, Kind.LETTERS)
ASIDE = (Kind.HINT, Kind.EXPLANATION, Kind.RUBRIC, Kind.QUOTE)


@dataclass(frozen=True)
class Choice:
    """One item that may be picked. ``ticked`` is None where there is no box."""

    line: int
    text: str
    feedback: tuple[str, ...] = ()
    ticked: bool | None = None
    number: int | None = None


@dataclass(frozen=True)
class Part:
    """A stretch of a question with its source line."""

    kind: Kind
    line: int
    text: str
    choices: tuple[Choice, ...] = ()
    ordered: bool = False
    word: str = ""


_BOLD = r"(?:\*\*|__)?"
KEYWORD = re.compile(
    rf"\s*{_BOLD}(?P<word>jawaban|jawab|kunci(?:\s+jawaban)?|answer(?:\s+key)?|key|petunjuk|hint"
    rf"|pembahasan|penjelasan|explanation|skala|scale|rubrik|rubric){_BOLD}\s*[:：]\s*{_BOLD}"
    r"(?P<rest>.*)$",
    re.IGNORECASE,
)
HINT_WORDS = ("petunjuk", "hint")
EXPLANATION_WORDS = ("pembahasan", "penjelasan", "explanation")
SCALE_WORDS = ("skala", "scale")
RUBRIC_WORDS = ("rubrik", "rubric")
BOX = re.compile(r"\[\s*(?P<tick>[xXvV✓✔√]?)\s*\](?![(\[:])\s*")
ODD_BOX = re.compile(r"\[\s*(?P<tick>[^\w\s\[\]]|[a-zA-Z])\s*\](?![(\[:])")
LETTERED = re.compile(r"\s*(?P<letter>[A-Za-z])[.)]\s+(?P<text>\S.*)$")
GENERIC = re.compile(
    r"(?:soal|pertanyaan|nomor|no\.?|question|latihan)?\s*(?:no\.?\s*|nomor\s*)?\d*\s*[.:)]?\s*$",
    re.IGNORECASE,
)


def is_key_line(line: str) -> bool:
    """Whether a line gives a key away: ``Jawaban:``, ``Kunci:`` and their synonyms."""
    found = KEYWORD.match(line)
    return bool(found) and _kind_of(found["word"]) is Kind.KEY  # type: ignore[index]  # found


def has_boxes(items: tuple[Item, ...]) -> bool:
    """Whether a list is a task list."""
    return any(BOX.match(item.text) for item in items)


def is_generic(title: str) -> bool:
    """Whether a heading such as "Soal 1" says nothing of the question."""
    return bool(GENERIC.match(title.strip()))


def _kind_of(word: str) -> Kind:
    folded = word.lower()
    if folded in HINT_WORDS:
        return Kind.HINT
    if folded in EXPLANATION_WORDS:
        return Kind.EXPLANATION
    if folded in RUBRIC_WORDS:
        return Kind.RUBRIC
    return Kind.SCALE if folded in SCALE_WORDS else Kind.KEY


def parts_of(blocks: list[Block], report: FileReport) -> list[Part]:
    """The parts of a question; lists broken by a quote at the margin are whole again."""
    parts: list[Part] = []
    for block in blocks:
        for part in _split_block(block, report):
            _join(parts, part)
    return parts


def _split_block(block: Block, report: FileReport) -> Iterator[Part]:
    if block.kind is BlockKind.LIST:
        yield _list_part(block, report)
    elif block.kind is BlockKind.QUOTE:
        text = unquote(block.source)
        if text.lstrip().startswith("[!"):
            yield Part(Kind.QUOTE, block.start, block.source)
        else:
            yield from _split_lines(text, block.start, Kind.QUOTE)
    elif block.kind is BlockKind.PARAGRAPH:
        yield from _split_lines(block.source, block.start, Kind.TEXT)
    elif block.kind not in (BlockKind.RULE, BlockKind.COMMENT):
        yield Part(Kind.TEXT, block.start, block.source)


def _split_lines(text: str, start: int, kind: Kind) -> Iterator[Part]:
    """A paragraph or quote, cut where a line begins with a keyword."""
    word, line = "", start
    kept: list[str] = []
    for number, row in enumerate(text.split("\n"), start):
        found = KEYWORD.match(row)
        if found:
            yield from _line_part(kind, line, word, kept)
            word, line, kept = found["word"], number, [found["rest"]]
        else:
            kept.append(row)
    yield from _line_part(kind, line, word, kept)


def _line_part(kind: Kind, line: int, word: str, rows: list[str]) -> Iterator[Part]:
    text = "\n".join(rows).strip("\n")
    if word:
        kind, text = _kind_of(word), text.strip()
        if kind is Kind.RUBRIC:  # its lines are counted from here
            text = "\n".join(rows).rstrip()
        shown = text[:1].upper() + text[1:] if kind in ASIDE else text
        yield Part(kind, line, shown, word=word.lower())
    elif text.strip() and kind is Kind.TEXT:
        yield from _lettered(text, line)
    elif text.strip():
        yield Part(kind, line, text)


def _lettered(text: str, line: int) -> Iterator[Part]:
    """Options may be the last lines of a paragraph: ``a. …``, ``b. …``."""
    rows = text.split("\n")
    choices: list[Choice] = []
    first = len(rows)
    for index, row in enumerate(rows):
        found = LETTERED.match(row)
        if found and found["letter"].lower() == chr(ord("a") + len(choices)):
            first = first if choices else index
            choices.append(Choice(line + index, found["text"]))
        elif choices:
            choices[-1] = replace(choices[-1], text=f"{choices[-1].text}\n{row.strip()}")
    if len(choices) < 2:
        yield Part(Kind.TEXT, line, text)
        return
    if first:
        yield Part(Kind.TEXT, line, "\n".join(rows[:first]))
    yield Part(Kind.LETTERS, line + first, "\n".join(rows[first:]), tuple(choices))


def _list_part(block: Block, report: FileReport) -> Part:
    tasks = has_boxes(block.items)
    choices = []
    for item in block.items:
        box = BOX.match(item.text) if tasks else None
        if tasks and not box:
            odd = ODD_BOX.match(item.text)
            report.error(
                item.line, say.BAD_TICK.format(tick=odd["tick"]) if odd else say.MIXED_LIST
            )
        text = item.text[box.end() :] if box else item.text
        ticked = bool(box["tick"]) if box else None
        choices.append(Choice(item.line, text.strip(), item.quotes, ticked, item.number))
    kind = Kind.TASKS if tasks else Kind.LIST
    return Part(kind, block.start, block.source, tuple(choices), block.ordered)


def _join(parts: list[Part], part: Part) -> None:
    """Add a part; a list after a quote (or another bullet) continues the list before it."""
    if parts and parts[-1].kind is Kind.RUBRIC and part.kind is Kind.LIST:
        rubric = parts.pop()
        gap = "\n" * max(part.line - rubric.line - rubric.text.count("\n"), 1)
        parts.append(replace(rubric, text=rubric.text + gap + part.text))
        return
    quotes: list[Part] = []
    while len(quotes) < len(parts) and parts[-1 - len(quotes)].kind is Kind.QUOTE:
        quotes.append(parts[-1 - len(quotes)])
    before = parts[-1 - len(quotes)] if len(parts) > len(quotes) else None
    if before is None or before.kind is not part.kind or part.kind not in (Kind.TASKS, Kind.LIST):
        parts.append(part)
        return
    if part.kind is Kind.LIST and not quotes:
        parts.append(part)
        return
    last = before.choices[-1]
    feedback = last.feedback + tuple(quote.text for quote in reversed(quotes))
    choices = (*before.choices[:-1], replace(last, feedback=feedback), *part.choices)
    del parts[len(parts) - len(quotes) - 1 :]
    parts.append(replace(before, text=f"{before.text}\n{part.text}", choices=choices))
