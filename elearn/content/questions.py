"""The question shapes: the shape of the text is the type of the question.

A heading's blocks become parts (text, lists, keys, hints, quotes); the parts that hold the key
are found; the first recogniser that matches them builds the answer. A new shape is one recogniser
in ``RECOGNISERS``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from elearn.content import messages as say
from elearn.content.answers import NotANumber, number_key, several, text_key
from elearn.content.chips import Chips, Name, option_chips
from elearn.content.course import NumberKey, Shape, TextKey
from elearn.content.problems import FileReport, excerpt
from elearn.content.structure import Block, Item, inline_words, unquote
from elearn.content.structure import Kind as BlockKind


class Kind(StrEnum):
    """What a part of a question is."""

    TEXT = "text"
    TASKS = "tasks"
    LIST = "list"
    LETTERS = "letters"
    KEY = "key"
    SCALE = "scale"
    HINT = "hint"
    EXPLANATION = "explanation"
    QUOTE = "quote"


CHOICES = (Kind.TASKS, Kind.LIST, Kind.LETTERS)
ASIDE = (Kind.HINT, Kind.EXPLANATION, Kind.QUOTE)


@dataclass(frozen=True)
class Choice:
    """One item that may be picked. ``ticked`` is None where there is no box."""

    line: int
    text: str
    feedback: tuple[str, ...] = ()
    ticked: bool | None = None
    number: int | None = None


@dataclass(frozen=True)
class Part:
    """A stretch of a question with its source line."""

    kind: Kind
    line: int
    text: str
    choices: tuple[Choice, ...] = ()
    ordered: bool = False
    word: str = ""


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
class Draft:
    """A question read but not yet rendered."""

    line: int
    title: str
    stem: str
    answer: Answer
    chips: Chips
    hints: tuple[str, ...] = ()
    explanation: str = ""


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


_BOLD = r"(?:\*\*|__)?"
KEYWORD = re.compile(
    rf"\s*{_BOLD}(?P<word>jawaban|jawab|kunci(?:\s+jawaban)?|answer(?:\s+key)?|key|petunjuk|hint"
    rf"|pembahasan|penjelasan|explanation|skala|scale|rubrik|rubric){_BOLD}\s*[:：]\s*{_BOLD}"
    r"(?P<rest>.*)$",
    re.IGNORECASE,
)
HINT_WORDS = ("petunjuk", "hint")
EXPLANATION_WORDS = ("pembahasan", "penjelasan", "explanation")
SCALE_WORDS = ("skala", "scale", "rubrik", "rubric")
BOX = re.compile(r"\[\s*(?P<tick>[xXvV✓✔√]?)\s*\](?![(\[:])\s*")
ODD_BOX = re.compile(r"\[\s*(?P<tick>[^\w\s\[\]]|[a-zA-Z])\s*\](?![(\[:])")
LETTERED = re.compile(r"\s*(?P<letter>[A-Za-z])[.)]\s+(?P<text>\S.*)$")
GENERIC = re.compile(
    r"(?:soal|pertanyaan|nomor|no\.?|question|latihan)?\s*(?:no\.?\s*|nomor\s*)?\d*\s*[.:)]?\s*$",
    re.IGNORECASE,
)


def is_key_line(line: str) -> bool:
    """Whether a line gives a key away: ``Jawaban:``, ``Kunci:`` and their synonyms."""
    found = KEYWORD.match(line)
    return bool(found) and _kind_of(found["word"]) is Kind.KEY  # type: ignore[index]  # found


def has_boxes(items: tuple[Item, ...]) -> bool:
    """Whether a list is a task list."""
    return any(BOX.match(item.text) for item in items)


def is_generic(title: str) -> bool:
    """Whether a heading such as "Soal 1" says nothing of the question."""
    return bool(GENERIC.match(title.strip()))


def _kind_of(word: str) -> Kind:
    folded = word.lower()
    if folded in HINT_WORDS:
        return Kind.HINT
    if folded in EXPLANATION_WORDS:
        return Kind.EXPLANATION
    return Kind.SCALE if folded in SCALE_WORDS else Kind.KEY


def parts_of(blocks: list[Block], report: FileReport) -> list[Part]:
    """The parts of a question; lists broken by a quote at the margin are whole again."""
    parts: list[Part] = []
    for block in blocks:
        for part in _split_block(block, report):
            _join(parts, part)
    return parts


def _split_block(block: Block, report: FileReport) -> Iterator[Part]:
    if block.kind is BlockKind.LIST:
        yield _list_part(block, report)
    elif block.kind is BlockKind.QUOTE:
        text = unquote(block.source)
        if text.lstrip().startswith("[!"):
            yield Part(Kind.QUOTE, block.start, block.source)
        else:
            yield from _split_lines(text, block.start, Kind.QUOTE)
    elif block.kind is BlockKind.PARAGRAPH:
        yield from _split_lines(block.source, block.start, Kind.TEXT)
    elif block.kind not in (BlockKind.RULE, BlockKind.COMMENT):
        yield Part(Kind.TEXT, block.start, block.source)


def _split_lines(text: str, start: int, kind: Kind) -> Iterator[Part]:
    """A paragraph or quote, cut where a line begins with a keyword."""
    word, line, kept = "", start, []
    for number, row in enumerate(text.split("\n"), start):
        found = KEYWORD.match(row)
        if found:
            yield from _line_part(kind, line, word, kept)
            word, line, kept = found["word"], number, [found["rest"]]
        else:
            kept.append(row)
    yield from _line_part(kind, line, word, kept)


def _line_part(kind: Kind, line: int, word: str, rows: list[str]) -> Iterator[Part]:
    text = "\n".join(rows).strip("\n")
    if word:
        yield Part(_kind_of(word), line, text.strip(), word=word.lower())
    elif text.strip() and kind is Kind.TEXT:
        yield from _lettered(text, line)
    elif text.strip():
        yield Part(kind, line, text)


def _lettered(text: str, line: int) -> Iterator[Part]:
    """Options may be the last lines of a paragraph: ``a. …``, ``b. …``."""
    rows = text.split("\n")
    choices: list[Choice] = []
    first = len(rows)
    for index, row in enumerate(rows):
        found = LETTERED.match(row)
        if found and found["letter"].lower() == chr(ord("a") + len(choices)):
            first = first if choices else index
            choices.append(Choice(line + index, found["text"]))
        elif choices:
            choices[-1] = replace(choices[-1], text=f"{choices[-1].text}\n{row.strip()}")
    if len(choices) < 2:
        yield Part(Kind.TEXT, line, text)
        return
    if first:
        yield Part(Kind.TEXT, line, "\n".join(rows[:first]))
    yield Part(Kind.LETTERS, line + first, "\n".join(rows[first:]), tuple(choices))


def _list_part(block: Block, report: FileReport) -> Part:
    tasks = has_boxes(block.items)
    choices = []
    for item in block.items:
        box = BOX.match(item.text) if tasks else None
        if tasks and not box:
            odd = ODD_BOX.match(item.text)
            report.error(
                item.line, say.BAD_TICK.format(tick=odd["tick"]) if odd else say.MIXED_LIST
            )
        text = item.text[box.end() :] if box else item.text
        ticked = bool(box["tick"]) if box else None
        choices.append(Choice(item.line, text.strip(), item.quotes, ticked, item.number))
    kind = Kind.TASKS if tasks else Kind.LIST
    return Part(kind, block.start, block.source, tuple(choices), block.ordered)


def _join(parts: list[Part], part: Part) -> None:
    """Add a part; a list after a quote (or another bullet) continues the list before it."""
    quotes = []
    while len(quotes) < len(parts) and parts[-1 - len(quotes)].kind is Kind.QUOTE:
        quotes.append(parts[-1 - len(quotes)])
    before = parts[-1 - len(quotes)] if len(parts) > len(quotes) else None
    if before is None or before.kind is not part.kind or part.kind not in (Kind.TASKS, Kind.LIST):
        parts.append(part)
        return
    if part.kind is Kind.LIST and not quotes:
        parts.append(part)
        return
    last = before.choices[-1]
    feedback = last.feedback + tuple(quote.text for quote in reversed(quotes))
    choices = (*before.choices[:-1], replace(last, feedback=feedback), *part.choices)
    del parts[len(parts) - len(quotes) - 1 :]
    parts.append(replace(before, text=f"{before.text}\n{part.text}", choices=choices))


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
    elif _key_after(parts, first):
        last = _key_after(parts, first)
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


def _is_answer_list(found: Found) -> bool:
    choices = found.choices
    return bool(
        found.key and not found.key.text and choices is not None and choices.kind is not Kind.TASKS
    )


def _is_ticked(found: Found) -> bool:
    return found.choices is not None and found.choices.kind is Kind.TASKS


def _is_keyed_list(found: Found) -> bool:
    """A list and ``Kunci: b``. ``Jawaban: 12`` after a list in the stem is a number."""
    if found.key is None or found.choices is None:
        return False
    text = found.key.text.strip()
    if found.key.word.startswith(("kunci", "key", "answer key")):
        return True
    if LETTER_LIST.match(text) or found.choices.kind is Kind.LETTERS:
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
    assert found.choices is not None  # noqa: S101  # _is_ticked
    if found.key is not None and found.key.text:
        return _build_keyed(found)
    return _build_choice(found, found.choices.choices)


def _build_keyed(found: Found) -> Answer | None:
    assert found.choices is not None and found.key is not None  # noqa: S101, PT018  # _is_keyed_list
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
    assert found.choices is not None and found.key is not None  # noqa: S101, PT018  # _is_keyed_list
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
        return [int(number) - start for number in re.findall(r"\d+", text)]
    wanted = fold(text)
    return [i for i, c in enumerate(part.choices) if fold(inline_words(c.text)) == wanted][:1]


def _build_choice(found: Found, choices: tuple[Choice, ...]) -> Answer | None:
    options = tuple(_option(found, choice) for choice in choices)
    correct = sum(option.correct for option in options)
    complaint = _choice_complaint(found, options, correct)
    if complaint:
        found.report.error(found.choices.line if found.choices else found.line, complaint)
        return None
    if _are_true_false(options):
        return Answer(Shape.TRUE_FALSE, options)
    return Answer(Shape.SINGLE if correct == 1 else Shape.MULTIPLE, options)


def _choice_complaint(found: Found, options: tuple[OptionDraft, ...], correct: int) -> str:
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
    Recogniser(_is_ticked, _build_ticked),
    Recogniser(_is_answer_list, _not_yet("daftar jawaban")),
    Recogniser(_is_keyed_list, _build_keyed),
    Recogniser(_is_true_false, _build_true_false),
    Recogniser(_is_number, _build_number),
    Recogniser(_is_text, _build_text),
    Recogniser(_is_matching, _not_yet("menjodohkan")),
    Recogniser(_is_ordering, _not_yet("mengurutkan")),
    Recogniser(_is_cloze, _not_yet("isian rumpang")),
)


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
    asides = key.stem + key.after
    explanations = [
        p.text
        for p in asides
        if p.kind is Kind.EXPLANATION or p in key.after and p.kind is Kind.QUOTE
    ]
    hints = tuple(part.text for part in asides if part.kind is Kind.HINT and part.text)
    return Draft(heading.line, heading.title, stem, answer, chips, hints, "\n\n".join(explanations))


def _found(heading: Heading, chips: Chips, key: _Key, language: str, report: FileReport) -> Found:
    choices = next((part for part in key.held if part.kind in CHOICES), None)
    mark = next((part for part in key.held if part.kind in (Kind.KEY, Kind.SCALE)), None)
    texts = (Part(Kind.TEXT, heading.line, heading.title), *key.stem, *key.held)
    return Found(heading.title, heading.line, chips, language, report, choices, mark, texts)


def _recognise(found: Found) -> Answer | None:
    for recogniser in RECOGNISERS:
        if recogniser.matches(found):
            return recogniser.build(found)
    line = found.key.line if found.key else found.choices.line if found.choices else found.line
    found.report.error(line, say.NO_KEY.format(hint=_no_key_hint(found)))
    return None


def _no_key_hint(found: Found) -> str:
    if found.choices and found.choices.ordered:
        return say.HINT_ORDERING
    if found.choices:
        return say.HINT_KEY_LINE
    if any(re.search(r"^\s*[-*]\[", part.text, re.M) for part in found.texts):
        return say.HINT_SPACE
    return ""


def _stem(key: _Key, found: Found) -> str:
    """The text before the answer; a list that turned out to be no choice stays in it."""
    parts = [part for part in key.stem if part.kind not in (Kind.HINT, Kind.EXPLANATION)]
    uses_list = (
        found.key is None or _is_ticked(found) or _is_keyed_list(found) or _is_answer_list(found)
    )
    if found.choices and not uses_list:
        parts.append(found.choices)
    return "\n\n".join(_source(part) for part in parts).strip("\n")


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
    Name.TYPOS: ((Shape.TEXT,), "isian singkat"),
    Name.SHUFFLED: ((Shape.SINGLE, Shape.MULTIPLE), "pilihan"),
    Name.ORDERING: ((), "mengurutkan"),
}


def _refuse_useless_chips(chips: Chips, answer: Answer, report: FileReport) -> None:
    for name, (shapes, words) in USEFUL.items():
        if name in chips and answer.shape not in shapes:
            message = say.CHIP_USELESS.format(chip=chips.written[name], shape=words)
            report.error(chips.line, message)


def fold(text: str) -> str:
    """Text for comparison: no case, accents, punctuation or spare spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(letters.split())
