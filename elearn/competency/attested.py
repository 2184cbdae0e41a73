"""What events say of columns that no fold keeps: the other columns of certificates and levels."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from elearn import canonical, clock
from elearn.competency.events import Kind

Rows = Mapping[tuple[str, Any], Any]
# Columns that are in the body under the same name; what bodies have carried later may be absent.
_CERTIFICATE = ("number", "serial", "unit_id", "source_kind", "source_id")
_NUMBERS = re.compile(r"\d+")


class Wrong(NamedTuple):
    """A row, by table and id, with the columns that are not what its event says."""

    table: str
    id: Any
    columns: tuple[str, ...]


def wrong(events: Iterable[Mapping[str, Any]], rows: Rows) -> Iterator[Wrong]:
    """Hold rows against the last event that tells of each; missing ones are told elsewhere."""
    last: dict[tuple[str, Any], Mapping[str, Any]] = {}
    for event in events:
        if event["kind"] in _TABLES:
            last[_TABLES[event["kind"]], event["body"]["id"]] = event
    for (table, id_), event in last.items():
        row = rows.get((table, id_))
        columns = tuple(_WRONG[table](event, row)) if row is not None else ()
        if columns:
            yield Wrong(table, id_, columns)


def _of_certificate(event: Mapping[str, Any], row: Any) -> Iterator[str]:
    body = event["body"]
    for name in _CERTIFICATE:
        if name in body and (getattr(row, name) or "") != (body[name] or ""):
            yield name
    # Older bodies do not carry the serial, but the number is made of it.
    serials = {int(digits) for digits in _NUMBERS.findall(row.number or "")}
    if "serial" not in body and row.serial is not None and row.serial not in serials:
        yield "serial"
    yield from _moment(event, row.issued_ms, "issued_ms")
    if row.year != clock.year_of(event["happened_ms"]):
        yield "year"
    if row.number and row.needs_signature != _frozen_to_be_signed(row.frozen):
        yield "needs_signature"


def _frozen_to_be_signed(frozen: str) -> bool:
    """What the frozen text says of it; a damaged text is told elsewhere, an older one says no."""
    try:
        return bool(json.loads(frozen).get("needs_signature"))
    except (ValueError, AttributeError):
        return False


def _of_level(event: Mapping[str, Any], row: Any) -> Iterator[str]:
    body = event["body"]
    yield from _moment(event, row.entered_ms, "entered_ms")
    if row.entered_by != body.get("entered_by", row.entered_by):
        yield "entered_by"
    if "digest" in body and canonical.sha256(row.source) != body["digest"]:
        yield "source"


def _moment(event: Mapping[str, Any], at_ms: int, name: str) -> Iterator[str]:
    if at_ms != event["happened_ms"]:
        yield name


_TABLES: dict[str, str] = {
    Kind.CERTIFICATE_PREPARED: "certificate",
    Kind.CERTIFICATE_ISSUED: "certificate",
    Kind.LEVEL_ASSESSED: "assessed_level",
}
_WRONG: dict[str, Callable[[Mapping[str, Any], Any], Iterator[str]]] = {
    "certificate": _of_certificate,
    "assessed_level": _of_level,
}
