"""Files that are sent to be kept: with a name, and never from a cache."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, stream_with_context

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"


def attachment(content: bytes | Iterator[str] | Iterator[bytes], name: str, kind: str) -> Response:
    """A file to be saved under a name; pieces are sent as they come."""
    body = content if isinstance(content, bytes) else stream_with_context(content)
    response = Response(body, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response
