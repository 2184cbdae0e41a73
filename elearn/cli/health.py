"""How the installation is, for the console and for whatever watches over machines."""

from __future__ import annotations

import json

import click

from elearn import clock
from elearn.cli.application import in_app
from elearn.errors import Unavailable
from elearn.health import looking, states
from elearn.health.looking import Look
from elearn.health.states import Line


@click.command("health")
@click.option("--json", "as_json", is_flag=True, help="Print it for machines.")
@in_app
def show_health(as_json: bool) -> None:
    """Say how the installation is; exit code 0 (good), 1 (watch) or 2 (act)."""
    look = _look()
    if as_json:
        lines = [line.told for line in look.lines]
        told = {"state": look.state.word, "at_ms": clock.now_ms(), "lines": lines}
        click.echo(json.dumps(told, indent=1))
    else:
        for line in look.lines:
            click.echo(_told(line))
    click.get_current_context().exit(int(look.state))


def _look() -> Look:
    try:
        return looking.look()
    except Unavailable:
        return Look([states.unreachable()])


def _told(line: Line) -> str:
    reason = f" ({line.reason})" if line.reason else ""
    facts = ", ".join(f"{name}={_plain(name, value)}" for name, value in line.facts.items())
    return f"{line.state.word:<5} {line.key}{reason}: {facts}"


def _plain(name: str, value: object) -> object:
    is_moment = isinstance(value, int) and name in {"at_ms", "last_ms", "oldest_ms", "since_ms"}
    return clock.from_ms(value).isoformat(timespec="seconds") if is_moment else value  # type: ignore[arg-type]
