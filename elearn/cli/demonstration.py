"""Seed the demo and print who may sign in."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

import click

from elearn import demo, demo_mark, schema, server
from elearn.cli.application import ROOT, application
from elearn.cli.serving import serve_at
from elearn.database import db

COURSES = ROOT / "courses"


@click.command("demo")
@click.option("--json", "as_json", is_flag=True, help="Print the sign-ins for scripts.")
@click.option("--people", default=demo.PEOPLE, type=click.IntRange(20, 200_000))
@click.option("--reset", is_flag=True, help="Make the demo anew (asks first).")
@click.option("--serve", "then_serve", is_flag=True, help="Serve it afterwards.")
@click.option("--port", default=8000, envvar="PORT", type=click.IntRange(1, 65535))
def run_demo(as_json: bool, people: int, reset: bool, then_serve: bool, port: int) -> None:
    """Seed the demo into an empty database, publish courses/, print the sign-ins."""
    os.environ.setdefault("ELEARN_URL", f"http://127.0.0.1:{port}")
    sys.path.insert(0, str(ROOT))
    import_module("config").make_instance_secret()
    with application().app_context():
        if reset:
            _reset()
        _seed(people, quiet=as_json)
        if as_json:
            click.echo(json.dumps(_cast(), ensure_ascii=False, indent=1))
        else:
            _print_cast(port)
        db.session.remove()
        db.engine.dispose()
    if then_serve:
        serve_at(server.Address("127.0.0.1", port, 2))


def _seed(people: int, quiet: bool) -> None:
    if not schema.is_current():
        schema.upgrade()
    if demo.is_empty():
        if not quiet:
            click.echo("Seeding the demo ...")
        demo.seed(COURSES, people)
    elif not demo_mark.is_demo():
        raise click.ClickException("this database is not empty and not the demo: nothing was done")


def _reset() -> None:
    if not demo_mark.is_demo():
        raise click.ClickException("this is not a demo database: nothing was done")
    click.confirm("Delete the demo and make it anew?", abort=True)
    demo.clear()


def _cast() -> list[dict[str, str]]:
    return [member._asdict() for member in demo.cast()]


def _print_cast(port: int) -> None:
    click.echo(f"\nhttp://127.0.0.1:{port}\n")
    for member in demo.cast():
        secret = member.password or "(deactivated)"
        click.echo(f"  {member.nip}  {secret:<24}  {member.role:<12}  {member.name}")
    for state, name, path in demo.certificates():
        click.echo(f"  {name} ({state}): http://127.0.0.1:{port}{path}")
    click.echo("")
