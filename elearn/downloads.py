"""Files that are sent to be kept: with a name, and never from a cache."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, stream_with_context

__all__ = ["Response"]
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
# A photo is shown in the page; what a PDF holds runs nowhere near it.
SHOWN_POLICY = "default-src 'none'; sandbox"


def attachment(content: bytes | Iterator[str] | Iterator[bytes], name: str, kind: str) -> Response:
    """A file to be saved under a name; pieces are sent as they come."""
    body = content if isinstance(content, bytes) else stream_with_context(content)
    response = Response(body, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def private(content: bytes, name: str, kind: str) -> Response:
    """A photo to be looked at, or a PDF to be saved: what somebody sent in about themselves."""
    response = Response(content, mimetype=kind)
    shown = "inline" if kind.startswith("image/") else "attachment"
    response.headers.set("Content-Disposition", shown, filename=name)
    response.headers["Content-Security-Policy"] = SHOWN_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response
