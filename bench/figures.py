"""The figures: each measured in turn with its limit, so that both see the same machine."""

from __future__ import annotations

import gzip
import re
import statistics
import time
import urllib.request
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bench import limits, load, servers
from bench.load import COUNTER, Ask
from bench.world import World
from elearn.database import is_sqlite
from elearn.people.access import COOKIE

ANSWER = f'{{"answer": ["a"], "counter": {COUNTER}}}'
EXPORTS_A_ROUND = 20
KILOBYTE = 1000


@dataclass(frozen=True)
class Rounds:
    """How long a round is, and how many there are."""

    count: int
    seconds: float


@dataclass(frozen=True)
class Figure:
    """A measured figure. ``better`` is 1 where more is better, -1 where less is."""

    key: str
    what: str
    aim: float
    better: int
    unit: str
    measured: list[float]
    limit: list[float]

    @property
    def value(self) -> float:
        """The ratio of the medians, or the median itself where there is no limit."""
        median = statistics.median(self.measured)
        return median / statistics.median(self.limit) if self.limit else median

    @property
    def is_met(self) -> bool:
        return self.value * self.better >= self.aim * self.better


@dataclass(frozen=True)
class Bench:
    """The running product, its database and data, and how to measure it."""

    url: str
    database: str
    world: World
    rounds: Rounds

    def aim(self, sqlite: float, postgresql: float) -> float:
        return sqlite if is_sqlite(self.database) else postgresql

    def in_turn(
        self, measured: Callable[[], float], limit: Callable[[], float]
    ) -> tuple[list[float], list[float]]:
        """Rounds of both in turn, after one of each to warm them."""
        measured()
        limit()
        pairs = [(measured(), limit()) for _ in range(self.rounds.count)]
        return [pair[0] for pair in pairs], [pair[1] for pair in pairs]

    def loaded(self, url: str, path: str) -> Callable[[], float]:
        """Requests a second of a page, by the learners in turn."""
        asks = [Ask(path, f"{COOKIE}={who.token}") for who in self.world.learners]
        return lambda: load.rate(url, asks, self.rounds.seconds)


def measure(database: str, world: World, rounds: Rounds, only: Collection[str]) -> Iterator[Figure]:
    """The figures asked for on one database; all when none is named."""
    with servers.product(database) as url:
        bench = Bench(url, database, world, rounds)
        for key, figures in ALL.items():
            if key in only or not only:
                yield from figures(bench)


def _lesson(bench: Bench) -> Iterator[Figure]:
    aim = bench.aim(0.5, 0.35)
    yield _page(bench, "P1", "lesson page ÷ bare Flask", bench.world.lesson_path, aim)


def _home(bench: Bench) -> Iterator[Figure]:
    yield _page(bench, "P2", "home ÷ bare Flask", "/", 0.3)


def _page(bench: Bench, key: str, what: str, path: str, aim: float) -> Figure:
    """A page against a bare route that is as large as the lesson."""
    token = bench.world.learners[0].token
    size = len(_get(bench.url + bench.world.lesson_path, token, packed=False)[0])
    with servers.bare_flask(size) as bare_url:
        bare = bench.loaded(bare_url, urlsplit(bare_url).path)
        measured, limit = bench.in_turn(bench.loaded(bench.url, path), bare)
    return Figure(key, what, aim, 1, "requests/s", measured, limit)


def _answers(bench: Bench) -> Iterator[Figure]:
    asks = [
        Ask(f"/attempts/{who.attempt_id}/answers/{position}", f"{COOKIE}={who.token}", ANSWER)
        for position in range(bench.world.questions)
        for who in bench.world.learners
    ]
    seconds = bench.rounds.seconds
    measured, limit = bench.in_turn(
        lambda: load.rate(bench.url, asks, seconds), lambda: limits.commits(bench.database, seconds)
    )
    what = "answer saved ÷ raw durable commits"
    yield Figure("P3", what, bench.aim(0.35, 0.15), 1, "1/s", measured, limit)


def _export(bench: Bench) -> Iterator[Figure]:
    fetch = limits.csv_reader(bench.database)
    address = f"{bench.url}/hr/completions.csv"
    measured, limit = bench.in_turn(
        lambda: _milliseconds(lambda: len(_get(address, bench.world.hr_token, packed=False)[0])),
        lambda: _milliseconds(fetch),
    )
    what = "1,000 completion records as CSV ÷ driver and csv"
    yield Figure("P4", what, 3.0, -1, "ms", measured, limit)


def _milliseconds(run: Callable[[], int]) -> float:
    times = []
    for _ in range(EXPORTS_A_ROUND):
        started = time.perf_counter()
        assert run()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def _weights(bench: Bench) -> Iterator[Figure]:
    """What a first visit to a lesson and the next lesson weigh on the wire, headers included."""
    url, world, token = bench.url, bench.world, bench.world.learners[0].token
    first = _visit(url + world.lesson_path, token, seen={})
    onward = _visit(url + world.next_path, token, seen=first)
    for what, value, aim, unit in (
        ("first visit to a lesson, cold", sum(first.values()) / KILOBYTE, 60, "KB"),
        ("the next lesson", sum(onward.values()) / KILOBYTE, 15, "KB"),
        ("requests of the first visit", len(first), 12, "requests"),
    ):
        yield Figure("P8", what, aim, -1, unit, [value], [])


LINKED = re.compile(r'(?:<script[^>]*? src|<link[^>]*? href|<use[^>]*? href)="([^"#]+)')
FROM_CSS = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])(?!data:)([^"')#]+)""")


def _visit(address: str, token: str, seen: dict[str, int]) -> dict[str, int]:
    """The bytes of each request that a browser makes, but for pictures of the course."""
    found: dict[str, int] = {}
    waiting = [address]
    while waiting:
        target = waiting.pop()
        if target in found or target in seen:
            continue
        body, size = _get(target, token, packed=True)
        found[target] = size
        links = FROM_CSS if ".css" in target else LINKED if target == address else None
        waiting += [urljoin(target, link) for link in links.findall(body.decode())] if links else []
    return found


def _get(address: str, token: str, *, packed: bool) -> tuple[bytes, int]:
    """The body and the bytes on the wire."""
    encoding = "gzip" if packed else "identity"
    headers = {"Cookie": f"{COOKIE}={token}", "Accept-Encoding": encoding, "Accept": "*/*"}
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
        assert answer.url == address, f"{address} leads to {answer.url}"
        content = answer.read()
        size = len(content) + len(str(answer.headers))
        is_packed = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(content) if is_packed else content), size


ALL: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "P1": _lesson,
    "P2": _home,
    "P3": _answers,
    "P4": _export,
    "P8": _weights,
}
