"""Files as HR brings them, and what the runner does with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from sqlalchemy import select

from elearn import clock, jobs
from elearn.database import db, transaction
from elearn.people.models import Person
from elearn.roster import imports
from elearn.roster.columns import Field
from elearn.roster.imports import Asked
from elearn.roster.models import RosterImport
from elearn.work import HANDLERS
from tests.people_cast import actor_of

ANI, CITRA, BUDI = "199404122019032901", "198502142009122908", "197108191998031906"
NEW = "199001152015031991"
HEADINGS = (Field.NIP, Field.NAME, Field.STATUS, Field.GRADE, Field.POSITION, Field.UNIT)
Line = Mapping[Field, Any]


def a_line(**values: Any) -> dict[Field, Any]:
    """A new nurse of Puskesmas Hulu, or with other values by the names of fields."""
    held: dict[Field, Any] = {
        Field.NIP: NEW,
        Field.NAME: "Bayu Pratama",
        Field.STATUS: "PNS",
        Field.GRADE: "III/b",
        Field.POSITION: "Perawat Ahli Pertama",
        Field.UNIT: "Puskesmas Hulu",
    }
    return held | {Field[name.upper()]: value for name, value in values.items()}


def a_workbook(
    lines: Sequence[Line], headings: Sequence[str] = HEADINGS, above: Sequence[str] = ()
) -> bytes:
    """A workbook; a value "=..." is written as a formula, a date as a date."""
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        page = book.add_worksheet("Pegawai")
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        for at, text in enumerate(above):
            page.write_string(at, 0, text)
        page.write_row(len(above), 0, list(headings))
        for at, line in enumerate(lines, len(above) + 1):
            for column, name in enumerate(headings):
                value = line.get(Field(name), "") if name in set(Field) else ""
                if isinstance(value, date):
                    moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001
                    page.write_datetime(at, column, moment, day)
                elif isinstance(value, str) and not value.startswith("="):
                    page.write_string(at, column, value)
                else:
                    page.write(at, column, value)
    return held.getvalue()


def a_csv(lines: Sequence[Line], headings: Sequence[str] = HEADINGS, sign: str = ";") -> bytes:
    """The same as text."""
    rows = [sign.join(headings)]
    rows += [sign.join(str(line.get(Field(name), "")) for name in headings) for line in lines]
    return "\r\n".join(rows).encode()


def run_jobs() -> None:
    """Do what waits for the runner."""
    while jobs.run_one(HANDLERS):
        pass


def bring(person: Person, content: bytes, **asked: Any) -> RosterImport:
    """Send a file and have it looked at."""
    values = {"file_name": "pegawai.xlsx", "as_of": clock.today()} | asked
    with transaction():
        import_id = imports.start(actor_of(person), Asked(content=content, **values))
    run_jobs()
    return as_it_stands(import_id)


def as_it_stands(import_id: int) -> RosterImport:
    """An import, read anew."""
    wanted = select(RosterImport).where(RosterImport.id == import_id)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def counts(row: RosterImport) -> dict[str, int]:
    """How many rows of which kind, without those there are none of."""
    found = imports.About.of(row).counts
    return {name: count for name, count in found.items() if count}


def person_of(nip: str) -> Person:
    """A person by the present number, read anew."""
    wanted = select(Person).where(Person.nip == nip)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()
