"""Numbered questions pasted from a word processor: options A to E and ``Kunci: B``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from elearn.content.formats.fields import LETTERS, Fields

MAX_PASTED = 40
MAX_OPTIONS = 5
START = re.compile(r"\s*(\d{1,3})\s*[.)]\s*(\S.*)")
OPTION = re.compile(r"\s*(?P<star>\*?)\s*(?P<letter>[A-Ea-e])\s*[.)]\s*(?P<text>\S.*)")
NEXT_OPTION = re.compile(r"(?:\s{2,}|\t)(?=\*?[B-Eb-e]\s*[.)]\s*\S)")
KEY = re.compile(
    r"\s*(?:kunci(?:\s+jawaban)?|jawaban|jawab|answer)\s*[:=]\s*(?P<key>\S.*)", re.IGNORECASE
)
EXPLANATION = re.compile(r"\s*(?:pembahasan|penjelasan)\s*:\s*(?P<text>.*)", re.IGNORECASE)
# Long runs would make the search for options on one line slow.
SPACES = re.compile(r"[^\S\n\t]{4,}|\u00a0")
KEYS = re.compile(r"\s*kunci(?:\s+jawaban)?\s*:?\s*", re.IGNORECASE)
KEY_PAIR = re.compile(r"(\d{1,3})\s{0,9}[.)=:-]?\s{0,9}([A-Ea-e])\b")


@dataclass
class _Open:
    """The question whose lines are being read."""

    number: int
    text: list[str]
    options: list[str] = field(default_factory=list)
    starred: list[str] = field(default_factory=list)
    key: str = ""
    explanation: list[str] | None = None

    def take(self, line: str) -> None:
        """One more line of the question."""
        key, explanation = KEY.fullmatch(line), EXPLANATION.fullmatch(line)
        if key:
            self.key = key["key"].strip()
        elif explanation:
            self.explanation = [explanation["text"]]
        elif self.explanation is not None:
            self.explanation.append(line.strip())
        else:
            for part in NEXT_OPTION.split(line):
                self._take_part(part)

    def _take_part(self, part: str) -> None:
        found = OPTION.fullmatch(part)
        place = LETTERS.index(found["letter"].upper()) if found else -1
        if found and place == len(self.options) < MAX_OPTIONS:
            self.options.append(found["text"].strip())
            if found["star"]:
                self.starred.append(found["letter"].upper())
        elif self.options:
            self.options[-1] = f"{self.options[-1]} {part.strip()}"
        else:
            self.text.append(part.strip())

    def fields(self) -> Fields:
        """The question as plain fields."""
        key = self.key or ", ".join(self.starred)
        explanation = "\n".join(self.explanation or [])
        return Fields("\n".join(self.text), tuple(self.options), key, explanation)


@dataclass(frozen=True)
class Pasted:
    """The questions as fields to confirm; ``is_cut`` when there were more."""

    questions: tuple[Fields, ...]
    is_cut: bool = False


def read_pasted(text: str) -> Pasted:
    """The numbered questions of a text, at most ``MAX_PASTED``; keys may stand at its end."""
    opened: list[_Open] = []
    keys: dict[int, str] | None = None
    for line in SPACES.sub("   ", text.replace("\r\n", "\n")).split("\n"):
        if not line.strip():
            continue
        start = START.fullmatch(line)
        if opened and KEYS.fullmatch(line):
            keys = {}
        elif keys is not None and not KEY_PAIR.sub("", line).strip(" \t,;"):
            keys |= {int(number): letter.upper() for number, letter in KEY_PAIR.findall(line)}
        elif start and int(start[1]) == (opened[-1].number + 1 if opened else int(start[1])):
            opened.append(_Open(int(start[1]), [start[2].strip()]))
        elif opened:
            opened[-1].take(line)
    for question in opened:
        question.key = question.key or (keys or {}).get(question.number, "")
    shown = tuple(question.fields() for question in opened[:MAX_PASTED])
    return Pasted(shown, is_cut=len(opened) > MAX_PASTED)
