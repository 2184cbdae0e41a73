"""Keys in a folder: the newest signs, all check, and the private ones are the owner's alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn import clock
from elearn.signing import KeyRing, PublicKey, Signature, id_of


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys")


def test_the_first_signature_makes_the_key(ring: KeyRing, tmp_path: Path) -> None:
    signed = ring.sign(b"a root")
    assert ring.checks(b"a root", signed)
    assert not ring.checks(b"a changed root", signed)
    private = next((tmp_path / "keys").glob("*.key"))
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert [key.id for key in ring.public()] == [signed.key_id]


def test_an_older_key_still_checks_after_rotation(ring: KeyRing, tmp_path: Path) -> None:
    with clock.set_to(1_000):
        old = ring.sign(b"old")
    with clock.set_to(2_000):
        made = ring.rotate()
    new = ring.sign(b"new")
    assert ring.current() == made
    assert old.key_id != new.key_id == made.id
    for path in (tmp_path / "keys").glob(f"*{old.key_id}.key"):
        path.unlink()
    assert ring.checks(b"old", old)
    assert [key.since_ms for key in ring.public()] == [2_000, 1_000]


def test_a_key_that_is_not_here_checks_nothing(ring: KeyRing) -> None:
    signed = ring.sign(b"a root")
    assert not ring.checks(b"a root", Signature("0" * 16, signed.value))


@given(st.binary(max_size=80))
def test_no_signature_of_any_bytes_is_an_error(signature: bytes) -> None:
    raw = bytes(range(32))
    assert not PublicKey(id_of(raw), raw, 0).checks(b"a root", signature)
