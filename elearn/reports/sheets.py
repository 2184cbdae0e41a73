"""Which columns each list has when it is taken away as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from elearn import canonical, clock
from elearn.learning import expiry
from elearn.learning.expiry import Validity
from elearn.people import audit
from elearn.people.actors import Actor
from elearn.people.models import Status, full_name
from elearn.reports import completions, courses, expiring, people
from elearn.reports.branch import AnyRow
from elearn.reports.export import Cell, Sheet
from elearn.reports.filters import Wanted
from elearn.reports.people import PersonRow

STATUSES = {
    Status.PNS: _l("PNS"),
    Status.CPNS: _l("CPNS"),
    Status.PPPK: _l("PPPK"),
    Status.PPPK_PART_TIME: _l("PPPK Paruh Waktu"),
}
STATES = {
    "passed": _l("lulus"),
    "studying": _l("sedang"),
    "failed": _l("kuis belum lulus"),
    "not_started": _l("belum mulai"),
}

VALIDITIES = {
    Validity.VALID: _l("berlaku"),
    Validity.ENDING: _l("segera berakhir"),
    Validity.EXPIRED: _l("kedaluwarsa"),
    Validity.RENEWED: _l("diperbarui"),
}


def completion_sheet(actor: Actor, wanted: Wanted) -> Sheet:
    """The completion records of a branch."""
    header = [
        _("Nama"),
        _("NIP"),
        _("Status"),
        _("Unit saat lulus"),
        _("Kursus"),
        _("Mulai"),
        _("Selesai"),
        _("Nilai"),
        _("JP"),
        _("Nomor sertifikat"),
        _("Berlaku sampai"),
        _("Masa berlaku"),
        _("Sertifikat dicabut"),
    ]
    found = completions.everything(actor, wanted)
    return Sheet("kelulusan", header, _completion_cells(found))


def _completion_cells(found: Iterator[AnyRow]) -> Iterator[tuple[Cell, ...]]:
    """Unpacked by place, in the order of EXPORTED: an export may have very many rows."""
    statuses = {status.value: str(word) for status, word in STATUSES.items()}
    words, today = {state: str(word) for state, word in VALIDITIES.items()}, clock.today()
    for row in found:
        before, name, after, nip, status, unit, title, *rest = row
        started_ms, completed_ms, score_tenths, jp, number, until, renewed, revoked_ms = rest
        completed_on = clock.day_of(completed_ms)
        counts = expiry.validity(completed_on, until, today, 0, renewed=renewed)
        yield (
            full_name(before, name, after),
            nip,
            statuses[status],
            unit,
            title,
            clock.day_of(started_ms),
            completed_on,
            score_tenths / 10,
            jp,
            number,
            until,
            words[counts] if until else None,
            clock.day_of(revoked_ms) if revoked_ms else None,
        )


def expiring_sheet(actor: Actor, wanted: Wanted) -> Sheet:
    """The completions that end, by today's unit of their people."""
    header = [
        _("Nama"),
        _("NIP"),
        _("Status"),
        _("Unit kerja"),
        _("Kursus"),
        _("Selesai"),
        _("Berlaku sampai"),
        _("Masa berlaku"),
        _("Putaran baru (%)"),
    ]
    rows = (
        (
            row.full_name,
            row.nip,
            str(STATUSES[row.status]),
            row.unit,
            row.course,
            clock.day_of(row.completed_ms),
            row.expires_on,
            str(VALIDITIES[row.validity]),
            row.percent,
        )
        for row in expiring.everything(actor, wanted)
    )
    return Sheet("masa-berlaku", header, rows)


def people_sheet(actor: Actor, wanted: Wanted) -> Sheet:
    """The people of a branch with their JP of a year."""
    rules = people.rules_of(wanted.year)
    header = [
        _("Nama"),
        _("NIP"),
        _("Status"),
        _("Unit kerja"),
        _("Jabatan"),
        _("JP diperoleh %(year)s", year=wanted.year),
        _("JP terhitung %(year)s", year=wanted.year),
        _("Memenuhi %(floor)s JP", floor=rules.floor),
        _("JP terencana tahun kontrak"),
        _("JP inisiatif sendiri tahun kontrak"),
    ]
    rows = (_person_cells(row) for row in people.everyone(actor, wanted, rules))
    return Sheet("pegawai", header, rows)


def _person_cells(row: PersonRow) -> tuple[Cell, ...]:
    meets = {True: _("memenuhi"), False: _("belum"), None: ""}[row.meets]
    return (
        row.full_name,
        row.nip,
        str(STATUSES[row.status]),
        row.unit,
        row.position,
        row.earned,
        row.countable,
        meets,
        row.planned,
        row.own,
    )


def course_sheet(actor: Actor, course_id: int, slug: str, wanted: Wanted) -> Sheet:
    """Everyone of a branch with their state in one course."""
    header = [
        _("Nama"),
        _("NIP"),
        _("Status"),
        _("Unit kerja"),
        _("Keadaan"),
        _("Kemajuan (%)"),
        _("Nilai"),
        _("Kegiatan terakhir"),
        _("Lulus"),
    ]
    rows = (
        (
            row.full_name,
            row.nip,
            str(STATUSES[row.status]),
            row.unit,
            str(STATES[row.state]),
            row.percent,
            None if row.score_tenths is None else row.score_tenths / 10,
            _day(row.last_ms),
            _day(row.completed_ms),
        )
        for row in courses.everyone(actor, course_id, wanted)
    )
    return Sheet(f"kursus-{slug}", header, rows)


def audit_sheet(wanted: audit.Wanted) -> Sheet:
    """The audit log, the oldest first; words for people, and what a machine needs to check it."""
    header = [
        _("Nomor"),
        _("Waktu"),
        _("Pelaku"),
        _("Tindakan"),
        _("Pegawai"),
        _("Rincian"),
        _("Urutan pelaku"),
        _("Sidik jari"),
    ]
    rows = (
        (
            entry.id,
            f"{clock.from_ms(entry.at_ms):%Y-%m-%d %H:%M:%S}",
            entry.actor or audit.OPERATOR,
            entry.action,
            entry.subject,
            canonical.text(entry.values),
            entry.seq,
            entry.digest,
        )
        for entry in audit.everything(wanted)
    )
    return Sheet("jejak-audit", header, rows)


def _day(moment_ms: int) -> date | None:
    return clock.day_of(moment_ms) if moment_ms else None
