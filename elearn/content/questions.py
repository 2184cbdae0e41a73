"""Questions: the shape of the text is the type of the question.

A heading's blocks become parts; the parts that hold the key are found; the first recogniser that
matches them builds the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from elearn.content import messages as say
from elearn.content.chips import Chips, Name
from elearn.content.cloze import gaps_in, is_cloze, marked
from elearn.content.course import Shape
from elearn.content.essays import is_essay
from elearn.content.found import Answer, Found
from elearn.content.listed import is_answer_list, is_matching, is_ordering
from elearn.content.parts import ASIDE, CHOICES, Kind, Part, is_generic, parts_of
from elearn.content.problems import FileReport
from elearn.content.shapes import RECOGNISERS, is_keyed_list, is_ticked
from elearn.content.structure import Block

# What stands before an answer and is not part of what is asked.
UNSHOWN = (Kind.HINT, Kind.EXPLANATION, Kind.RUBRIC)


@dataclass(frozen=True)
class Draft:
    """A question read but not yet rendered."""

    line: int
    title: str
    stem: str
    answer: Answer
    chips: Chips
    hints: tuple[str, ...] = ()
    explanation: str = ""


@dataclass
class _Key:
    """The parts of a question around its key."""

    stem: list[Part] = field(default_factory=list)
    held: list[Part] = field(default_factory=list)
    after: list[Part] = field(default_factory=list)
    extra: list[Part] = field(default_factory=list)


def _find_key(parts: list[Part]) -> _Key:
    marks = [
        index for index, part in enumerate(parts) if part.kind in (Kind.TASKS, Kind.KEY, Kind.SCALE)
    ]
    if not marks:
        return _find_unmarked(parts)
    first = last = marks[0]
    if parts[first].kind is Kind.KEY:
        first = _list_before(parts, first)
        if not parts[last].text and last + 1 < len(parts) and parts[last + 1].kind in CHOICES:
            last += 1
    else:
        last = _key_after(parts, first) or first
    held = [parts[index] for index in range(first, last + 1) if parts[index].kind not in ASIDE]
    between = [parts[index] for index in range(first, last + 1) if parts[index].kind in ASIDE]
    extra = [parts[index] for index in marks if not first <= index <= last]
    return _Key(parts[:first], held, between + parts[last + 1 :], extra)


def _find_unmarked(parts: list[Part]) -> _Key:
    """Without a key line or boxes the last block with an answer's shape is looked at."""
    index = len(parts)
    while index and parts[index - 1].kind in ASIDE:
        index -= 1
    if index and parts[index - 1].kind in CHOICES:
        return _Key(parts[: index - 1], [parts[index - 1]], parts[index:])
    return _Key(parts[:index], [], parts[index:])


def _list_before(parts: list[Part], index: int) -> int:
    """The list that a key line points into: directly before it, quotes aside."""
    place = index - 1
    while place >= 0 and parts[place].kind in (Kind.QUOTE, Kind.HINT):
        place -= 1
    return place if place >= 0 and parts[place].kind in (Kind.LIST, Kind.LETTERS) else index


def _key_after(parts: list[Part], index: int) -> int:
    """A key line that serves a task list without ticks."""
    place = index + 1
    while place < len(parts) and parts[place].kind is Kind.QUOTE:
        place += 1
    unticked = not any(choice.ticked for choice in parts[index].choices)
    serves = place < len(parts) and parts[place].kind is Kind.KEY and bool(parts[place].text)
    return place if unticked and serves else 0


@dataclass(frozen=True)
class Heading:
    """The heading of a question and what it is called."""

    title: str
    line: int


def read_question(
    heading: Heading, chips: Chips, blocks: list[Block], language: str, report: FileReport
) -> Draft | None:
    """The question under a heading, or None with every reason noted."""
    parts = parts_of(blocks, report)
    key = _find_key(parts)
    for part in key.extra:
        first = key.held[0].line if key.held else heading.line
        report.error(part.line, say.SECOND_KEY.format(first=first))
    _refuse_text_after(key, report)
    found = _found(heading, chips, key, language, report)
    answer = _recognise(found)
    stem = _stem(key, found)
    if not stem and is_generic(heading.title):
        report.error(heading.line, say.NO_STEM)
        return None
    if answer is None or key.extra:
        return None
    _refuse_useless_chips(chips, answer, report)
    title = heading.title
    if answer.gaps:
        title, stem = marked([title, stem])
    asides = key.stem + key.after
    explanations = [
        p.text
        for p in asides
        if p.kind is Kind.EXPLANATION or (p in key.after and p.kind is Kind.QUOTE)
    ]
    hints = tuple(part.text for part in asides if part.kind is Kind.HINT and part.text)
    return Draft(heading.line, title, stem, answer, chips, hints, "\n\n".join(explanations))


