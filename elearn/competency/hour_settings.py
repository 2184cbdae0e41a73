"""The agency's rules of JP as dated settings: shown with their history, changed with a warning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import func, select

from elearn import clock, settings
from elearn.competency import conversion
from elearn.competency.conversion import Form
from elearn.competency.models import HoursYear, TrainingKind
from elearn.database import db
from elearn.errors import NotFound
from elearn.people import setting_changes
from elearn.people.setting_changes import Dated, Wish
from elearn.settings import CONVERSION_NUMBERS, Known

CONVERSION = "jp_conversion"
KEYS = (
    "pns_floor_jp",
    "cpns_follows_floor",
    "pppk_planned_ceiling_jp",
    "jp_minutes",
    "elearning_jp_per_day",
    "floor_counts",
    "programme_jp_per_day",
)
# How long before its end a completion may be renewed, who is told when, whether JP come of it.
TERM_KEYS = ("renewal_days", "expiry_notice_days", "renewal_credits_jp")
ALL_KEYS = (*KEYS, *TERM_KEYS)


@dataclass(frozen=True)
class Rule:
    """A setting in a year. ``since`` is None while the default holds; ``history`` newest first."""

    known: Known
    value: Any
    since: int | None
    history: tuple[Dated, ...]

    @property
    def key(self) -> str:
        return self.known.key

    @property
    def words(self) -> str:
        """The value in words."""
        return self.known.accepts.told(self.value)


class NamedForm(NamedTuple):
    """The numbers of a form of learning; ``is_changed`` where they are not those of the seed."""

    kind: str
    name: str
    form: Form
    is_changed: bool


def rules(year: int) -> list[Rule]:
    """Every rule as it holds in a year; one statement."""
    dated = setting_changes.dated(ALL_KEYS)
    return [_rule(key, dated[key], year) for key in ALL_KEYS]


def rule(key: str, year: int) -> Rule:
    """One rule in a year; one statement. Raises NotFound."""
    if key not in ALL_KEYS:
        raise NotFound
    return _rule(key, setting_changes.dated([key])[key], year)


def conversion_history() -> list[Dated]:
    """What has been changed of the forms of learning, newest first; one statement."""
    return setting_changes.dated([CONVERSION])[CONVERSION]


def _rule(key: str, dated: Sequence[Dated], year: int) -> Rule:
    held = next((value for value in dated if value.from_year <= year), None)
    setting = settings.known(key)
    value = held.value if held else setting.default
    return Rule(setting, value, held.from_year if held else None, tuple(dated))


def forms(year: int) -> list[NamedForm]:
    """The forms of learning with the numbers of a year, in SIASN's order; two statements."""
    changed = settings.value(CONVERSION, year)
    held, seeded = conversion.forms(changed), conversion.forms({})
    kinds = db.session.execute(
        select(TrainingKind.id, TrainingKind.name).order_by(TrainingKind.position)
    )
    return [
        NamedForm(id, name, held[id], held[id] != seeded[id]) for id, name in kinds if id in held
    ]


def form_of(kind: str, year: int) -> NamedForm:
    """One form of learning in a year. Raises NotFound."""
    found = next((form for form in forms(year) if form.kind == kind), None)
    if found is None:
        raise NotFound
    return found


def change(actor_id: int, key: str, wish: Wish) -> None:
    """Let a rule hold a value from a year on. Raises NotFound, and Invalid with the field.

    A year that is over is changed only when that was confirmed: its figures may move.
    """
    if key not in ALL_KEYS:
        raise NotFound
    setting_changes.change(actor_id, key, wish)


def is_closed(year: int) -> bool:
    """Whether a calendar year (WIB) is over."""
    return year < clock.today().year


def change_form(actor_id: int, kind: str, wish: Wish) -> None:
    """Let the numbers of a form of learning hold from a year on. Raises as ``change`` does."""
    numbers = asdict(form_of(kind, wish.from_year).form) | wish.value
    kept = {name: numbers[name] for name in CONVERSION_NUMBERS}
    changed = settings.value(CONVERSION, wish.from_year) | {kind: kept}
    setting_changes.change(actor_id, CONVERSION, replace(wish, value=changed), f"jp:{kind}")


def people_with_hours(year: int) -> int:
    """How many people have JP in a year or later: whom a change there may touch."""
    counted = select(func.count(HoursYear.person_id.distinct())).where(HoursYear.year >= year)
    return db.session.scalar(counted) or 0
