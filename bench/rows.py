"""Rows of SQLite tables by the names of their columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]


def top(database: sqlite3.Connection, table: str) -> int:
    """The highest id of a table; 0 without rows."""
    found: int = database.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
    return found


def insert(database: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    """Insert rows with the columns of the first one that the table has."""
    new = list(rows)
    if not new:
        return
    has = {row[1] for row in database.execute(f"PRAGMA table_info({table})").fetchall()}
    columns = [name for name in new[0] if name in has]
    names = ", ".join(f'"{name}"' for name in columns)
    places = ", ".join(f":{name}" for name in columns)
    database.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", new)
