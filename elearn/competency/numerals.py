"""Numbers as a certificate writes them: Indonesian words and Roman months. Pure."""

from __future__ import annotations

WORDS = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)
MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
LARGEST = 999_999


def terbilang(number: int) -> str:
    """A whole number from 0 to 999,999 in Indonesian words."""
    if not 0 <= number <= LARGEST:
        raise ValueError(number)
    return " ".join(_words(number)) or WORDS[0]


def roman_month(month: int) -> str:
    """The month, 1 to 12, as Roman numerals."""
    return MONTHS[month - 1]


def _words(number: int) -> list[str]:
    if number < 12:
        return [WORDS[number]] if number else []
    if number < 20:
        return [WORDS[number - 10], "belas"]
    if number < 100:
        return [WORDS[number // 10], "puluh", *_words(number % 10)]
    if number < 1000:
        return _with_unit(number, 100, "ratus")
    return _with_unit(number, 1000, "ribu")


def _with_unit(number: int, size: int, unit: str) -> list[str]:
    count, rest = divmod(number, size)
    lead = [f"se{unit}"] if count == 1 else [*_words(count), unit]
    return [*lead, *_words(rest)]
