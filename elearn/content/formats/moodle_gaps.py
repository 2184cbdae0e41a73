"""The gaps of Moodle's embedded answers: ``{1:SHORTANSWER:=a~=b}`` and ours, ``[[a | b]]``."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from decimal import Decimal

from elearn.content.answers import NotANumber, number_key, several, text_key
from elearn.content.cloze import CLOSE, MARK, OPEN, PICKED, PIECE
from elearn.content.formats import notes as say
from elearn.content.formats.exchange import Notes
from elearn.content.formats.labels import Tags, number_text
from elearn.content.formats.weights import plain_number
from elearn.content.keys import FULL_PERCENT

GAP = re.compile(
    r"\{(?P<weight>\d{0,3}):(?P<kind>[A-Z_]{2,20}):(?P<answers>(?:\\.|[^{}\\])*)\}", re.DOTALL
)
ANSWER = re.compile(r"(?:\\.|[^~\\])+", re.DOTALL)
WEIGHT = re.compile(r"\s*(?:=|%(-?[0-9.]{1,9})%)?")
FEEDBACK = re.compile(r"(?<!\\)#")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
SPECIAL = re.compile(r"[\\}#~/\"]")
TYPED = ("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC")
NUMBERS = ("NUMERICAL", "NM")
FULL = Decimal(FULL_PERCENT)


class UnknownGap(Exception):
    """A gap of a kind that has no like here; the argument is its name."""


@dataclass
class Gaps:
    """Moodle's gaps of one text, held aside as marks while the text becomes Markdown."""

    place: str
    tags: Tags
    notes: Notes
    language: str
    held: list[str] = field(default_factory=list)

    def hold(self, text: str) -> str:
        """The text with a mark for each gap. Raises UnknownGap."""
        return GAP.sub(self._hold, text.replace(OPEN, "").replace(CLOSE, ""))

    def _hold(self, found: re.Match[str]) -> str:
        words = html.unescape(TAG.sub("", found["answers"]))
        answers = [_answer(part) for part in ANSWER.findall(words)]
        if any(feedback for *_, feedback in answers):
            self.notes.lost(self.place, say.GAP_FEEDBACK)
        self.held.append(_gap(found["kind"], answers, self.tags, self.language))
        return f"{OPEN}{len(self.held) - 1}{CLOSE}"

    def put_back(self, text: str) -> str:
        """The text with our gaps in place of the marks."""
        return MARK.sub(lambda found: f"[[{self.held[int(found[1])]}]]", text)


def _answer(text: str) -> tuple[str, Decimal, bool]:
    """An answer of a gap, the percent it earns, and whether it has feedback."""
    found = WEIGHT.match(text)
    said = found[0].strip() if found else ""
    earned = (plain_number(found[1]) if found and found[1] else FULL) if said else Decimal(0)
    rest = text[found.end() :] if found else text
    words, *feedback = FEEDBACK.split(rest, maxsplit=1)
    shown = re.sub(r"\\(.)", r"\1", words, flags=re.DOTALL)
    return " ".join(shown.split()), earned or Decimal(0), bool(feedback and feedback[0].strip())


def _gap(kind: str, answers: list[tuple[str, Decimal, bool]], tags: Tags, language: str) -> str:
    right = [text for text, earned, _ in answers if earned >= FULL and text]
    if not right:
        raise UnknownGap(kind)
    if kind in NUMBERS:
        return _number(right[0], tags, language)
    if kind in TYPED:
        return " | ".join(text.replace("|", "\\|") for text in right)
    if not kind.startswith(("MULTICHOICE", "MC")):
        raise UnknownGap(kind)
    return " | ".join(
        f"({text.replace('|', '/')})" if earned >= FULL else text.replace("|", "/")
        for text, earned, _ in answers
        if text
    )


def _number(text: str, tags: Tags, language: str) -> str:
    value, _, spread = text.partition(":")
    middle = plain_number(value)
    width = plain_number(spread) if spread.strip() else Decimal(0)
    if middle is None or width is None:
        raise UnknownGap("NUMERICAL")
    return number_text(middle - width, middle + width, tags, language)


def gaps_out(text: str, language: str) -> str:
    """A text with our gaps as Moodle's."""
    return PIECE.sub(
        lambda f: f[0] if f["code"] else f"{{1:{_written(f['gap'].strip(), language)}}}", text
    )


def _written(gap: str, language: str) -> str:
    parts = several(gap)
    if len(parts) > 1 and any(PICKED.match(part) for part in parts):
        choices = (
            f"={_escaped(found[1])}" if (found := PICKED.match(part)) else _escaped(part)
            for part in parts
        )
        return "MULTICHOICE:" + "~".join(choices)
    try:
        key = number_key(" ".join(gap.split()), language)
    except NotANumber:
        accepted = text_key(gap, 0).accepted
        return "SHORTANSWER:" + "~".join(f"={_escaped(text)}" for text in accepted)
    low, high = Decimal(key.low), Decimal(key.high)
    return f"NUMERICAL:={(low + high) / 2:f}:{(high - low) / 2:f}"


def _escaped(text: str) -> str:
    return SPECIAL.sub(lambda found: "\\" + found[0], " ".join(text.split()))
