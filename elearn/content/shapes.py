"""The shapes of answers: one recogniser each; a new shape is one entry in ``RECOGNISERS``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from elearn.content import messages as say
from elearn.content.answers import several, typed_key
from elearn.content.chips import STAYS, Name, option_chips
from elearn.content.cloze import build_cloze, is_cloze
from elearn.content.course import Shape
from elearn.content.essays import build_essay, is_essay, is_scale, refuse_scale
from elearn.content.found import Answer, Found, OptionDraft, fold
from elearn.content.keys import FULL_PERCENT, NumberKey
from elearn.content.listed import (
    build_answer_list,
    build_matching,
    build_ordering,
    is_answer_list,
    is_matching,
    is_ordering,
    percent_of,
)
from elearn.content.parts import Choice, Kind, Part
from elearn.content.problems import excerpt
from elearn.content.structure import inline_words


@dataclass(frozen=True)
class Recogniser:
    """One shape: ``matches`` looks, ``build`` makes the answer or notes why it cannot."""

    matches: Callable[[Found], bool]
    build: Callable[[Found], Answer | None]


LETTER_LIST = re.compile(r"[A-Za-z](?:\s*(?:,|dan|and|&|;)\s*[A-Za-z])*[.)]?$")
NUMBER_LIST = re.compile(r"\d{1,2}(?:\s*(?:,|dan|and|&|;)\s*\d{1,2})*[.)]?$")
TRUE_WORDS = ("benar", "true", "betul")
FALSE_WORDS = ("salah", "false")


def is_ticked(found: Found) -> bool:
    return found.choices is not None and found.choices.kind is Kind.TASKS


def is_keyed_list(found: Found) -> bool:
    """A list and ``Kunci: b``. ``Jawaban: 12`` after a list in the stem is a number."""
    if found.key is None or found.choices is None:
        return False
    text = found.key.text.strip()
    if found.key.word.startswith(("kunci", "key", "answer key")):
        return True
    if LETTER_LIST.match(text) or found.choices.kind is Kind.LETTERS:
        return True
    if fold(text) and fold(text) in (fold(choice.text) for choice in found.choices.choices):
        return True
    numbers = re.findall(r"\d+", text) if NUMBER_LIST.match(text) else []
    return bool(numbers) and all(int(n) <= len(found.choices.choices) for n in numbers)


def _is_true_false(found: Found) -> bool:
    return bool(found.key and _truth(found.key.text) is not None)


def _is_typed(found: Found) -> bool:
    return bool(found.key and several(found.key.text))


def _bare(text: str) -> str:
    return text.strip().strip("*_`.").strip().lower()


def _truth(text: str) -> bool | None:
    word = _bare(text)
    if word in TRUE_WORDS:
        return True
    return False if word in FALSE_WORDS else None


def _build_ticked(found: Found) -> Answer | None:
    assert found.choices is not None  # noqa: S101  # is_ticked
    if found.key is not None and found.key.text:
        return _build_keyed(found)
    return _build_choice(found, found.choices.choices)


def _build_keyed(found: Found) -> Answer | None:
    assert found.choices is not None and found.key is not None  # noqa: S101, PT018  # is_keyed_list
    choices = found.choices.choices
    picked = _picked(found.key.text, found.choices)
    if not picked or not all(0 <= index < len(choices) for index in picked):
        last = chr(ord("A") + min(len(choices), 26) - 1)
        message = say.KEY_NOT_IN_LIST.format(key=excerpt(found.key.text), first="A", last=last)
        found.report.error(found.key.line, message)
        return None
    if _may_be_number(found):
        letter = chr(ord("A") + picked[0])
        message = say.KEY_AMBIGUOUS.format(key=excerpt(found.key.text), letter=letter)
        found.report.error(found.key.line, message)
        return None
    ticked = tuple(replace(c, ticked=i in picked) for i, c in enumerate(choices))
    return _build_choice(found, ticked)


def _may_be_number(found: Found) -> bool:
    """``Jawaban: 2`` after bullets: the second one, or the number two?"""
    assert found.choices is not None and found.key is not None  # noqa: S101, PT018  # is_keyed_list
    plain = not found.key.word.startswith(("kunci", "key", "answer key"))
    bullets = found.choices.kind is Kind.LIST and not found.choices.ordered
    return plain and bullets and bool(NUMBER_LIST.match(found.key.text.strip()))


def _picked(text: str, part: Part) -> list[int]:
    """The positions a key names: letters, numbers, or the words of an option."""
    text = text.strip().strip("*_`")
    if LETTER_LIST.match(text):
        letters = re.sub(r"\b(?:dan|and)\b", " ", text)
        return [ord(letter.lower()) - ord("a") for letter in re.findall(r"[A-Za-z]", letters)]
    if NUMBER_LIST.match(text):
        start = part.choices[0].number if part.ordered and part.choices[0].number else 1
        places = [int(number) - start for number in re.findall(r"\d+", text)]
        if all(0 <= place < len(part.choices) for place in places):
            return places
    wanted = fold(text)
    return [i for i, c in enumerate(part.choices) if fold(inline_words(c.text)) == wanted][:1]


def _build_choice(found: Found, choices: tuple[Choice, ...]) -> Answer | None:
    options = tuple(_option(found, choice) for choice in choices)
    correct = sum(option.correct for option in options)
    complaint = _choice_complaint(options, correct)
    if complaint:
        found.report.error(found.choices.line if found.choices else found.line, complaint)
        return None
    shape = Shape.SINGLE if correct == 1 else Shape.MULTIPLE
    if _are_true_false(options):
        shape = Shape.TRUE_FALSE
    _refuse_percents(found, options, shape)
    return Answer(shape, options)


def _choice_complaint(options: tuple[OptionDraft, ...], correct: int) -> str:
    if len(options) < 2:
        return say.ONE_OPTION
    if not correct:
        return say.NO_KEY.format(hint="")
    if _are_true_false(options) and correct == 2:
        return say.TRUE_FALSE_BOTH
    return say.ALL_TICKED if correct == len(options) else ""


def _option(found: Found, choice: Choice) -> OptionDraft:
    text, chips = option_chips(choice.text)
    percent = percent_of(found, choice.line, chips)
    if not text.strip():
        found.report.error(choice.line, say.EMPTY_OPTION)
    feedback = "\n\n".join(choice.feedback)
    stays = any(chip in STAYS for chip in chips)
    text = text.strip()
    return OptionDraft(choice.line, text, bool(choice.ticked), feedback, stays, percent)


def _refuse_percents(found: Found, options: tuple[OptionDraft, ...], shape: Shape) -> None:
    """A percent stands on a wrong option of a single choice: what picking it earns all the same."""
    for option in options:
        if option.percent is None:
            continue
        if shape is not Shape.SINGLE:
            found.report.error(option.line, say.OPTION_PERCENT)
        elif (option.percent == FULL_PERCENT) is not option.correct:
            found.report.error(option.line, say.OPTION_PERCENT_KEY)


def _are_true_false(options: tuple[OptionDraft, ...]) -> bool:
    return [_truth(option.text) for option in options] in ([True, False], [False, True])


def _build_true_false(found: Found) -> Answer:
    assert found.key is not None  # noqa: S101  # _is_true_false
    truth = _truth(found.key.text)
    words = ("Benar", "Salah") if found.language == "id" else ("True", "False")
    line = found.key.line
    return Answer(
        Shape.TRUE_FALSE,
        (OptionDraft(line, words[0], truth is True), OptionDraft(line, words[1], truth is False)),
    )


def _build_typed(found: Found) -> Answer | None:
    assert found.key is not None  # noqa: S101  # _is_typed
    text = " ".join(found.key.text.split())
    try:
        key = typed_key(text, found.language, found.chips.get(Name.TYPOS, 0))
    except ValueError as problem:
        found.report.error(found.key.line, str(problem))
        return None
    return Answer(Shape.NUMBER if isinstance(key, NumberKey) else Shape.TEXT, key=key)


# Order matters: what is told apart by a word or a box comes before what takes any text.
RECOGNISERS: tuple[Recogniser, ...] = (
    Recogniser(is_scale, refuse_scale),
    Recogniser(is_essay, build_essay),
    Recogniser(is_ticked, _build_ticked),
    Recogniser(is_answer_list, build_answer_list),
    Recogniser(is_keyed_list, _build_keyed),
    Recogniser(_is_true_false, _build_true_false),
    Recogniser(_is_typed, _build_typed),
    Recogniser(is_cloze, build_cloze),
    Recogniser(is_matching, build_matching),
    Recogniser(is_ordering, build_ordering),
)
