"""The commands of the operator and of authors who live in git; one module per group of them."""

from __future__ import annotations

import click

from elearn.cli import (
    copies,
    courses,
    demonstration,
    health,
    keys,
    people,
    privacy,
    records,
    roster,
    serving,
    settings,
)

COMMANDS = (
    serving.serve,
    serving.run_work,
    serving.migrate,
    demonstration.run_demo,
    courses.check,
    courses.publish,
    courses.new,
    privacy.run_retention,
    records.rebuild,
    records.verify,
    records.run_seal,
    records.export_roots,
    records.write_proof,
    records.check_proof,
    copies.run_export,
    copies.backup,
    copies.restore,
    health.show_health,
    people.people,
    roster.import_people,
    keys.keys,
    settings.run_settings,
)


@click.group()
def main() -> None:
    """Belajar ASN: courses in Markdown, records HR can prove."""


for command in COMMANDS:
    main.add_command(command)
