"""Typed answers: short text and numbers against their keys. Pure."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from elearn.content.keys import NumberKey, TextKey

MAX_CHARACTERS = 500


def matches(key: TextKey | NumberKey, given: str) -> bool:
    """Whether a typed answer is one that the key accepts."""
    if len(given) > MAX_CHARACTERS:
        return False
    return _text_matches(key, given) if isinstance(key, TextKey) else _number_matches(key, given)


def normalise(text: str) -> str:
    """Short text without case, spaces and punctuation; what stands between digits counts.

    A text of nothing but signs stays as it is.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    joined = re.sub(r"(?<=\d)\s*([^\w\s])\s*(?=\d)", r"\1", folded)
    words = re.sub(r"(?<!\d)[^\w\s]|[^\w\s](?!\d)", " ", joined)
    kept = re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", words)
    return re.sub(r"\s+", " ", kept) or re.sub(r"\s+", "", folded)


def _text_matches(key: TextKey, given: str) -> bool:
    typed = normalise(given)
    for accepted in key.accepted:
        parts = (re.escape(normalise(part)) for part in accepted.split("*"))
        if re.fullmatch(".*".join(parts), typed, re.DOTALL):
            return True
        if key.typos and "*" not in accepted and _within_one_slip(normalise(accepted), typed):
            return True
    return False


def _within_one_slip(wanted: str, typed: str) -> bool:
    """Whether one letter added, left out, changed or swapped makes the two equal.

    Words under five letters take no slip, and no slip may touch a digit.
    """
    if len(wanted) < 5 or any(c.isdigit() for c in wanted):
        return wanted == typed
    if len(wanted) == len(typed):
        differing = [i for i in range(len(wanted)) if wanted[i] != typed[i]]
        if len(differing) <= 1:
            return True
        i, j = differing[0], differing[-1]
        swapped = wanted[i] == typed[j] and wanted[j] == typed[i]
        return len(differing) == 2 and j == i + 1 and swapped
    longer, shorter = (wanted, typed) if len(wanted) > len(typed) else (typed, wanted)
    return len(longer) - len(shorter) == 1 and any(
        longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer))
    )


_NUMBER = re.compile(
    r"(rp\b\.?|rp(?=\d))?\s*([+\-−]?\s*\d[\d.,\s]*|[+\-−]?\s*[.,]\d+)\s*(.*)",
    re.DOTALL | re.IGNORECASE,
)


def read_number(text: str) -> tuple[Decimal, str] | None:
    """A typed number and its unit. Comma is decimal; points group thousands.

    A single point that does not group (1.5) is read as decimal, as calculators show it.
    """
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        return None
    digits = re.sub(r"\s", "", found[2]).replace("−", "-").rstrip(".,")
    if "," in digits:
        digits = digits.replace(".", "").replace(",", ".", 1)
    elif re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+", digits):
        digits = digits.replace(".", "")
    try:
        return Decimal(digits), found[3].strip(" -\n\t") or found[1] or ""
    except InvalidOperation:
        return None


def _number_matches(key: NumberKey, given: str) -> bool:
    found = read_number(given)
    if found is None:
        return False
    value, unit = found
    return _same_unit(unit, key.unit) and Decimal(key.low) <= value <= Decimal(key.high)


def _same_unit(typed: str, wanted: str) -> bool:
    """Whether a typed unit is the wanted one. It may be left out; signs as % say nothing new."""
    given, asked = (_letters(unit) for unit in (typed, wanted))
    return not given or given == asked


def _letters(unit: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", unit).casefold())
