"""Levels that assessments have set: for 60 % of PNS, three to forty months ago."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from elearn.competency.evidence import HIGHEST_LEVEL, Assessment
from elearn.demo import members
from elearn.demo.calendar import Calendar, chance_of, moment, working_day
from elearn.demo.population import Resident
from elearn.people.models import Status

ASSESSED = 0.6
OLDEST_DAYS, NEWEST_DAYS = 40 * 30, 3 * 31
HENDRA_DAYS = 410
HENDRA_GAPS = {"M.02": 1, "M.05": 1}
HENDRA_LEVEL = 2
STEPS, STEP_WEIGHTS = (-1, 0, 1), (30, 55, 15)


@dataclass(frozen=True)
class Found:
    """An assessment of a person, and when HR entered it."""

    nip: str
    assessed_on: date
    entered_ms: int


def plan(calendar: Calendar, people: Sequence[Resident]) -> list[Found]:
    """Who was assessed when; the cast's Hendra is always among them."""
    able = [person.nip for person in people if person.active and person.status is Status.PNS]
    others = [nip for nip in able if nip != members.HENDRA]
    count = max(round(ASSESSED * len(able)) - 1, 0)
    chosen = [members.HENDRA, *chance_of("assessed").sample(others, count)]
    return [_found(calendar, nip) for nip in chosen]


def _found(calendar: Calendar, nip: str) -> Found:
    chance = chance_of("assessed", nip)
    before = chance.randint(NEWEST_DAYS, OLDEST_DAYS)
    day = working_day(calendar.day(HENDRA_DAYS if nip == members.HENDRA else before))
    entered = max(day + timedelta(days=6), calendar.start + timedelta(days=chance.randint(1, 20)))
    return Found(nip, day, moment(entered, chance.randint(8 * 60, 15 * 60)))


def assessments(found: Found, required: Mapping[str, int]) -> Iterator[Assessment]:
    """A level for each competency, near the one the position asks for."""
    chance = chance_of("levels", found.nip)
    source = f"Asesmen kompetensi BKPSDM, {found.assessed_on.year}"
    for code in sorted(required):
        step = chance.choices(STEPS, STEP_WEIGHTS)[0]
        level = min(max(required[code] + step, 1), HIGHEST_LEVEL)
        if found.nip == members.HENDRA:
            level = HENDRA_GAPS.get(code, HENDRA_LEVEL)
        yield Assessment(code, level, found.assessed_on, source)
