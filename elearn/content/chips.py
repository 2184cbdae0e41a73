"""Chips: pieces of inline code that hold everything optional."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from elearn.content import messages as say
from elearn.content.course import CompetencyLevel, Difficulty, Reveal
from elearn.content.problems import FileReport, excerpt, nearest
from elearn.content.structure import Block, Kind, words_of

ID = re.compile(r"#([a-z0-9]+(?:[-._][a-z0-9]+)*)$")
MAX_ID = 60
MAX_POINTS = 100
MAX_DRAW = 500
MAX_WORDS = 2_000
MAX_LEVEL = 5


class Place(StrEnum):
    """What a chip line stands under."""

    QUESTION = "soal"
    QUIZ = "kuis"
    POOL = "kelompok"
    REFLECTION = "refleksi"
    SURVEY = "survei"
    SURVEY_QUESTION = "pertanyaan survei"


class Name(StrEnum):
    """What a chip says."""

    ID = "id"
    POINTS = "points"
    COMPETENCY = "competency"
    DIFFICULTY = "difficulty"
    SHUFFLED = "shuffled"
    PARTIAL = "partial"
    TYPOS = "typos"
    ORDERING = "ordering"
    VOID = "void"
    PASS = "pass"  # noqa: S105  # a pass mark
    ATTEMPTS = "attempts"
    TIME = "time"
    SHUFFLE_QUESTIONS = "shuffle_questions"
    REVEAL = "reveal"
    DRAW = "draw"
    WORDS = "words"
    ANONYMOUS = "anonymous"
    SEVERAL = "several"


Q, Z, P, R = Place.QUESTION, Place.QUIZ, Place.POOL, Place.REFLECTION
S, SQ = Place.SURVEY, Place.SURVEY_QUESTION


@dataclass(frozen=True)
class Rule:
    """One kind of chip: its shape, where it may stand, and how its value is read."""

    name: Name
    pattern: re.Pattern[str]
    places: tuple[Place, ...]
    read: Callable[[re.Match[str]], Any]
    low: int = 0
    high: int = 0
    repeatable: bool = False


def _rule(name: Name, pattern: str, places: tuple[Place, ...], read: Any, **more: Any) -> Rule:
    return Rule(name, re.compile(rf"(?:{pattern})$", re.IGNORECASE), places, read, **more)


def _number(found: re.Match[str]) -> int:
    return int(next(group for group in found.groups() if group))


DIFFICULTIES = {
    "mudah": Difficulty.EASY,
    "easy": Difficulty.EASY,
    "sedang": Difficulty.MEDIUM,
    "medium": Difficulty.MEDIUM,
    "sulit": Difficulty.HARD,
    "hard": Difficulty.HARD,
}
REVEALS = {
    "setelah lulus": Reveal.AFTER_PASS,
    "after pass": Reveal.AFTER_PASS,
    "after passing": Reveal.AFTER_PASS,
    "setelah kirim": Reveal.AFTER_SUBMIT,
    "after submit": Reveal.AFTER_SUBMIT,
    "after submitting": Reveal.AFTER_SUBMIT,
    "tidak pernah": Reveal.NEVER,
    "never": Reveal.NEVER,
}
RULES: tuple[Rule, ...] = (
    _rule(Name.ID, r"#(\S+)", (Q, Z, R, S, SQ), lambda found: found[1]),
    _rule(
        Name.POINTS, r"([0-9]{1,9}) *(?:poin|points?|pts?)", (Q,), _number, low=1, high=MAX_POINTS
    ),
    _rule(
        Name.COMPETENCY,
        r"@([A-Za-z0-9][A-Za-z0-9._-]*)(?:: *([0-9]{1,3}))?",
        (Q, P),
        lambda found: CompetencyLevel(found[1].upper(), int(found[2] or 0)),
        repeatable=True,
    ),
    _rule(
        Name.DIFFICULTY,
        "(" + "|".join(DIFFICULTIES) + ")",
        (Q, P),
        lambda found: DIFFICULTIES[found[1].lower()],
    ),
    _rule(Name.SHUFFLED, r"acak|shuffled?", (Q,), lambda _: True),
    _rule(Name.SHUFFLED, r"urut(?:an)? tetap|fixed(?: order)?", (Q,), lambda _: False),
    _rule(Name.PARTIAL, r"parsial|partial", (Q,), lambda _: True),
    _rule(Name.TYPOS, r"(?:salah ketik|typos?) *([0-9]{1,9})", (Q,), _number, low=0, high=3),
    _rule(Name.ORDERING, r"urutkan|order(?:ing)?", (Q,), lambda _: True),
    _rule(Name.VOID, r"anulir|void", (Q,), lambda _: True),
    _rule(Name.PASS, r"(?:lulus|pass) *([0-9]{1,9}) *%?", (Z,), _number, low=1, high=100),
    _rule(
        Name.ATTEMPTS,
        r"(?:maks(?:imal)?|max) *([0-9]{1,9}) *(?:kali|x|attempts?|times?)?"
        r"|([0-9]{1,9}) *(?:kali|x)",
        (Z,),
        _number,
        low=1,
        high=100,
    ),
    _rule(
        Name.TIME,
        r"(?:waktu|time) *([0-9]{1,9}) *(?:menit|minutes?|min)",
        (Z,),
        _number,
        low=1,
        high=480,
    ),
    _rule(Name.SHUFFLE_QUESTIONS, r"acak soal|shuffle questions", (Z,), lambda _: True),
    _rule(
        Name.REVEAL,
        r"(?:buka pembahasan|pembahasan|reveal) *:? *(" + "|".join(REVEALS) + ")",
        (Z,),
        lambda found: REVEALS[found[1].lower()],
    ),
    _rule(Name.ANONYMOUS, r"nilai anonim|anonymous marking", (Z,), lambda _: True),
    _rule(Name.SEVERAL, r"boleh beberapa|several", (SQ,), lambda _: True),
    _rule(Name.DRAW, r"(?:ambil|draw) *([0-9]{1,9})", (P,), _number, low=1, high=MAX_DRAW),
    _rule(
        Name.WORDS,
        r"min(?:imal|imum)? *([0-9]{1,9}) *(?:kata|words?)",
        (R,),
        _number,
        low=1,
        high=MAX_WORDS,
    ),
)
KNOWN = (
    "2 poin", "@M.05:2", "mudah", "sedang", "sulit", "acak", "urut tetap", "parsial",
    "salah ketik 1", "urutkan", "anulir", "lulus 70%", "maks 3 kali", "waktu 20 menit",
    "acak soal", "buka pembahasan: setelah lulus", "buka pembahasan: setelah kirim",
    "buka pembahasan: tidak pernah", "ambil 2", "min 50 kata", "nilai anonim", "boleh beberapa",
    "easy", "medium", "hard", "partial",
    "shuffle", "fixed order", "max 3 attempts",
)  # fmt: skip


@dataclass
class Chips:
    """The chips of one heading by what they say."""

    line: int = 0
    values: dict[Name, list[Any]] = field(default_factory=dict)
    written: dict[Name, str] = field(default_factory=dict)
    block: Block | None = None

    def get(self, name: Name, default: Any = None) -> Any:
        """The value of a chip, or the default."""
        return self.values[name][0] if name in self.values else default

    def all(self, name: Name) -> list[Any]:
        """All values of a repeatable chip."""
        return self.values.get(name, [])

    def __contains__(self, name: Name) -> bool:
        return name in self.values


def take_chips(
    blocks: list[Block], place: Place, codes: Iterable[str], report: FileReport
) -> tuple[Chips, list[Block]]:
    """The chips under a heading, and the blocks after them. Notes every chip that is amiss."""
    chips = Chips()
    rest = [block for block in blocks if block.kind is not Kind.COMMENT]
    while rest and rest[0].kind is Kind.PARAGRAPH:
        codes_here = _codes(rest[0])
        if codes_here is None:
            break
        chips.block = rest[0]
        chips.line = chips.line or rest[0].start
        for line, text in codes_here:
            _add(chips, _Found(line, text, place), frozenset(codes), report)
        rest = rest[1:]
    if rest and rest[0].kind is Kind.PARAGRAPH:
        _refuse_bare(rest[0], place, report)
    return chips, rest


@dataclass(frozen=True)
class _Found:
    line: int
    text: str
    place: Place


def _codes(block: Block) -> list[tuple[int, str]] | None:
    """The code spans of a paragraph that holds nothing else."""
    found = []
    for line, child in block.inlines():
        if child.type == "code_inline":
            found.append((line, " ".join(child.content.split())))
        elif child.type == "text" and not child.content.strip(" ·•,;|\u00a0"):
            continue
        elif child.type not in ("softbreak", "hardbreak"):
            return None
    return found or None


def _add(chips: Chips, found: _Found, codes: frozenset[str], report: FileReport) -> None:
    rule, match = _match(found.text, found.place)
    if rule is None or match is None:
        message = say.CHIP_UNKNOWN.format(chip=excerpt(found.text), hint=nearest(found.text, KNOWN))
        report.error(found.line, message)
        return
    if found.place not in rule.places:
        message = say.CHIP_NOT_HERE.format(chip=found.text, place=found.place)
        report.error(found.line, message)
        return
    value = rule.read(match)
    complaint = _complaint(rule, value, found, codes)
    if complaint:
        report.error(found.line, complaint)
    elif rule.name in chips and not rule.repeatable:
        report.error(found.line, say.CHIP_TWICE.format(chip=excerpt(found.text)))
    elif value not in chips.all(rule.name):
        chips.values.setdefault(rule.name, []).append(value)
        chips.written[rule.name] = found.text


def _match(text: str, place: Place) -> tuple[Rule | None, re.Match[str] | None]:
    """The rule for a chip, one that may stand here before one that may not."""
    for rule in sorted(RULES, key=lambda rule: place not in rule.places):
        match = rule.pattern.match(text)
        if match:
            return rule, match
    return None, None


def name_of(text: str, place: Place) -> Name | None:
    """What a chip says where it stands; None for an unknown one."""
    rule, _ = _match(" ".join(text.split()), place)
    return rule.name if rule and place in rule.places else None


def _complaint(rule: Rule, value: Any, found: _Found, codes: frozenset[str]) -> str:
    chip = excerpt(found.text)
    if rule.name is Name.ID and (not ID.match(found.text) or len(value) > MAX_ID):
        return say.CHIP_BAD_ID.format(chip=chip)
    if rule.high and not rule.low <= value <= rule.high:
        return say.CHIP_RANGE.format(chip=chip, low=rule.low, high=rule.high)
    if rule.name is Name.COMPETENCY:
        return _competency_complaint(value, chip, found, codes)
    return ""


def _competency_complaint(
    value: CompetencyLevel, chip: str, found: _Found, codes: frozenset[str]
) -> str:
    if value.code not in codes:
        return say.COMPETENCY_UNKNOWN.format(code=value.code, hint=nearest(value.code, codes))
    if ":" in chip and not 1 <= value.level <= MAX_LEVEL:
        return say.COMPETENCY_LEVEL.format(code=value.code)
    if ":" not in chip and found.place is Place.QUESTION:
        return say.COMPETENCY_NO_LEVEL.format(code=value.code)
    return ""


def _refuse_bare(block: Block, place: Place, report: FileReport) -> None:
    """Chip words without backticks would show as text and mean nothing."""
    for line, text in _bare_lines(block):
        first = next(_bare_chips(text, place), "")
        if first:
            report.error(line, say.CHIP_NO_BACKTICKS.format(chip=first))


def _bare_lines(block: Block) -> Iterator[tuple[int, str]]:
    by_line: dict[int, list[Any]] = {}
    for line, child in block.inlines():
        by_line.setdefault(line, []).append(child)
    for line, children in by_line.items():
        yield line, words_of(child for child in children if child.type != "code_inline")


def _bare_chips(text: str, place: Place) -> Iterator[str]:
    """The chips of a line, if it is made of nothing else and one is beyond doubt."""
    words = text.replace("·", " ").replace(",", " ").split()
    found = []
    while words:
        for length in range(min(5, len(words)), 0, -1):
            rule, _ = _match(" ".join(words[:length]), place)
            if rule and place in rule.places:
                found.append(" ".join(words[:length]))
                words = words[length:]
                break
        else:
            return
    yield from found


def option_chips(text: str) -> tuple[str, list[str]]:
    """The text of an option and the chips at the end of its first line."""
    first, _, rest = text.partition("\n")
    chips: list[str] = []
    while True:
        found = re.search(r"(?<=\S)\s+`([^`]+)`\s*$", first)
        if not found or not OPTION_CHIP.match(found[1].strip()):
            return (first + "\n" + rest if rest else first), chips
        chips.append(found[1].strip().lower())
        first = first[: found.start()]


OPTION_CHIP = re.compile(r"tetap$|fixed$|[0-9]{1,3} *%$", re.IGNORECASE)
STAYS: Mapping[str, bool] = {"tetap": True, "fixed": True}
