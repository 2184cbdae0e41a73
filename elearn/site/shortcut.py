"""What is asked for most, past Flask: the same answer at half of the cost, or less.

Only the usual case is answered here: a plain GET by somebody signed in, of home or of a lesson
of their own course, whose shell has been made; and an answer to a quiz that can be saved as it
is. All else, and every doubt, goes on to Flask, whose answer is the reference.
"""

from __future__ import annotations

import binascii
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

from flask import Flask

from elearn.errors import DomainError
from elearn.learning import lesson_shell, quizzes, study
from elearn.people import crossing
from elearn.people.access import COOKIE, HOME
from elearn.people.actors import Actor
from elearn.people.permissions import Permission
from elearn.shells import Kept
from elearn.site import headers, home, home_shell

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PAGE, JSON = "text/html; charset=utf-8", "application/json"
LONGEST_ANSWER = 100_000
ANSWER = re.compile(r"/attempts/([A-Za-z0-9_-]{1,64})/answers/([0-9]{1,4})", re.ASCII)
LESSON = re.compile(r"/courses/([a-z0-9-]+)/lessons/([a-z0-9/-]+)", re.ASCII)
TOKEN = re.compile(rf"(?:^|; ){COOKIE}=([A-Za-z0-9_-]+)(?:;|$)")
FLASHES = b'"_flashes"'


class Shortcut:
    """Answers what it can, and leaves the rest to the application."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._flask = app.wsgi_app
        # Lessons whose page always asks for more than the shell: a quiz, a reflection.
        self._left_to_flask = app.extensions["left_to_flask"] = Kept()
        self._session = re.compile(rf"(?:^|; ){app.config['SESSION_COOKIE_NAME']}=([^;]*)")

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            content, kind = self._receipt(environ), JSON
        else:
            content, kind = self._page(environ), PAGE
        if content is None:
            return self._flask(environ, start)
        packed, about = headers.past_flask(content, kind, environ.get("HTTP_ACCEPT_ENCODING", ""))
        start("200 OK", about)
        return [packed]

    def _receipt(self, environ: WSGIEnvironment) -> bytes | None:
        """Save an answer to a quiz; what is sent is given back where it was not to be saved."""
        asked = ANSWER.fullmatch(environ["PATH_INFO"])
        token = TOKEN.search(environ.get("HTTP_COOKIE", ""))
        if asked is None or token is None or not _is_plain_json(environ):
            return None
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = BytesIO(body)
        with self._app.app_context():
            try:
                new = quizzes.answer_of(int(asked[2]), json.loads(body))
                saved = quizzes.save_answer_signed_in(token[1], asked[1], new)
            except (DomainError, ValueError, RecursionError):
                return None
        return (
            json.dumps(saved.receipt, sort_keys=True, separators=(",", ":")).encode() + b"\n"
            if saved
            else None
        )

    def _page(self, environ: WSGIEnvironment) -> bytes | None:
        path = environ["PATH_INFO"]
        lesson = LESSON.fullmatch(path)
        if not (lesson or path == HOME) or self._left_to_flask.find(path):
            return None
        token = self._token(environ)
        if token is None:
            return None
        with self._app.app_context():
            try:
                return self._lesson(token, lesson) if lesson else self._home(token, environ)
            except DomainError:
                return None

    def _token(self, environ: WSGIEnvironment) -> str | None:
        """The cookie's token of who asks, where they ask for nothing but the page."""
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
            return None
        cookies = environ.get("HTTP_COOKIE", "")
        token = TOKEN.search(cookies)
        return token[1] if token and not self._may_hold_flashes(cookies) else None

    def _may_hold_flashes(self, cookies: str) -> bool:
        """Whether the session has something to say first; its signature is Flask's business."""
        held = self._session.search(cookies)
        if held is None:
            return False
        body = held[1].split(".", 1)[0]  # empty where it is compressed
        try:
            return not body or FLASHES in urlsafe_b64decode(body + "=" * (-len(body) % 4))
        except (binascii.Error, ValueError):
            return True

    def _lesson(self, token: str, asked: re.Match[str]) -> bytes | None:
        found = study.own_lesson(token, asked[1], asked[2])
        if found is None or not _may_study(found.person):
            return None
        if not found.page.is_same_for_all:
            self._left_to_flask.get(asked[0], lambda: True)
            return None
        return lesson_shell.filled(self._app.extensions["shells"], found.page, found.person)

    def _home(self, token: str, environ: WSGIEnvironment) -> bytes | None:
        found = home.own(token)
        if found is None or not _may_study(found.person):
            return None
        environ[home_shell.READ] = found  # lest Flask reads it again
        return home_shell.filled(self._app, found.page, found.person)


def _is_plain_json(environ: WSGIEnvironment) -> bool:
    """Sent by a script of our own pages, as a browser vouches, and neither long nor in pieces."""
    length = environ.get("CONTENT_LENGTH", "")
    return (
        environ.get("CONTENT_TYPE") == JSON
        and environ.get("HTTP_SEC_FETCH_SITE") in crossing.OWN_SITES
        and not environ.get("QUERY_STRING")
        and length.isdigit()
        and int(length) <= LONGEST_ANSWER
    )


def _may_study(person: Actor) -> bool:
    first = person.must_change_password or person.must_add_factor
    return person.may(Permission.COURSE_STUDY) and not first


def init_app(app: Flask) -> None:
    """Stand before Flask, inside of what adds the fixed headers."""
    app.wsgi_app = Shortcut(app)  # type: ignore[assignment,method-assign]
