"""`python -m bench.certificates`: 1,000 certificates as one zip, on one core.

Aims: one PDF under 150 ms and under 200 KB; the zip of 1,000 under 150 s with steady memory.
Printed as lines for results.md.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from flask import Flask

from bench import databases, servers
from config import Config
from elearn import clock, jobs, schema, work
from elearn.app import create_app
from elearn.certification import packages
from elearn.competency import certificate_pdf, certificates, framework, issuing
from elearn.competency.events import Source
from elearn.competency.frozen import Issue, Module
from elearn.content import catalogue
from elearn.content.course import CompetencyLevel
from elearn.database import db, transaction
from elearn.people import staffing, units
from elearn.people.models import Person, Status
from elearn.people.staffing import NewPerson

WANTED = 1_000
ALONE = 200  # PDFs timed one by one
PORTION = 100
MB = 1_000_000


def main() -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.certificates", description=__doc__)
    parser.add_argument("--database", default="SQLite", choices=["SQLite", "PostgreSQL"])
    parser.add_argument("--certificates", type=int, default=WANTED)
    asked = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with databases.empty(asked.database) as address, _app(address):
        ids, asker = _build(asked.certificates)
        _alone(ids[:ALONE])
        _package(ids, asker)


@contextmanager
def _app(address: str) -> Iterator[Flask]:
    app = create_app(
        Config(database=address, secret_key=servers.SECRET, url="https://belajar.example.go.id")
    )
    catalogue.forget()
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _build(wanted: int) -> tuple[list[str], int]:
    """So many certificates of one person, as their number does not matter here."""
    schema.upgrade()
    with transaction():
        framework.load_seed()
        unit = units.create_unit("Dinas Kesehatan", units.create_unit("Kabupaten Contoh"))
        facts = NewPerson(
            nip="199404122019032901", name="Ani Pratiwi", unit_id=unit.id, status=Status.PNS
        )
        person = staffing.create_person(facts)
    made: list[str] = []
    for at in range(0, wanted, PORTION):
        with transaction():
            some = range(at, min(at + PORTION, wanted))
            made += [issuing.issue(_issue(person, number)).id for number in some]
    return made, person.id


def _issue(person: Person, number: int) -> Issue:
    lessons = [(f"Materi {at} tentang menjaga data kantor", 15) for at in range(1, 4)]
    return Issue(
        person_id=person.id,
        unit_id=person.unit_id,
        source=Source("course", str(number)),
        title="Keamanan informasi untuk aparatur sipil negara di daerah",
        jp=3,
        score_tenths=865,
        started_on=date(2026, 11, 2),
        completed_on=date(2026, 11, 24),
        modules=[Module(f"Modul {at}", lessons) for at in range(1, 4)],
        method="e-learning",
        competencies=[CompetencyLevel("M.05", 2), CompetencyLevel("DIG.AMAN", 3)],
    )


def _alone(ids: list[str]) -> None:
    taken, spent, sizes = [], [], []
    for id_ in ids:
        paper = certificates.load(id_)
        begun, core = time.perf_counter(), time.process_time()
        sizes.append(len(certificate_pdf.render(paper)))
        taken.append((time.perf_counter() - begun) * 1000)
        spent.append((time.process_time() - core) * 1000)
    print(
        f"one PDF: first {taken[0]:.0f} ms, median {statistics.median(taken):.1f} ms, "
        f"slowest after it {max(taken[1:]):.0f} ms; on the core first {spent[0]:.0f} ms, median "
        f"{statistics.median(spent):.1f} ms, slowest {max(spent[1:]):.0f} ms; "
        f"{max(sizes) / 1000:.0f} KB",
        flush=True,
    )


def _package(ids: list[str], asker: int) -> None:
    with transaction():
        package_id = packages.ask(asker, ids, to_sign=False)
    before, begun, spent = _most_memory(), time.perf_counter(), time.process_time()
    while jobs.run_one(work.HANDLERS):
        pass
    made = time.perf_counter() - begun
    db.session.remove()
    between = _most_memory()
    assert packages.of_id(asker, package_id).is_ready
    sent = sum(len(piece) for piece in packages.zipped(certificates.load(id_) for id_ in ids))
    whole = time.perf_counter() - begun
    print(
        f"{len(ids):,} certificates: PDFs made and kept in {made:.1f} s, zip of "
        f"{sent / MB:.0f} MB sent in {whole - made:.1f} s, together {whole:.1f} s, "
        f"{time.process_time() - spent:.1f} s of them on the core; "
        f"most memory {before:.0f} MB before, "
        f"{between:.0f} MB with the PDFs made, {_most_memory():.0f} MB with the zip sent "
        f"({clock.today()})",
        flush=True,
    )


def _most_memory() -> float:
    """The largest resident size so far, in MB; Linux counts in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MB


if __name__ == "__main__":
    main()
