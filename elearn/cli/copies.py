"""Export the records, copy the database and put a copy back."""

from __future__ import annotations

from pathlib import Path

import click

from elearn import clock, marks, schema
from elearn.cli.application import in_app
from elearn.database import transaction
from elearn.marks import MarkKind
from elearn.people import audit
from elearn.people.actors import EVERYWHERE, Actor
from elearn.people.models import Status
from elearn.people.permissions import Role
from elearn.reports import export, filters, sheets


@click.command("export")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@in_app
def run_export(target: Path) -> None:
    """Write all completion records as .csv or .xlsx."""
    sheet = sheets.completion_sheet(_operator(), filters.Wanted(year=clock.today().year))
    if target.suffix == ".xlsx":
        target.write_bytes(export.xlsx(sheet))
    elif target.suffix == ".csv":
        with target.open("w", encoding="utf-8", newline="") as file:
            file.writelines(export.csv_pieces(sheet))
    else:
        raise click.ClickException("the name of the file must end in .csv or .xlsx")
    with transaction():
        audit.record(None, "export:completions", None, file=target.name)
    click.echo(f"{target.name}: written")


def _operator() -> Actor:
    """Who works at the console: sees everywhere, as an auditor does."""
    return Actor(
        id=0,
        name="",
        full_name="",
        unit_id=0,
        unit_path=EVERYWHERE,
        status=Status.PNS,
        roles=frozenset({Role.AUDITOR}),
        hr_paths=(EVERYWHERE,),
        acting_paths=(),
        must_change_password=False,
        stamp="",
        until_ms=0,
        unread_count=0,
    )


@click.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--noted", is_flag=True, help="Only note that another tool has made a copy.")
@in_app
def backup(target: Path | None, noted: bool) -> None:
    """Copy a SQLite database while it is in use; the page of health shows how old the last is."""
    if noted:
        with transaction():
            marks.leave(MarkKind.BACKUP)
        click.echo("noted")
        return
    saved = schema.back_up(target)
    if saved is None:
        raise click.ClickException(
            "not a SQLite database: use pg_dump, then `elearn backup --noted`"
        )
    if schema.is_current():  # an older one may have no place for marks
        with transaction():
            marks.leave(MarkKind.BACKUP, name=saved.name, bytes=saved.stat().st_size)
    click.echo(str(saved.name))


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.confirmation_option(prompt="Replace the present database by this copy?")
@in_app
def restore(source: Path) -> None:
    """Put a copy in the place of the database (the present one is kept beside it)."""
    kept = schema.restore(source)
    click.echo(f"Restored. The database before is kept as {kept.name}." if kept else "Restored.")
