"""Keeps text that is only text from being read as structure when it is written as Markdown."""

from __future__ import annotations

import re

from elearn.content.parts import BOX, KEYWORD, LETTERED, ODD_BOX
from elearn.content.sections import BARE, ROLE, TITLE_NUMBER
from elearn.content.structure import Block, Kind, parse

UNDERLINE = re.compile(r"\s*(?:=+|-+)\s*")
GAP = re.compile(r"(?<=\[)\[")
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
LETTER_MARK = re.compile(r"(\s*[A-Za-z])([.)])(\s)")
MARK = re.compile(r"[\\`*_\[\]<>#|~]|&(?=[#\w]+;)")
ORDER_MARK = re.compile(r"^(\s*\d{1,9})([.)])", re.MULTILINE)


def literal(text: str) -> str:
    """Markdown that shows a plain text as it is."""
    escaped = MARK.sub(lambda found: "\\" + found[0], text)
    escaped = ORDER_MARK.sub(r"\1\\\2", escaped)
    return re.sub(r"^(\s*)([-+=])", r"\1\\\2", escaped, flags=re.MULTILINE)


def title_line(title: str, *, with_gaps: bool = False) -> str:
    """A title on one line that begins no quiz, bank or pool of its own."""
    line = " ".join(title.split())
    line = line if with_gaps else without_gaps(line)
    if ROLE.match(line):
        line = re.sub(r"([:：])", r"\\\1", line, count=1)
    elif BARE.match(line):
        line += "."
    line = TITLE_NUMBER.sub(lambda found: re.sub(r"([.)])", r"\\\1", found[0]), line, count=1)
    return re.sub(r"(\s)(#+)$", r"\1\\\2", line)


def block_text(text: str, *, with_gaps: bool = False) -> str:
    """Text of several paragraphs without headings, boxes and lines that give a key."""
    lines = text.strip("\n").split("\n")
    for block in parse(text.strip("\n")).blocks:
        place = slice(block.start - 1, block.end)
        lines[place] = _guarded(block, lines[place], with_gaps=with_gaps)
    return "\n".join(lines)


def _guarded(block: Block, lines: list[str], *, with_gaps: bool) -> list[str]:
    if block.kind is Kind.HEADING:
        return [_no_heading(line) for line in lines]
    if block.kind not in (Kind.PARAGRAPH, Kind.LIST, Kind.QUOTE):
        return lines
    if not with_gaps:
        lines = without_gaps("\n".join(lines)).split("\n")
    if block.kind is Kind.LIST:
        return [_no_box(line) for line in lines]
    return [_no_keyword(line) for line in lines]


def _no_heading(line: str) -> str:
    return "" if UNDERLINE.fullmatch(line) else re.sub(r"^(\s*)#", r"\1\\#", line)


def _no_box(line: str) -> str:
    found = re.match(r"\s*(?:[-*+]|\d{1,9}[.)])\s+", line)
    rest = line[found.end() :] if found else ""
    boxed = found and (BOX.match(rest) or ODD_BOX.match(rest))
    return f"{line[: found.end()]}\\{rest}" if found and boxed else line


def _no_keyword(line: str) -> str:
    quote = re.match(r"[ >]*", line)
    begin = quote.end() if quote else 0
    if not KEYWORD.match(line[begin:]):
        return line
    return line[:begin] + re.sub(r"([:：])", r"\\\1", line[begin:], count=1)


def without_letters(text: str) -> str:
    """A text whose last paragraph holds no lettered lines: before a key they would be options."""
    blocks = parse(text).blocks
    if not blocks or blocks[-1].kind is not Kind.PARAGRAPH:
        return text
    lines = text.split("\n")
    lettered = [n for n in range(blocks[-1].start - 1, len(lines)) if LETTERED.match(lines[n])]
    for number in lettered if len(lettered) > 1 else ():
        lines[number] = LETTER_MARK.sub(r"\1\\\2\3", lines[number], count=1)
    return "\n".join(lines)


def without_keywords(text: str) -> str:
    """A text in which no line begins with ``Jawaban:``, ``Petunjuk:`` and the like."""
    return "\n".join(map(_no_keyword, text.split("\n")))


def without_gaps(text: str) -> str:
    """A text in which ``[[`` is two brackets, code aside."""
    pieces, end = [], 0
    for found in CODE.finditer(text):
        pieces += [GAP.sub(r"\\[", text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*pieces, GAP.sub(r"\\[", text[end:])])
