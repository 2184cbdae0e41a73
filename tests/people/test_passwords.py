"""What makes a password weak, and the gate before the hashes."""

from __future__ import annotations

import threading

import pytest

from elearn.errors import Unavailable
from elearn.people import passwords
from elearn.people.passwords import Weakness
from tests.people_cast import PASSWORD, password_hash

NIP = "199404122019032901"


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("", Weakness.TOO_SHORT),
        ("sembilan!", Weakness.TOO_SHORT),
        ("x" * 201, Weakness.TOO_LONG),
        ("1234567890", Weakness.COMMON),
        ("aaaaaaaaaaaa", Weakness.COMMON),
        ("abababababab", Weakness.COMMON),
        ("bismillahirrahmanirrahim", Weakness.COMMON),
        ("Indonesia2026!", Weakness.COMMON),
        ("PASSWORD123", Weakness.COMMON),
        ("kucingmanis99", Weakness.COMMON),
        (NIP, Weakness.IS_NIP),
        ("19940412 201903 2 901", Weakness.IS_NIP),
        ("nip199404122019032901ku", Weakness.IS_NIP),
        ("perahu layar senja", None),
        ("x1y2z3w4v5", None),
        ("kata sandi yang panjang sekali " * 6, None),
        ("пароль из слов", None),
    ],
)
def test_length_and_lists_decide_and_nothing_else(password: str, expected: Weakness | None) -> None:
    assert passwords.weakness_of(password, NIP) is expected


def test_the_hash_is_argon2id_with_the_measured_cost() -> None:
    assert password_hash().startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.NOBODY.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_only_the_right_secret_matches() -> None:
    assert passwords.matches(password_hash(), PASSWORD)
    assert not passwords.matches(password_hash(), PASSWORD + " ")
    assert not passwords.matches("", PASSWORD)
    assert not passwords.matches("no hash at all", PASSWORD)


def test_a_code_is_readable_and_taken_as_people_type_it() -> None:
    code = passwords.new_code()
    assert len(code.text) == 10
    assert not set(code.text) & set("01OIL")
    typed = f" {code.text[:5].lower()}-{code.text[5:].lower()} "
    assert passwords.matches(code.hash, passwords.tidy_code(typed))


def test_beyond_eight_waiting_the_door_is_closed_for_a_moment() -> None:
    slots = passwords._Slots(1)
    held, inside = threading.Event(), threading.Semaphore(0)

    def hold() -> None:
        with slots.taken():
            inside.release()
            held.wait(5)

    threads = [threading.Thread(target=hold) for _ in range(1 + passwords.MAX_WAITING)]
    for thread in threads:
        thread.start()
    inside.acquire(timeout=5)
    while slots._room._value:
        pass
    with pytest.raises(Unavailable), slots.taken():
        pass
    held.set()
    for thread in threads:
        thread.join(5)
    with slots.taken():
        pass
