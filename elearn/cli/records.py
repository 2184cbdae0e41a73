"""Check the journal, and make what is derived from it again."""

from __future__ import annotations

import sys

import click
from sqlalchemy import select

from elearn.cli.application import in_app
from elearn.competency import derived
from elearn.database import db, snapshot, transaction
from elearn.journal import chain
from elearn.learning import record
from elearn.people.models import Person


def _people_ids() -> list[int]:
    return list(db.session.scalars(select(Person.id).order_by(Person.id)))


@click.command()
@in_app
def rebuild() -> None:
    """Make every derived row again from the journal."""
    ids = _people_ids()
    with click.progressbar(ids, label="Rebuild") as people:
        for person_id in people:
            with transaction():
                record.rebuild(person_id)
                derived.rebuild(person_id)


@click.command()
@in_app
def verify() -> None:
    """Check the chains, and that stored state is the fold of the journal; exit code 1 if not."""
    problems = 0
    with snapshot():
        for broken in chain.broken_links():
            problems += 1
            where = f"person {broken.person_id}, seq {broken.seq}"
            click.echo(f"event {broken.event_id} ({where}): {broken.reason}")
        for person_id in _people_ids():
            for learned in record.differences(person_id):
                problems += 1
                click.echo(f"{learned.table}: enrolment {learned.enrolment_id} differs")
        for held in derived.differences():
            problems += 1
            click.echo(f"{held.table}: person {held.person_id}: {held.what}")
    if problems:
        click.echo(f"{problems} problems.")
        sys.exit(1)
    click.echo("Every chain is intact; stored state is the fold of the journal.")
