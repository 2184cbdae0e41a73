"""Every page of the product, found by following the links that each of the demo's cast sees."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from http import HTTPStatus

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import AnyConverter, RequestRedirect
from werkzeug.test import TestResponse

from elearn.demo import members
from elearn.people.access import COOKIE
from tests.demo.reading import token_of

# Each page is looked at as the first of these sees it.
WALKERS = {
    "nobody": None,
    "syamsul": members.SYAMSUL,
    "dewi": members.DEWI,
    "citra": members.CITRA,
    "budi": members.BUDI,
    "ratna": members.RATNA,
    "ani": members.ANI,
    "hendra": members.HENDRA,
    "yusnidar": members.YUSNIDAR,
    "rudi": members.RUDI,
    "marlina": members.MARLINA,
    "fadli": members.FADLI,
}
ALIKE = 2  # pages of one kind that one person opens, beside those they begin with
# Where they begin beside home: what only a script, a paper or a computer leads to.
STARTS = {
    "nobody": ("/login", "/verify", "/verify/offline", "/proof", "/roots", "/keys"),
    "budi": ("/teach/keamanan-informasi/keys",),
}
LINK = re.compile(r'<a\s[^>]*?href="([^"]*)"')


@dataclass(frozen=True)
class Found:
    """A page that somebody came to."""

    who: str
    path: str
    body: bytes


@dataclass
class Walk:
    """What was found: the first page of each kind, and links that lead nowhere."""

    pages: dict[str, Found] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)


def walk(app: Flask, more: Mapping[str, Sequence[str]]) -> Walk:
    """Follow the links of everybody in the cast; ``more`` are addresses that they know."""
    found = Walk()
    for who in WALKERS:
        starts = ["/", *STARTS.get(who, ()), *more.get(who, ())]
        _follow(app, found, who, starts)
    return found


def client_of(app: Flask, who: str) -> FlaskClient:
    """The browser of somebody in the cast."""
    number = WALKERS[who]
    client = app.test_client()
    if number is not None:
        client.set_cookie(COOKIE, token_of(number))
    return client


def kind_of(app: Flask, path: str) -> str | None:
    """The route of an address, with the word it names where it may be one of several."""
    bare = path.split("?", 1)[0]
    try:
        rule, values = app.url_map.bind("localhost").match(bare, return_rule=True)
    except (HTTPException, RequestRedirect):
        return None
    named = [str(values[k]) for k, c in rule._converters.items() if isinstance(c, AnyConverter)]
    return " ".join([rule.endpoint, *named])


def _follow(app: Flask, found: Walk, who: str, starts: list[str]) -> None:
    client = client_of(app, who)
    waiting = deque(starts)
    opened, kinds = set[str](), Counter[str]()
    while waiting:
        path = waiting.popleft()
        kind = kind_of(app, path) or path
        if path in opened or (kinds[kind] == ALIKE and path not in starts):
            continue
        opened.add(path)
        kinds[kind] += 1
        waiting.extend(_look(app, found, who, client.get(path, follow_redirects=True), path))


def _look(app: Flask, found: Walk, who: str, answer: TestResponse, path: str) -> Iterator[str]:
    """Note what an address leads to; the links of the page."""
    arrived = kind_of(app, answer.request.path) or path
    if answer.status_code != HTTPStatus.OK:
        found.broken.append(f"{who}: {path}: {answer.status_code}")
    elif answer.mimetype != "text/html":
        found.files.add(arrived)
    else:
        full = answer.request.full_path.removesuffix("?")
        found.pages.setdefault(arrived, Found(who, full, answer.data))
        yield from _links(answer.text)


def _links(text: str) -> Iterator[str]:
    for href in LINK.findall(text):
        path = unescape(href).split("#")[0]
        if path.startswith("/") and not path.startswith("//"):
            yield path
