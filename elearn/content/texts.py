"""Where the text of a file stands: what is no front matter, title, or frame of questions. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from elearn.content.frontmatter import split as split_matter
from elearn.content.places import document_of, is_bank
from elearn.content.sections import Role, split, take_title
from elearn.content.structure import Block, Kind


@dataclass(frozen=True)
class TextPlace:
    """A stretch of text by its first and last line (from 1); ``end`` before ``start`` is none."""

    start: int
    end: int
    source: str


@dataclass(frozen=True)
class TitlePlace:
    """The heading that is the title of a page; ``role`` is what it begins besides."""

    title: str
    role: Role
    start: int
    end: int


def title_in(path: str, text: str) -> TitlePlace | None:
    """The title at the head of a file, where one is written there."""
    blocks = document_of(path, text).blocks
    title, rest = take_title(blocks)
    first = next((block for block in blocks if block.kind is not Kind.COMMENT), None)
    if first is None or not title:
        return None
    role = next((s.role for s in split(rest) if s.line == first.start), Role.TEXT)
    return TitlePlace(title, role, first.start, first.end)


def texts_in(path: str, text: str) -> list[TextPlace]:
    """The stretches of text of a file in order; the first may be empty, so that there is one."""
    lines = text.split("\n")
    if is_bank(path):
        return []
    head = _first_line(text) + 1
    title = title_in(path, text)
    covered = set(range(1, head))
    if title and title.role is Role.TEXT:
        covered |= set(range(title.start, title.end + 1))
    held = list(_framed(path, text))
    for start, end in held:
        covered |= set(range(start, end + 1))
    found = list(_stretches(lines, covered))
    begin = title.end + 1 if title and title.role is Role.TEXT else head
    first = min((start for start, _ in held), default=len(lines) + 1)
    if not any(place.start < first for place in found):
        found.insert(0, TextPlace(begin, begin - 1, ""))
    return found


def _first_line(text: str) -> int:
    """How many lines the front matter takes."""
    head, body, closed = split_matter(text)
    return head.count("\n") + 3 - (not head) if body != text and closed else 0


def text_end(path: str, text: str) -> int:
    """The line after which more text may stand: before the first question, or the last line."""
    first = min((start for start, _ in _framed(path, text)), default=0)
    return first - 1 if first else len(text.rstrip().split("\n"))


def _framed(path: str, text: str) -> Iterator[tuple[int, int]]:
    """The lines of checks, quizzes, surveys and reflections."""
    blocks = document_of(path, text).blocks
    ends = {block.start: block.end for block in blocks}
    for section in split(take_title(blocks)[1]):
        if section.role is not Role.TEXT:
            yield section.line, _last(section.blocks, ends[section.line])


def _last(blocks: tuple[Block, ...], heading_end: int) -> int:
    return blocks[-1].end if blocks else heading_end


def _stretches(lines: list[str], covered: set[int]) -> Iterator[TextPlace]:
    start = 0
    for number in range(1, len(lines) + 2):
        is_held = number in covered or number > len(lines)
        if not is_held and not start:
            start = number
        elif is_held and start:
            yield from _trimmed(lines, start, number - 1)
            start = 0


def _trimmed(lines: list[str], start: int, end: int) -> Iterator[TextPlace]:
    while start <= end and not lines[start - 1].strip():
        start += 1
    while end >= start and not lines[end - 1].strip():
        end -= 1
    if start <= end:
        yield TextPlace(start, end, "\n".join(lines[start - 1 : end]))
