"""What the database itself can do, without the product: durable commits, rows to CSV."""

from __future__ import annotations

import csv
import fcntl
import io
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from bench.load import CONNECTIONS
from elearn.database import PRAGMAS, is_sqlite

PROCESSES = 2  # as many as the product's workers
_turn = threading.Lock()
MAKE_TABLE = "CREATE TABLE IF NOT EXISTS bench_row (id INTEGER PRIMARY KEY, body TEXT)"
COMPLETIONS = """
    SELECT p.degrees_before, p.name, p.degrees_after, p.nip, p.status, u.name, v.title,
           c.started_ms, c.completed_ms, c.score_tenths, c.jp, z.number
    FROM completion c
    JOIN person p ON p.id = c.person_id
    JOIN unit u ON u.id = c.unit_id
    JOIN course_version v ON v.id = c.version_id
    LEFT JOIN certificate z
      ON z.source_kind = 'course' AND z.source_id = CAST(c.enrolment_id AS VARCHAR(40))
    ORDER BY c.completed_ms DESC, c.enrolment_id DESC
"""


def commits(database: str, seconds: float) -> float:
    """Durable transactions of one row a second, on CONNECTIONS in PROCESSES."""
    _prepare(database)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(time.sleep, [0.1] * PROCESSES))  # all have started
        runs = [
            pool.submit(_commit_on_threads, database, seconds, process)
            for process in range(PROCESSES)
        ]
        return sum(run.result() for run in runs) / seconds


def _prepare(database: str) -> None:
    connection = connect(database)
    connection.execute(MAKE_TABLE)
    for row in range(CONNECTIONS):
        connection.execute(f"INSERT INTO bench_row VALUES ({row}, '') ON CONFLICT DO NOTHING")
    connection.close()


def connect(database: str) -> Any:
    """A connection of the driver with the product's settings, committing each statement."""
    if is_sqlite(database):
        connection = sqlite3.connect(str(make_url(database).database), isolation_level=None)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection
    return psycopg.connect(database.replace("+psycopg", ""), autocommit=True)


def _commit_on_threads(database: str, seconds: float, process: int) -> int:
    lanes = CONNECTIONS // PROCESSES
    counts = [0] * lanes
    until = time.monotonic() + seconds

    def run(lane: int) -> None:
        counts[lane] = _commit(database, until, process * lanes + lane)

    threads = [threading.Thread(target=run, args=(lane,)) for lane in range(lanes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


def _commit(database: str, until: float, row: int) -> int:
    connection = connect(database)
    mark = "?" if is_sqlite(database) else "%s"
    statement = f"UPDATE bench_row SET body = {mark} WHERE id = {mark}"
    count = 0
    with _line(database) as in_line:
        while time.monotonic() < until:
            with in_line():
                connection.execute(statement, (f"answer {count}", row))
            count += 1
    connection.close()
    return count


@contextmanager
def _line(database: str) -> Iterator[Callable[[], AbstractContextManager[object]]]:
    """SQLite's writers stand in line: its own waiting sleeps, and would make the limit too low."""
    if not is_sqlite(database):
        yield nullcontext
        return
    with Path(f"{make_url(database).database}-bench").open("ab") as file:

        @contextmanager
        def in_line() -> Iterator[None]:
            with _turn:
                fcntl.flock(file, fcntl.LOCK_EX)
                try:
                    yield
                finally:
                    fcntl.flock(file, fcntl.LOCK_UN)

        yield in_line


def csv_reader(database: str) -> Callable[[], int]:
    """A function that fetches all completion records and writes them as CSV; bytes written."""
    connection = connect(database)

    def fetch() -> int:
        held = io.StringIO()
        csv.writer(held).writerows(connection.execute(COMPLETIONS).fetchall())
        return len(held.getvalue().encode())

    return fetch
