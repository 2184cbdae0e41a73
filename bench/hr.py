"""`python -m bench.hr`: every page of HR and the administrator at 50,000 people, 5,000,000 events.

Aims at the server: the first page of any list under 150 ms, every page under 300 ms. The pages are
found in the URL map and opened in this process as HR of the agency, HR of an office with about 800
people, the administrator and the auditor; SQLite, one core. Beside the clock stands the time of
the core, which is what counts where the machine does other work. A page is a list when it can be
turned over or saved as a file.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.routing import Rule
from werkzeug.test import Client

from bench import hr_samples, hr_world, servers
from config import Config
from elearn import schema
from elearn.app import create_app
from elearn.database import db, transaction
from elearn.demo import seeding
from elearn.people import accounts
from elearn.people.access import COOKIE
from elearn.people.models import Person

PEOPLE, EVENTS, ROUNDS = 50_000, 5_000_000, 7
AREAS = ("/hr", "/admin", "/team")
FILES = (".csv", ".xlsx", ".zip", ".pdf", "<any(csv, xlsx):kind>")
LIST_MS, PAGE_MS = 150, 300
IS_LIST = ('class="pager"', ".xlsx?", ".csv?")
HEADER = (
    "| Page | As | Core ms (p95) | Clock ms (p95) | Statements | KB | Aim | |\n"
    "|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Measured:
    """A page opened several times by somebody. Times in seconds."""

    path: str
    who: str
    core: Sequence[float]
    clock: Sequence[float]
    statements: int
    size: int
    is_list: bool

    @property
    def aim_ms(self) -> int:
        return LIST_MS if self.is_list else PAGE_MS

    @property
    def core_ms(self) -> float:
        return 1000 * statistics.median(self.core)

    @property
    def line(self) -> str:
        """A row of the table."""
        met = "met" if self.core_ms <= self.aim_ms else "**missed**"
        kind = "list" if self.is_list else "page"
        cells = [f"`{self.path}`", self.who, _spread(self.core), _spread(self.clock)]
        cells += [str(self.statements), f"{self.size / 1000:.0f}", f"{kind} ≤ {self.aim_ms}", met]
        return f"| {' | '.join(cells)} |"


def main() -> None:
    """Build, measure and print, the slowest first; on stderr as they come."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="elearn-bench-") as made:
        path = (asked.keep or Path(made)) / f"hr-{asked.people}-{asked.events}.db"
        app = _application(path)
        with app.app_context():
            _build(path, asked.people, asked.events)
        # From here on one core; building may use both.
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        print(f"{asked.people} people, {asked.events} events, {path.stat().st_size / 1e9:.1f} GB")
        print(f"load {os.getloadavg()[0]:.0f}, {asked.rounds} rounds\n\n{HEADER}")
        found = sorted(_measure(app, asked.only, asked.rounds), key=_distance, reverse=True)
        for page in found:
            print(page.line, flush=True)
        missed = sum(page.core_ms > page.aim_ms for page in found)
        print(f"\n{len(found)} pages, {missed} above their aim on the core")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.hr", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--keep", type=Path, help="a folder that keeps the database")
    parser.add_argument("--only", default="", help="pages whose address holds this")
    return parser.parse_args()


def _application(path: Path) -> Flask:
    return create_app(Config(f"sqlite:///{path}", servers.SECRET, url="http://localhost"))


def _build(path: Path, people: int, events: int) -> None:
    """The database, unless it was kept; what has changed in the schema since is brought up."""
    is_kept = path.exists() and _is_filled()
    schema.upgrade()
    if is_kept:
        return
    seeding.seed(servers.ROOT / "courses")
    hr_samples.prepare()
    db.session.remove()
    db.engine.dispose()
    hr_world.enlarge(path, people, events)


def _is_filled() -> bool:
    people = db.session.query(Person.id).count() if schema.is_current() else 0
    db.session.remove()
    return people > 0


def _measure(app: Flask, only: str, rounds: int) -> Iterator[Measured]:
    with app.app_context():
        people = hr_samples.people()
        tokens = {who: _token(id_) for who, id_ in people.items()}
        paths = [path for path in _paths(app) if only in path]
        db.session.remove()
    unseen = set(paths)
    for who, token in tokens.items():
        client = app.test_client()
        client.set_cookie(COOKIE, token)
        for path in paths:
            if client.get(path).status_code == 200:
                unseen.discard(path)
                page = _opened(app, client, path, who, rounds)
                print(page.line, file=sys.stderr, flush=True)
                yield page
    if unseen:
        print(f"opened by nobody: {', '.join(sorted(unseen))}")


def _token(person_id: int) -> str:
    with transaction():
        return accounts.sign_in(db.session.get_one(Person, person_id))


def _paths(app: Flask) -> Iterator[str]:
    """The addresses of the pages, with what the samples give for their parts."""
    samples, builder = hr_samples.parts(), app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        if not _is_page(rule):
            continue
        for parts in hr_samples.for_rule(rule, samples):
            yield builder.build(rule.endpoint, parts)


def _is_page(rule: Rule) -> bool:
    starts = rule.rule.startswith(AREAS) or "area" in rule.arguments
    return starts and "GET" in (rule.methods or ()) and not rule.rule.endswith(FILES)


def _opened(app: Flask, client: Client, path: str, who: str, rounds: int) -> Measured:
    statements, page = _counted(app, client, path)
    core, clock = [], []
    for _ in range(rounds):
        began, used = time.perf_counter(), time.process_time()
        client.get(path)
        clock.append(time.perf_counter() - began)
        core.append(time.process_time() - used)
    text = page.decode()
    is_list = any(sign in text for sign in IS_LIST)
    return Measured(path, who, core, clock, statements, len(page), is_list)


def _counted(app: Flask, client: Client, path: str) -> tuple[int, bytes]:
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        page = client.get(path).data
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(found), page


def _distance(page: Measured) -> float:
    return page.core_ms / page.aim_ms


def _spread(seconds: Sequence[float]) -> str:
    at = min(len(seconds) - 1, round(0.95 * len(seconds)))
    return f"{1000 * statistics.median(seconds):.0f} ({1000 * sorted(seconds)[at]:.0f})"


if __name__ == "__main__":
    main()
