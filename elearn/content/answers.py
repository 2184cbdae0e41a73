"""What may stand after ``Jawaban:``: numbers with tolerance and unit, and short texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from elearn.content import messages as say
from elearn.content.keys import NumberKey, TextKey
from elearn.content.problems import excerpt

MAX_ACCEPTED = 120
_DIGITS = r"[+\-−]?\d{1,18}(?:[.,]\d{1,18}){0,6}"
_UNIT = r"[^\d±|]{0,24}?"
_SPREAD = r"(?:±|\+\s*/?\s*[-−])"
NUMBER = re.compile(
    rf"(?P<prefix>Rp\.?\s*)?(?P<low>{_DIGITS})\s*"
    rf"(?:(?:\.\.\.?|…)\s*(?P<high>{_DIGITS})\s*)?"
    rf"(?P<unit>{_UNIT})\s*"
    rf"(?:{_SPREAD}\s*(?P<spread>\d{{1,18}}(?:[.,]\d{{1,18}}){{0,6}})\s*(?P<percent>%)?\s*(?P<tail>{_UNIT}))?\s*$"
)
LOOKS_SPREAD = re.compile(rf"[+\-−]?\d.*{_SPREAD}")


class NotANumber(Exception):
    """The text is no number; ``complaint`` says why when it was meant to be one."""

    def __init__(self, complaint: str = "") -> None:
        super().__init__(complaint)
        self.complaint = complaint


@dataclass(frozen=True)
class _Notation:
    """How a language writes numbers."""

    decimal: str
    thousands: str
    wrong: str


NOTATIONS = {
    "id": _Notation(",", ".", say.NUMBER_POINT),
    "en": _Notation(".", ",", say.NUMBER_COMMA),
}


def decimal_of(text: str, language: str) -> Decimal:
    """The value of a written number; the wrong decimal sign is refused, never guessed."""
    notation = NOTATIONS[language]
    sign, digits = re.match(r"([+\-−]?)(.*)", text.strip().rstrip(".,"), re.S).groups()  # type: ignore[union-attr]  # matches anything
    grouped = re.fullmatch(
        rf"[1-9]\d{{0,2}}(?:\{notation.thousands}\d{{3}})+", digits.split(notation.decimal)[0]
    )
    plain = digits.replace(notation.thousands, "") if grouped else digits
    plain = plain.replace(notation.decimal, ".", 1)
    if notation.thousands in digits and not grouped:
        mended = digits.replace(notation.thousands, notation.decimal, 1)
        raise NotANumber(notation.wrong.format(number=excerpt(text), mended=mended))
    if not re.fullmatch(r"\d+(\.\d+)?", plain):
        raise NotANumber
    return Decimal(plain).copy_negate() if sign in ("-", "−") and Decimal(plain) else Decimal(plain)


def number_key(text: str, language: str) -> NumberKey:
    """The bounds of a numeric key. Raises NotANumber for other text."""
    found = NUMBER.match(text.strip())
    if not found:
        complaint = say.NUMBER_TOLERANCE.format(text=excerpt(text))
        raise NotANumber(complaint if LOOKS_SPREAD.match(text) else "")
    unit = _unit(found)
    low = decimal_of(found["low"], language)
    high = decimal_of(found["high"], language) if found["high"] else low
    if high < low:
        raise NotANumber(say.NUMBER_RANGE.format(text=excerpt(text)))
    if found["spread"]:
        spread = _spread(found, low, unit, language)
        low, high = low - spread, high + spread
    return NumberKey(_shown(low), _shown(high), unit, " ".join(text.split()))


def _unit(found: re.Match[str]) -> str:
    unit = (found["unit"] or found["tail"] or "").strip().rstrip(".").strip()
    if re.search(r"[\\/*<>\[\]`(){}=,;:!?]", unit.replace("/", "", 1)) or unit.startswith("/"):
        raise NotANumber
    return "Rp" if found["prefix"] and not unit else unit


def _spread(found: re.Match[str], value: Decimal, unit: str, language: str) -> Decimal:
    spread = decimal_of(found["spread"], language)
    if not found["percent"]:
        return spread
    if found["high"] or unit.startswith("%"):
        raise NotANumber(say.NUMBER_PERCENT.format(text=excerpt(found[0])))
    return abs(value) * spread / 100


def _shown(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def text_key(text: str, typos: int) -> TextKey:
    """The accepted answers of a short text, between ``|``. Raises ValueError with the reason."""
    parts = [part.replace("\\|", "|").strip() for part in re.split(r"(?<!\\)\|", text)]
    accepted = tuple(dict.fromkeys(part.replace("\\*", "*") for part in parts if part))
    if "*" in parts and len(accepted) > 1:
        raise ValueError(say.TEXT_KEY_STAR)
    if any(len(part) > MAX_ACCEPTED for part in accepted):
        raise ValueError(say.TEXT_KEY_LONG.format(limit=MAX_ACCEPTED))
    return TextKey(accepted, typos)


def several(text: str) -> list[str]:
    """The alternatives of a key."""
    return [part.strip() for part in re.split(r"(?<!\\)\|", text) if part.strip()]


def typed_key(text: str, language: str, typos: int = 0) -> TextKey | NumberKey:
    """The key of a typed answer: a number where it reads as one, else short text.

    Raises ValueError with the reason.
    """
    parts = several(text)
    if not parts:
        raise ValueError(say.EMPTY_KEY)
    if len(parts) == 1:
        try:
            return number_key(text, language)
        except NotANumber as problem:
            if problem.complaint:
                raise ValueError(problem.complaint) from None
    elif all(_reads_as_number(part, language) for part in parts):
        raise ValueError(say.NUMBER_SEVERAL)
    return text_key(text, typos)


def _reads_as_number(text: str, language: str) -> bool:
    try:
        return not number_key(text, language).unit
    except NotANumber:
        return False
