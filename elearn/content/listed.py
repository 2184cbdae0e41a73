"""Answers written as a list: several expected answers, matching, ordering."""

from __future__ import annotations

import re

from elearn.content import messages as say
from elearn.content.answers import typed_key
from elearn.content.chips import STAYS, Name, option_chips
from elearn.content.course import Shape
from elearn.content.found import (
    Answer,
    ExpectedDraft,
    Found,
    OptionDraft,
    PromptDraft,
    fold,
)
from elearn.content.keys import FULL_PERCENT, NumberKey
from elearn.content.parts import Choice, Kind, Part
from elearn.content.problems import excerpt
from elearn.content.structure import inline_words

ARROW = re.compile(r"(?:^|\s)(?:→|->|=>)(?:\s|$)")
ORDER_WORDS = re.compile(r"urut|langkah|tahap|order|sequence|steps?\b", re.IGNORECASE)
MAX_PARTS = 40


def is_matching(found: Found) -> bool:
    """A list with an arrow in every item."""
    choices = found.choices
    return (
        found.key is None
        and choices is not None
        and choices.kind is Kind.LIST
        and Name.ORDERING not in found.chips
        and all(ARROW.search(choice.text) for choice in choices.choices)
    )


def is_ordering(found: Found) -> bool:
    """A numbered list whose title asks for an order, or that says so by a chip."""
    if found.key or found.choices is None or not found.choices.ordered:
        return False
    named = ORDER_WORDS.search(found.title) or Name.ORDERING in found.chips
    return found.choices.kind is Kind.LIST and bool(named)


def is_answer_list(found: Found) -> bool:
    """A key line without an answer of its own, and a list below it."""
    choices = found.choices
    return bool(
        found.key and not found.key.text and choices is not None and choices.kind is not Kind.TASKS
    )


def build_answer_list(found: Found) -> Answer | None:
    """Accepted and foreseen answers; one of them at least earns everything."""
    part = _choices(found)
    drafts = [_expected(found, choice) for choice in part.choices]
    expected = tuple(draft for draft in drafts if draft)
    if len(expected) < len(drafts):
        return None
    if all(draft.percent < FULL_PERCENT for draft in expected):
        found.report.error(part.line, say.EXPECTED_NO_FULL)
        return None
    _warn_of_same(found, [choice for choice in part.choices if choice.text.strip()])
    numbers = all(isinstance(draft.key, NumberKey) for draft in expected)
    return Answer(Shape.NUMBER if numbers else Shape.TEXT, expected=expected)


def _expected(found: Found, choice: Choice) -> ExpectedDraft | None:
    text, chips = option_chips(choice.text)
    if any(chip in STAYS for chip in chips):
        found.report.error(choice.line, say.STAYS_USELESS.format(chip=chips[0]))
        return None
    percent = percent_of(found, choice.line, chips)
    if percent is not None and not 0 <= percent <= FULL_PERCENT:
        return None
    try:
        key = typed_key(" ".join(text.split()), found.language, found.chips.get(Name.TYPOS, 0))
    except ValueError as problem:
        found.report.error(choice.line, str(problem))
        return None
    full = FULL_PERCENT if percent is None else percent
    return ExpectedDraft(choice.line, key, full, "\n\n".join(choice.feedback))


def percent_of(found: Found, line: int, chips: list[str]) -> int | None:
    """The percent among the chips of an item. Notes what is out of range or said twice."""
    written = [chip for chip in chips if chip.endswith("%")]
    if len(written) > 1:
        found.report.error(line, say.CHIP_TWICE.format(chip=written[0]))
    if not written:
        return None
    percent = int(written[-1].rstrip("% "))
    if percent > FULL_PERCENT:
        message = say.CHIP_RANGE.format(chip=written[-1], low=0, high=FULL_PERCENT)
        found.report.error(line, message)
    return percent


def _warn_of_same(found: Found, choices: list[Choice]) -> None:
    seen: set[str] = set()
    for choice in choices:
        folded = fold(option_chips(choice.text)[0])
        if folded and folded in seen:
            found.report.warn(choice.line, say.SAME_OPTIONS)
        seen.add(folded)


def build_matching(found: Found) -> Answer | None:
    """Pairs, and right sides that belong to nothing. Two left sides may share a right side."""
    part = _choices(found)
    sides = [_sides(found, choice) for choice in part.choices]
    if None in sides or not _is_sized(found, part):
        return None
    options: list[OptionDraft] = []
    places: dict[str, int] = {}
    prompts: list[PromptDraft] = []
    for choice, (left, right) in zip(part.choices, filter(None, sides), strict=True):
        place = places.setdefault(fold(right) or right, len(options))
        if place == len(options):
            options.append(OptionDraft(choice.line, right, False, "\n\n".join(choice.feedback)))
        if left:
            options[place] = _as_right(options[place])
            prompts.append(PromptDraft(choice.line, left, place))
    complaint = _matching_complaint(prompts)
    if complaint:
        found.report.error(part.line, complaint)
        return None
    return Answer(Shape.MATCHING, tuple(options), prompts=tuple(prompts))


def _as_right(option: OptionDraft) -> OptionDraft:
    return OptionDraft(option.line, option.text, True, option.feedback)


def _sides(found: Found, choice: Choice) -> tuple[str, str] | None:
    sides = [side.strip() for side in ARROW.split(choice.text)]
    if len(sides) != 2:
        found.report.error(choice.line, say.MATCHING_ARROWS)
        return None
    if not inline_words(sides[1]).strip():
        found.report.error(choice.line, say.MATCHING_NO_RIGHT)
        return None
    return sides[0], sides[1]


def _matching_complaint(prompts: list[PromptDraft]) -> str:
    if len(prompts) < 2:
        return say.MATCHING_ONE
    lefts = [fold(prompt.text) or prompt.text for prompt in prompts]
    twice = next(
        (p.text for p, left in zip(prompts, lefts, strict=True) if lefts.count(left) > 1), ""
    )
    return say.MATCHING_TWICE.format(text=excerpt(twice)) if twice else ""


def build_ordering(found: Found) -> Answer | None:
    """Steps in the order in which they are written."""
    part = _choices(found)
    if not _is_sized(found, part):
        return None
    texts = [fold(choice.text) or choice.text for choice in part.choices]
    for choice, text in zip(part.choices, texts, strict=True):
        if not choice.text.strip():
            found.report.error(choice.line, say.EMPTY_OPTION)
            return None
        if texts.count(text) > 1:
            found.report.error(choice.line, say.ORDERING_TWICE.format(text=excerpt(choice.text)))
            return None
    if len(texts) < 2:
        found.report.error(part.line, say.ORDERING_ONE)
        return None
    steps = (
        OptionDraft(c.line, c.text.strip(), True, "\n\n".join(c.feedback)) for c in part.choices
    )
    return Answer(Shape.ORDERING, tuple(steps))


def _is_sized(found: Found, part: Part) -> bool:
    if len(part.choices) <= MAX_PARTS:
        return True
    found.report.error(part.line, say.TOO_MANY_PARTS.format(limit=MAX_PARTS))
    return False


def _choices(found: Found) -> Part:
    assert found.choices is not None  # noqa: S101  # looked at before building
    return found.choices
