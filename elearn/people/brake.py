"""Slows down guessing, per account and per address, across processes: a table."""

from __future__ import annotations

import hashlib
import ipaddress

from sqlalchemy import delete, select

from elearn import clock
from elearn.database import db, insert_new
from elearn.errors import TooManyTries
from elearn.people.models import Guessing

FREE_FAILURES = 5
LONGEST_PAUSE_SECONDS = 15 * 60
DOUBLINGS = 10  # 2 ** 10 seconds are beyond the longest pause
MEMORY_MS = clock.DAY_MS  # failures of an account older than this are forgotten
ADDRESS_MEMORY_MS = 60 * 60 * 1000  # an address is shared by a whole office
IPV6_SITE_BITS = 64
SECOND_MS = 1000


def take(account: str, address: str) -> None:
    """Count a try on an account before its secret is looked at; ``clear`` takes it back.

    Counting first leaves no gap for tries made side by side. Raises TooManyTries.
    """
    now_ms = clock.now_ms()
    tries = _locked(subject_of("account", account), now_ms)
    wait_ms = max(tries.blocked_until_ms, _blocked_until_ms(address)) - now_ms
    if wait_ms > 0:
        raise TooManyTries(-(-wait_ms // SECOND_MS))
    _count(tries, now_ms, MEMORY_MS)


def count_failure(address: str) -> None:
    """Count a wrong secret on the address it came from."""
    if address:
        now_ms = clock.now_ms()
        failures = _locked(subject_of("address", site_of(address)), now_ms)
        _count(failures, now_ms, ADDRESS_MEMORY_MS)
        if failures.failures == 1:
            prune()


def clear(account: str) -> None:
    """Forget the failures of an account: it has been entered, or reset."""
    db.session.execute(delete(Guessing).where(Guessing.subject == subject_of("account", account)))


def prune() -> None:
    """Remove what is forgotten."""
    forgotten_ms = clock.now_ms() - MEMORY_MS
    db.session.execute(delete(Guessing).where(Guessing.last_ms < forgotten_ms))


def pause_seconds(failures: int) -> int:
    """How long to wait after so many failures: 0, then 1, 2, 4, ... up to 15 minutes."""
    beyond = failures - FREE_FAILURES
    if beyond < 0:
        return 0
    return min(1 << min(beyond, DOUBLINGS), LONGEST_PAUSE_SECONDS)


def _count(tries: Guessing, now_ms: int, memory_ms: int) -> None:
    remembered = tries.failures if now_ms - tries.last_ms <= memory_ms else 0
    tries.failures = remembered + 1
    tries.last_ms = now_ms
    tries.blocked_until_ms = now_ms + pause_seconds(tries.failures) * SECOND_MS
    db.session.flush()


def _locked(subject: str, now_ms: int) -> Guessing:
    fresh = {"subject": subject, "failures": 0, "blocked_until_ms": 0, "last_ms": now_ms}
    insert_new(Guessing, [fresh])
    wanted = select(Guessing).where(Guessing.subject == subject).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def _blocked_until_ms(address: str) -> int:
    subject = subject_of("address", site_of(address)) if address else ""
    wanted = select(Guessing.blocked_until_ms).where(Guessing.subject == subject)
    return db.session.scalar(wanted) or 0


def subject_of(kind: str, value: str) -> str:
    """What an account or an address is kept as."""
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


def site_of(address: str) -> str:
    """The address itself; of IPv6 the network, as one visitor has all of it."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, IPV6_SITE_BITS), strict=False))
