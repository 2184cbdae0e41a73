"""A row of a roster as it stands: what it says of whom, and what is wrong in which column. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from elearn.people import nip
from elearn.people.statuses import Status
from elearn.roster import values
from elearn.roster.columns import Field
from elearn.roster.position_classes import class_of
from elearn.roster.problems import Problem, Refused, shown
from elearn.tables.cells import Cell, Row

LONGEST = {Field.DEGREES_BEFORE: 60, Field.DEGREES_AFTER: 60, Field.SIASN_ID: 64, Field.ECHELON: 40}
PLAIN_SIZE = 200
WHATSAPP_DIGITS = range(9, 16)
INDONESIA = "62"


@dataclass
class Line:
    """``said`` holds what the row tells, by the columns of a person; what it leaves out stays."""

    number: int
    nip: str
    siasn_id: str
    former_nip: str
    unit: str
    parent: str
    said: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    # Who may be the same person under another number.
    twin_id: int | None = None

    def refuse(self, column: Field, reason: str, value: str = "") -> None:
        """Note what is wrong with a column."""
        self.problems.append(Problem(column.value, reason, value))


def line_of(row: Row, columns: Mapping[Field, int], today: date) -> Line:
    """What a row says."""
    return _Reader(row, columns, today).line()


class _Reader:
    """Reads one row and collects what is wrong in it."""

    def __init__(self, row: Row, columns: Mapping[Field, int], today: date) -> None:
        self._row, self._columns, self._today = row, columns, today
        self._problems: list[Problem] = []

    def line(self) -> Line:
        number = self._read(Field.NIP, lambda cell: values.number(cell, self._today))
        said = self._names() | self._standing() | self._position() | self._contract()
        said["whatsapp"] = self._read(Field.WHATSAPP, _whatsapp)
        told = {name: value for name, value in said.items() if value not in (None, "")}
        if number is not None:
            self._warn(number, told.get("status"))
        return Line(
            number=self._row.number,
            nip=number.digits if number else "",
            siasn_id=self._text(Field.SIASN_ID),
            former_nip=self._former(),
            unit=self._text(Field.UNIT),
            parent=self._text(Field.PARENT),
            said=told,
            problems=self._problems,
        )

    def _names(self) -> dict[str, Any]:
        name = values.readable(self._text(Field.NAME))
        if Field.DEGREES_BEFORE in self._columns or Field.DEGREES_AFTER in self._columns:
            before, after = self._text(Field.DEGREES_BEFORE), self._text(Field.DEGREES_AFTER)
        else:
            before, name, after = values.parted(name)
        return {"name": name, "degrees_before": before, "degrees_after": after}

    def _standing(self) -> dict[str, Any]:
        standing = self._text(Field.STANDING)
        if values.is_gone(standing):
            self._refuse(Field.STANDING, "gone", standing)
        status = self._read(Field.STATUS, values.status) or _implied(
            standing, self._text(Field.STAFF_KIND)
        )
        grade = self._read(Field.GRADE, lambda cell: values.grade(cell, status))
        return {"status": status, "grade": grade}

    def _position(self) -> dict[str, Any]:
        name = values.readable(self._text(Field.POSITION))
        if not name:
            return {}
        said = self._text(Field.POSITION_CLASS)
        echelon, kind = self._text(Field.ECHELON), self._text(Field.POSITION_KIND)
        found = class_of(name, kind, echelon, said)
        if said and not class_of("", said=said):
            self._refuse(Field.POSITION_CLASS, "class_wrong", said)
        return {"position_name": name, "position_class": found}

    def _contract(self) -> dict[str, Any]:
        start = self._read(Field.CONTRACT_START, values.day)
        end = self._read(Field.CONTRACT_END, values.day)
        return {"contract_start": start, "contract_end": end}

    def _former(self) -> str:
        found = self._read(Field.FORMER_NIP, lambda cell: values.number(cell, self._today))
        return found.digits if found else ""

    def _warn(self, number: nip.Nip, status: Status | None) -> None:
        is_pppk = status.is_pppk if status else None
        for warning in nip.warnings(number, self._today, is_pppk=is_pppk):
            self._refuse(Field.NIP, warning.value)

    def _text(self, column: Field) -> str:
        longest = LONGEST.get(column, PLAIN_SIZE)
        found: str | None = self._read(column, lambda cell: values.text(cell, longest))
        return found or ""

    def _read(self, column: Field, read: Callable[[Cell], Any]) -> Any:
        place = self._columns.get(column)
        if place is None:
            return None
        if place in self._row.formulas:
            return self._refuse(column, "formula")
        cell = self._row.at(place)
        if isinstance(cell, str) and not cell.strip():
            self._missing(column, place)
            return None
        try:
            return read(cell)
        except Refused as problem:
            return self._refuse(column, problem.reason, problem.value or shown(cell))

    def _missing(self, column: Field, place: int) -> None:
        if place in self._row.merged:
            self._refuse(column, "merged")
        elif column in {Field.NIP, Field.NAME, Field.UNIT}:
            self._refuse(column, "missing")

    def _refuse(self, column: Field, reason: str, value: str = "") -> None:
        problem = Problem(column.value, reason, value)
        if problem not in self._problems:
            self._problems.append(problem)


def _implied(standing: str, kind: str) -> Status | None:
    """The status that SIASN tells in other columns."""
    told = f"{standing} {kind}".lower()
    if "paruh waktu" in told:
        return Status.PPPK_PART_TIME
    return Status.PPPK if "pppk" in told or "p3k" in told else None


def _whatsapp(cell: Cell) -> str:
    digits = "".join(filter(str.isdigit, values.text(cell)))
    if digits.startswith("0"):
        digits = INDONESIA + digits[1:]
    elif digits.startswith("8"):
        digits = INDONESIA + digits
    if len(digits) not in WHATSAPP_DIGITS:
        raise Refused("whatsapp_wrong")
    return digits
