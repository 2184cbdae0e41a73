"""`python -m bench.exports`: 10,000 and 100,000 rows of the widest list, as CSV and as XLSX.

Aims: 100,000 rows under 20 s; memory that stays, within a few MB of that of 10,000 rows. Each file
is made in a process of its own on one core, from the database that `bench.hr --keep` leaves.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from bench import hr, hr_samples
from elearn import clock
from elearn.database import db
from elearn.people import actors
from elearn.reports import sending, sheets
from elearn.reports.filters import Wanted

SIZES = (10_000, 100_000)
KINDS = ("csv", "xlsx")
MB = 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.exports", description=__doc__)
    parser.add_argument("database", type=Path, help="a database kept by bench.hr")
    asked = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    apart = multiprocessing.get_context("spawn")
    for kind in KINDS:
        for size in SIZES:
            with apart.Pool(1) as pool:
                print(pool.apply(_measured, (asked.database, kind, size)), flush=True)


def _measured(path: Path, kind: str, size: int) -> str:
    app = hr._application(path)
    with app.app_context(), app.test_request_context():
        actor = _head()
        before = _most()
        began, used = time.perf_counter(), time.process_time()
        sheet = sheets.completion_sheet(actor, Wanted(year=2026))
        found = iter(sheet.rows)
        response = sending.saved(replace(sheet, rows=_rows(found, size)), kind)
        sent = sum(len(piece) for piece in response.iter_encoded())
        found.close()  # type: ignore[attr-defined]  # a generator: the statement ends with it
        seconds, core = time.perf_counter() - began, time.process_time() - used
        db.session.remove()
    return (
        f"{size:,} rows of {len(sheet.header)} columns as {kind}: {seconds:.1f} s ({core:.1f} s of "
        f"the core), {sent / 1e6:.1f} MB sent, {_most() - before:.0f} MB added to {before:.0f} MB"
    )


def _rows(found: Iterator[Any], size: int) -> Iterator[Any]:
    """So many rows: of a list that is shorter, its last one again and again."""
    row, count = None, 0
    for row in islice(found, size):
        count += 1
        yield row
    for _ in range(size - count):
        yield row


def _head() -> actors.Actor:
    """HR of the agency, as their requests know them."""
    token = hr._token(hr_samples.people()["HR agency"])
    found = actors.load(token, clock.now_ms())
    assert found is not None
    return found


def _most() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB


if __name__ == "__main__":
    main()
