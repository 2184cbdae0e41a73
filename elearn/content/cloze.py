"""Cloze: gaps written as ``[[…]]`` in the text of a question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from elearn.content import messages as say
from elearn.content.answers import several, typed_key
from elearn.content.chips import Name
from elearn.content.course import Shape
from elearn.content.found import Answer, Found, fold
from elearn.content.keys import Gap
from elearn.content.listed import MAX_PARTS
from elearn.content.parts import Kind

# Code stays code: what stands between backticks is no gap.
PIECE = re.compile(
    r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))|\[\[(?P<gap>.+?)\]\]", re.S
)
PICKED = re.compile(r"\((.+)\)$", re.DOTALL)
# A gap on its way through the renderer: characters no author can type by accident.
OPEN, CLOSE = "\ue000", "\ue001"
MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")
BLANK = "____"


def gaps_in(text: str) -> list[tuple[int, str]]:
    """What stands in each gap of a text, and how many lines below its beginning."""
    return [
        (text.count("\n", 0, found.start()), found["gap"])
        for found in PIECE.finditer(text)
        if found["gap"]
    ]


def has_gaps(found: Found) -> bool:
    """Whether the title or the text of a question has gaps."""
    return any(gaps_in(part.text) for part in found.texts)


def is_cloze(found: Found) -> bool:
    """Gaps, and no other sign of an answer."""
    no_key = found.key is None and (found.choices is None or found.choices.kind is not Kind.TASKS)
    return no_key and has_gaps(found)


def build_cloze(found: Found) -> Answer | None:
    """The gaps in the order of the text."""
    written = [
        (part.line + below, content)
        for part in found.texts
        for below, content in gaps_in(part.text)
    ]
    gaps = [_gap(found, line, content.strip()) for line, content in written]
    if None in gaps:
        return None
    if len(gaps) > MAX_PARTS:
        found.report.error(found.line, say.TOO_MANY_PARTS.format(limit=MAX_PARTS))
        return None
    return Answer(Shape.CLOZE, gaps=tuple(gap for gap in gaps if gap))


def _gap(found: Found, line: int, content: str) -> Gap | None:
    parts = several(content)
    try:
        if len(parts) > 1 and any(PICKED.match(part) for part in parts):
            return _picked(parts, in_order=not found.chips.get(Name.SHUFFLED, True))
        typos = found.chips.get(Name.TYPOS, 0)
        return Gap(typed_key(" ".join(content.split()), found.language, typos))
    except ValueError as problem:
        found.report.error(line, str(problem))
        return None


def _picked(parts: list[str], *, in_order: bool) -> Gap:
    """A drop-down; by default in the order of the alphabet, which tells nothing."""
    right = tuple(" ".join(found[1].split()) for part in parts if (found := PICKED.match(part)))
    choices = [" ".join(PICKED.sub(r"\1", part).split()) for part in parts]
    if len({fold(choice) or choice for choice in choices}) < len(choices):
        raise ValueError(say.CLOZE_SAME)
    if len(right) == len(choices):
        raise ValueError(say.ALL_TICKED)
    if not in_order:
        choices.sort(key=str.casefold)
    return Gap(None, tuple(choices), right)


def marked(texts: list[str]) -> list[str]:
    """The texts with a mark in place of each gap, numbered through."""
    numbers = count()
    return [_marked(text, numbers) for text in texts]


def _marked(text: str, numbers: Iterator[int]) -> str:
    bare = text.replace(OPEN, "").replace(CLOSE, "")
    return PIECE.sub(lambda f: f[0] if f["code"] else f"{OPEN}{next(numbers)}{CLOSE}", bare)


def without_gaps(text: str) -> str:
    """A text without its gaps, so that a name made from it tells no answer."""
    return PIECE.sub(lambda found: found[0] if found["code"] else " ", text)


def blanked(html: str) -> str:
    """Finished HTML with a numbered blank in place of each gap."""
    return MARK.sub(lambda found: f"({int(found[1]) + 1}) {BLANK}", html)


def pieces_of(html: str, gaps: int) -> tuple[str, ...] | None:
    """Finished HTML cut at its gaps; None where a gap landed inside a tag, a link or code."""
    outside = re.sub(r"<a\b.*?</a>|<[^>]*>", "", html, flags=re.DOTALL)
    if [int(n) for n in MARK.findall(outside)] != list(range(gaps)):
        return None
    return tuple(MARK.split(html)[::2])
