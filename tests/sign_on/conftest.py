"""The agency's provider: a real one on this host, and one that answers as a test wants it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from elearn.sign_on.provider import Provider
from elearn.sign_on.provider_settings import ProviderSettings
from elearn.sign_on.routes import EXTENSION
from tests.agency_provider import CLIENT, SECRET, AgencyProvider, missing
from tests.people_cast import Cast, make_cast
from tests.sign_on.odd_provider import OddProvider

SITE = "http://localhost"


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    """The address of the real provider."""
    provider = AgencyProvider.started(SITE) or missing()
    assert provider is not None
    yield provider.issuer
    provider.end()


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
    return connect(app, ProviderSettings(issuer, CLIENT, SECRET))


@pytest.fixture(scope="session")
def odd_provider() -> Iterator[OddProvider]:
    """A provider that answers as it is told; see OddProvider."""
    with OddProvider.serving() as provider:
        yield provider


@pytest.fixture
def odd(app: Flask, odd_provider: OddProvider) -> OddProvider:
    """The odd provider in its first state, known to the application."""
    odd_provider.mend()
    connect(app, ProviderSettings(odd_provider.issuer, CLIENT, SECRET))
    return odd_provider
