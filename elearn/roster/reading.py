"""Looking at a file: its rows are read, held against what is known, and kept in portions.

Nothing but the import's own rows is written, so that looking twice does nothing twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from elearn import clock
from elearn.database import db, transaction
from elearn.people.actors import EVERYWHERE
from elearn.roster import imports, leavers, matching, staging, twins
from elearn.roster.columns import Field, Header, is_wanted
from elearn.roster.comparing import EMPTY, Kind, holds_another_post, kind_of, merged
from elearn.roster.imports import About
from elearn.roster.lines import Line, line_of
from elearn.roster.matching import Held, Matches
from elearn.roster.models import RosterImport, State
from elearn.roster.problems import packed, stops
from elearn.roster.staging import Planned
from elearn.tables.cells import Unreadable
from elearn.tables.reading import Table, head_of, table_of

PORTION = 500
MOST_PERCENT = 95  # the rest is who has left, and who may be the same
Report = Callable[[int], None]


@dataclass
class _Seen:
    """What was met so far in a file."""

    rows: dict[str, int] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


def look(import_id: int, report: Report) -> None:
    """Read a file that waits, from the start. ``report`` is told how far it is, in percent."""
    row = db.session.get(RosterImport, import_id)
    if row is None or row.state != State.WAITING:
        return
    try:
        table = table_of(row.content, is_wanted)
        head = head_of(table.rows())
        header = imports.header_in(head)
        if header is None or header.missing:
            found = imports.headings_of(header, head)
            with transaction():
                imports.settle(row.id, State.HEADINGS, table.sheet, **found)
            return
        _Reading(row, header, report).run(table)
    except Unreadable as problem:
        with transaction():
            fault = [problem.fault, problem.sheet, problem.row]
            imports.settle(row.id, State.REFUSED, fault=fault)


class _Reading:
    """One reading of one file."""

    def __init__(self, row: RosterImport, header: Header, report: Report) -> None:
        self._row, self._header, self._report = row, header, report
        self._about = About.of(row)
        self._scope = imports.scope_of(row)
        self._seen = _Seen()
        self._matches = Matches(self._scope, self._about.decided)
        self._today = clock.today()

    def run(self, table: Table) -> None:
        """Keep what every row below the headings would do, and settle the import."""
        with transaction():
            imports.forget_rows(self._row.id)
        below = (row for row in table.rows() if row.number > self._header.row)
        done = 0
        while portion := list(islice(below, PORTION)):
            lines = [line_of(row, self._header.columns, self._today) for row in portion]
            self._keep([line for line in lines if _is_filled(line)])
            self._seen.counts["hidden_rows"] += sum(row.is_hidden for row in portion)
            done += len(portion)
            self._report(min(MOST_PERCENT, done * MOST_PERCENT // max(1, table.size)))
        self._finish(table)

    def _keep(self, lines: Sequence[Line]) -> None:
        found = self._matches.of(lines)
        planned = [self._plan(line, held) for line, held in zip(lines, found, strict=True)]
        with transaction():
            staging.keep(each for each in planned if each is not None)

    def _plan(self, line: Line, held: Held | None) -> Planned | None:
        self._note_twice(line, held)
        after = merged(held.image if held else EMPTY, line.said | {"nip": line.nip})
        after["unit_id"] = self._matches.unit_id(line)
        self._check(line, held, after)
        kind = Kind.REFUSED if stops(line.problems) else kind_of(held and held.image, after)
        self._seen.counts[kind] += 1
        self._seen.counts["warned"] += kind is not Kind.REFUSED and bool(line.problems)
        is_fresh = self._matches.is_fresh_id(line, held)
        self._seen.counts["fresh_ids"] += is_fresh
        if kind is Kind.SAME and not line.problems and not is_fresh:
            return None
        return self._values(line, held, after, kind)

    def _note_twice(self, line: Line, held: Held | None) -> None:
        """Somebody stands in one row only."""
        earlier = self._seen.rows.setdefault(line.nip, line.number) if line.nip else line.number
        if held is not None:
            earlier = min(earlier, self._seen.people.setdefault(held.id, line.number))
        if earlier != line.number:
            line.refuse(Field.NIP, "same_as_row", str(earlier))

    def _check(self, line: Line, held: Held | None, after: dict[str, Any]) -> None:
        """What is wrong only beside what is known."""
        if held is None and "status" not in line.said and not stops(line.problems):
            line.refuse(Field.STATUS, "status_missing")
        if after["position_name"] and not after["position_class"]:
            line.refuse(Field.POSITION, "class_unknown", after["position_name"])
        matching.check_grade(line, after)
        matching.check_contract(line, held.image if held else EMPTY, after)
        if held is not None and holds_another_post(held.image, after):
            matching.check_move(line, held, self._about.effective_ms(self._row))

    def _values(self, line: Line, held: Held | None, after: dict[str, Any], kind: Kind) -> Planned:
        values = {
            "import_id": self._row.id,
            "number": line.number,
            "kind": kind.value,
            "person_id": held.id if held else None,
            "siasn_id": line.siasn_id,
            "unit_name": line.unit,
            "parent_name": line.parent,
            "problems": packed(line.problems),
            "twin_id": line.twin_id,
        }
        return Planned(after | values, held.image if held else None)

    def _finish(self, table: Table) -> None:
        """Who may be the same person, who has left, and the counts."""
        reach = self._scope.path or EVERYWHERE
        with transaction():
            if self._row.is_complete:
                self._seen.counts[Kind.LEAVER] = leavers.stage(
                    self._row, self._scope, self._seen.people.keys()
                )
            self._seen.counts["twins"] = twins.find(
                self._row, reach, self._seen.people.keys(), self._about.decided
            )
        with transaction():
            imports.settle(
                self._row.id,
                State.READY,
                table.sheet,
                counts=dict(self._seen.counts),
                passed_over=table.passed_over,
                hidden=table.hidden,
            )


def _is_filled(line: Line) -> bool:
    """A row in which none of the needed columns is filled is a remark or a total."""
    return bool(line.nip or line.said.get("name") or line.unit) or any(
        problem.reason not in {"missing", "merged"} for problem in line.problems
    )
