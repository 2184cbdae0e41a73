"""Somebody who signs PDFs elsewhere, for the demo: a true signature, by a key nobody vouches for.

An incremental update (ISO 32000-1, 7.5.6) with a detached CMS signature (12.8) over all bytes but
its own value.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509.oid import NameOID

ROOM = 6_000  # hexadecimal digits kept free for the signature
_RANGE = b"/ByteRange[0 %010d %010d %010d]"


class Signer:
    """A person who signs, with a key made for this demo."""

    def __init__(self, name: str, moment: datetime) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} (contoh)")])
        self._certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(moment.astimezone(UTC) - timedelta(days=30))
            .not_valid_after(moment.astimezone(UTC) + timedelta(days=730))
            .sign(self._key, hashes.SHA256())
        )

    def sign(self, content: bytes) -> bytes:
        """The PDF, with the signature behind it."""
        start, tail = _update(content)
        ranges = _RANGE % (len(start), len(start) + ROOM + 2, len(tail))
        covered = start.replace(_RANGE % (0, 0, 0), ranges) + tail
        options = [PKCS7Options.DetachedSignature, PKCS7Options.Binary]
        builder = PKCS7SignatureBuilder().set_data(covered)
        builder = builder.add_signer(self._certificate, self._key, hashes.SHA256())
        value = builder.sign(Encoding.DER, options).hex().encode()
        return covered[: len(start)] + b"<" + value.ljust(ROOM, b"0") + b">" + tail


def _update(content: bytes) -> tuple[bytes, bytes]:
    """What stands before and after the value: signature, its field, the catalogue, the table."""
    root = int(re.findall(rb"/Root\s+(\d+) 0 R", content)[-1])
    size = max(map(int, re.findall(rb"/Size\s+(\d+)", content)))
    previous = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
    found = re.search(rb"\n%d 0 obj\s*<<(.*?)>>\s*endobj" % root, content, re.DOTALL)
    if found is None:
        raise ValueError("no catalogue")
    form = b"/AcroForm<</SigFlags 3/Fields[%d 0 R]>>" % (size + 1)
    catalogue = b"%d 0 obj\n<<%s%s>>\nendobj\n" % (root, found.group(1), form)
    field = b"%d 0 obj\n<</FT/Sig/Type/Annot/Subtype/Widget/F 132/Rect[0 0 0 0]" % (size + 1)
    field += b"/T(Tanda tangan)/V %d 0 R>>\nendobj\n" % size
    at = [len(content) + 1]
    at += [at[0] + len(catalogue), at[0] + len(catalogue) + len(field)]
    head = b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached" % size
    start = content + b"\n" + catalogue + field + head + _RANGE % (0, 0, 0) + b"/Contents"
    end = b">>\nendobj\n"
    table = b"xref\n%d 1\n%010d 00000 n\r\n%d 2\n%010d 00000 n\r\n%010d 00000 n\r\n" % (
        root,
        at[0],
        size,
        at[2],
        at[1],
    )
    trailer = b"trailer\n<</Size %d/Root %d 0 R/Prev %d>>\n" % (size + 2, root, previous)
    table_at = len(start) + ROOM + 2 + len(end)
    return start, end + table + trailer + b"startxref\n%d\n%%%%EOF\n" % table_at
