"""The matrix of required levels as a sheet, taken away and brought in again.

A row is of a position class, or of one position of it where ``Jabatan tunggal`` names one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from elearn import clock
from elearn.competency import framework, position_requirements, requirements
from elearn.competency.requirements import MAX_REASON_LENGTH, Dated, Wish
from elearn.competency.targets import Target
from elearn.people.actors import Actor
from elearn.planning import sheet_lines
from elearn.planning.level_sheet import code_reader
from elearn.planning.plans import Change, Done, Plan
from elearn.planning.sheet_lines import Line, Refused
from elearn.reports.export import Cell, Sheet

CLASS, CLASS_NAME, POSITION = "Jabatan", "Nama jabatan", "Jabatan tunggal"
CODE, NAME, LEVEL, FROM, REASON = "Kode", "Kompetensi", "Level", "Berlaku sejak", "Alasan"
COLUMNS = (CLASS, CLASS_NAME, POSITION, CODE, NAME, LEVEL, FROM, REASON)
NEEDED = (CLASS, CODE, LEVEL, FROM, REASON)
EXAMPLE = (
    "pengawas",
    "Contoh: hapus baris ini",
    "",
    "M.01",
    "",
    "3",
    "01-01-2027",
    "Nomor peraturan",
)
FOLLOWS = "ikut kelas"
NO_LEVEL = -1  # of a position that follows its class


@dataclass(frozen=True)
class Known:
    """What a sheet is held against."""

    names: Mapping[str, str]
    in_use: Mapping[str, str]
    classes: Mapping[str, str]
    positions: Mapping[tuple[str, str], int]
    of_classes: Mapping[str, Sequence[Dated]]
    of_positions: Mapping[int, Sequence[Dated]]

    def before(self, to: Target, code: str, day: date) -> int:
        """The level that holds on a day; NO_LEVEL of a position that follows its class."""
        if to.position_id is None:
            held, nothing = self.of_classes[to.position_class], 0
        else:
            held, nothing = self.of_positions.get(to.position_id, ()), NO_LEVEL
        found = next((d for d in held if d.code == code and d.valid_from <= day), None)
        return nothing if found is None or found.level is None else found.level


def sheet() -> Sheet:
    """Every level that was ever asked, one row for each day it began to hold."""
    return Sheet("matriks-persyaratan", COLUMNS, _rows())


def _rows() -> Iterator[list[Cell]]:
    names = framework.names()
    classes = {row.key: row.name for row in framework.classes()}
    for key, name in classes.items():
        for dated in reversed(requirements.history(key)):
            yield _row([key, name, ""], dated, names)
    own = position_requirements.histories()
    for held in position_requirements.with_own():
        head = [held.position_class, classes.get(held.position_class, ""), held.name]
        for dated in reversed(own[held.id]):
            yield _row(head, dated, names)


def _row(head: list[str], dated: Dated, names: Mapping[str, str]) -> list[Cell]:
    level: Cell = FOLLOWS if dated.level is None else dated.level
    reason = dated.reason or "bawaan"
    return [*head, dated.code, names[dated.code], level, dated.valid_from, reason]


def plan(actor: Actor, content: bytes) -> Plan:
    """Look at every row; what holds already on its day is left. Raises sheet_lines.NoTable."""
    lines = sheet_lines.lines_of(content, COLUMNS, NEEDED)
    known, found = _known(), Plan()
    wishes: dict[tuple[Target, date, str], dict[str, int | None]] = defaultdict(dict)
    for twin in list(sheet_lines.twins(lines, _key)):
        twin.refuse(CODE, "twin")
    for line in lines:
        to = _target(line, known)
        code = line.read(CODE, code_reader(dict(known.names)))
        level = line.read(LEVEL, _level if to and to.position_id else sheet_lines.level_or_none)
        day = line.read(FROM, sheet_lines.day)
        reason = line.read(REASON, sheet_lines.text_of(MAX_REASON_LENGTH))
        if line.problems or not (to and code and day and reason) or level is None:
            found.wrong.append(line)
            continue
        before = known.before(to, code, day)
        if before == level:
            found.same.append(line.number)
        elif fault := _fault(known, code, day):
            line.refuse(*fault)
            found.wrong.append(line)
        else:
            what = f"{_name(line, to, known)}: {known.names[code]}"
            found.new.append(Change(line.number, what, _said(before), _said(level)))
            wishes[to, day, reason][code] = None if level == NO_LEVEL else level
    found.deeds = [
        partial(_change, actor.id, to, Wish(levels, day, reason))
        for (to, day, reason), levels in sorted(wishes.items(), key=_order)
    ]
    return found


def _known() -> Known:
    classes = {row.key: row.name for row in framework.classes()}
    return Known(
        names=framework.names(),
        in_use=framework.names_in_use(),
        classes=classes,
        positions=position_requirements.ids(),
        of_classes={key: requirements.history(key) for key in classes},
        of_positions=position_requirements.histories(),
    )


def _fault(known: Known, code: str, day: date) -> tuple[str, str] | None:
    """Why a level cannot begin to hold on a day, though every cell is well-formed."""
    if day <= framework.SEED_FROM:
        return FROM, "too_early"
    if (day - clock.today()).days > requirements.DAYS_AHEAD:
        return FROM, "too_late"
    return None if code in known.in_use else (CODE, "retired")


def _order(item: tuple[tuple[Target, date, str], Any]) -> tuple[str, int, date, str]:
    (to, day, reason), _levels = item
    return to.position_class, to.position_id or 0, day, reason


def _change(actor_id: int, to: Target, wish: Wish) -> list[Done]:
    before = {code: _stood(to, code, wish.valid_from) for code in wish.levels}
    if to.position_id is None:
        requirements.change(actor_id, to.position_class, wish)
    else:
        position_requirements.change(actor_id, to.position_id, wish)
    day = wish.valid_from
    return [
        [*to, code, day.isoformat(), _stood(to, code, day), before[code]] for code in wish.levels
    ]


def _stood(to: Target, code: str, day: date) -> Any:
    return position_requirements.stood(position_requirements.row_of(*to, code, day))


def take_back(_actor: Actor, done: Any) -> bool:
    """Let the level of a day stand as before; False where it was changed again since."""
    position_class, position_id, code, day, written, before = done
    row = position_requirements.row_of(position_class, position_id, code, date.fromisoformat(day))
    if row is None or list(position_requirements.stood(row) or ()) != written:
        return False
    position_requirements.put_back(row, before)
    return True


def _key(line: Line) -> tuple[str, ...]:
    return tuple(line.cells.get(column, "").casefold() for column in (CLASS, POSITION, CODE, FROM))


def _target(line: Line, known: Known) -> Target | None:
    key = line.read(CLASS, partial(_class, known.classes))
    name = line.cells.get(POSITION, "")
    if key is None or not name:
        return Target(key) if key else None
    found = known.positions.get((name.casefold(), key))
    if found is None:
        line.refuse(POSITION, "unknown_position")
        return None
    return Target(key, found)


def _class(classes: Mapping[str, str], text: str) -> str:
    by_name = {name.casefold(): key for key, name in classes.items()}
    found = by_name.get(text.casefold(), text.casefold())
    if found not in classes:
        raise Refused("unknown_class")
    return found


def _level(text: str) -> int:
    return NO_LEVEL if text.casefold() == FOLLOWS else sheet_lines.level_or_none(text)


def _said(level: int) -> str:
    return FOLLOWS if level == NO_LEVEL else str(level)


def _name(line: Line, to: Target, known: Known) -> str:
    return line.cells[POSITION] if to.position_id else known.classes[to.position_class]
