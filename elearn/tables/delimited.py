"""CSV as people have it: commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252. Pure."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from io import BytesIO, StringIO

from elearn.tables.cells import MAX_COLUMNS, MAX_ROWS, Fault, Row, Unreadable

SIGNS = ";,\t|"
LOOKED_AT = 20
WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
BYTE_ORDER_MARK = "\ufeff"


def rows(content: bytes) -> Iterator[Row]:
    """The filled rows of a CSV file. Raises Unreadable."""
    lines = _lines(content)
    head = [line for line, _at in zip(lines, range(LOOKED_AT), strict=False)]
    if any("\0" in line for line in head):
        raise Unreadable(Fault.OTHER_KIND)
    again = _lines(content)
    reader = csv.reader(again, delimiter=_sign(head))
    number = filled = 0
    try:
        for number, cells in enumerate(reader, 1):
            if not any(cell.strip() for cell in cells):
                continue
            filled += 1
            if filled > MAX_ROWS:
                raise Unreadable(Fault.LARGE, row=number)
            yield Row(number, list(cells[:MAX_COLUMNS]))
    except csv.Error:
        raise Unreadable(Fault.BROKEN, row=number + 1) from None


def _lines(content: bytes) -> Iterator[str]:
    """Each line by itself, as a file put together from two may change its encoding half way."""
    encoding = WIDE.get(content[:2])
    if encoding:
        yield from StringIO(content.decode(encoding, "replace").removeprefix(BYTE_ORDER_MARK), "")
        return
    for at, line in enumerate(BytesIO(content)):
        text = _decoded(line)
        yield text.removeprefix(BYTE_ORDER_MARK) if at == 0 else text


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _sign(head: list[str]) -> str:
    """What parts the cells: the sign that most of the first lines hold, most often."""
    if head and head[0].lower().startswith("sep=") and len(head[0].strip()) > len("sep="):
        return head[0].strip()[len("sep=")]
    counts = Counter({sign: sum(line.count(sign) for line in head) for sign in SIGNS})
    sign, count = counts.most_common(1)[0]
    return sign if count else SIGNS[0]
