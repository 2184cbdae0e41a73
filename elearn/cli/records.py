"""Check the journal, make what is derived from it again, seal it, and check proofs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

import click
from sqlalchemy import select

from elearn import canonical, clock
from elearn.cli.application import in_app
from elearn.competency import derived
from elearn.database import db, transaction
from elearn.journal import seal
from elearn.journal.statements import Unsound
from elearn.learning import record
from elearn.people.models import Person
from elearn.proofs import completions, proof_file, roots, verification
from elearn.proofs.proof_file import Proof
from elearn.reports import rollups
from elearn.reports.rollup_check import Check

TOLD = {
    "too_long": "the file is longer than a proof can be",
    "not_json": "the file is cut off or no JSON",
    "format": "this is no proof file",
    "version": "it is of a version this program does not know",
    "shape": "something was added to it, taken from it or misspelt",
    "seal": "its root is not written as a root is",
    "path": "the events are not those that were sealed, or the path to the root was changed",
    "signature": "the root in it was not signed by the key it names",
    "unknown_key": "the key that signed its root is not among the published keys",
    "unpublished": "its root is not among the published roots",
    "roots": "the file of roots has a line that is no JSON",
    "key": "the file of roots has a key that is none",
    "no_roots": "the file of roots has no root in it",
}


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
    rollups.rebuild()


@click.command()
@click.option(
    "--roots",
    "kept",
    type=click.File(encoding="utf-8"),
    help="Roots kept elsewhere, as `elearn roots` writes them: seals must agree with them.",
)
@in_app
def verify(kept: IO[str] | None) -> None:
    """Check chains, seals, the audit log and derived tables; exit code 1 names what is wrong."""
    published = list(roots.read(kept).seals.values()) if kept else []
    problems = 0
    with _progress(verification.total()) as advance:
        found = list(verification.findings(advance, published, [Check]))
    for finding in found:
        problems += 1
        click.echo(str(finding))
    if problems:
        click.echo(f"{problems} problems.")
        sys.exit(1)
    click.echo("Every chain and seal is intact; stored state is the fold of the journal.")


@contextmanager
def _progress(rows: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, so that what is found can be piped on."""
    with click.progressbar(length=rows, label="Verify", file=sys.stderr) as bar:
        yield bar.update


@click.command("seal")
@in_app
def run_seal() -> None:
    """Sign the roots over all that has happened since the last seal."""
    made = seal.seal_now()
    for published in made:
        said = published.statement
        click.echo(f"seal {said.number} of {said.day}: {said.events.size} events, {said.root}")
    if not made:
        click.echo("Nothing has happened since the last seal.")


@click.command("proof")
@click.argument("certificate")
@click.argument("target", type=click.File("w", encoding="utf-8", lazy=True), default="-")
@in_app
def write_proof(certificate: str, target: IO[str]) -> None:
    """Write the proof of the completion behind a certificate, by its number or code."""
    target.write(completions.proof_for(certificate).text())


@click.command("check-proof")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--roots",
    "kept",
    type=click.File(encoding="utf-8"),
    help="Published roots, as /roots.jsonl gives them; no database is needed then.",
)
def check_proof(file: IO[bytes], kept: IO[str] | None) -> None:
    """Check a proof file against published roots; exit code 1 with the reason if it fails."""
    data = file.read(proof_file.MOST_BYTES + 1)
    try:
        proof = proof_file.check(data, roots.read(kept)) if kept else _check_here(data)
    except Unsound as problem:
        raise click.ClickException(f"refused: {TOLD[problem.reason]}") from problem
    said = proof.seal.statement
    click.echo(f"Proven by root {said.number} of {said.day}: {said.root}")
    for event in proof.events:
        moment = clock.from_ms(event.values["happened_ms"])
        click.echo(f"  {event.kind} {moment:%Y-%m-%d %H:%M} WIB: {canonical.text(event.body)}")


@in_app
def _check_here(data: bytes) -> Proof:
    number = proof_file.read(data).seal.statement.number
    return proof_file.check(data, roots.stored(number))


@click.command("roots")
@click.argument("target", type=click.File("w", encoding="utf-8", lazy=True), default="-")
@in_app
def export_roots(target: IO[str]) -> None:
    """Write the public keys and every published root, one line of JSON each."""
    target.writelines(roots.lines())
