"""Ids that questions keep when their wording changes, and quizzes when their title does. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from elearn.content.chip_edits import with_chips
from elearn.content.chips import Name
from elearn.content.heads import PLACES, Head, heads_in
from elearn.content.places import QuestionPlace, free_id, questions_in, taken_ids, write_ids
from elearn.content.reader import tidy

ALIKE = 0.5  # how much of two questions must be the same for one to be the other, reworded
Named = TypeVar("Named", QuestionPlace, Head)


def with_ids(path: str, old: str, new: str, taken: set[str]) -> str:
    """A text in which every question has its id, and a quiz under a new title the key it had.

    ``old`` is what the file said before; a question that was only reworded keeps the id that
    stood in for it there. ``taken`` are the ids of the other files.
    """
    text = _with_keys(path, old, new) if old != new else new
    after = questions_in(path, tidy(text))
    if all(place.id for place in after):
        return text
    before = questions_in(path, tidy(old)) if old != new else after
    kept = _renamed(before, after, _words)
    used = {*taken, *(place.id for place in after if place.id)}
    named = [
        (place, free_id(kept.get(at, place.default), used))
        for at, place in enumerate(after)
        if not place.id
    ]
    return write_ids(text, named)


def of_course(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """The files of a course whose questions were given an id."""
    taken = taken_ids(new.values())
    named: dict[str, str] = {}
    for path, text in new.items():
        written = with_ids(path, old.get(path, text), text, taken)
        if written != text:
            named[path] = written
            taken |= taken_ids([written])
    return named


def _with_keys(path: str, old: str, new: str) -> str:
    """The text in which quizzes, surveys and reflections under new titles say their old keys."""
    before = [head for head in heads_in(path, tidy(old)) if head.default]
    after = [head for head in heads_in(path, tidy(new)) if head.default]
    for at, key in sorted(_renamed(before, after, _place).items(), reverse=True):
        head = after[at]
        changes = {Name.ID: [f"#{key}"]}
        new = with_chips(new, head.chip_lines, head.heading_end, PLACES[head.role], changes)
    return new


def _renamed(
    before: Sequence[Named], after: Sequence[Named], words: Callable[[Named], str]
) -> dict[int, str]:
    """The ids of those that are gone, by the place of what they have become."""
    old, new = [_key(each) for each in before], [_key(each) for each in after]
    gone = [each for each in before if _key(each) not in new]
    renamed: dict[int, str] = {}
    for at, each in enumerate(after):
        if each.id or _key(each) in old:
            continue
        scores = [(_alike(words(each), words(other)), other) for other in gone]
        best = max(scores, key=lambda pair: pair[0], default=(0.0, None))
        if best[1] is not None and best[0] >= ALIKE:
            renamed[at] = _key(best[1])
            gone.remove(best[1])
    return renamed


def _key(each: QuestionPlace | Head) -> str:
    return each.id or each.default


def _words(place: QuestionPlace) -> str:
    return f"{place.title}\n{place.source}"


def _place(head: Head) -> str:
    """What a quiz is besides its title: its kind, level and text."""
    body = "\n".join(block.source for block in head.body)
    return f"{head.role} {head.level} {head.questions} {body} {head.title}"


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()
