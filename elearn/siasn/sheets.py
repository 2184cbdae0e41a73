"""The file for SIASN: its columns, its dates, its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from elearn.reports.export import Cell, Sheet
from elearn.reports.sheets import STATUSES
from elearn.siasn.listing import Row
from elearn.siasn.record import written

# As BKN spells them; see the columns of riwayat kursus.
HEADER = (
    "NIP",
    "Nama",
    "Status Pegawai",
    "Unit Kerja",
    "jenisDiklatId",
    "Jenis Diklat",
    "jenisKursusSertipikat",
    "namaKursus",
    "institusiPenyelenggara",
    "nomorSertipikat",
    "jumlahJam",
    "tahunKursus",
    "tanggalKursus",
    "tanggalSelesaiKursus",
    "nama_berkas_sertifikat",
)


def sheet(rows: Iterable[Row]) -> Sheet:
    """What is ready to be sent, one row each."""
    return Sheet("siasn-riwayat-kursus", HEADER, _cells(rows))


def _cells(rows: Iterable[Row]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        told = row.record
        yield (
            told.nip,
            row.full_name,
            str(STATUSES[row.status]),
            row.unit,
            told.kind,
            told.kind_name,
            told.flag,
            told.title,
            told.organiser,
            told.number,
            told.jp,
            told.ended_on.year if told.ended_on else None,
            written(told.started_on),
            written(told.ended_on),
            told.file_name,
        )
