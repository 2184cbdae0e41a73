"""JP proposed for learning elsewhere from how long it took (PerLAN 10/2018, second-hand). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from elearn.competency import seed

HOUR_MINUTES = 60
MONTHS = 12


class Basis(StrEnum):
    """What the JP of a form of learning follow."""

    PROGRAMME = "programme"
    DAY = "day"
    SESSION = "session"
    ACTIVITY = "activity"


@dataclass(frozen=True)
class Form:
    """The numbers of a form of learning: JP a day, a session or an activity by its basis."""

    basis: Basis
    jp: int = 0
    most_a_month: int = 0
    abroad_percent: int = 0
    abroad_jp: int = 0


@dataclass(frozen=True)
class Duration:
    """How long it took; ``hours`` and ``sessions`` are None where they are not known."""

    started_on: date
    ended_on: date
    hours: int | None = None
    sessions: int | None = None
    abroad: bool = False

    @property
    def days(self) -> int:
        return max((self.ended_on - self.started_on).days + 1, 1)

    @property
    def months(self) -> int:
        """Calendar months that it touches."""
        first, last = self.started_on, self.ended_on
        return max((last.year - first.year) * MONTHS + last.month - first.month + 1, 1)


@dataclass(frozen=True)
class Rates:
    """What holds in a year for all forms."""

    jp_minutes: int
    programme_jp_per_day: int


class Reason(StrEnum):
    """Which rule gave the number."""

    HOURS = "hours"
    DAYS = "days"
    DAY_LIMIT = "day_limit"
    SESSIONS = "sessions"
    ACTIVITY = "activity"


@dataclass(frozen=True)
class Proposal:
    """JP as the rule has them: ``quantity`` × ``rate``, or hours of ``rate`` minutes a JP.

    ``added`` is what learning abroad adds. ``most`` is the limit that cut it, 0 without one.
    """

    jp: int
    reason: Reason
    quantity: int
    rate: int
    most: int = 0
    added: int = 0


def propose(form: Form, duration: Duration, rates: Rates) -> Proposal:
    """The JP of a form for a duration, at least 1, rounded down."""
    at_home = _BY_BASIS[form.basis](form, duration, rates)
    whole = _abroad(form, at_home.jp) if duration.abroad else at_home.jp
    return replace(at_home, jp=max(whole, 1), added=whole - at_home.jp)


def _abroad(form: Form, jp: int) -> int:
    return form.abroad_jp or jp * (100 + form.abroad_percent) // 100


def _in_hours(duration: Duration, rates: Rates) -> int:
    return (duration.hours or 0) * HOUR_MINUTES // rates.jp_minutes


def _programme(_form: Form, duration: Duration, rates: Rates) -> Proposal:
    if duration.hours:
        jp = _in_hours(duration, rates)
        return Proposal(jp, Reason.HOURS, duration.hours, rates.jp_minutes)
    per_day = rates.programme_jp_per_day
    return Proposal(duration.days * per_day, Reason.DAYS, duration.days, per_day)


def _day(form: Form, duration: Duration, rates: Rates) -> Proposal:
    most = duration.days * form.jp
    studied = _in_hours(duration, rates)
    if duration.hours and studied <= most:
        return Proposal(studied, Reason.HOURS, duration.hours, rates.jp_minutes)
    return Proposal(most, Reason.DAY_LIMIT, duration.days, form.jp, most=most)


def _session(form: Form, duration: Duration, _rates: Rates) -> Proposal:
    held = duration.sessions or 1
    most = form.most_a_month * duration.months if form.most_a_month else held
    counted = min(held, most)
    return Proposal(
        counted * form.jp, Reason.SESSIONS, counted, form.jp, most=most if most < held else 0
    )


def _activity(form: Form, _duration: Duration, _rates: Rates) -> Proposal:
    return Proposal(form.jp, Reason.ACTIVITY, 1, form.jp)


_BY_BASIS = {
    Basis.PROGRAMME: _programme,
    Basis.DAY: _day,
    Basis.SESSION: _session,
    Basis.ACTIVITY: _activity,
}


def forms(changed: Mapping[str, Mapping[str, Any]]) -> dict[str, Form]:
    """The forms by kind of training: the seed with what HR has changed."""
    return {kind: replace(form, **changed.get(kind, {})) for kind, form in _seeded().items()}


@cache
def _seeded() -> dict[str, Form]:
    content: dict[str, dict[str, Any]] = seed.read("jp_conversion")["kinds"]
    return {
        kind: Form(Basis(numbers["basis"]), **{k: v for k, v in numbers.items() if k != "basis"})
        for kind, numbers in content.items()
    }


def proposed(kind: str, duration: Duration, held: Mapping[str, Any]) -> Proposal | None:
    """The proposal for a kind of training by the settings of a year; None without a rule."""
    form = forms(held["jp_conversion"]).get(kind)
    rates = Rates(held["jp_minutes"], held["programme_jp_per_day"])
    return propose(form, duration, rates) if form else None
