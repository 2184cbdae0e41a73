"""One sheet of paper on a unit and all below it, as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from elearn import clock, pdf, settings
from elearn.dashboard import figures
from elearn.dashboard.figures import Board
from elearn.dashboard.gauged import Group
from elearn.dashboard.gauges import Kind
from elearn.people import units
from elearn.people.models import Status
from elearn.people.units import UnitNode
from elearn.reports.filters import Wanted
from elearn.reports.periods import MONTHS, Period

TEMPLATE = "unit_report"
MOST_UNITS, MOST_COURSES = 10, 8
NAMES = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
STATUSES = {
    Status.PNS: "PNS",
    Status.CPNS: "CPNS",
    Status.PPPK: "PPPK",
    Status.PPPK_PART_TIME: "PPPK Paruh Waktu",
}
SEXES = {"1": "Laki-laki", "2": "Perempuan"}


def unit_report(unit_id: int, period: Period) -> bytes:
    """The sheet of a unit for a part of a year; raises NotFound for no unit.

    Whether somebody may see the unit is for the caller to say.
    """
    nodes = units.subtree(units.unit_of(unit_id))
    unit = next(node for node in nodes if node.id == unit_id)
    wanted = Wanted(period.year, unit=unit, part=period.part)
    board = figures.of(units.below(unit.path), wanted, nodes)
    return pdf.render(pdf.Page(TEMPLATE, _told(board, unit), clock.now_ms()))


def _told(board: Board, unit: UnitNode) -> dict[str, Any]:
    people, gauged = board.people, board.gauged
    units_below = [
        [share.label, f"{number(share.meeting)} dari {number(share.bound)}", percent(share.percent)]
        for share in people.shares
    ]
    courses = [
        [line.title, number(line.enrolled), number(line.finished), number(line.completed)]
        for line in board.courses
    ]
    return {
        "agency": settings.value("agency_name", board.period.year),
        "unit": unit.name,
        "period": span(board.period),
        "year": board.period.year,
        "moment": f"per {moment(board.counted_ms)}" if board.counted_ms else "sedang dihitung",
        "floor": str(people.rules.floor),
        "figures": _figures(board),
        "months": _months(board),
        "units": _first(units_below, MOST_UNITS),
        "courses": _first(courses, MOST_COURSES),
        "needs": [
            [need.name, number(need.share.people), number(need.share.matching)]
            for need in gauged.needs
        ],
        "access": _access(board),
        "gauged": f"Penugasan, batas PPPK, tahun lalu, kesenjangan dan bagian yang belajar per "
        f"{moment(gauged.read_ms)}."
        if gauged.read_ms
        else "",
    }


def _figures(board: Board) -> list[dict[str, str]]:
    people, gauged = board.people, board.gauged
    whole, before = people.whole, gauged.floor_before
    planned = [count for count in gauged.planned.values() if count.people]
    within, pppk = sum(c.matching for c in planned), sum(c.people for c in planned)
    statuses = (f"{STATUSES[status]} {number(n)}" for status, n in people.by_status.items())
    last_year = f"; {board.period.year - 1}: {percent(before.percent)}" if before.people else ""
    floor = f"{number(whole.meeting)} dari {number(whole.bound)} PNS{last_year}"
    year_ago = f"pada {span(board.period_before)}"
    late = gauged.overdue
    told = {
        "Pegawai": (number(people.people), ", ".join(statuses)),
        f"PNS memenuhi {people.rules.floor} JP": (_or_dash(whole.bound, whole.percent), floor),
        f"PPPK dalam batas {people.rules.ceiling} JP terencana": (
            f"{number(within)} dari {number(pppk)}",
            "yang kontraknya tercatat",
        ),
        "Kelulusan": (number(board.now.completed), f"{number(board.before.completed)} {year_ago}"),
        "Sertifikat terbit": (
            number(board.now.certificates),
            f"{number(board.before.certificates)} {year_ago}",
        ),
        "Kursus wajib lewat tenggat": (
            number(late.matching),
            f"dari {number(late.people)} penugasan",
        ),
    }
    return [{"label": label, "value": value, "note": note} for label, (value, note) in told.items()]


def _or_dash(people: int, value: float) -> str:
    return percent(value) if people else "–"


def _months(board: Board) -> list[dict[str, Any]]:
    return [
        {
            "name": NAMES[month.number - 1][:3],
            "now": month.value or 0,
            "come": month.value is not None,
            "before": month.before,
            "asked": month.is_asked,
        }
        for month in board.months
    ]


def _access(board: Board) -> list[list[str]]:
    access = board.gauged.access
    labels: dict[str, str] = {**{status.value: name for status, name in STATUSES.items()}, **SEXES}
    groups = [*access.get(Kind.BY_STATUS, ()), *access.get(Kind.BY_SEX, ())]
    return [_group(labels[group.key], group) for group in groups]


def _group(name: str, group: Group) -> list[str]:
    if group.cell is None:
        return [name, "–", "–"]
    return [name, number(group.people), f"{group.cell.bound}{group.cell.percent}%"]


def _first(rows: Sequence[list[str]], most: int) -> dict[str, Any]:
    return {"rows": list(rows[:most]), "rest": max(0, len(rows) - most)}


def span(period: Period) -> str:
    """The period in words: 2026, Maret 2026, Januari–Juni 2026."""
    if (period.first, period.last) == (1, MONTHS):
        return str(period.year)
    first, last = NAMES[period.first - 1], NAMES[period.last - 1]
    months = first if first == last else f"{first}–{last}"
    return f"{months} {period.year}"


def number(value: int) -> str:
    """1.234"""
    return f"{value:,}".replace(",", ".")


def percent(value: float) -> str:
    """57,4%"""
    return f"{value:.1f}".replace(".", ",").removesuffix(",0") + "%"


def moment(at_ms: int) -> str:
    """24 November 2026 pukul 09.00 WIB"""
    at = clock.from_ms(at_ms)
    return f"{at.day} {NAMES[at.month - 1]} {at.year} pukul {at:%H.%M} WIB"
