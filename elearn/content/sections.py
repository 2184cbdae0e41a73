"""A page of Markdown falls into sections: text, checks, quizzes, reflections; and its lint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from elearn.content import messages as say
from elearn.content.parts import has_boxes, is_key_line
from elearn.content.problems import FileReport, nearest
from elearn.content.structure import Block, Kind
from elearn.markup import CALLOUTS


class Role(StrEnum):
    """What a heading begins."""

    TEXT = "text"
    CHECK = "Cek pemahaman"
    QUIZ = "Kuis"
    POOL = "Kelompok"
    REFLECTION = "Refleksi"
    SURVEY = "Survei"
    BANK = "Bank"


WORDS = {
    "cek pemahaman": Role.CHECK,
    "check": Role.CHECK,
    "kuis": Role.QUIZ,
    "quiz": Role.QUIZ,
    "kelompok": Role.POOL,
    "pool": Role.POOL,
    "refleksi": Role.REFLECTION,
    "reflection": Role.REFLECTION,
    "survei": Role.SURVEY,
    "survey": Role.SURVEY,
    "bank": Role.BANK,
}
_NAMES = "|".join(sorted(WORDS, key=len, reverse=True))
ROLE = re.compile(rf"(?:\*\*)?({_NAMES})\s*[:：](?:\*\*)?\s*(.*)$", re.IGNORECASE | re.DOTALL)
BARE = re.compile(rf"({_NAMES})$", re.IGNORECASE)
TITLE_NUMBER = re.compile(r"\d{1,3}[.)]\s+(?=\S)")
SAFE_RAW = frozenset({"br", "sub", "sup", "kbd", "abbr", "mark", "del", "ins", "small", "u", "s"})
RAW_TAG = re.compile(r"</?([a-zA-Z][\w-]*)")
CALLOUT_MARK = re.compile(r"\s*>\s*\[!([^\]\s]*)\]")
LIST_INDENT = 4


@dataclass(frozen=True)
class Section:
    """A heading (none for leading text) and the blocks below it."""

    role: Role
    title: str
    line: int
    level: int
    blocks: tuple[Block, ...]


def clean_title(title: str) -> str:
    """A title without the number that only gives the order."""
    return TITLE_NUMBER.sub("", " ".join(title.split()), count=1).strip()


def role_of(block: Block) -> tuple[Role, str]:
    """What a heading begins, and its name without the keyword."""
    found = ROLE.match(clean_title(block.title))
    if found:
        return WORDS[found[1].lower()], clean_title(found[2].strip("* "))
    return Role.TEXT, clean_title(block.title)


def split(blocks: tuple[Block, ...]) -> Iterator[Section]:
    """The sections of a page in order."""
    role, title, line, level = Role.TEXT, "", 0, 0
    held: list[Block] = []
    for block in blocks:
        found = role_of(block)[0] if block.kind is Kind.HEADING else None
        if found is not None and _ends(role, level, block.level, found):
            yield Section(role, title, line, level, tuple(held))
            held = []
            role, title, line, level = found, role_of(block)[1], block.start, block.level
            if found is not Role.TEXT:
                continue
        held.append(block)
    yield Section(role, title, line, level, tuple(held))


def _ends(role: Role, level: int, next_level: int, following: Role) -> bool:
    """Whether a heading ends the section it stands in."""
    if role is Role.TEXT:
        return following is not Role.TEXT
    if role in (Role.CHECK, Role.POOL):
        return True
    if role is Role.QUIZ:
        return next_level <= level
    return next_level <= level or following is not Role.TEXT


def take_title(blocks: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    """The title at the head of a page, and the blocks below it."""
    rest = [block for block in blocks if block.kind is not Kind.COMMENT]
    first = rest[0] if rest else None
    if first is None or first.kind is not Kind.HEADING or first.level != 1:
        return "", tuple(rest)
    role, name = role_of(first)
    return (name, tuple(rest[1:])) if role is Role.TEXT else (name, tuple(rest))


def check_headings(blocks: tuple[Block, ...], report: FileReport) -> None:
    """Warn of levels that jump, refuse keywords without a colon or a name."""
    before = 1
    for number, block in enumerate(block for block in blocks if block.kind is Kind.HEADING):
        if role_of(block)[0] is Role.CHECK:  # shown as a question, not as a heading
            _check_keyword(block, is_title=False, report=report)
            continue
        if block.level > before + 1:
            wanted = "#" * (before + 1)
            message = say.HEADING_JUMP.format(
                before="#" * before, after="#" * block.level, wanted=f"`{wanted}`"
            )
            report.warn(block.start, message)
        elif block.level == 1 and number:
            report.warn(block.start, say.SECOND_TITLE)
        before = block.level
        _check_keyword(block, is_title=block.level == 1 and not number, report=report)


def _check_keyword(block: Block, *, is_title: bool, report: FileReport) -> None:
    bare = BARE.match(clean_title(block.title))
    if bare and not is_title:
        report.error(block.start, say.HEADING_NO_COLON.format(word=bare[1]))
    role, name = role_of(block)
    if role is not Role.TEXT and not name:
        report.error(block.start, say.HEADING_NO_NAME.format(word=role))


def check_text(blocks: tuple[Block, ...], report: FileReport) -> None:
    """What stands outside questions holds no keys, and shows as it was meant."""
    for block in blocks:
        if _shows_key(block):
            report.error(block.start, say.KEY_OUTSIDE)
        if block.kind is Kind.QUOTE:
            _check_callout(block, report)
        if block.kind is Kind.LIST:
            _check_list(block, report)
        _check_raw(block, report)


def _shows_key(block: Block) -> bool:
    if block.kind is Kind.LIST:
        return has_boxes(block.items)
    if block.kind not in (Kind.PARAGRAPH, Kind.QUOTE):
        return False
    lines = (line for token in block.tokens for line in token.content.split("\n"))
    return any(is_key_line(line) for line in lines)


def _check_callout(block: Block, report: FileReport) -> None:
    found = CALLOUT_MARK.match(block.source)
    if found and found[1].upper() not in CALLOUTS:
        choices = ", ".join(word for word in CALLOUTS if CALLOUTS[word][1].upper() == word)
        hint = nearest(found[1].upper(), CALLOUTS)
        message = say.CALLOUT_UNKNOWN.format(word=found[1][:40], hint=hint, choices=choices)
        report.error(block.start, message)


def _check_list(block: Block, report: FileReport) -> None:
    """Markdown wants four spaces where CommonMark is content with less."""
    if any(token.type == "list_item_open" and token.markup == ")" for token in block.tokens):
        report.warn(block.start, say.LIST_PARENTHESIS)
    rows = block.source.split("\n")
    parents: list[int] = []
    for token in block.tokens:
        if token.type == "list_item_close":
            parents.pop()
        if not token.map or token.nesting < 0 or token.type == "inline":
            continue
        row = token.map[0] - block.start + 1
        indent = len(rows[row]) - len(rows[row].lstrip(" ")) if row < len(rows) else 0
        if token.type == "list_item_open":
            parents.append(row)
        elif parents and row > parents[-1] and _is_shallow(rows[parents[-1]], indent, token.level):
            report.warn(token.map[0] + 1, say.LIST_NEEDS_INDENT)
            return


def _is_shallow(parent: str, indent: int, level: int) -> bool:
    own = len(parent) - len(parent.lstrip(" "))
    return level > 1 and indent - own < LIST_INDENT


def _check_raw(block: Block, report: FileReport) -> None:
    for token in block.tokens:
        raw = [token] if token.type == "html_block" else (token.children or [])
        for piece in raw:
            if piece.type in ("html_block", "html_inline") and _is_odd_raw(piece.content):
                report.warn(block.start, say.RAW_HTML)
                return


def _is_odd_raw(content: str) -> bool:
    return any(tag.lower() not in SAFE_RAW for tag in RAW_TAG.findall(content))
