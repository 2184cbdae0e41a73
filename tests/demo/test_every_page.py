"""Every page there is: reached by links, accessible, valid HTML, whole on a phone, no other host.

A browser looks at them as the cast of the demo sees them, light on a phone and dark on a desk.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Route

from elearn import clock
from elearn.content import catalogue
from elearn.database import db
from tests import chromium, page_checks
from tests.conftest import fresh_application
from tests.demo import doings, walking
from tests.demo.conftest import TODAY_MS
from tests.demo.walking import Found, Walk

pytestmark = pytest.mark.journey
HERE = "http://localhost"
# Addresses that no link of a page leads to, and why.
NOT_LINKED = {
    "static": "named by what a page loads",
    "site.health": "for the machine that watches the server",
    "site.styleguide": "for who develops it",
    "badges.take_status_list": "named in a credential",
    "badges.show_competency": "named in a credential",
    "badges.show_issuer": "named in a credential",
    "competency.take_worker": "loaded by a script",
    "sign_on.begin": "leads to the provider of an agency that has one",
    "sign_on.finish": "where the provider sends people back to",
    "sign_on.show_refused": "comes after the provider",
    "sign_on.show_signed_out": "comes after the provider",
    "factors.show_code": "comes between the password and being signed in",
    "competency.show_photo_image": "a picture on a page, for who has sent one",
}
LOUD = {"error", "warning"}
NO_WORKERS = "Service Worker registration blocked"
# The outermost elements that end beyond the screen, unless a part of the page scrolls them.
WIDER = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? []
  : [...document.querySelectorAll("body *")]
      .filter((it) => it.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .filter((it) => !it.closest(".scroll")).map((it) => it.outerHTML.slice(0, 120)).slice(-1)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium."""
    with chromium.started() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo with all that its story leaves out, for the tests of this file together."""
    path = tmp_path_factory.mktemp("pages") / "demo.db"
    shutil.copy(seeded_file, path)
    application = fresh_application(f"sqlite:///{path}")
    catalogue.forget()
    with application.app_context(), clock.set_to(TODAY_MS):
        yield application
        db.session.remove()
        db.engine.dispose()
    catalogue.forget()


@pytest.fixture(scope="module")
def walked(site: Flask) -> Walk:
    """What a walk through it finds."""
    return walking.walk(site, doings.happen())


def test_every_link_leads_somewhere(walked: Walk) -> None:
    assert not walked.broken, "\n".join(walked.broken)


def test_every_page_is_reached(site: Flask, walked: Walk) -> None:
    asked = {rule.endpoint for rule in site.url_map.iter_rules() if "GET" in rule.methods}
    reached = {kind.split(" ")[0] for kind in [*walked.pages, *walked.files]}
    left = asked - reached - set(NOT_LINKED)
    assert not left, "\n".join(sorted(left))


def test_every_page_is_valid(walked: Walk, tmp_path: Path) -> None:
    for kind, found in walked.pages.items():
        (tmp_path / f"{kind.replace(' ', '-')}.html").write_bytes(found.body)
    errors = page_checks.html_errors(tmp_path)
    assert not errors, "\n".join(errors)


@pytest.mark.parametrize("dark", [False, True], ids=["light-360", "dark-1280"])
def test_every_page_is_accessible(site: Flask, walked: Walk, browser: Browser, dark: bool) -> None:
    problems: list[str] = []
    for who, pages in groupby(walked.pages.values(), key=lambda found: found.who):
        look = Look(browser, walking.client_of(site, who), dark=dark)
        problems += [problem for found in pages for problem in look.at(found)]
        look.context.close()
    assert not problems, "\n".join(problems)


class Look:
    """A browser before an application without a server: what a page asks for is answered here."""

    def __init__(self, browser: Browser, client: FlaskClient, *, dark: bool) -> None:
        self.client = client
        self.troubles: list[str] = []
        self.static: dict[str, dict[str, Any]] = {}
        self.context = browser.new_context(
            viewport={"width": 1280 if dark else 360, "height": 780},
            color_scheme="dark" if dark else "light",
            locale="id-ID",
            service_workers="block",
        )
        self.context.route("**/*", self._answer)
        self.page = self.context.new_page()
        self.page.on("console", lambda m: self._note(m.text) if m.type in LOUD else None)
        self.page.on("pageerror", lambda error: self._note(str(error)))

    def _note(self, text: str) -> None:
        if not text.startswith(NO_WORKERS):
            self.troubles.append(text)

    def _answer(self, route: Route) -> None:
        request = route.request
        if not request.url.startswith(HERE):
            self._note(f"request to another host: {request.url}")
            route.abort()
            return
        path = request.url.removeprefix(HERE)
        if path in self.static:
            route.fulfill(**self.static[path])
            return
        with clock.set_to(TODAY_MS):  # Playwright calls from a context of its own
            answer = self.client.open(path, method=request.method, data=request.post_data_buffer)
        headers = dict(answer.headers.items())
        whole = {"status": answer.status_code, "headers": headers, "body": answer.data}
        if path.startswith("/static/"):
            self.static[path] = whole
        route.fulfill(**whole)

    def at(self, found: Found) -> list[str]:
        """What is wrong with a page."""
        where = f"{found.who} {found.path}"
        self.page.goto(HERE + found.path)
        problems = page_checks.axe(self.page, where)
        wider = self.page.evaluate(WIDER)
        problems += [f"{where}: wider than the screen: {html}" for html in wider]
        problems += [f"{where}: {trouble}" for trouble in self.troubles]
        self.troubles.clear()
        return problems
