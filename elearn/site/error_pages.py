"""What went wrong becomes a page in the product's look, with the right status."""

from __future__ import annotations

import logging

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from elearn.errors import DomainError, TooManyTries, Unavailable

log = logging.getLogger(__name__)
FORBIDDEN_CHARACTER = "\x00"


def init_app(app: Flask) -> None:
    """Turn domain errors, HTTP errors and surprises into pages."""
    app.before_request(_refuse_null)
    app.register_error_handler(DomainError, show_domain_error)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_surprise)


def _refuse_null() -> Response | None:
    """A NUL is never typed by a person, and PostgreSQL cannot store it."""
    texts = [request.path, *_flat(request.args)]
    if request.method == "POST":
        texts += _flat(request.form)
    bad = any(FORBIDDEN_CHARACTER in text for text in texts)
    return _page(400, "") if bad else None


def _flat(values: object) -> list[str]:
    return [text for pair in values.items(multi=True) for text in pair]  # type: ignore[attr-defined]


def show_domain_error(error: DomainError) -> Response:
    response = _page(error.status, getattr(error, "reason", ""))
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, TooManyTries):
        response.headers["Retry-After"] = str(error.wait_seconds)
    return response


def show_http_error(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = _page(error.code, "")
    for name, value in error.get_headers(request.environ):
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def show_surprise(error: Exception) -> Response:
    log.error("unexpected error at %s", request.endpoint, exc_info=error)
    return _page(500, "")


def _page(status: int, reason: str) -> Response:
    if request.accept_mimetypes.best == "application/json":
        return make_response({"status": status, "reason": reason}, status)
    return make_response(render_template("site/error.html", status=status, reason=reason), status)
