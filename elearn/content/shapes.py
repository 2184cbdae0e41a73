"""The shapes of answers: one recogniser each; a new shape is one entry in ``RECOGNISERS``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from elearn.content import messages as say
from elearn.content.answers import NotANumber, number_key, several, text_key
from elearn.content.chips import Chips, Name, option_chips
from elearn.content.course import Shape
from elearn.content.keys import NumberKey, TextKey
from elearn.content.parts import Choice, Kind, Part
from elearn.content.problems import FileReport, excerpt
from elearn.content.structure import inline_words


@dataclass(frozen=True)
class OptionDraft:
    """An option before rendering."""

    line: int
    text: str
    correct: bool
    feedback: str = ""
    stays_last: bool = False


@dataclass(frozen=True)
class Answer:
    """What a recogniser makes of the parts that hold the key."""

    shape: Shape
    options: tuple[OptionDraft, ...] = ()
    key: TextKey | NumberKey | None = None


@dataclass(frozen=True)
class Found:
    """Where the key is: the list, the key line, or both."""

    title: str
    line: int
    chips: Chips
    language: str
    report: FileReport
    choices: Part | None = None
    key: Part | None = None
    texts: tuple[Part, ...] = ()
    follows_directly: bool = False


@dataclass(frozen=True)
class Recogniser:
    """One shape: ``matches`` looks, ``build`` makes the answer or notes why it cannot."""

    matches: Callable[[Found], bool]
    build: Callable[[Found], Answer | None]


def _not_yet(name: str) -> Callable[[Found], Answer | None]:
    def build(found: Found) -> None:
        place = found.key or found.choices
        line = place.line if place else found.line
        found.report.error(line, say.SHAPE_NOT_YET.format(name=name))

    return build


ARROW = re.compile(r"(?:^|\s)(?:→|->|=>)(?:\s|$)")
CLOZE = re.compile(r"\[\[.+?\]\]", re.DOTALL)
ORDER_WORDS = re.compile(r"urut|langkah|tahap|order|sequence|steps?\b", re.IGNORECASE)
ESSAY_WORDS = ("uraian", "esai", "essay")
LETTER_LIST = re.compile(r"[A-Za-z](?:\s*(?:,|dan|and|&|;)\s*[A-Za-z])*[.)]?$")
NUMBER_LIST = re.compile(r"\d{1,2}(?:\s*(?:,|dan|and|&|;)\s*\d{1,2})*[.)]?$")
TRUE_WORDS = ("benar", "true", "betul")
FALSE_WORDS = ("salah", "false")


def _is_essay(found: Found) -> bool:
    return bool(found.key and _bare(found.key.text) in ESSAY_WORDS)


def _is_scale(found: Found) -> bool:
    return bool(found.key and found.key.kind is Kind.SCALE)


def _is_matching(found: Found) -> bool:
    choices = found.choices
    return (
        found.key is None
        and choices is not None
        and choices.kind is Kind.LIST
        and all(ARROW.search(choice.text) for choice in choices.choices)
    )


def _is_ordering(found: Found) -> bool:
    if found.key or found.choices is None or not found.choices.ordered:
        return False
    named = ORDER_WORDS.search(found.title) or Name.ORDERING in found.chips
    return found.choices.kind is Kind.LIST and bool(named)


def _is_cloze(found: Found) -> bool:
    no_key = found.key is None and (found.choices is None or found.choices.kind is not Kind.TASKS)
    return no_key and any(CLOZE.search(part.text) for part in found.texts)


def is_answer_list(found: Found) -> bool:
    choices = found.choices
    return bool(
        found.key and not found.key.text and choices is not None and choices.kind is not Kind.TASKS
    )


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


def _is_number(found: Found) -> bool:
    if found.key is None or len(several(found.key.text)) != 1:
        return False
    try:
        number_key(found.key.text, found.language)
    except NotANumber as problem:
        return bool(problem.complaint)
    return True


def _is_text(found: Found) -> bool:
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
    if _are_true_false(options):
        return Answer(Shape.TRUE_FALSE, options)
    return Answer(Shape.SINGLE if correct == 1 else Shape.MULTIPLE, options)


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
    for chip in chips:
        if chip.endswith("%"):
            found.report.error(choice.line, say.OPTION_PERCENT.format(chip=chip))
    if not text.strip():
        found.report.error(choice.line, say.EMPTY_OPTION)
    feedback = "\n\n".join(choice.feedback)
    stays = any(not chip.endswith("%") for chip in chips)
    return OptionDraft(choice.line, text.strip(), bool(choice.ticked), feedback, stays)


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


def _build_number(found: Found) -> Answer | None:
    assert found.key is not None  # noqa: S101  # _is_number
    try:
        return Answer(Shape.NUMBER, key=number_key(found.key.text, found.language))
    except NotANumber as problem:
        found.report.error(found.key.line, problem.complaint)
        return None


def _build_text(found: Found) -> Answer | None:
    assert found.key is not None  # noqa: S101  # _is_text
    text = " ".join(found.key.text.split())
    if len(several(text)) > 1 and all(_reads_as_number(p, found.language) for p in several(text)):
        found.report.error(found.key.line, say.NUMBER_SEVERAL)
        return None
    try:
        return Answer(Shape.TEXT, key=text_key(text, found.chips.get(Name.TYPOS, 0)))
    except ValueError as problem:
        found.report.error(found.key.line, str(problem))
        return None


def _reads_as_number(text: str, language: str) -> bool:
    try:
        return not number_key(text, language).unit
    except NotANumber:
        return False


# Order matters: what is told apart by a word or a box comes before what takes any text.
RECOGNISERS: tuple[Recogniser, ...] = (
    Recogniser(_is_scale, _not_yet("skala atau rubrik")),
    Recogniser(_is_essay, _not_yet("uraian")),
    Recogniser(is_ticked, _build_ticked),
    Recogniser(is_answer_list, _not_yet("daftar jawaban")),
    Recogniser(is_keyed_list, _build_keyed),
    Recogniser(_is_true_false, _build_true_false),
    Recogniser(_is_number, _build_number),
    Recogniser(_is_text, _build_text),
    Recogniser(_is_matching, _not_yet("menjodohkan")),
    Recogniser(_is_ordering, _not_yet("mengurutkan")),
    Recogniser(_is_cloze, _not_yet("isian rumpang")),
)


def fold(text: str) -> str:
    """Text for comparison: no case, accents, punctuation or spare spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(letters.split())
