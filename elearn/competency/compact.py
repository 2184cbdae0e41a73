"""The signed record in the QR code of a certificate: checked without a network. Pure.

The code holds ``<site>/verify/<id>#<text>``; a browser never sends what follows the ``#``. The
text is bytes in base 41: two bytes, as a number from 0 to 65535 with the high byte first, are
three characters of ALPHABET, the least significant first (RFC 9285 with 41 in the place of 45);
a last single byte is two characters. All 41 may stand in an address as they are and belong to the
alphanumeric mode of QR codes, so a byte costs 8.25 bits.

The bytes, numbers with the high byte first::

    1 byte     version: 1, or 2 for a certificate that expires
    8 bytes    id of the key
    64 bytes   Ed25519 signature (RFC 8032) of the mark of the version, the id in the address,
               "\\n" and the body
    the body:
      2 bytes    only in version 2: the last day on which it is valid, as days since 1 January 2000
      2 bytes    JP
      2 bytes    day of completion, as days since 1 January 2000
      2 bytes    day of issue, likewise
      2 bytes    the last three digits of the NIP, as a number; 65535 where it is not known
      32 bytes   SHA-256 of the frozen fields
      then number, name and title: 1 byte length, and so many bytes of UTF-8

Texts longer than their limit are cut and end with "…". The mark names the version, so that a body
signed in one is never true in the other.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from elearn.signing import Signature

FOR_GOOD, EXPIRING = 1, 2  # the versions
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*-./:"
MARKS = {version: b"elearn certificate %d\n" % version for version in (FOR_GOOD, EXPIRING)}
DAY_ZERO = date(2000, 1, 1).toordinal()
LONGEST = (80, 100, 120)  # bytes of number, name and title
UNKNOWN = 0xFFFF
_HEAD = struct.Struct(">B8s64s")
_FIXED = struct.Struct(">HHHH32s")
_END = struct.Struct(">H")
_BASE = len(ALPHABET)
_ELLIPSIS = "…".encode()


class Malformed(ValueError):
    """The text is not such a record."""


class Record(NamedTuple):
    """The main fields of a certificate; ``nip_end`` is its last three digits, ``digest`` hex.

    ``expires_on`` is the last day on which it is valid, None where it is for good.
    """

    jp: int
    completed_on: date
    issued_on: date
    nip_end: str
    digest: str
    number: str
    name: str
    title: str
    expires_on: date | None = None


class Signed(NamedTuple):
    """A record as it was read; the keys are asked whether the signature is true of the message."""

    record: Record
    signature: Signature
    message: bytes


def encode(id: str, record: Record, sign: Callable[[bytes], Signature]) -> str:
    """The record of the certificate with this id, signed."""
    version = EXPIRING if record.expires_on else FOR_GOOD
    body = _end(record.expires_on) + _body(record)
    made = sign(_message(version, id, body))
    head = _HEAD.pack(version, bytes.fromhex(made.key_id), made.value)
    return _written(head + body)


def decode(id: str, text: str) -> Signed:
    """Read a record back. Raises Malformed; does not judge the signature."""
    try:
        content = _read(text)
        version, key_id, value = _HEAD.unpack_from(content)
        body = content[_HEAD.size :]
        if version not in MARKS:
            raise Malformed("unknown version")
        record = _record(body) if version == FOR_GOOD else _expiring(body)
        return Signed(record, Signature(key_id.hex(), value), _message(version, id, body))
    except (struct.error, UnicodeDecodeError, OverflowError, IndexError) as problem:
        raise Malformed("cut off or garbled") from problem


def _message(version: int, id: str, body: bytes) -> bytes:
    return MARKS[version] + id.encode() + b"\n" + body


def _end(expires_on: date | None) -> bytes:
    return _END.pack(expires_on.toordinal() - DAY_ZERO) if expires_on else b""


def _body(record: Record) -> bytes:
    end = int(record.nip_end) if record.nip_end.isdigit() else UNKNOWN
    days = (record.completed_on.toordinal() - DAY_ZERO, record.issued_on.toordinal() - DAY_ZERO)
    fixed = _FIXED.pack(record.jp, *days, end, bytes.fromhex(record.digest))
    texts = zip((record.number, record.name, record.title), LONGEST, strict=True)
    cut = (_clipped(text, longest) for text, longest in texts)
    return fixed + b"".join(bytes([len(text)]) + text for text in cut)


def _clipped(text: str, longest: int) -> bytes:
    whole = text.encode()
    if len(whole) <= longest:
        return whole
    return whole[: longest - len(_ELLIPSIS)].decode(errors="ignore").encode() + _ELLIPSIS


def _record(body: bytes) -> Record:
    jp, completed, issued, end, digest = _FIXED.unpack_from(body)
    number, name, title = _texts(body[_FIXED.size :])
    return Record(
        jp,
        date.fromordinal(DAY_ZERO + completed),
        date.fromordinal(DAY_ZERO + issued),
        "" if end == UNKNOWN else f"{end:03}",
        digest.hex(),
        number,
        name,
        title,
    )


def _expiring(body: bytes) -> Record:
    (days,) = _END.unpack_from(body)
    return _record(body[_END.size :])._replace(expires_on=date.fromordinal(DAY_ZERO + days))


def _texts(content: bytes) -> Iterator[str]:
    at = 0
    for _ in LONGEST:
        end = at + 1 + content[at]
        if end > len(content):
            raise Malformed("cut off")
        yield content[at + 1 : end].decode()
        at = end
    if at != len(content):
        raise Malformed("something follows")


def _written(content: bytes) -> str:
    pairs = (content[at : at + 2] for at in range(0, len(content), 2))
    return "".join(_digits(int.from_bytes(pair), len(pair) + 1) for pair in pairs)


def _digits(value: int, count: int) -> str:
    made = ""
    for _ in range(count):
        value, digit = divmod(value, _BASE)
        made += ALPHABET[digit]
    return made


def _read(text: str) -> bytes:
    groups = (text[at : at + 3] for at in range(0, len(text), 3))
    return b"".join(_bytes(group) for group in groups)


def _bytes(group: str) -> bytes:
    if len(group) == 1:
        raise Malformed("cut off")
    value = 0
    for sign in reversed(group):
        digit = ALPHABET.find(sign)
        if digit < 0:
            raise Malformed("a character that is none of the alphabet")
        value = value * _BASE + digit
    return value.to_bytes(len(group) - 1)
