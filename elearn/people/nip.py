"""The NIP (NI PPPK): parse, check, mask and group the 18 digits. No database, no web."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from elearn import clock

LENGTH = 18
MIN_AGE, MAX_AGE = 17, 70
USUAL_AGES = range(18, 66)
MIN_APPOINTED_YEAR = 1960
LAST_MONTH = 12
GROUPS = ((0, 8), (8, 14), (14, 15), (15, 18))
SHOWN_DIGITS = 3

_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015\u2212\u200b\ufeff]")
# What a spreadsheet leaves of a number of 18 digits: 1,98609E+17 or 198609262015051000.0
_DAMAGED = re.compile(r"\s*(\d([.,]\d+)?[eE]\+?\d{1,2}|\d{15,18}[.,]0{1,2})\s*")


class NipProblem(StrEnum):
    """Why a text is no NIP."""

    SPREADSHEET = "spreadsheet"
    NOT_DIGITS = "not_digits"
    WRONG_LENGTH = "wrong_length"
    BIRTH_DATE = "birth_date"
    AGE = "age"
    APPOINTED_YEAR = "appointed_year"
    MONTH_OR_CODE = "month_or_code"
    SEX = "sex"
    SEQUENCE = "sequence"


class NipWarning(StrEnum):
    """What HR should look at, though the NIP is accepted."""

    UNUSUAL_AGE = "unusual_age"
    APPOINTED_YOUNG = "appointed_young"
    STATUS_DIFFERS = "status_differs"


class Sex(StrEnum):
    """Digit 15."""

    MALE = "male"
    FEMALE = "female"


class NipError(ValueError):
    """The text is no NIP; ``reason`` says why."""

    def __init__(self, reason: NipProblem) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Nip:
    """A checked NIP and what its digits say. ``code`` is a month (1-12) or a PPPK code (13-99)."""

    digits: str
    born: date
    appointed_year: int
    code: int
    sex: Sex
    sequence: int

    @property
    def looks_pppk(self) -> bool:
        """A hint only: the status of a person is its own column."""
        return self.code > LAST_MONTH


def parse(text: str, today: date | None = None) -> Nip:
    """Read a NIP as people type it, with spaces, dots or dashes.

    ``today`` is the WIB day the age and the year of appointment are held against.
    Raises NipError.
    """
    digits = _digits(text)
    today = today or clock.today()
    return Nip(
        digits=digits,
        born=_born(digits, today),
        appointed_year=_appointed_year(digits, today),
        code=_above_zero(digits[12:14], NipProblem.MONTH_OR_CODE),
        sex=_sex(digits),
        sequence=_above_zero(digits[15:], NipProblem.SEQUENCE),
    )


def compact(text: str) -> str:
    """The text without the separators people type."""
    return _SEPARATORS.sub("", text)


def warnings(nip: Nip, today: date, *, is_pppk: bool | None = None) -> list[NipWarning]:
    """What is unusual about a valid NIP, given the person's status where it is known."""
    found = []
    if age_on(nip.born, today) not in USUAL_AGES:
        found.append(NipWarning.UNUSUAL_AGE)
    if nip.appointed_year < nip.born.year + MIN_AGE:
        found.append(NipWarning.APPOINTED_YOUNG)
    if is_pppk is not None and is_pppk != nip.looks_pppk:
        found.append(NipWarning.STATUS_DIFFERS)
    return found


def mask(digits: str) -> str:
    """All but the last three digits hidden, for public pages and the audit log."""
    return "*" * (len(digits) - SHOWN_DIGITS) + digits[-SHOWN_DIGITS:]


def grouped(digits: str) -> str:
    """The printed form, 8-6-1-3."""
    return " ".join(digits[start:end] for start, end in GROUPS)


def age_on(born: date, day: date) -> int:
    """Full years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _digits(text: str) -> str:
    if _DAMAGED.fullmatch(text):
        raise NipError(NipProblem.SPREADSHEET)
    digits = compact(text)
    if not (digits.isascii() and digits.isdigit()):
        raise NipError(NipProblem.NOT_DIGITS)
    if len(digits) != LENGTH:
        raise NipError(NipProblem.WRONG_LENGTH)
    return digits


def _born(digits: str, today: date) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        raise NipError(NipProblem.BIRTH_DATE) from None
    if not MIN_AGE <= age_on(born, today) <= MAX_AGE:
        raise NipError(NipProblem.AGE)
    return born


def _appointed_year(digits: str, today: date) -> int:
    year = int(digits[8:12])
    if not MIN_APPOINTED_YEAR <= year <= today.year:
        raise NipError(NipProblem.APPOINTED_YEAR)
    return year


def _sex(digits: str) -> Sex:
    match digits[14]:
        case "1":
            return Sex.MALE
        case "2":
            return Sex.FEMALE
    raise NipError(NipProblem.SEX)


def _above_zero(digits: str, problem: NipProblem) -> int:
    number = int(digits)
    if number == 0:
        raise NipError(problem)
    return number
