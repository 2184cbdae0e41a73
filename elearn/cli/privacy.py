"""Let go what is past the time it is to be kept."""

from __future__ import annotations

import click

from elearn import clock
from elearn.cli.application import in_app
from elearn.privacy import retention
from elearn.privacy.retention import Due


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@in_app
def run_retention(dry_run: bool) -> None:
    """Let go what is past its time, by the rules under Administrasi > Privasi."""
    for line in retention.due() if dry_run else retention.apply(None):
        click.echo(_told(line))


def _told(line: Due) -> str:
    if not line.months:
        return f"{line.kind}: kept for good"
    oldest = f", the oldest of {clock.day_of(line.oldest_ms)}" if line.oldest_ms else ""
    return f"{line.kind}: {line.number} older than {line.months} months{oldest}"
