"""Markdown text becomes blocks with their lines: exact CommonMark, nothing rendered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin

_parser = MarkdownIt("commonmark").enable("table").use(deflist_plugin)


class Kind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    QUOTE = "quote"
    RULE = "rule"
    COMMENT = "comment"
    OTHER = "other"


_KINDS = {
    "heading_open": Kind.HEADING,
    "paragraph_open": Kind.PARAGRAPH,
    "bullet_list_open": Kind.LIST,
    "ordered_list_open": Kind.LIST,
    "blockquote_open": Kind.QUOTE,
    "hr": Kind.RULE,
}


@dataclass(frozen=True)
class Item:
    """An item of a list: its text without bullet and quotes, and the quotes indented under it."""

    line: int
    text: str
    quotes: tuple[str, ...] = ()
    number: int | None = None


@dataclass(frozen=True)
class Block:
    """A top-level block. ``start`` is its first line (from 1), ``end`` its last."""

    kind: Kind
    start: int
    end: int
    source: str
    level: int = 0
    title: str = ""
    ordered: bool = False
    items: tuple[Item, ...] = ()
    tokens: tuple[Token, ...] = field(default=(), repr=False, compare=False)

    def inlines(self) -> Iterator[tuple[int, Token]]:
        """Every inline child token with its line."""
        for token in self.tokens:
            if token.type == "inline":
                line = (token.map[0] if token.map else self.start - 1) + 1
                for child in token.children or ():
                    yield line, child
                    line += child.type in ("softbreak", "hardbreak")


@dataclass(frozen=True)
class Document:
    """The blocks of a text, and its definitions of notes and links, which any piece may use.

    ``refused``: reading it would have cost too much, so nothing of it is here.
    """

    blocks: tuple[Block, ...]
    definitions: tuple[tuple[str, int, str], ...] = ()
    refused: bool = False

    def with_definitions(self, source: str) -> str:
        """The source followed by the definitions it uses."""
        used: dict[str, str] = {}
        _gather(source, self.definitions, used)
        return source + "\n\n" + "\n\n".join(used.values()) if used else source


def parse(text: str) -> Document:
    """The document of a text whose lines are the lines of its file."""
    lines = text.split("\n")
    definitions = _take_definitions(lines) if "]:" in text else []
    tokens = _parser.parse("\n".join(lines))
    return Document(tuple(_blocks(tokens, lines)), tuple(definitions))


def _gather(source: str, known: Iterable[tuple[str, int, str]], used: dict[str, str]) -> None:
    """Definitions used by the source, and those that these use in turn."""
    folded = source.lower()
    for label, _, definition in known:
        if label not in used and f"[{label}]" in folded:
            used[label] = definition
            _gather(definition.split("]:", 1)[1], known, used)


DEFINITION = re.compile(r" {0,3}\[(\^?[^\]\n]{1,100})\]:(?=\s|$)(?!\s*$)|( {0,3})\[(\^[^\]\n]+)\]:")


def _take_definitions(lines: list[str]) -> list[tuple[str, int, str]]:
    """Blank the lines that define notes and links and return (label, line, source)."""
    fenced = _fenced_lines("\n".join(lines))
    taken = []
    index = 0
    while index < len(lines):
        found = None if index in fenced else DEFINITION.match(lines[index])
        if found is None:
            index += 1
            continue
        label = (found[1] or found[3]).lower()
        end = _definition_end(lines, index) if label.startswith("^") else index + 1
        taken.append((label, index + 1, "\n".join(lines[index:end]).rstrip()))
        lines[index:end] = [""] * (end - index)
        index = end
    return taken


def _definition_end(lines: list[str], start: int) -> int:
    """A note goes on while its lines are indented, or follow without a blank line."""
    end = start + 1
    while end < len(lines):
        line, blank_before = lines[end], not lines[end - 1].strip()
        if line.strip() and not line.startswith("    ") and (blank_before or _begins(line)):
            break
        end += 1
    return end


def _begins(line: str) -> bool:
    return bool(DEFINITION.match(line) or re.match(r" {0,3}(#|>|```|[-*+] )", line))


def _fenced_lines(text: str) -> set[int]:
    fenced: set[int] = set()
    for token in _parser.parse(text):
        if token.type in ("fence", "code_block") and token.map:
            fenced.update(range(*token.map))
    return fenced


def _blocks(tokens: list[Token], lines: list[str]) -> Iterator[Block]:
    for group in _groups(tokens, 0):
        first = group[0]
        start, end = first.map or (0, 0)
        while end > start + 1 and not lines[end - 1].strip():
            end -= 1
        kind = _KINDS.get(first.type, Kind.OTHER)
        source = "\n".join(lines[start:end])
        if first.type == "html_block" and _is_comment(source):
            kind = Kind.COMMENT
        yield Block(
            kind=kind,
            start=start + 1,
            end=end,
            source=source,
            level=int(first.tag[1]) if kind is Kind.HEADING else 0,
            title=group[1].content if kind is Kind.HEADING else "",
            ordered=first.type == "ordered_list_open",
            items=tuple(_items(group, lines)) if kind is Kind.LIST else (),
            tokens=tuple(group),
        )


def _groups(tokens: list[Token], level: int) -> Iterator[list[Token]]:
    """Tokens of one block each: from an opening at a level to its closing."""
    group: list[Token] = []
    for token in tokens:
        group.append(token)
        if token.level == level and token.nesting <= 0:
            yield group
            group = []


def _is_comment(source: str) -> bool:
    return not re.sub(r"<!--.*?-->", "", source, flags=re.S).strip()


def _items(group: list[Token], lines: list[str]) -> Iterator[Item]:
    for tokens in _groups(group[1:-1], 1):
        start, end = tokens[0].map or (0, 0)
        own = lines[start:end]
        offset = _offset(own[0])
        dedented = [own[0][offset:], *(_dedent(line, offset) for line in own[1:])]
        quotes = []
        for inner in _groups(tokens[1:-1], 2):
            if inner[0].type == "blockquote_open" and inner[0].map:
                first, last = inner[0].map[0] - start, inner[0].map[1] - start
                quotes.append(unquote("\n".join(dedented[first:last])))
                dedented[first:last] = [""] * (last - first)
        number = int(tokens[0].info) if tokens[0].info.isdigit() else None
        yield Item(start + 1, "\n".join(dedented).strip(), tuple(quotes), number)


def _offset(line: str) -> int:
    found = re.match(r"\s*(?:[-*+]|\d{1,9}[.)])(\s*)", line)
    if not found:
        return 0
    return found.end() if len(found[1]) <= 4 else found.end() - len(found[1]) + 1


def _dedent(line: str, offset: int) -> str:
    return line[min(offset, len(line) - len(line.lstrip(" "))) :]


def unquote(source: str) -> str:
    """The text of a quote without its marks."""
    return "\n".join(re.sub(r"^ {0,3}> ?", "", line) for line in source.split("\n")).strip("\n")


def inline_links(source: str) -> Iterator[Token]:
    """Link and image tokens of a stretch of inline text."""
    for token in _parser.parseInline(source):
        yield from (child for child in token.children or () if child.type in ("link_open", "image"))


def words_of(tokens: Iterable[Token]) -> str:
    """The visible words of inline tokens."""
    return "".join(
        " " if token.type in ("softbreak", "hardbreak") else token.content
        for token in tokens
        if token.type in ("text", "code_inline", "softbreak", "hardbreak", "image")
    )


def inline_words(source: str) -> str:
    """The visible words of a stretch of inline Markdown."""
    return " ".join(words_of(_parser.parseInline(source)[0].children or ()).split())
