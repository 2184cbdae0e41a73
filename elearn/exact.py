"""Rows exactly as they stand in the file, for those who look for changed bytes.

The usual way reads 2 as true and stops at a date that is none; here either is said of its row.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Boolean, Column, Date, Table, type_coerce
from sqlalchemy.types import NullType

from elearn.database import db

FLAGS: dict[Any, bool] = {0: False, 1: True}


def columns(table: Table) -> list[Any]:
    """The columns of a table, to be selected without a change of what the driver gives."""
    return [type_coerce(column, NullType()).label(column.name) for column in table.columns]


def read(table: Table, row: Any) -> Any:
    """A row of such columns with its dates and truths. Raises ValueError for what is neither."""
    typed = _typed(table)
    if not typed:
        return row
    values = dict(row._mapping)
    for column in typed:
        values[column.name] = _value(column, values[column.name])
    return SimpleNamespace(**values)


@cache
def _typed(table: Table) -> tuple[Column[Any], ...]:
    return tuple(column for column in table.columns if isinstance(column.type, Boolean | Date))


def _value(column: Column[Any], value: Any) -> Any:
    if value is None or isinstance(value, date):
        return value
    if isinstance(column.type, Boolean):
        if value not in FLAGS:
            raise ValueError(column.name)
        return FLAGS[value]
    day = date.fromisoformat(value)
    if day.isoformat() != value:
        raise ValueError(column.name)
    return day


@contextmanager
def any_text() -> Iterator[None]:
    """Let the present connection to SQLite hand out text that is no UTF-8, with marks in it."""
    driver: Any = db.session.connection().connection.driver_connection
    if db.engine.dialect.name != "sqlite":
        yield
        return
    before = driver.text_factory
    driver.text_factory = partial(str, encoding="utf-8", errors="replace")
    try:
        yield
    finally:
        driver.text_factory = before


def file_faults() -> Iterator[str]:
    """What SQLite itself finds wrong with its file; nothing elsewhere."""
    if db.engine.dialect.name == "sqlite":
        found = db.session.connection().exec_driver_sql("PRAGMA integrity_check").scalars()
        yield from (str(line) for line in found if line != "ok")
