"""A roster from the console: the twin of HR's page."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from elearn import clock
from elearn.cli.application import in_app
from elearn.database import db, transaction
from elearn.roster import applying, imports, listing, reading
from elearn.roster.comparing import Kind
from elearn.roster.imports import About, Asked
from elearn.roster.models import RosterImport, State

NOT_APPLIED = 2


@click.command("import-people")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only look: nothing is changed.")
@click.option("--unit", "unit_id", type=int, help="Id of the branch the file is about.")
@click.option("--complete", is_flag=True, help="Whoever is not in the file has left.")
@click.option("--close-leavers", is_flag=True, help="Close their accounts; nothing is deleted.")
@click.option("--sure", is_flag=True, help="Also when they are more than a tenth of all.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day its facts hold from.")
@in_app
def import_people(
    file: Path, unit_id: int | None, complete: bool, as_of: datetime | None, **how: bool
) -> None:
    """Bring in people from XLSX or CSV, all of it or nothing."""
    since: date = as_of.date() if as_of else clock.today()
    with transaction():
        asked = Asked(file.name, file.read_bytes(), since, unit_id, complete)
        import_id = imports.take(None, asked).id
    with click.progressbar(length=100, label="Reading") as bar:
        reading.look(import_id, lambda percent: bar.update(percent - bar.pos))
    is_sound = _tell(_standing(import_id))
    if how["dry_run"] or not is_sound:
        with transaction():
            imports.drop(None, import_id)
        click.get_current_context().exit(0 if is_sound else NOT_APPLIED)
    with transaction():
        applying.confirm(None, import_id, closes=how["close_leavers"], is_sure=how["sure"])
    applying.apply(import_id)
    row = _standing(import_id)
    if row.state != State.APPLIED:
        raise click.ClickException("people have changed meanwhile; look again")
    click.echo(f"applied as import {row.id}")


def _standing(import_id: int) -> RosterImport:
    row = db.session.get_one(RosterImport, import_id)
    db.session.refresh(row)
    return row


def _tell(row: RosterImport) -> bool:
    """Say what was found; whether it could be applied."""
    about = About.of(row)
    if row.state == State.REFUSED:
        fault, sheet, number = about.values["fault"]
        where = f", sheet {sheet}, about row {number}" if sheet or number else ""
        raise click.ClickException(f"the file cannot be read: {fault}{where}")
    if row.state == State.HEADINGS:
        raise click.ClickException("headings are not known; name the columns once on HR's page")
    for kind in Kind:
        click.echo(f"{kind.value}: {about.counts.get(kind, 0)}")
    for entry in listing.every(row.id, listing.PROBLEMS):
        for problem in entry.problems:
            value = f" ({problem.value})" if problem.value else ""
            click.echo(f"row {entry.number}, {problem.column}: {problem.reason}{value}")
    return about.is_sound
