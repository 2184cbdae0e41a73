"""Dated settings of the agency, validated and with a history. Knows no slice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from elearn import clock, number_patterns
from elearn.database import Model, Prepared, db, insert_new
from elearn.errors import Invalid, NotFound

LAST_YEAR = 2100
MOST_REMINDERS = 10
LONGEST_MONTHS = 600
MOST_NOTICES = 6
# The numbers of a form of learning, and the most each may be.
CONVERSION_NUMBERS = {"jp": 400, "most_a_month": 31, "abroad_percent": 200, "abroad_jp": 400}


class Setting(Model):
    """A value (JSON text) that holds from a calendar year on, until the next one."""

    __tablename__ = "setting"
    __table_args__ = (UniqueConstraint("key", "from_year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    from_year: Mapped[int]
    value: Mapped[str] = mapped_column(Text)
    # The person who changed it; no foreign key, as this module knows no slice.
    changed_by: Mapped[int | None]
    changed_ms: Mapped[int] = mapped_column(BigInteger)


class Floor(StrEnum):
    """Which figure is held against the floor of the year and goes to SIASN."""

    EARNED = "earned"
    COUNTABLE = "countable"


class Numbering(StrEnum):
    """Where the numbers of certificates come from."""

    AUTOMATIC = "automatic"  # the pattern and a serial
    REGISTER = "register"  # what HR of the agency enters from the office register


Check = Callable[[Any], bool]


@dataclass(frozen=True)
class Known:
    """A setting the product knows: its default, what it may be, and the first year it may hold."""

    key: str
    default: Any
    accepts: Check
    first_year: int = 2020


def _text(longest: int, shortest: int = 1) -> Check:
    def accepts(value: Any) -> bool:
        return isinstance(value, str) and shortest <= len(value.strip()) <= longest

    return accepts


@dataclass(frozen=True)
class Whole:
    """A whole number between two others, both included."""

    low: int
    high: int

    def __call__(self, value: Any) -> bool:
        return type(value) is int and self.low <= value <= self.high


def _yes_no(value: Any) -> bool:
    return isinstance(value, bool)


def _floor(value: Any) -> bool:
    return isinstance(value, str) and value in set(Floor)


def _notice_days(value: Any) -> bool:
    """Days before an end, the earliest first; none means no notice."""
    days = value if isinstance(value, list) and len(value) <= MOST_NOTICES else [0]
    return all(map(Whole(1, 365), days)) and days == sorted(set(days), reverse=True)


def _conversion(value: Any) -> bool:
    """Numbers that differ from the seed, by kind of training and by their name."""
    if not isinstance(value, dict):
        return False
    kinds = value.values()
    return all(
        isinstance(numbers, dict)
        and set(numbers) <= set(CONVERSION_NUMBERS)
        and all(Whole(0, CONVERSION_NUMBERS[name])(held) for name, held in numbers.items())
        for numbers in kinds
    )


def _signer(value: Any) -> bool:
    known = isinstance(value, dict) and set(value) == {"name", "title"}
    return known and _text(120, 0)(value["name"]) and _text(160)(value["title"])


def _officer(value: Any) -> bool:
    known = isinstance(value, dict) and set(value) == {"name", "contact"}
    return known and _text(120, 0)(value["name"]) and _text(200, 0)(value["contact"])


def _months(value: Any) -> bool:
    """Months by kind, 0 for what is kept for good."""
    return isinstance(value, dict) and all(map(Whole(0, LONGEST_MONTHS), value.values()))


def _number_pattern(value: Any) -> bool:
    return not number_patterns.fault(value)


def _reminder_days(value: Any) -> bool:
    is_list = isinstance(value, list) and len(value) <= MOST_REMINDERS
    return is_list and len(set(value)) == len(value) and all(map(Whole(-90, 365), value))


def _numbering(value: Any) -> bool:
    return isinstance(value, str) and value in set(Numbering)


REGISTRY: Mapping[str, Known] = {
    known.key: known
    for known in (
        Known("agency_name", "Pemerintah Daerah", _text(160)),
        Known("agency_short", "BKPSDM", _text(30)),
        Known(
            "organiser",
            "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
            _text(200),
        ),
        Known("certificate_place", "Jambi", _text(80)),
        Known("certificate_signer", {"name": "", "title": "Kepala BKPSDM"}, _signer),
        Known("certificate_pattern", "{serial:04}/{unit}/{month_roman}/{year}", _number_pattern),
        Known("certificate_numbers", Numbering.AUTOMATIC.value, _numbering),
        Known("certificate_needs_signature", False, _yes_no),
        Known("certificate_photo", False, _yes_no),
        # PP 11/2017 jo PP 17/2020, article 203 (4).
        Known("pns_floor_jp", 20, Whole(0, 400), 2017),
        Known("cpns_follows_floor", True, _yes_no, 2017),
        # PerLAN 15/2020: planned development in a contract year.
        Known("pppk_planned_ceiling_jp", 24, Whole(0, 400)),
        Known("jp_minutes", 45, Whole(30, 90), 2018),
        Known("elearning_jp_per_day", 3, Whole(1, 24), 2018),
        # JP of a full day in a room where a certificate names neither JP nor hours.
        Known("programme_jp_per_day", 8, Whole(1, 16), 2018),
        # PerLAN 10/2018: JP by form of learning, where HR has changed the numbers of the seed.
        Known("jp_conversion", {}, _conversion, 2018),
        # The daily cap was not read in the regulation itself, so earned hours meet the floor.
        Known("floor_counts", Floor.EARNED.value, _floor, 2018),
        # How late an event made without a signal may still count on the day of its device.
        Known("late_event_days", 7, Whole(0, 60)),
        # From so many days before it expires a completion may be renewed, and its person is told.
        Known("renewal_days", 90, Whole(1, 365)),
        Known("expiry_notice_days", [90, 30, 7], _notice_days),
        # Before their due day (after it, if negative) people are reminded of assignments.
        Known("assignment_reminder_days", [14, 7, 1, -1], _reminder_days),
        # Whether a course that is completed again credits its JP again.
        Known("renewal_credits_jp", True, _yes_no),
        Known("siasn_agency_id", "", _text(64, 0)),
        # Who answers questions of people about their data (UU 27/2022 art. 53).
        Known("privacy_officer", {"name": "", "contact": ""}, _officer),
        # How many months what is kept, where the agency has changed what we came with.
        Known("retention_months", {}, _months),
        # A sentence of HR that stands on everybody's record page.
        Known("hr_note", "", _text(400, 0)),
    )
}


_followers: dict[str, list[Callable[[int], None]]] = {}


def follow(key: str, refresh: Callable[[int], None]) -> None:
    """Call ``refresh`` with the first year of each change of a setting, in its transaction.

    A slice whose stored figures depend on a setting keeps them true in this way.
    """
    _followers.setdefault(_known(key).key, []).append(refresh)


def value(key: str, year: int) -> Any:
    """The value that holds in a calendar year, or the default; one statement."""
    known = _known(key)
    held = (
        select(Setting.value)
        .where(Setting.key == key, Setting.from_year <= year)
        .order_by(Setting.from_year.desc())
        .limit(1)
    )
    stored = db.session.scalar(held)
    return known.default if stored is None else json.loads(stored)


_OF_YEAR = Prepared(
    select(Setting.key, Setting.value)
    .where(Setting.from_year <= bindparam("year"))
    .order_by(Setting.from_year)
)


def of_year(year: int) -> dict[str, Any]:
    """Every setting as it holds in a calendar year; one statement for them all."""
    return _values(_OF_YEAR.all(year=year))


# The same as one text for the statement of a hot page that binds ``year``; no JSON text holds
# the signs between its parts.
_PART, _END = "\x1f", "\x1e"
PACKED = (
    select(
        func.aggregate_strings(
            cast(Setting.from_year, String) + _PART + Setting.key + _PART + Setting.value,
            # Typed as text only, which would be written into the statement at each run.
            literal_column(f"'{_END}'"),  # type: ignore[arg-type]
        )
    )
    .where(Setting.from_year <= bindparam("year"))
    .scalar_subquery()
)


def unpacked(packed: str | None) -> dict[str, Any]:
    """Every setting as ``of_year`` gives it, from PACKED."""
    rows = [entry.split(_PART) for entry in packed.split(_END)] if packed else []
    return _values((key, stored) for _, key, stored in sorted(rows, key=lambda row: int(row[0])))


def _values(rows: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """The defaults, and what is stored over them; rows of key and value, the latest last."""
    values = {key: known.default for key, known in REGISTRY.items()}
    for key, stored in rows:
        if key in values:
            values[key] = json.loads(stored)
    return values


def history(key: str) -> list[Setting]:
    """All dated values of a setting, newest first."""
    _known(key)
    wanted = select(Setting).where(Setting.key == key).order_by(Setting.from_year.desc())
    return list(db.session.scalars(wanted))


def change(key: str, from_year: int, value: Any, changed_by: int | None) -> None:
    """Let a setting hold a value from a year on; raises Invalid with the field that is wrong."""
    known = _known(key)
    if not known.first_year <= from_year <= LAST_YEAR:
        raise Invalid("year_out_of_range", "from_year")
    if not known.accepts(value):
        raise Invalid("value_not_accepted", "value")
    values = {
        "value": json.dumps(value, ensure_ascii=False, sort_keys=True),
        "changed_by": changed_by,
        "changed_ms": clock.now_ms(),
    }
    if not insert_new(Setting, [{"key": key, "from_year": from_year, **values}]):
        same = (Setting.key == key) & (Setting.from_year == from_year)
        db.session.execute(update(Setting).where(same).values(values))
    for refresh in _followers.get(key, ()):
        refresh(from_year)


def _known(key: str) -> Known:
    if key not in REGISTRY:
        raise NotFound
    return REGISTRY[key]
