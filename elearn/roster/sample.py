"""A roster to try the dry run with: people of one's own branch, and seven rows with a problem."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from elearn.database import db
from elearn.people.actors import Actor
from elearn.people.models import Person, Unit
from elearn.people.statuses import Status
from elearn.people.units import reach
from elearn.roster.columns import Field

COLUMNS = (
    Field.NIP,
    Field.NAME,
    Field.DEGREES_BEFORE,
    Field.DEGREES_AFTER,
    Field.STATUS,
    Field.GRADE,
    Field.POSITION,
    Field.UNIT,
)
KNOWN = 12
STATUSES = {
    Status.PNS: "PNS",
    Status.CPNS: "CPNS",
    Status.PPPK: "PPPK",
    Status.PPPK_PART_TIME: "PPPK Paruh Waktu",
}
NOBODY = (
    "199001152015031981",
    "199203182019032982",
    "198811022014031983",
    "199507092020122984",
    "199306042023212985",
)
Line = dict[Field, Any]


def sample(actor: Actor) -> bytes:
    """The workbook; what is right in it says what is known, but for one person who is new."""
    lines = [_line(person) for person in _people(actor)]
    return _workbook([*lines, *_wrong(lines)] if lines else [])


def _people(actor: Actor) -> Sequence[Person]:
    wanted = (
        select(Person)
        .join(Unit, Unit.id == Person.unit_id)
        .where(reach(actor), Person.active, Person.id != actor.id)
        .options(joinedload(Person.unit), joinedload(Person.position))
        .order_by(Person.id)
    )
    return db.session.scalars(wanted.limit(KNOWN)).all()


def _line(person: Person) -> Line:
    return {
        Field.NIP: person.nip,
        Field.NAME: person.name,
        Field.DEGREES_BEFORE: person.degrees_before,
        Field.DEGREES_AFTER: person.degrees_after,
        Field.STATUS: STATUSES[Status(person.status)],
        Field.GRADE: person.grade,
        Field.POSITION: person.position.name if person.position else "",
        Field.UNIT: person.unit.name,
    }


def _wrong(lines: Sequence[Line]) -> list[Line]:
    """One who is new, and what goes wrong most: damaged numbers, twice the same person, ..."""
    new: Line = {
        Field.NIP: NOBODY[0],
        Field.NAME: "Bayu Pratama",
        Field.STATUS: "PNS",
        Field.GRADE: "III/a",
        Field.POSITION: "Perawat Ahli Pertama",
        Field.UNIT: lines[0][Field.UNIT],
    }
    return [
        new,
        new | {Field.NIP: 1.98609e17},
        new | {Field.NIP: NOBODY[1][:-1]},
        dict(lines[0]),
        new | {Field.NIP: NOBODY[1], Field.UNIT: "Puskesmas Seberang"},
        new | {Field.NIP: NOBODY[2], Field.STATUS: "Honorer"},
        new | {Field.NIP: NOBODY[4], Field.STATUS: "PPPK", Field.GRADE: "III/a"},
        new | {Field.NIP: NOBODY[3], Field.NAME: '=B2&" (lama)"'},
    ]


def _workbook(lines: Sequence[Line]) -> bytes:
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        page = book.add_worksheet("Pegawai")
        head = book.add_format({"bold": True})
        page.set_column(0, len(COLUMNS) - 1, 24)
        page.write_string(0, 0, "Daftar pegawai (contoh untuk mencoba pemeriksaan)", head)
        page.write_row(2, 0, [column.value for column in COLUMNS], head)
        for row, line in enumerate(lines, 3):
            for at, column in enumerate(COLUMNS):
                value = line.get(column, "")
                write = page.write if str(value).startswith("=") else page.write_string
                if isinstance(value, float):
                    page.write_number(row, at, value)
                else:
                    write(row, at, value)
    return held.getvalue()
