"""`python -m bench.roster`: a roster of 50,000 rows looked at, applied, brought again, taken back.

Aims: 50,000 rows in under 60 s with steady memory; no write lock held for 2 s. One core, a fixed
seed. Printed as lines for results.md.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter

from bench import databases, servers
from config import Config
from elearn import clock, database, jobs, schema
from elearn.app import create_app
from elearn.database import db, transaction
from elearn.people import actors, staffing, units
from elearn.people.actors import Actor
from elearn.people.models import Status
from elearn.people.permissions import Role
from elearn.people.staffing import NewPerson
from elearn.roster import applying, imports, undoing
from elearn.roster.imports import Asked
from elearn.roster.models import RosterImport
from elearn.work import HANDLERS

ROWS, UNITS, SEED = 50_000, 1_000, 20_261_124
MB = 1_000_000
# As SIASN names them; most are not read.
HEADINGS = (
    "PNS ID",
    "NIP BARU",
    "NIP LAMA",
    "NAMA",
    "GELAR DEPAN",
    "GELAR BELAKANG",
    "TEMPAT LAHIR NAMA",
    "TANGGAL LAHIR",
    "JENIS KELAMIN",
    "AGAMA NAMA",
    "NIK",
    "NOMOR HP",
    "EMAIL",
    "ALAMAT",
    "KEDUDUKAN HUKUM NAMA",
    "STATUS CPNS PNS",
    "TMT CPNS",
    "GOL AKHIR NAMA",
    "TMT GOLONGAN",
    "JENIS JABATAN NAMA",
    "JABATAN NAMA",
    "TMT JABATAN",
    "TINGKAT PENDIDIKAN NAMA",
    "UNOR NAMA",
    "UNOR INDUK NAMA",
)
NAMES = ("Ani", "Budi", "Citra", "Dewi", "Eko", "Fitri", "Gilang", "Hendra", "Indah", "Joko")
POSTS = tuple(
    f"{name} {tier}"
    for name in ("Guru", "Perawat", "Bidan", "Auditor", "Arsiparis", "Analis Kebijakan")
    for tier in ("Ahli Pertama", "Ahli Muda", "Ahli Madya", "Terampil", "Mahir")
)


def main() -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.roster", description=__doc__)
    parser.add_argument("--database", default="SQLite", choices=["SQLite", "PostgreSQL"])
    parser.add_argument("--rows", type=int, default=ROWS)
    asked = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with databases.empty(asked.database) as address, _app(address):
        people = _people(asked.rows)
        actor = _head()
        print(f"{asked.database}, {asked.rows} rows, one core; peak memory is of the process")
        first = _through(actor, "new people", _workbook(people))
        _through(actor, "the same file again", _workbook(people))
        second = _through(actor, "1 in 10 changed, 1 in 20 moved, 1 in 100 left", _changed(people))
        _back(actor, "the second taken back", second)
        _back(actor, "the first taken back", first)


@contextmanager
def _app(address: str) -> Iterator[None]:
    app = create_app(
        Config(database=address, secret_key=servers.SECRET, url="https://belajar.example.go.id")
    )
    with app.app_context():
        schema.upgrade()
        yield
        db.session.remove()
        db.engine.dispose()


def _head() -> Actor:
    """HR of the agency, and the units."""
    with transaction():
        top = units.create_unit("Pemerintah Kabupaten Contoh")
        offices = [units.create_unit(f"Dinas {at}", top) for at in range(UNITS // 20)]
        for at in range(UNITS):
            units.create_unit(f"Bidang {at}", offices[at % len(offices)])
        facts = NewPerson(
            nip="197201051997031909", name="Syamsul Bahri", status=Status.PNS, unit_id=top.id
        )
        person = staffing.create_person(facts)
        staffing.grant(None, person.id, Role.HR_AGENCY)
    return replace(
        actors.of_rows([_Row(person.id, top)], ""),
        roles=frozenset({Role.LEARNER, Role.HR_AGENCY}),
        hr_paths=("/",),
        acting_paths=("/",),
    )


class _Row:
    """What an actor is read from."""

    def __init__(self, person_id: int, unit: Any) -> None:
        self.id, self.unit_id, self.unit_path = person_id, unit.id, unit.path
        self.name, self.degrees_before, self.degrees_after = "Syamsul Bahri", "", ""
        self.status, self.role, self.granted_path = "pns", "hr_agency", None
        self.way = "password"
        self.must_change_password, self.until_ms, self.unread_count = False, 0, 0

    def __getattr__(self, _name: str) -> None:
        return None


def _people(count: int) -> list[dict[str, str]]:
    chance = random.Random(SEED)  # noqa: S311  # not for secrets
    found = []
    for at in range(count):
        born = date(1965 + at % 35, 1 + at // 35 % 12, 1 + at // 420 % 28)
        number = f"{born:%Y%m%d}{born.year + 24}{1 + at % 12:02}{1 + at % 2}{900 + at % 100}"
        unit = chance.randrange(UNITS)
        found.append(
            {
                "PNS ID": f"A5EB{at:08d}F6A0E040640A040252AD",
                "NIP BARU": number,
                "NIP LAMA": f"{at:09}",
                "NAMA": f"{chance.choice(NAMES)} {chance.choice(NAMES)} {at}".upper(),
                "GELAR BELAKANG": chance.choice(("S.Pd.", "S.Kep.", "A.Md.Keb.", "S.Sos.", "")),
                "TEMPAT LAHIR NAMA": "JAMBI",
                "TANGGAL LAHIR": f"{born:%d-%m-%Y}",
                "NOMOR HP": f"0812{at:08d}",
                "KEDUDUKAN HUKUM NAMA": "Aktif",
                "STATUS CPNS PNS": "P",
                "GOL AKHIR NAMA": chance.choice(("II/c", "III/a", "III/b", "III/d", "IV/a")),
                "JENIS JABATAN NAMA": "Jabatan Fungsional",
                "JABATAN NAMA": chance.choice(POSTS),
                "UNOR NAMA": f"BIDANG {unit}",
                "UNOR INDUK NAMA": f"DINAS {unit % (UNITS // 20)}",
            }
        )
    numbers = {person["NIP BARU"] for person in found}
    assert len(numbers) == count
    return found


def _changed(people: Sequence[dict[str, str]]) -> bytes:
    chance = random.Random(SEED + 1)  # noqa: S311  # not for secrets
    kept = []
    for at, person in enumerate(people):
        if at % 100 == 7:
            continue
        change: dict[str, str] = {}
        if at % 10 == 3:
            change["GOL AKHIR NAMA"] = "IV/b"
        if at % 20 == 5:
            unit = chance.randrange(UNITS)
            change["UNOR NAMA"] = f"BIDANG {unit}"
            change["UNOR INDUK NAMA"] = f"DINAS {unit % (UNITS // 20)}"
        kept.append(person | change)
    return _workbook(kept)


def _workbook(people: Sequence[dict[str, str]]) -> bytes:
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"constant_memory": True}) as book:
        page = book.add_worksheet("Data")
        page.write_row(0, 0, HEADINGS)
        for row, person in enumerate(people, 1):
            for column, heading in enumerate(HEADINGS):
                page.write_string(row, column, person.get(heading, "-"))
    return held.getvalue()


def _through(actor: Actor, name: str, content: bytes) -> int:
    """A file from being sent to being applied; the id of its import."""
    with transaction():
        today = clock.today()
        import_id = imports.start(actor, Asked("pegawai.xlsx", content, today, is_complete=True))
    print(f"\n{name}: a file of {len(content) / MB:.1f} MB")
    _timed("looked at", _run)
    row = db.session.get_one(RosterImport, import_id)
    db.session.refresh(row)
    about = imports.About.of(row)
    print(f"  {row.state}: {about.counts}")
    if about.may_be_applied:
        with transaction():
            applying.confirm(actor, import_id, closes=True, is_sure=True)
        _timed("applied", _run)
        db.session.refresh(row)
        print(f"  {row.state}")
    return import_id


def _back(actor: Actor, name: str, import_id: int) -> None:
    print(f"\n{name}")
    with transaction():
        undoing.ask(actor, import_id)
    _timed("taken back", _run)
    row = db.session.get_one(RosterImport, import_id)
    db.session.refresh(row)
    left = db.session.execute(db.text("SELECT count(*) FROM person")).scalar_one()
    print(f"  {row.state}; {left} people")


def _run() -> None:
    while jobs.run_one(HANDLERS):
        pass


def _timed(name: str, act: Any) -> None:
    holds: list[float] = []
    before = database._queue

    @contextmanager
    def measured(url: Any) -> Iterator[None]:
        with before(url):
            start = time.perf_counter()
            yield
            holds.append(time.perf_counter() - start)

    database._queue = measured
    clock_start, cpu_start = time.perf_counter(), time.process_time()
    act()
    passed, used = time.perf_counter() - clock_start, time.process_time() - cpu_start
    database._queue = before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MB
    print(
        f"  {name}: {passed:.1f} s ({used:.1f} s CPU), {len(holds)} transactions, "
        f"the longest {max(holds, default=0):.2f} s, peak {peak:.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    main()
