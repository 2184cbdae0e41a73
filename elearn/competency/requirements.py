"""The matrix of position classes by competencies: dated levels, changed with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from elearn import clock
from elearn.competency import framework
from elearn.competency.models import PositionClass, Requirement
from elearn.database import db, rows
from elearn.errors import Invalid, NotFound
from elearn.people import audit
from elearn.people.models import Person, full_name

LOWEST, HIGHEST = 0, 5
MAX_REASON_LENGTH = 400
DAYS_AHEAD = 3660
NAMED = (Person.degrees_before, Person.name, Person.degrees_after)


class Dated(NamedTuple):
    """A level and the first day it holds; ``by`` is empty for what the framework came with.

    ``level`` is None where a position follows its class again.
    """

    code: str
    level: int | None
    valid_from: date
    by: str
    changed_ms: int | None
    reason: str


@dataclass(frozen=True)
class Wish:
    """The levels that shall be asked from a day on, 0 for none, and why.

    None, of a position only: what its class asks.
    """

    levels: Mapping[str, int | None]
    valid_from: date
    reason: str


def position_class(key: str) -> PositionClass:
    """A class by its key. Raises NotFound."""
    found = db.session.get(PositionClass, key)
    if found is None:
        raise NotFound
    return found


def change(actor_id: int, key: str, wish: Wish) -> int:
    """Let a class ask other levels from a day on; how many differ. Raises NotFound and Invalid."""
    position_class(key)
    check(wish)
    before = framework.requirements(key, wish.valid_from)
    wanted = {code: level or LOWEST for code, level in wish.levels.items()}
    changed = {code: level for code, level in wanted.items() if level != before.get(code, LOWEST)}
    for code, level in changed.items():
        _write(actor_id, key, code, level, wish)
    if changed:
        audit.record(
            actor_id,
            "requirement:changed",
            None,
            setting=key,
            before=told({code: before.get(code, LOWEST) for code in changed}),
            after=told(changed),
            reason=wish.reason.strip(),
        )
    return len(changed)


def check(wish: Wish) -> None:
    """See whether levels can be asked. Raises Invalid with the field."""
    if not 0 < len(wish.reason.strip()) <= MAX_REASON_LENGTH:
        raise Invalid("missing", "reason")
    if not wish.valid_from > framework.SEED_FROM or (
        (wish.valid_from - clock.today()).days > DAYS_AHEAD
    ):
        raise Invalid("day_out_of_range", "valid_from")
    if not wish.levels.keys() <= framework.names_in_use(wish.valid_from).keys():
        raise Invalid("unknown_competency", "valid_from")
    if not all(LOWEST <= (level or LOWEST) <= HIGHEST for level in wish.levels.values()):
        raise Invalid("level_out_of_range", "valid_from")


def _write(actor_id: int, key: str, code: str, level: int, wish: Wish) -> None:
    row = db.session.get(Requirement, (key, code, wish.valid_from))
    if row is None:
        row = Requirement(position_class=key, code=code, valid_from=wish.valid_from)
        db.session.add(row)
    row.level, row.reason = level, wish.reason.strip()
    row.changed_by, row.changed_ms = actor_id, clock.now_ms()


def told(levels: Mapping[str, int | None]) -> str:
    """Levels in a line of the audit log."""
    said = {code: "–" if level is None else level for code, level in levels.items()}
    return ", ".join(f"{code} {level}" for code, level in said.items())


def history(key: str) -> list[Dated]:
    """Every level a class asked or shall ask, the newest day first; one statement."""
    columns = (Requirement.code, Requirement.level, Requirement.valid_from)
    wanted = (
        select(*columns, Requirement.changed_ms, Requirement.reason, *NAMED)
        .outerjoin(Person, Person.id == Requirement.changed_by)
        .where(Requirement.position_class == key)
        .order_by(Requirement.valid_from.desc(), Requirement.code)
    )
    return [dated(row) for row in rows(wanted)]


def dated(row: Any) -> Dated:
    """A row of levels with the NAMED columns of who changed them."""
    by = full_name(row.degrees_before, row.name, row.degrees_after) if row.name else ""
    return Dated(row.code, row.level, row.valid_from, by, row.changed_ms, row.reason)
