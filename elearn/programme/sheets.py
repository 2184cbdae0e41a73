"""Which columns the lists of assignments have when they are taken away as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from elearn import clock
from elearn.assignments.assigned import Assigned
from elearn.learning.asked import Standing
from elearn.programme.listing import AskedRow, AssignmentRow
from elearn.reports.export import Cell, Sheet
from elearn.reports.sheets import STATUSES

STANDINGS = {
    Standing.DONE: _l("selesai"),
    Standing.UNDER_WAY: _l("sedang"),
    Standing.NOT_BEGUN: _l("belum mulai"),
    Standing.OVERDUE: _l("terlambat"),
    Standing.EXEMPT: _l("dikecualikan"),
}


def assignments_sheet(found: Iterable[AssignmentRow]) -> Sheet:
    """Assignments with their figures."""
    header = [
        _("Kursus"),
        _("Nomor surat"),
        _("Tanggal surat"),
        _("Mulai berlaku"),
        _("Tenggat"),
        _("Hari bagi yang datang kemudian"),
        _("Sasaran"),
        _("Selesai"),
        _("Sedang"),
        _("Belum mulai"),
        _("Terlambat"),
        _("Dikecualikan"),
        _("Ditarik"),
    ]
    return Sheet("kursus-wajib", header, (_assignment_cells(row) for row in found))


def _assignment_cells(row: AssignmentRow) -> tuple[Cell, ...]:
    rule, figures = row.assigned.rule, row.figures
    return (
        row.assigned.title,
        rule.letter_number,
        rule.letter_on,
        rule.starts_on,
        rule.due_on,
        rule.days,
        figures.asked,
        figures.done,
        figures.under_way,
        figures.not_begun,
        figures.overdue,
        figures.exempt,
        _day(row.assigned.withdrawn_ms),
    )


def people_sheet(assigned: Assigned, found: Iterator[AskedRow]) -> Sheet:
    """The people of an assignment with where each stands."""
    header = [
        _("Nama"),
        _("NIP"),
        _("Status"),
        _("Unit kerja"),
        _("Keadaan"),
        _("Tenggat"),
        _("Kursus selesai"),
        _("Kemajuan (%)"),
        _("Selesai pada"),
    ]
    return Sheet(f"kursus-wajib-{assigned.id}", header, map(_person_cells, found))


def _person_cells(row: AskedRow) -> tuple[Cell, ...]:
    is_done = row.standing is Standing.DONE
    return (
        row.full_name,
        row.nip,
        str(STATUSES[row.status]),
        row.unit,
        str(STANDINGS[row.standing]),
        row.due,
        row.courses,
        100 if is_done else row.percent,
        _day(row.completed_ms) if is_done else None,
    )


def _day(moment_ms: int | None) -> date | None:
    return clock.day_of(moment_ms) if moment_ms else None