def _found(heading: Heading, chips: Chips, key: _Key, language: str, report: FileReport) -> Found:
    choices = next((part for part in key.held if part.kind in CHOICES), None)
    mark = next((part for part in key.held if part.kind in (Kind.KEY, Kind.SCALE)), None)
    rubric = next((p for p in key.stem + key.after if p.kind is Kind.RUBRIC), None)
    stem = (part for part in key.stem if part.kind not in UNSHOWN)
    texts = (Part(Kind.TEXT, heading.line, heading.title), *stem, *key.held)
    return Found(heading.title, heading.line, chips, language, report, choices, mark, rubric, texts)


def _recognise(found: Found) -> Answer | None:
    for recogniser in RECOGNISERS:
        if recogniser.matches(found):
            return None if _has_second_key(found) else recogniser.build(found)
    line = found.key.line if found.key else found.choices.line if found.choices else found.line
    found.report.error(line, say.NO_KEY.format(hint=_no_key_hint(found)))
    return None


def _has_second_key(found: Found) -> bool:
    """Gaps in the text beside another answer, or a rubric without an essay: a note says where."""
    if found.rubric and not is_essay(found):
        found.report.error(found.rubric.line, say.RUBRIC_USELESS)
        return True
    held = (found.choices, found.key)
    outside = [(p.line + n, p) for p in found.texts if p not in held for n, _ in gaps_in(p.text)]
    if not outside or (is_cloze(found) and not (is_matching(found) or is_ordering(found))):
        return False
    first = (found.key or found.choices or outside[0][1]).line
    found.report.error(outside[0][0], say.SECOND_KEY.format(first=first))
    return True


def _no_key_hint(found: Found) -> str:
    if found.rubric:
        return say.HINT_ESSAY
    if found.choices and found.choices.ordered:
        return say.HINT_ORDERING
    if found.choices:
        return say.HINT_KEY_LINE
    if any(re.search(r"^\s*[-*]\[", part.text, re.M) for part in found.texts):
        return say.HINT_SPACE
    return ""


def _stem(key: _Key, found: Found) -> str:
    """The text before the answer; a list that turned out to be no choice stays in it."""
    parts = [part for part in key.stem if part.kind not in UNSHOWN]
    uses_list = (
        (found.key is None and not is_cloze(found))
        or is_ticked(found)
        or is_keyed_list(found)
        or is_answer_list(found)
    )
    if found.choices and not uses_list:
        parts.append(found.choices)
    return "\n\n".join(_source(part) for part in parts).strip("\n")


def _uses_list(found: Found) -> bool:
    """Whether the list is the answer."""
    if found.key is None:
        return not is_cloze(found)
    return is_ticked(found) or is_keyed_list(found) or is_answer_list(found)


def _source(part: Part) -> str:
    if part.kind is Kind.QUOTE and not part.text.lstrip().startswith(">"):
        return "\n".join(f"> {line}" for line in part.text.split("\n"))
    return part.text


def _refuse_text_after(key: _Key, report: FileReport) -> None:
    marks = (Kind.KEY, Kind.SCALE, Kind.TASKS)
    for part in key.after:
        if part.kind not in ASIDE and part.kind not in marks:
            report.error(part.line, say.TEXT_AFTER_ANSWER)
            return


USEFUL = {
    Name.PARTIAL: ((Shape.MULTIPLE,), "pilihan ganda dengan beberapa jawaban benar"),
    Name.TYPOS: ((Shape.TEXT, Shape.CLOZE), "isian singkat dan isian rumpang"),
    Name.SHUFFLED: (
        (Shape.SINGLE, Shape.MULTIPLE, Shape.MATCHING, Shape.CLOZE),
        "pilihan, menjodohkan, dan isian rumpang",
    ),
    Name.ORDERING: ((Shape.ORDERING,), "mengurutkan"),
}


def _refuse_useless_chips(chips: Chips, answer: Answer, report: FileReport) -> None:
    for name, (shapes, words) in USEFUL.items():
        if name in chips and answer.shape not in shapes:
            message = say.CHIP_USELESS.format(chip=chips.written[name], shape=words)
            report.error(chips.line, message)
