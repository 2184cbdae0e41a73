"""The lesson page past Flask: the same answer at half of the cost.

Only the usual case is answered here: a plain GET by somebody signed in, of a lesson of their own
course whose shell has been made. All else, and every doubt, goes on to Flask, whose page is the
reference.
"""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from flask import Flask

from elearn.errors import DomainError
from elearn.learning import lesson_shell, study
from elearn.learning.study import OwnLesson
from elearn.people.access import COOKIE
from elearn.people.permissions import Permission
from elearn.site import headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LESSON = re.compile(r"/courses/([a-z0-9-]+)/lessons/([a-z0-9/-]+)", re.ASCII)
TOKEN = re.compile(rf"(?:^|; ){COOKIE}=([A-Za-z0-9_-]+)(?:;|$)")
FLASHES = b'"_flashes"'


class Asked(NamedTuple):
    """A lesson that is asked for, and the cookie's token of who asks."""

    slug: str
    key: str
    token: str


class Shortcut:
    """Answers what it can, and leaves the rest to the application."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._flask = app.wsgi_app
        # Lessons whose page always asks for more than the shell: a quiz, a reflection.
        self._left_to_flask: set[tuple[str, str]] = set()
        self._session = re.compile(rf"(?:^|; ){app.config['SESSION_COOKIE_NAME']}=([^;]*)")

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        asked = self._asked(environ)
        page = self._page(asked) if asked else None
        if page is None:
            return self._flask(environ, start)
        content, about = headers.of_page(page, environ.get("HTTP_ACCEPT_ENCODING", ""))
        start("200 OK", about)
        return [content]

    def _asked(self, environ: WSGIEnvironment) -> Asked | None:
        plain = environ["REQUEST_METHOD"] == "GET" and not environ.get("QUERY_STRING")
        lesson = LESSON.fullmatch(environ["PATH_INFO"]) if plain else None
        cookies = environ.get("HTTP_COOKIE", "")
        token = TOKEN.search(cookies) if lesson else None
        if lesson is None or token is None or self._may_hold_flashes(cookies):
            return None
        if (lesson[1], lesson[2]) in self._left_to_flask:
            return None
        return Asked(lesson[1], lesson[2], token[1])

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

    def _page(self, asked: Asked) -> bytes | None:
        with self._app.app_context():
            try:
                found = study.own_lesson(asked.token, asked.slug, asked.key)
            except DomainError:
                return None
            if found is None or not _is_usual(found):
                if found is not None and not found.page.is_same_for_all:
                    self._left_to_flask.add((asked.slug, asked.key))
                return None
            return lesson_shell.filled(self._app.extensions["shells"], found.page, found.person)


def _is_usual(found: OwnLesson) -> bool:
    person = found.person
    may_study = person.may(Permission.COURSE_STUDY) and not person.must_change_password
    return may_study and found.page.is_same_for_all


def init_app(app: Flask) -> None:
    """Stand before Flask, inside of what adds the fixed headers."""
    app.wsgi_app = Shortcut(app)  # type: ignore[assignment,method-assign]
