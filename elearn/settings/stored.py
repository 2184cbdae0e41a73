"""Settings as they are stored: a value holds from a calendar year on, and each change is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    cast,
    delete,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from elearn import clock
from elearn.database import Model, Prepared, db, insert_new
from elearn.errors import Invalid, NotFound
from elearn.settings.registry import REGISTRY, Known
from elearn.settings.switches import PREFIX, Switch

LAST_YEAR = 2100
_OFF = "false"  # as JSON


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


class SettingChange(Model):
    """One change of a setting: what held for a year before and after it, and why.

    ``before`` is None where nothing was set for that year, ``after`` where that was taken away
    again. Rows are only ever added.
    """

    __tablename__ = "setting_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), index=True)
    from_year: Mapped[int]
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    changed_by: Mapped[int | None]
    changed_ms: Mapped[int] = mapped_column(BigInteger)


_followers: dict[str, list[Callable[[int], None]]] = {}


def follow(key: str, refresh: Callable[[int], None]) -> None:
    """Call ``refresh`` with the first year of each change of a setting, in its transaction.

    A slice whose stored figures depend on a setting keeps them true in this way.
    """
    _followers.setdefault(known(key).key, []).append(refresh)


def value(key: str, year: int) -> Any:
    """The value that holds in a calendar year, or the default; one statement."""
    setting = known(key)
    held = (
        select(Setting.value)
        .where(Setting.key == key, Setting.from_year <= year)
        .order_by(Setting.from_year.desc())
        .limit(1)
    )
    stored = db.session.scalar(held)
    return setting.default if stored is None else json.loads(stored)


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


# The switches that are off, as one text, for a statement that finds out who is signed in.
SWITCHED_OFF = (
    select(func.aggregate_strings(Setting.key, literal_column("','")))  # type: ignore[arg-type]
    .where(Setting.key.startswith(PREFIX, autoescape=True), Setting.value == _OFF)
    .scalar_subquery()
)


def switched_off(packed: str | None) -> frozenset[str]:
    """The keys of the switches that are off, from SWITCHED_OFF."""
    return frozenset(packed.split(",")) if packed else frozenset()


def is_on(switch: Switch) -> bool:
    """Whether a capability is there, for who is not signed in; one statement."""
    return bool(value(switch, known(switch).first_year))


def _values(rows: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """The defaults, and what is stored over them; rows of key and value, the latest last."""
    values = {key: setting.default for key, setting in REGISTRY.items()}
    for key, stored in rows:
        if key in values:
            values[key] = json.loads(stored)
    return values


def history(key: str) -> list[Setting]:
    """All dated values of a setting, newest first."""
    known(key)
    wanted = select(Setting).where(Setting.key == key).order_by(Setting.from_year.desc())
    return list(db.session.scalars(wanted))


def change(
    key: str, from_year: int, value: Any, changed_by: int | None, reason: str = ""
) -> SettingChange | None:
    """Let a setting hold a value from a year on; None where that is what was set for the year.

    Raises Invalid with the field that is wrong. What ``holds_at_once`` has but its first year.
    """
    setting = known(key)
    year = setting.first_year if setting.holds_at_once else from_year
    _refuse_year(setting, year)
    if not setting.accepts(value):
        raise Invalid("value_not_accepted", "value")
    after = _text(value)
    before = _stored(key, year)
    if before == after:
        return None
    values = {"value": after, "changed_by": changed_by, "changed_ms": clock.now_ms()}
    if not insert_new(Setting, [{"key": key, "from_year": year, **values}]):
        db.session.execute(update(Setting).where(*_same(key, year)).values(values))
    return _note(SettingChange(key=key, from_year=year, before=before, after=after, reason=reason,
                               changed_by=changed_by))  # fmt: skip


def take_back(
    key: str, from_year: int, changed_by: int | None, reason: str = ""
) -> SettingChange | None:
    """Let what held before hold from a year on again; None where nothing was set for it."""
    known(key)
    before = _stored(key, from_year)
    if before is None:
        return None
    db.session.execute(delete(Setting).where(*_same(key, from_year)))
    return _note(SettingChange(key=key, from_year=from_year, before=before, after=None,
                               reason=reason, changed_by=changed_by))  # fmt: skip


def _refuse_year(setting: Known, year: int) -> None:
    if not setting.first_year <= year <= LAST_YEAR:
        raise Invalid("year_out_of_range", "from_year")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _same(key: str, year: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Setting.key == key, Setting.from_year == year


def _stored(key: str, year: int) -> str | None:
    """What is set for just this year, held until the transaction ends."""
    stored = select(Setting.value).where(*_same(key, year)).with_for_update()
    return db.session.scalar(stored)


def _note(made: SettingChange) -> SettingChange:
    made.changed_ms = clock.now_ms()
    db.session.add(made)
    db.session.flush()
    for refresh in _followers.get(made.key, ()):
        refresh(made.from_year)
    return made


def known(key: str) -> Known:
    """The entry of a setting. Raises NotFound."""
    if key not in REGISTRY:
        raise NotFound
    return REGISTRY[key]
