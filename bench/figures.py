"""The figures: each measured in turn with its limit, so that both see the same machine."""

from __future__ import annotations

import gzip
import re
import statistics
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bench import limits, load, servers
from bench.load import COUNTER, Ask
from bench.world import World
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


def measure(database: str, world: World, rounds: Rounds) -> Iterator[Figure]:
    """All figures on one database."""
    with servers.product(database) as url:
        page_bytes = len(_get(url + world.lesson_path, world.learners[0].token, packed=False)[0])
        with servers.bare_flask(page_bytes) as bare_url:
            yield from _pages(url, bare_url, world, rounds)
        yield _answers(url, database, world, rounds)
        yield _export(url, database, world, rounds)
        yield from _weights(url, world)


def _pages(url: str, bare_url: str, world: World, rounds: Rounds) -> Iterator[Figure]:
    def at(address: str, path: str) -> Callable[[], float]:
        asks = [Ask(path, f"{COOKIE}={who.token}") for who in world.learners]
        return lambda: load.rate(address, asks, rounds.seconds)

    bare = at(bare_url, urlsplit(bare_url).path)
    for key, what, path, aim in (
        ("P1", "lesson page ÷ bare Flask", world.lesson_path, (0.5, 0.35)),
        ("P2", "home ÷ bare Flask", "/", (0.3, 0.3)),
    ):
        measured, limit = _in_turn(at(url, path), bare, rounds.count)
        yield Figure(key, what, aim[0], 1, "requests/s", measured, limit)


def _answers(url: str, database: str, world: World, rounds: Rounds) -> Figure:
    asks = [
        Ask(f"/attempts/{who.attempt_id}/answers/{position}", f"{COOKIE}={who.token}", ANSWER)
        for position in range(world.questions)
        for who in world.learners
    ]
    measured, limit = _in_turn(
        lambda: load.rate(url, asks, rounds.seconds),
        lambda: limits.commits(database, rounds.seconds),
        rounds.count,
    )
    return Figure("P3", "answer saved ÷ raw durable commits", 0.35, 1, "1/s", measured, limit)


def _export(url: str, database: str, world: World, rounds: Rounds) -> Figure:
    fetch = limits.csv_reader(database)
    address = f"{url}/hr/completions.csv"
    measured, limit = _in_turn(
        lambda: _milliseconds(lambda: len(_get(address, world.hr_token, packed=False)[0])),
        lambda: _milliseconds(fetch),
        rounds.count,
    )
    what = "1,000 completion records as CSV ÷ driver and csv"
    return Figure("P4", what, 3.0, -1, "ms", measured, limit)


def _milliseconds(run: Callable[[], int]) -> float:
    times = []
    for _ in range(EXPORTS_A_ROUND):
        started = time.perf_counter()
        assert run()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def _in_turn(
    measured: Callable[[], float], limit: Callable[[], float], count: int
) -> tuple[list[float], list[float]]:
    measured(), limit()  # both warm
    pairs = [(measured(), limit()) for _ in range(count)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _weights(url: str, world: World) -> Iterator[Figure]:
    """What a first visit to a lesson and the next lesson weigh on the wire, headers included."""
    token = world.learners[0].token
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
