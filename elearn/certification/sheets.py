"""The lists of certificates and numbers as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from elearn import clock
from elearn.certification.ledger import Entry
from elearn.certification.listing import Row
from elearn.competency.certificates import State
from elearn.competency.models import NumberState
from elearn.reports.export import Cell, Sheet

STATES = {
    State.VALID: _l("terbit"),
    State.EXPIRED: _l("kedaluwarsa"),
    State.RENEWED: _l("diperbarui"),
    State.AWAITING_NUMBER: _l("menunggu nomor"),
    State.AWAITING_SIGNATURE: _l("menunggu tanda tangan"),
    State.REVOKED: _l("dicabut"),
    State.DAMAGED: _l("tidak utuh"),
}
NUMBER_STATES = {
    NumberState.FREE: _l("bebas"),
    NumberState.GIVEN: _l("terpakai"),
    NumberState.CANCELLED: _l("dibatalkan"),
}


def certificate_sheet(rows: Iterable[Row]) -> Sheet:
    """The certificates of a list, with what is printed on them."""
    header = [
        _("Nomor"),
        _("Nama"),
        _("NIP"),
        _("Unit saat terbit"),
        _("Kursus"),
        _("JP"),
        _("Selesai"),
        _("Terbit"),
        _("Berlaku sampai"),
        _("Keadaan"),
        _("Digantikan oleh"),
    ]
    return Sheet("sertifikat", header, _certificate_cells(rows))


def _certificate_cells(rows: Iterable[Row]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        fields = row.fields
        yield (
            row.number,
            fields["name"],
            fields["nip"],
            row.unit,
            fields["title"],
            fields["jp"],
            clock.date_from_iso(fields["completed_on"]),
            clock.day_of(row.issued_ms) if row.number else None,
            row.expires_on,
            str(STATES[row.state]),
            row.replaced_by,
        )


def number_sheet(entries: Iterable[Entry]) -> Sheet:
    """The register of numbers."""
    header = [
        _("Nomor"),
        _("Keadaan"),
        _("Dasar"),
        _("Dimasukkan oleh"),
        _("Dimasukkan"),
        _("Dipakai"),
        _("Dibatalkan"),
        _("Alasan"),
    ]
    return Sheet("register-nomor", header, _number_cells(entries))


def _number_cells(entries: Iterable[Entry]) -> Iterator[tuple[Cell, ...]]:
    for entry in entries:
        yield (
            entry.number,
            str(NUMBER_STATES[entry.state]),
            entry.basis,
            entry.entered_by,
            clock.day_of(entry.entered_ms),
            clock.day_of(entry.given_ms) if entry.given_ms else None,
            clock.day_of(entry.cancelled_ms) if entry.cancelled_ms else None,
            entry.reason,
        )
