"""Security headers on every answer, and compression of pages."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; manifest-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
POLICY_HEADER = "Content-Security-Policy"
FIXED = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"),
    ("X-Frame-Options", "DENY"),
]
STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
SMALLEST_PACKED = 1000
GZIP_LEVEL = 5
PACKABLE = ("text/html", "application/json", "text/csv")


def init_app(app: Flask) -> None:
    """Add the headers to every answer; pages of a person are kept by no shared cache.

    What is the same for all answers is put beside them as one list, outside of Flask: to set
    each header on each answer costs as much as a query.
    """
    secure = app.config["PUBLIC_URL"].startswith("https://")
    fixed = [*FIXED, STRICT_TRANSPORT] if secure else FIXED
    app.wsgi_app = _adding(app.wsgi_app, fixed)  # type: ignore[assignment,method-assign]
    app.after_request(_finish)


def _adding(inner: WSGIApplication, fixed: list[tuple[str, str]]) -> WSGIApplication:
    def outer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            return start(status, headers + fixed, *failure)

        return inner(environ, begin)

    return outer


def _finish(response: Response) -> Response:
    headers = response.headers
    if POLICY_HEADER not in headers:
        headers[POLICY_HEADER] = POLICY
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "private, no-cache"
    _pack(response)
    return response


def _pack(response: Response) -> None:
    if (
        "gzip" not in request.headers.get("Accept-Encoding", "")
        or response.is_streamed
        or response.mimetype not in PACKABLE
        or "Content-Encoding" in response.headers
    ):
        return
    content = response.get_data()
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    if len(content) >= SMALLEST_PACKED:
        response.set_data(gzip.compress(content, GZIP_LEVEL))
        response.headers["Content-Encoding"] = "gzip"
