"""What a list was asked for: read from the address in one place, bad values left out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from elearn import clock
from elearn.errors import NotFound
from elearn.learning.models import CourseState
from elearn.people import nip
from elearn.people.models import Status
from elearn.people.units import UnitNode
from elearn.reports import periods
from elearn.reports.periods import Period

MAX_TEXT = 100
MAX_ID = 2**31 - 1
MAX_PAGE = 100_000
FIRST_YEAR = 2015
LAST_YEAR = 2100
OFFERED_YEARS = 5
NOT_STARTED = "not_started"
COURSE_STATES = (*(state.value for state in CourseState), NOT_STARTED)
FLOORS = ("met", "short")
CLASS = re.compile(r"[a-z_0-9]{1,40}")
ACTIVITIES = ("active", "inactive", "all")


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; empty values narrow nothing.

    ``digits`` is a NIP or its beginning; ``since`` and ``until`` are WIB days, both included;
    ``part`` is a part of the year, as periods.SPANS names it.
    """

    year: int
    unit: UnitNode | None = None
    text: str = ""
    digits: str = ""
    person_id: int | None = None
    status: str = ""
    position_class: str = ""
    part: str = ""
    state: str = ""
    floor: str = ""
    activity: str = ACTIVITIES[0]
    course: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = ""
    number: int = 1

    @property
    def since_ms(self) -> int | None:
        return clock.start_of_day_ms(self.since) if self.since else None

    @property
    def before_ms(self) -> int | None:
        """The first moment after the period."""
        return clock.start_of_day_ms(self.until) + clock.DAY_MS if self.until else None

    @property
    def period(self) -> Period:
        """The months of the year that are asked for."""
        return periods.of(self.year, self.part)

    @property
    def is_past_year(self) -> bool:
        """Whether the year is closed, so that units are those at its end."""
        return self.year < clock.today().year

    @property
    def is_narrowed(self) -> bool:
        """Whether anything beside unit, year and order is asked for."""
        who = (self.text, self.digits, self.status, self.position_class)
        asked = (*who, self.state, self.floor, self.course)
        others = self.person_id is not None or self.activity != ACTIVITIES[0]
        return any(asked) or others or self.since is not None or self.until is not None


def read(args: Mapping[str, str], nodes: Sequence[UnitNode] = ()) -> Wanted:
    """Read the arguments of a page. Raises NotFound for a unit that is not among the nodes."""
    text = args.get("q", "").strip()[:MAX_TEXT]
    digits = digits_of(text)
    return Wanted(
        year=year_of(args),
        unit=_unit(args, nodes),
        text="" if digits else text,
        digits=digits,
        person_id=number_of(args, "person"),
        status=_one_of(args, "status", [status.value for status in Status]),
        position_class=_class(args),
        part=_one_of(args, "part", list(periods.SPANS)),
        state=_one_of(args, "state", COURSE_STATES),
        floor=_one_of(args, "floor", FLOORS),
        activity=_one_of(args, "active", ACTIVITIES) or ACTIVITIES[0],
        course=args.get("course", "")[:MAX_TEXT],
        since=_day(args, "from"),
        until=_day(args, "until"),
        sort=args.get("sort", "")[:MAX_TEXT],
        number=number_of(args, "page", MAX_PAGE) or 1,
    )


def digits_of(text: str) -> str:
    """The digits of a NIP as people type it, with spaces; empty when it is something else."""
    digits = nip.compact(text)
    return digits if digits.isascii() and digits.isdigit() else ""


def year_of(args: Mapping[str, str]) -> int:
    """The calendar year asked for, else the present one."""
    present = clock.today().year
    year = number_of(args, "year", present)
    return year if year is not None and year >= FIRST_YEAR else present


def years() -> list[int]:
    """The years to choose from: the present one and those before it, the newest first."""
    present = clock.today().year
    return list(range(present, present - OFFERED_YEARS, -1))


def number_of(args: Mapping[str, str], name: str, most: int = MAX_ID) -> int | None:
    """A whole number of an argument, from 0; None for anything else."""
    return whole(args.get(name, ""), most)


def whole(text: str, most: int = MAX_ID) -> int | None:
    """A whole number from 0 to the most; None for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        return None
    number = int(text)
    return number if number <= most else None


def _unit(args: Mapping[str, str], nodes: Sequence[UnitNode]) -> UnitNode | None:
    asked = number_of(args, "unit")
    if asked is None:
        return None
    found = next((node for node in nodes if node.id == asked), None)
    if found is None:
        raise NotFound
    return found


def _one_of(args: Mapping[str, str], name: str, allowed: Sequence[str]) -> str:
    value = args.get(name, "")
    return value if value in allowed else ""


def _class(args: Mapping[str, str]) -> str:
    value = args.get("class", "")
    return value if CLASS.fullmatch(value) else ""


def _day(args: Mapping[str, str], name: str) -> date | None:
    try:
        day = clock.date_from_iso(args.get(name, ""))
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year < LAST_YEAR else None
