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
CACHE_CONTROL = ("Cache-Control", "private, no-cache")
VARY_PACKED = "Accept-Encoding, Cookie"
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
    name, value = CACHE_CONTROL
    if name not in headers:
        headers[name] = value
    _pack(response)
    return response


def _pack(response: Response) -> None:
    accepted = request.headers.get("Accept-Encoding", "")
    if (
        "gzip" not in accepted
        or response.is_streamed
        or response.mimetype not in PACKABLE
        or "Content-Encoding" in response.headers
    ):
        return
    content = response.get_data()
    response.headers["Vary"] = VARY_PACKED
    if len(content) >= SMALLEST_PACKED:
        response.set_data(gzip.compress(content, GZIP_LEVEL))
        response.headers["Content-Encoding"] = "gzip"


def past_flask(content: bytes, kind: str, accepted: str) -> tuple[bytes, list[tuple[str, str]]]:
    """What is sent past Flask: the content, and the headers that Flask's answer has."""
    accepts = "gzip" in accepted
    packed = accepts and len(content) >= SMALLEST_PACKED
    sent = gzip.compress(content, GZIP_LEVEL) if packed else content
    about = [
        ("Content-Type", kind),
        ("Content-Length", str(len(sent))),
        (POLICY_HEADER, POLICY),
        CACHE_CONTROL,
    ]
    if accepts:
        about.append(("Vary", VARY_PACKED))
    elif kind.startswith("text/html"):  # a page asks the session for its messages
        about.append(("Vary", "Cookie"))
    if packed:
        about.append(("Content-Encoding", "gzip"))
    return sent, about
