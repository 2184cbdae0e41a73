"""A real server, a real browser, and the people who use it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from elearn.app import create_app
from elearn.content import catalogue
from elearn.database import db
from tests import chromium, engines
from tests import conftest as base
from tests.agency_provider import CLIENT, SECRET, AgencyProvider
from tests.journeys import long_course
from tests.journeys import world as worlds
from tests.journeys.long_course import Played
from tests.journeys.world import PASSWORD, Somebody, World

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90


@dataclass(frozen=True)
class Site:
    """A running server and its database."""

    url: str
    database: str
    world: World
    certificate: str
    # Of the agency's provider; empty where there is none to start.
    issuer: str


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application as users run it: granian and its runner, on a database of its own."""
    database = f"sqlite:///{tmp_path_factory.mktemp('journeys') / 'site.db'}"
    app = create_app(base._config(database))
    engines.migrate(app)
    catalogue.forget()
    with app.app_context():
        world = worlds.build()
        certificate = worlds.complete(world.graduate.id, "keamanan-informasi")
        db.session.remove()
        db.engine.dispose()
    port = _free_port()
    url = f"http://localhost:{port}"  # passkeys ask for a name
    provider = AgencyProvider.started(url)
    environment = {
        **os.environ,
        **(_of_agency(provider) if provider else {}),
        "ELEARN_DATABASE": database,
        "ELEARN_SECRET_KEY": base.SECRET,
        "ELEARN_KEYS": base.KEYS.name,
        "ELEARN_URL": url,
    }
    command = [sys.executable, "-m", "elearn", "serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_for(f"{url}/healthz", server)
        yield Site(url, database, world, certificate, provider.issuer if provider else "")
    finally:
        server.terminate()
        server.wait(START_SECONDS)
        if provider:
            provider.end()


def _of_agency(provider: AgencyProvider) -> dict[str, str]:
    return {
        "ELEARN_OIDC_ISSUER": provider.issuer,
        "ELEARN_OIDC_CLIENT_ID": CLIENT,
        "ELEARN_OIDC_CLIENT_SECRET": SECRET,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert server.poll() is None, "the server ended while starting"
        with suppress(OSError), urllib.request.urlopen(url, timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("the server did not start")


@pytest.fixture(scope="session")
def played(site: Site) -> Played:
    """A course of long questions in which things have happened."""
    return long_course.play(site.database, site.world)


@pytest.fixture
def completed(site: Site) -> str:
    """The certificate of somebody who has completed a course."""
    return site.certificate


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium."""
    with chromium.started() as started:
        yield started


@dataclass
class Visit:
    """A page in a context of its own, with everything that went wrong in it."""

    page: Page
    context: BrowserContext
    site: Site
    troubles: list[str] = field(default_factory=list)
    # Trouble that the journey causes on purpose, as part of a message.
    expected: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    def sign_in(self, who: Somebody, secret: str = PASSWORD) -> None:
        self.go("/login")
        self.page.get_by_label("NIP").fill(who.nip)
        self.page.locator("input[name=password]").fill(secret)
        self.page.get_by_role("button", name="Masuk").click()

    def begin(self, slug: str) -> None:
        """Enter a course and come to its first lesson, past its pretest if it has one."""
        self.go(f"/courses/{slug}")
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Mulai", exact=True).click()
        skip = self.page.get_by_role("button", name="Lewati")
        if skip.count():
            with self.page.expect_navigation():
                skip.click()

    def check(self) -> None:
        left = [t for t in self.troubles if not any(part in t for part in self.expected)]
        assert left == []


class Visits:
    """Opens visits and checks each at the end of the test."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser = browser
        self.site = site
        self.open: list[Visit] = []

    def __call__(self, width: int = 360, *, scripts: bool = True, dark: bool = False) -> Visit:
        context = self.browser.new_context(
            viewport={"width": width, "height": 780},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            locale="id-ID",
        )
        context.set_default_timeout(10_000)
        visit = Visit(context.new_page(), context, self.site)
        note = visit.troubles.append
        visit.page.on("console", lambda m: note(m.text) if m.type in {"error", "warning"} else None)
        visit.page.on("pageerror", lambda error: note(str(error)))
        context.on("request", lambda request: self._foreign(visit, request.url))
        self.open.append(visit)
        return visit

    def _foreign(self, visit: Visit, url: str) -> None:
        if not url.startswith((self.site.url, "data:", "blob:")):
            visit.troubles.append(f"request to another host: {url}")


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visits]:
    """``visit(width)`` opens a fresh browser context."""
    visits = Visits(browser, site)
    yield visits
    for opened in visits.open:
        opened.context.close()
    for opened in visits.open:
        opened.check()
