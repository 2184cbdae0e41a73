"""The agency's provider: a real one on this host, and one that answers as a test wants it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from elearn.sign_on.provider import Provider
from elearn.sign_on.provider_settings import ProviderSettings
from elearn.sign_on.routes import EXTENSION
from tests.people_cast import Cast, make_cast
from tests.sign_on.odd_provider import OddProvider

SITE = "http://localhost"
SECRET = "a secret of this test"
SCRIPT = Path(__file__).parents[1] / "tools" / "oidc" / "provider.mjs"
MODULES = Path(sys.prefix) / "oidc" / "node_modules"


def _missing(what: str) -> None:
    """Say so; where everything has to be there it is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


def start_provider(*sites: str) -> subprocess.Popen[str]:
    """The real provider, for a client at these addresses; it ends with its standard input."""
    node = shutil.which("node")
    if node is None or not MODULES.is_dir():
        _missing("oidc-provider (npm) is not installed: make test installs it")
    return subprocess.Popen(
        [str(node), str(SCRIPT), str(MODULES), *sites],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def issuer_of(process: subprocess.Popen[str]) -> str:
    """Where a provider that was started says it is."""
    assert process.stdout is not None
    issuer = process.stdout.readline().strip()
    if not issuer:
        _missing("oidc-provider (npm) does not start with this node")
    return issuer


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    """The address of the real provider."""
    process = start_provider(SITE)
    yield issuer_of(process)
    process.communicate(timeout=10)


def connect(app: Flask, settings: ProviderSettings) -> Provider:
    """Let the application know a provider, afresh."""
    made = app.extensions[EXTENSION] = Provider(settings, SITE)
    return made


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Ani and the others."""
    return make_cast()


@pytest.fixture
def agency(app: Flask, issuer: str) -> Provider:
    """The real provider, known to the application."""
    return connect(app, ProviderSettings(issuer, "elearn", SECRET))


@pytest.fixture(scope="session")
def odd_provider() -> Iterator[OddProvider]:
    """A provider that answers as it is told; see OddProvider."""
    with OddProvider.serving() as provider:
        yield provider


@pytest.fixture
def odd(app: Flask, odd_provider: OddProvider) -> OddProvider:
    """The odd provider in its first state, known to the application."""
    odd_provider.mend()
    connect(app, ProviderSettings(odd_provider.issuer, "elearn", SECRET))
    return odd_provider
