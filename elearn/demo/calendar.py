"""Days and hours of the demo, counted back from the day of seeding; study times like work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from elearn import clock

MINUTE_MS = 60_000
REACH_DAYS = 425  # 14 months
FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
# How likely somebody studies on a Saturday or a Sunday, beside a working day.
WEIGHTS = {SATURDAY: 0.35, SUNDAY: 0.12}
OFFICE = (7 * 60 + 30, 14 * 60 + 20)
MORNING = (8 * 60, 10 * 60 + 30)
EVENING = (19 * 60, 20 * 60 + 45)
IN_OFFICE = 0.68
# In a year younger than this, learning elsewhere stays in the year before.
YOUNG_YEAR_DAYS = 60


@dataclass(frozen=True)
class Calendar:
    """The calendar of a demo seeded on a day."""

    today: date

    @property
    def start(self) -> date:
        """The first day of the demo."""
        return self.day(REACH_DAYS)

    def day(self, before: int) -> date:
        """So many days before the day of seeding."""
        return self.today - timedelta(days=before)

    def at(self, before: int, hour: int, minute: int = 0) -> int:
        """A moment so many days before, in WIB."""
        return moment(self.day(before), hour * 60 + minute)

    @property
    def this_year(self) -> tuple[date, date]:
        """The days between which this year's learning elsewhere ended."""
        if (self.today - date(self.today.year, 1, 1)).days < YOUNG_YEAR_DAYS:
            return self.day(200), self.day(8)
        return date(self.today.year, 1, 8), self.day(8)

    @property
    def last_year(self) -> tuple[date, date]:
        """The days of last year that lie within the reach of the demo."""
        return self.start + timedelta(days=10), date(self.today.year - 1, 12, 20)


def moment(day: date, minutes: int) -> int:
    """Milliseconds of a day at so many minutes after midnight in WIB."""
    return clock.start_of_day_ms(day) + minutes * MINUTE_MS


def working_day(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(day.weekday() - FRIDAY, 0))


def day_between(chance: Random, first: date, last: date) -> date:
    """A working day between two days, both included as far as they are working days."""
    spread = max((last - first).days, 0)
    return working_day(first + timedelta(days=chance.randint(0, spread)))


def study_days(chance: Random, first: date, last: date, count: int) -> list[date]:
    """So many days of study in order, the first and the last among them; few on Sundays."""
    between = [first + timedelta(days=n) for n in range(1, (last - first).days)]
    kept = [day for day in between if chance.random() < WEIGHTS.get(day.weekday(), 1.0)]
    chosen = chance.sample(kept, min(max(count - 2, 0), len(kept)))
    return sorted({first, last, *chosen})


def sitting_begins(chance: Random, day: date) -> int:
    """When somebody sits down to study on a day: at work, or at home in the evening."""
    if day.weekday() <= FRIDAY and chance.random() < IN_OFFICE:
        return moment(day, chance.randint(*OFFICE))
    if day.weekday() == SATURDAY and chance.random() < IN_OFFICE:
        return moment(day, chance.randint(*MORNING))
    return moment(day, chance.randint(*EVENING))


def chance_of(*subject: object) -> Random:
    """Chance that is the same in every demo, and of its own for each subject."""
    return Random("demo:" + ":".join(map(str, subject)))  # noqa: S311  # repeatable on purpose


def shares(weights: list[int], total: int) -> list[int]:
    """Split a total by weights, largest remainder first."""
    whole = sum(weights) or 1
    counts = [weight * total // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda n: -(weights[n] * total % whole))
    for n in order[: total - sum(counts)]:
        counts[n] += 1
    return counts
