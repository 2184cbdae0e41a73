"""Secrets: Argon2id within a few slots, one-time codes, and what makes a password too weak."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from elearn.errors import Unavailable

MIN_LENGTH, MAX_LENGTH = 10, 200
DEFAULT_SLOTS = 1
MAX_WAITING = 8
# No 0 O 1 I L: a code is read aloud and typed on a phone.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10
# Checked for a NIP nobody has, so that the answer takes as long as for one that exists.
NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1"
    "$Y5Kpwp8y01h6I/Y3NNox9A$ba2bdn+ywSXajYVfnxGviCg/XERz1tELYcbZRJUn5Ms"
)
COMMON = Path(__file__).with_name("common_passwords.txt")

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class Weakness(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    IS_NIP = "is_nip"
    SAME = "same"


@dataclass(frozen=True)
class OneTimeCode:
    """A code as it is shown once, and its hash."""

    text: str
    hash: str


class _Slots:
    """How many hashes may be made at a time, and how many may wait for their turn."""

    def __init__(self, slots: int) -> None:
        self._turns = threading.Semaphore(slots)
        self._room = threading.Semaphore(slots + MAX_WAITING)

    @contextmanager
    def taken(self) -> Iterator[None]:
        if not self._room.acquire(blocking=False):
            raise Unavailable
        try:
            with self._turns:
                yield
        finally:
            self._room.release()


_slots = _Slots(DEFAULT_SLOTS)


def allow(slots: int) -> None:
    """Set how many hashes this process makes at a time: cores divided by workers."""
    global _slots  # one gate for the process, set when the application starts
    _slots = _Slots(slots)


def hash_of(secret: str) -> str:
    """An Argon2id hash, 25 ms of one core; raises Unavailable when too many are waiting."""
    with _slots.taken():
        return _hasher.hash(_plain(secret))


def matches(hashed: str, secret: str) -> bool:
    """Whether a secret is the hashed one; an empty hash takes as long and matches nothing."""
    with _slots.taken():
        try:
            return _hasher.verify(hashed or NOBODY, _plain(secret)) and bool(hashed)
        except (VerificationError, InvalidHashError):
            return False


def new_code() -> OneTimeCode:
    """Make a one-time sign-in code: 10 characters, about 49 bits."""
    text = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return OneTimeCode(text, hash_of(text))


def tidy_code(text: str) -> str:
    """A one-time code without the spaces and dashes, and in capitals, as it was made."""
    return "".join(text.split()).replace("-", "").upper()


def weakness_of(password: str, nip: str) -> Weakness | None:
    """Why a password is refused, or None. Length and lists, no rules about kinds of characters."""
    if len(password) < MIN_LENGTH:
        return Weakness.TOO_SHORT
    if len(password) > MAX_LENGTH:
        return Weakness.TOO_LONG
    if nip in "".join(filter(str.isdigit, password)):
        return Weakness.IS_NIP
    return Weakness.COMMON if _is_common(password) else None


def _plain(secret: str) -> str:
    """What looks the same is the same, whichever keyboard typed it."""
    return unicodedata.normalize("NFKC", secret)


def _is_common(password: str) -> bool:
    plain = password.casefold()
    word = plain.rstrip("0123456789!@#$%.*?-_ ")
    return len(set(plain)) <= 2 or plain in _common() or word in _common()


@cache
def _common() -> frozenset[str]:
    return frozenset(COMMON.read_text("utf-8").split())
