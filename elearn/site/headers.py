"""Security headers on every answer, and compression of pages."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; manifest-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FIXED = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"),
    ("X-Frame-Options", "DENY"),
)
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
SMALLEST_PACKED = 1000
GZIP_LEVEL = 5
PACKABLE = ("text/html", "application/json", "text/csv")


def init_app(app: Flask) -> None:
    """Add the headers after every request; pages of a person are kept by no shared cache."""
    secure = app.config["PUBLIC_URL"].startswith("https://")

    def finish(response: Response) -> Response:
        headers = response.headers
        for name, value in FIXED:
            if name not in headers:
                headers[name] = value
        if secure:
            headers["Strict-Transport-Security"] = STRICT_TRANSPORT
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "private, no-cache"
        _pack(response)
        return response

    app.after_request(finish)


def _pack(response: Response) -> None:
    if (
        response.is_streamed
        or response.mimetype not in PACKABLE
        or "Content-Encoding" in response.headers
        or "gzip" not in request.headers.get("Accept-Encoding", "")
    ):
        return
    content = response.get_data()
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    if len(content) >= SMALLEST_PACKED:
        response.set_data(gzip.compress(content, GZIP_LEVEL))
        response.headers["Content-Encoding"] = "gzip"
