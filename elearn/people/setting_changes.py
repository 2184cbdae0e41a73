"""Changing a setting: who may, closed years with a warning, the audit log, and what was changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select

from elearn import clock, settings
from elearn.database import rows
from elearn.errors import Invalid, NotAllowed, NotFound
from elearn.people import audit
from elearn.people.actors import Actor
from elearn.people.models import Person, full_name
from elearn.people.permissions import Permission
from elearn.settings import Known, Setting, SettingChange

CHANGED = "setting:changed"
TAKEN_BACK = "setting:taken_back"
MAX_REASON = 400
LEAST_REASON = 5


@dataclass(frozen=True)
class Wish:
    """What somebody wants to hold from a year on; ``confirmed`` that the year is closed.

    ``seen`` is the newest change they knew of, where the page told them; None asks nothing.
    """

    from_year: int
    value: Any
    confirmed: bool = False
    reason: str = ""
    seen: int | None = None


class Dated(NamedTuple):
    """A value, also in words, and the first year it holds; ``by`` is empty for the operator."""

    from_year: int
    value: Any
    words: str
    by: str
    changed_ms: int


class Change(NamedTuple):
    """One change; ``before`` and ``after`` in words, empty where nothing was set for the year."""

    id: int
    from_year: int
    before: str
    after: str
    reason: str
    by: str
    changed_ms: int


def is_closed(setting: Known, from_year: int) -> bool:
    """Whether figures of a calendar year (WIB) that is over may move."""
    return not setting.holds_at_once and from_year < clock.today().year


def may_change(actor: Actor, setting: Known) -> bool:
    """Whether somebody's roles change this setting."""
    return actor.may(Permission(setting.changed_with))


def refuse(actor: Actor, key: str) -> Known:
    """The setting, if somebody may change it. Raises NotFound and NotAllowed."""
    setting = settings.known(key)
    if not may_change(actor, setting):
        raise NotAllowed
    return setting


def change(actor_id: int | None, key: str, wish: Wish, named: str = "") -> bool:
    """Let a setting hold a value from a year on; whether that changed anything.

    ``named`` is what the audit log calls it, else its key. Raises NotFound, and Invalid with the
    field: a year that is over is changed only when that was confirmed, as its figures may move.
    """
    _refuse_unseen(key, wish)
    if is_closed(settings.known(key), wish.from_year) and not wish.confirmed:
        raise Invalid("closed_year", "confirmed")
    before = settings.value(key, wish.from_year)
    made = settings.change(key, wish.from_year, wish.value, actor_id, wish.reason)
    if made is None:
        return False
    _record(actor_id, CHANGED, named or key, made, before=before, after=wish.value)
    return True


def take_back(actor_id: int | None, key: str, change_id: int, wish: Wish) -> bool:
    """Put what held before a change in its place again, for the year of that change.

    Of the wish, the reason and the confirmation count. Raises NotFound for a change of another
    setting, Invalid as ``change`` does.
    """
    change_row = _change_row(key, change_id)
    year = change_row.from_year
    if change_row.before is not None:
        value = json.loads(change_row.before)
        return change(actor_id, key, Wish(year, value, wish.confirmed, wish.reason, wish.seen))
    _refuse_unseen(key, wish)
    if is_closed(settings.known(key), year) and not wish.confirmed:
        raise Invalid("closed_year", "confirmed")
    before = settings.value(key, year)
    made = settings.take_back(key, year, actor_id, wish.reason)
    if made is None:
        return False
    _record(actor_id, TAKEN_BACK, key, made, before=before, after=settings.value(key, year))
    return True


def _record(
    actor_id: int | None, action: str, named: str, made: SettingChange, **values: Any
) -> None:
    told = {name: _short(value) for name, value in values.items()}
    if made.reason:
        told["reason"] = made.reason
    audit.record(actor_id, action, None, setting=named, year=made.from_year, **told)


def _short(value: Any) -> Any:
    return value if isinstance(value, int | str) else json.dumps(value, sort_keys=True)


def _refuse_unseen(key: str, wish: Wish) -> None:
    if wish.seen is not None and wish.seen != newest_change(key):
        raise Invalid("moved_on", "value")


def newest_change(key: str) -> int:
    """The newest change of a setting, 0 for none: what a page says it has seen."""
    newest = select(func.coalesce(func.max(SettingChange.id), 0))
    return int(rows(newest.where(SettingChange.key == key))[0][0])


def _change_row(key: str, change_id: int) -> Row[Any]:
    wanted = select(SettingChange.from_year, SettingChange.before)
    found = rows(wanted.where(SettingChange.id == change_id, SettingChange.key == key))
    if not found:
        raise NotFound
    return found[0]


def changes(key: str) -> list[Change]:
    """What was changed of a setting, newest first; one statement. Raises NotFound."""
    setting = settings.known(key)
    wanted = _CHANGES.where(SettingChange.key == key).order_by(SettingChange.id.desc())
    return [_change_of(setting, row) for row in rows(wanted)]


def change_of(key: str, change_id: int) -> Change:
    """One change of a setting. Raises NotFound."""
    setting = settings.known(key)
    found = rows(_CHANGES.where(SettingChange.key == key, SettingChange.id == change_id))
    if not found:
        raise NotFound
    return _change_of(setting, found[0])


_NAMES = (Person.degrees_before, Person.name, Person.degrees_after)
_CHANGES = select(
    SettingChange.id,
    SettingChange.from_year,
    SettingChange.before,
    SettingChange.after,
    SettingChange.reason,
    SettingChange.changed_ms,
    *_NAMES,
).outerjoin(Person, Person.id == SettingChange.changed_by)


def _change_of(setting: Known, row: Any) -> Change:
    before, after = (_words(setting, stored) for stored in (row.before, row.after))
    return Change(row.id, row.from_year, before, after, row.reason, _by(row), row.changed_ms)


def _words(setting: Known, stored: str | None) -> str:
    """A stored value in words; as it stands where the product would not accept it any more."""
    if stored is None:
        return ""
    value = json.loads(stored)
    return setting.accepts.told(value) if setting.accepts(value) else stored


def _by(row: Any) -> str:
    return full_name(row.degrees_before, row.name, row.degrees_after) if row.name else ""


def dated(keys: Sequence[str]) -> Mapping[str, list[Dated]]:
    """The values of some settings with their first years, newest first; one statement."""
    wanted = (
        select(Setting.key, Setting.from_year, Setting.value, Setting.changed_ms, *_NAMES)
        .outerjoin(Person, Person.id == Setting.changed_by)
        .where(Setting.key.in_(keys))
        .order_by(Setting.from_year.desc())
    )
    found: dict[str, list[Dated]] = {key: [] for key in keys}
    for row in rows(wanted):
        value, words = json.loads(row.value), _words(settings.known(row.key), row.value)
        found[row.key].append(Dated(row.from_year, value, words, _by(row), row.changed_ms))
    return found
