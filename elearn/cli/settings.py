"""The agency's settings from the console: list them, set one, take them as a file, bring one in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from elearn import clock, settings
from elearn.administration import transfer
from elearn.administration.transfer import Planned, Taking, Verdict
from elearn.cli.application import in_app
from elearn.database import transaction
from elearn.errors import Invalid
from elearn.people import setting_changes
from elearn.people.setting_changes import Wish
from elearn.settings import Known

REFUSED_CODE = 2


@click.group("settings")
def run_settings() -> None:
    """What the agency decides, dated, with a history."""


@run_settings.command("list")
@click.option("--year", type=int, help="As they hold in this year, else today's.")
@in_app
def list_settings(year: int | None) -> None:
    """Name each setting with its value in a year, as JSON."""
    for key, value in settings.of_year(year or clock.today().year).items():
        click.echo(f"{key} {json.dumps(value, ensure_ascii=False, sort_keys=True)}")


@run_settings.command("set")
@click.argument("key")
@click.argument("value")
@click.option("--from-year", type=int, help="The first year it holds, else this one.")
@click.option("--reason", default="", help="Kept in the history.")
@click.option("--closed-year", is_flag=True, help="A year that is over is meant.")
@in_app
def set_value(key: str, value: str, from_year: int | None, reason: str, closed_year: bool) -> None:
    """Let a setting hold a VALUE (JSON, or a text as it is) from a year on."""
    known = settings.known(key)
    year = known.first_year if known.holds_at_once else from_year or clock.today().year
    wish = Wish(year, _typed(known, value), closed_year, reason)
    with transaction():
        changed = setting_changes.change(None, key, wish)
    click.echo("changed" if changed else "unchanged")


def _typed(known: Known, text: str) -> Any:
    if isinstance(known.default, str):
        return text
    try:
        return json.loads(text)
    except ValueError as problem:
        raise Invalid("value_not_accepted", "value") from problem


@run_settings.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@in_app
def export_settings(file: Path) -> None:
    """Write what is set to a FILE."""
    file.write_text(transfer.written(), "utf-8")


@run_settings.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--reason", default="", help="Kept in the history.")
@click.option("--closed-year", is_flag=True, help="Years that are over are meant.")
@in_app
def import_settings(file: Path, dry_run: bool, reason: str, closed_year: bool) -> None:
    """Let hold what a FILE says, all of it or nothing (code 2 where something is refused)."""
    text, taking = file.read_text("utf-8"), Taking(None, closed_year, reason)
    planned = transfer.plan(transfer.read(text), taking)
    for each in planned:
        click.echo(_line(each))
    if any(each.verdict is Verdict.REFUSED for each in planned):
        raise SystemExit(REFUSED_CODE)
    if not dry_run:
        with transaction():
            click.echo(f"{transfer.bring_in(text, taking)} changed")


def _line(each: Planned) -> str:
    entry = each.entry
    told = f"{each.verdict} {entry.key} {entry.from_year} {json.dumps(entry.value)}"
    return f"{told} ({each.fault})" if each.fault else told
