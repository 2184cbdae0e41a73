"""What each figure of the installation means: well, to be watched, or to be acted on (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
MB = 1_000_000
GB = 1_000 * MB


class State(IntEnum):
    """How something is; the worse is the greater, and the exit code of ``elearn health``."""

    GOOD = 0
    WATCH = 1
    ACT = 2

    @property
    def word(self) -> str:
        """The name as it stands in JSON."""
        return self.name.lower()


@dataclass(frozen=True)
class Line:
    """One thing that was looked at; ``reason`` says what is not as it should be, if anything."""

    key: str
    state: State = State.GOOD
    reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def told(self) -> dict[str, Any]:
        """The line as JSON."""
        return {"key": self.key, "state": self.state.word, "reason": self.reason, **self.facts}


def worst(lines: Iterable[Line]) -> State:
    """The state of the whole."""
    return max((line.state for line in lines), default=State.GOOD)


def unreachable() -> Line:
    """The only line of a database that does not answer."""
    return Line("database", State.ACT, "unreachable")


def disk(free: int, total: int, database: int) -> Line:
    """Free bytes against the whole disk, and against one more copy of the database."""
    facts = {"free_bytes": free, "total_bytes": total}
    if free < max(500 * MB, total // 50):
        return Line("disk", State.ACT, "full", facts)
    if free < 2 * database:
        return Line("disk", State.WATCH, "no_room_for_copy", facts)
    if free < max(2 * GB, total // 10):
        return Line("disk", State.WATCH, "short", facts)
    return Line("disk", facts=facts)


def database(size: int, wal: int | None) -> Line:
    """Bytes of the database, and of SQLite's log written ahead (None elsewhere)."""
    facts = {"bytes": size, "wal_bytes": wal}
    if wal is not None and wal > max(256 * MB, size // 2):
        return Line("database", State.WATCH, "wal_grows", facts)
    return Line("database", facts=facts)


def schema(present: str, newest: str) -> Line:
    """The schema of the database against that of the program."""
    facts = {"present": present, "newest": newest}
    if present != newest:
        return Line("schema", State.ACT, "older", facts)
    return Line("schema", facts=facts)


def backup(at_ms: int | None, now_ms: int, size: int | None) -> Line:
    """The age of the last copy: one a day is expected, two may be missed."""
    if at_ms is None:
        return Line("backup", State.ACT, "never")
    facts = {"at_ms": at_ms, "bytes": size}
    age = now_ms - at_ms
    if age > 72 * HOUR_MS:
        return Line("backup", State.ACT, "old", facts)
    if age > 26 * HOUR_MS:
        return Line("backup", State.WATCH, "late", facts)
    return Line("backup", facts=facts)


def verified(at_ms: int | None, now_ms: int, values: Mapping[str, Any]) -> Line:
    """The last check of the journal: any problem is one to act on."""
    if at_ms is None:
        return Line("verified", State.WATCH, "never")
    facts = {"at_ms": at_ms, **values}
    if values["problems"]:
        return Line("verified", State.ACT, "unsound", facts)
    if now_ms - at_ms > 50 * HOUR_MS:
        return Line("verified", State.WATCH, "old", facts)
    return Line("verified", facts=facts)


def sealed(at_ms: int | None, now_ms: int, number: int, waiting: int) -> Line:
    """The last seal, and how many events have come since."""
    facts = {"at_ms": at_ms, "number": number, "waiting": waiting}
    is_late = at_ms is None or now_ms - at_ms > 50 * HOUR_MS
    if waiting and is_late and (at_ms is not None or waiting > 1):
        return Line("sealed", State.WATCH, "late", facts)
    return Line("sealed", facts=facts)


def keys(current: Mapping[str, Any] | None, missing: list[str], exposed: list[str]) -> Line:
    """The keys that sign: what seals name must be kept, and nobody else may read a secret."""
    facts = {**(current or {}), "missing": missing, "exposed": exposed}
    if missing:
        return Line("keys", State.ACT, "missing", facts)
    if exposed:
        return Line("keys", State.ACT, "exposed", facts)
    return Line("keys", facts=facts)


def runner(beat_ms: int | None, now_ms: int, *, is_busy: bool) -> Line:
    """When the runner last showed itself; busy with a long job it need not."""
    if beat_ms is None and not is_busy:
        return Line("runner", State.ACT, "never")
    facts = {"at_ms": beat_ms, "is_busy": is_busy}
    if not is_busy and now_ms - (beat_ms or 0) > 3 * MINUTE_MS:
        return Line("runner", State.ACT, "silent", facts)
    return Line("runner", facts=facts)


def jobs(waiting: int, oldest_ms: int | None, failed: int, now_ms: int) -> Line:
    """Work that is due and waits, and work that was given up."""
    facts = {"waiting": waiting, "oldest_ms": oldest_ms, "failed": failed}
    if failed:
        return Line("jobs", State.WATCH, "failed", facts)
    if oldest_ms is not None and now_ms - oldest_ms > 15 * MINUTE_MS:
        return Line("jobs", State.WATCH, "slow", facts)
    return Line("jobs", facts=facts)


def notices(sent: int, waiting: int) -> Line:
    """Messages put into inboxes within a day, and jobs that still have some to put there."""
    return Line("notices", facts={"sent": sent, "waiting": waiting})


def slow(number: int, slowest_ms: int) -> Line:
    """Statements of the last days that were slow."""
    facts = {"number": number, "slowest_ms": slowest_ms}
    if slowest_ms > 2_000:
        return Line("slow", State.WATCH, "slow", facts)
    return Line("slow", facts=facts)


def errors(kinds: int, times: int, last_ms: int | None, now_ms: int) -> Line:
    """Errors nobody foresaw, within a week; those of the last day are to be acted on."""
    facts = {"kinds": kinds, "times": times, "last_ms": last_ms}
    if last_ms is not None:
        is_new = now_ms - last_ms < DAY_MS
        return Line("errors", State.ACT if is_new else State.WATCH, "happened", facts)
    return Line("errors", facts=facts)
