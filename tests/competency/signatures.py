"""Signed PDFs as a signing service makes them, without a key: their shape is what is tested."""

from __future__ import annotations

import re
from io import BytesIO

from pypdf import PdfReader, PdfWriter

VALUE = b"3082" + b"ab" * 400


def signed(content: bytes, *, value: bytes = VALUE) -> bytes:
    """An incremental update that holds a signature over everything but its own value."""
    root = re.findall(rb"/Root\s+(\d+ \d+ R)", content)[-1]
    previous = re.findall(rb"startxref\s+(\d+)", content)[-1]
    number = max(map(int, re.findall(rb"/Size\s+(\d+)", content)))
    start = content + b"\n"
    head = b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached" % number
    gap = len(start) + len(head) + len(b"/ByteRange[0 %010d %010d %010d]/Contents" % (0, 0, 0))
    tail = b">>\nendobj\n"
    table_at = gap + len(value) + 2 + len(tail)
    table = b"xref\n%d 1\n%010d 00000 n\r\ntrailer\n<</Size %d/Root %s/Prev %s>>\n" % (
        number,
        len(start),
        number + 1,
        root,
        previous,
    )
    end = tail + table + b"startxref\n%d\n%%%%EOF\n" % table_at
    after = gap + len(value) + 2
    ranges = b"/ByteRange[0 %010d %010d %010d]/Contents" % (gap, after, len(end))
    return start + head + ranges + b"<" + value + b">" + end


def rewritten(content: bytes) -> bytes:
    """The same document written anew by another program, and then signed."""
    target = BytesIO()
    PdfWriter(clone_from=PdfReader(BytesIO(content))).write(target)
    return signed(target.getvalue())
