"""Codes by the clock: against the vectors of the standard, within two steps, each step once."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.factors import recovery, totp
from tests.factors.builders import SECRET, code_at

# RFC 6238, appendix B: SHA-1, by seconds; the last six of the eight digits.
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_CODES = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]
NOW_MS = 1_795_000_000_000
STEP_MS = totp.STEP_SECONDS * 1000


@pytest.mark.parametrize(("seconds", "code"), RFC_CODES)
def test_the_codes_of_the_standard_are_right_at_their_time(seconds: int, code: str) -> None:
    assert totp.matching_step(RFC_SECRET, code, seconds * 1000) == seconds // 30


@pytest.mark.parametrize(
    ("off_seconds", "is_right"),
    [(0, True), (60, True), (-60, True), (30, True), (90, False), (-90, False), (3600, False)],
)
def test_a_clock_may_be_off_by_a_minute(off_seconds: int, is_right: bool) -> None:
    shown = code_at(NOW_MS + off_seconds * 1000)
    step = totp.matching_step(SECRET, shown, NOW_MS)
    assert (step is not None) is is_right
    assert not is_right or step == totp.step_of(NOW_MS + off_seconds * 1000)


@given(st.integers(min_value=0, max_value=2**40))
def test_a_code_is_never_accepted_again_or_out_of_order(moment_ms: int) -> None:
    present = totp.step_of(moment_ms)
    shown = code_at(moment_ms)
    assert totp.matching_step(SECRET, shown, moment_ms, after=present - 1) == present
    again = totp.matching_step(SECRET, shown, moment_ms, after=present)
    assert again is None or again > present  # only where two steps happen to share a code


@pytest.mark.parametrize(
    ("text", "is_code"),
    [("123456", True), ("123 456", True), ("12345", False), ("1234567", False), ("١٢٣٤٥٦", False)],
)
def test_what_is_typed_has_the_shape_of_a_code(text: str, is_code: bool) -> None:
    assert totp.is_code(totp.tidy(text)) is is_code


@pytest.mark.parametrize(
    ("text", "is_code"),
    [("ABCD2345EFGH", True), ("ABCD-2345", False), ("ABCD2345EFG0", False), ("", False)],
)
def test_what_is_typed_has_the_shape_of_a_recovery_code(text: str, is_code: bool) -> None:
    assert recovery.is_code(text) is is_code


def test_the_address_for_the_app_names_product_and_person_and_no_number() -> None:
    address = totp.address(SECRET, "Drs. Budi Hartono")
    assert address.startswith("otpauth://totp/Belajar%20ASN:Drs.%20Budi%20Hartono?secret=")
    assert "issuer=Belajar%20ASN" in address
