"""The matrix of required levels as a sheet, taken away and brought in again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import partial

from elearn.competency import framework, requirements
from elearn.competency.requirements import MAX_REASON_LENGTH, Wish
from elearn.people.actors import Actor
from elearn.planning import sheet_lines
from elearn.planning.level_sheet import code_reader
from elearn.planning.plans import Change, Plan
from elearn.planning.sheet_lines import Line, Refused
from elearn.reports.export import Cell, Sheet

CLASS, CLASS_NAME, CODE, NAME = "Jabatan", "Nama jabatan", "Kode", "Kompetensi"
LEVEL, FROM, REASON = "Level", "Berlaku sejak", "Alasan"
COLUMNS = (CLASS, CLASS_NAME, CODE, NAME, LEVEL, FROM, REASON)
NEEDED = (CLASS, CODE, LEVEL, FROM, REASON)


def sheet() -> Sheet:
    """Every level that was ever asked, one row for each day it began to hold."""
    return Sheet("matriks-persyaratan", COLUMNS, _rows())


def _rows() -> Iterator[list[Cell]]:
    names = framework.names()
    for row in framework.classes():
        for dated in reversed(requirements.history(row.key)):
            reason = dated.reason or "bawaan"
            yield [
                row.key,
                row.name,
                dated.code,
                names[dated.code],
                dated.level,
                dated.valid_from,
                reason,
            ]


def plan(actor: Actor, content: bytes) -> Plan:
    """Look at every row; what holds already on its day is left. Raises sheet_lines.NoTable."""
    lines = sheet_lines.lines_of(content, COLUMNS, NEEDED)
    names = framework.names()
    classes = {row.key: row.name for row in framework.classes()}
    held = {key: requirements.history(key) for key in classes}
    found = Plan()
    wishes: dict[tuple[str, date, str], dict[str, int]] = defaultdict(dict)
    for twin in list(sheet_lines.twins(lines, _key)):
        twin.refuse(CODE, "twin")
    for line in lines:
        key = line.read(CLASS, partial(_class, classes))
        code = line.read(CODE, code_reader(names))
        level = line.read(LEVEL, sheet_lines.level_or_none)
        day = line.read(FROM, sheet_lines.day)
        reason = line.read(REASON, sheet_lines.text_of(MAX_REASON_LENGTH))
        if line.problems or not (key and code and day and reason) or level is None:
            found.wrong.append(line)
            continue
        before = next((d.level for d in held[key] if d.code == code and d.valid_from <= day), 0)
        if before == level:
            found.same.append(line.number)
        elif day <= framework.SEED_FROM:
            line.refuse(FROM, "too_early")
            found.wrong.append(line)
        else:
            what = f"{classes[key]}: {names[code]}"
            found.new.append(Change(line.number, what, str(before), str(level)))
            wishes[key, day, reason][code] = level
    found.deeds = [
        partial(_change, actor.id, key, Wish(levels, day, reason))
        for (key, day, reason), levels in sorted(wishes.items())
    ]
    return found


def _change(actor_id: int, key: str, wish: Wish) -> None:
    requirements.change(actor_id, key, wish)


def _key(line: Line) -> tuple[str, ...]:
    return tuple(line.cells.get(column, "").casefold() for column in (CLASS, CODE, FROM))


def _class(classes: dict[str, str], text: str) -> str:
    by_name = {name.casefold(): key for key, name in classes.items()}
    found = by_name.get(text.casefold(), text.casefold())
    if found not in classes:
        raise Refused("unknown_class")
    return found
