"""The factory: the only module that knows every slice."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from elearn import database, extensions, signing, slow_statements
from elearn.administration import routes as administration_routes
from elearn.agency import routes as agency_routes
from elearn.announcements import routes as announcements_routes
from elearn.arranging import routes as arranging_routes
from elearn.authoring import routes as authoring_routes
from elearn.badges import routes as badges_routes
from elearn.certification import routes as certification_routes
from elearn.competency import routes as competency_routes
from elearn.content import routes as content_routes
from elearn.dashboard import routes as dashboard_routes
from elearn.editing import routes as editing_routes
from elearn.exchange import routes as exchange_routes
from elearn.factors import routes as factors_routes
from elearn.health import routes as health_routes
from elearn.learning import routes as learning_routes
from elearn.outside import routes as outside_routes
from elearn.people import access
from elearn.people import routes as people_routes
from elearn.planning import routes as planning_routes
from elearn.privacy import routes as privacy_routes
from elearn.programme import routes as programme_routes
from elearn.proofs import routes as proofs_routes
from elearn.reports import routes as reports_routes
from elearn.roster import routes as roster_routes
from elearn.siasn import routes as siasn_routes
from elearn.sign_on import routes as sign_on_routes
from elearn.sign_on.provider_settings import ProviderSettings
from elearn.site import (
    addresses,
    amounts,
    assets,
    error_pages,
    formats,
    headers,
    home_shell,
    icons,
    navigation,
    sessions,
    shortcut,
    templating,
)
from elearn.site import routes as site_routes
from elearn.standards import routes as standards_routes

ROOT = Path(__file__).resolve().parent.parent
MAX_BODY_BYTES = 1_000_000
MAX_FORM_PARTS = 500
WORKERS = 2  # as `elearn serve` starts; they share the cores for hashing


class Config(Protocol):
    """What the application is told from outside; see config.py."""

    @property
    def database(self) -> str: ...
    @property
    def secret_key(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def trusted_proxies(self) -> int: ...
    @property
    def development(self) -> bool: ...
    @property
    def testing(self) -> bool: ...
    @property
    def keys(self) -> Path: ...
    @property
    def oidc(self) -> ProviderSettings | None: ...
    @property
    def password_sign_in(self) -> bool: ...


def create_app(config: Config) -> Flask:
    """Put the application together from its slices."""
    app = Flask("elearn", root_path=str(ROOT), template_folder="templates", static_folder=None)
    templating.init_app(app)
    _configure(app, config)
    database.init_app(app)
    signing.init_app(app, config.keys)
    slow_statements.init_app(app)
    extensions.csrf.init_app(app)
    extensions.babel.init_app(app)
    access.init_app(app)
    sign_on_routes.init_app(app, config.oidc)
    for part in (
        addresses,
        assets,
        icons,
        formats,
        amounts,
        navigation,
        home_shell,
        shortcut,
        headers,
        sessions,
        error_pages,
    ):
        part.init_app(app)
    for routes in (
        people_routes,
        factors_routes,
        sign_on_routes,
        content_routes,
        competency_routes,
        badges_routes,
        learning_routes,
        authoring_routes,
        exchange_routes,
        editing_routes,
        proofs_routes,
        arranging_routes,
        reports_routes,
        dashboard_routes,
        certification_routes,
        programme_routes,
        outside_routes,
        roster_routes,
        siasn_routes,
        planning_routes,
        standards_routes,
        privacy_routes,
        agency_routes,
        announcements_routes,
        health_routes,
        administration_routes,
        site_routes,
    ):
        app.register_blueprint(routes.blueprint)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, config: Config) -> None:
    app.config.update(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(config.database),
        PUBLIC_URL=config.url,
        PASSWORD_SIGN_IN=config.password_sign_in,
        DEVELOPMENT=config.development,
        TESTING=config.testing,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        HASH_SLOTS=max(1, (os.cpu_count() or 1) // WORKERS),
        SESSION_COOKIE_NAME="elearn",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.url.startswith("https://"),
        BABEL_DEFAULT_LOCALE="id",
        BABEL_DEFAULT_TIMEZONE="Asia/Jakarta",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        TEMPLATES_AUTO_RELOAD=config.development,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
