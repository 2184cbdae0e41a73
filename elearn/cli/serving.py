"""Serve, work, and bring the database to the newest schema."""

from __future__ import annotations

import signal
import threading

import click
from flask import Flask

from elearn import demo_mark, jobs, schema, server, work
from elearn.cli.application import ROOT, application, in_app
from elearn.competency import framework
from elearn.database import transaction

MIN_SECRET_LENGTH = 32
WEAK_SECRETS = ("secret", "changeme", "password", "development")


@click.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000, envvar="PORT", type=click.IntRange(1, 65535))
@click.option("--workers", default=2, type=click.IntRange(1, 64))
@click.option("--demo", "is_demo", is_flag=True, help="Serve the demo database.")
def serve(host: str, port: int, workers: int, is_demo: bool) -> None:
    """Serve the application and run its jobs until SIGTERM."""
    app = application()
    with app.app_context():
        _refuse_unready(app, is_demo)
    serve_at(server.Address(host, port, workers))


def serve_at(address: server.Address) -> None:
    """Serve until SIGTERM; one server at a time."""
    try:
        server.serve(ROOT, address)
    except server.AlreadyServing:
        raise click.ClickException("a server is already running here") from None


def _refuse_unready(app: Flask, is_demo: bool) -> None:
    if not schema.is_current():
        raise click.ClickException("the database has an older schema: run `elearn migrate` first")
    if demo_mark.is_demo() and not is_demo:
        raise click.ClickException(
            "this database holds the demo's invented accounts; use `elearn serve --demo`, "
            "or name another database in ELEARN_DATABASE"
        )
    secret = app.config["SECRET_KEY"]
    if len(secret) < MIN_SECRET_LENGTH or any(word in secret.lower() for word in WEAK_SECRETS):
        raise click.ClickException(
            f"ELEARN_SECRET_KEY is missing or weak: give at least {MIN_SECRET_LENGTH} random "
            "characters, for example from `python -c 'import secrets; print(secrets.token_hex())'`"
        )


@click.command("work")
def run_work() -> None:
    """Do waiting and timed jobs until SIGTERM; `serve` keeps one of these."""
    server.end_with_parent()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with application().app_context():
        jobs.work_until(stop, work.HANDLERS, work.SLOTS, work.Pulse())


@click.command()
@in_app
def migrate() -> None:
    """Bring the database to the newest schema; a SQLite file is copied first."""
    if schema.is_current():
        click.echo("The schema is the newest.")
        return
    saved = schema.back_up() if schema.present() else None
    if saved:
        click.echo(f"Backup: {saved.name}")
    schema.upgrade()
    with transaction():
        framework.load_seed()
    click.echo(f"Schema {schema.newest()}.")
