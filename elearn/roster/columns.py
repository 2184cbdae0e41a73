"""Which column of a file is what, by its heading: ours, SIASN's, and people's own. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from elearn.canonical import digest
from elearn.tables.cells import Row


class Field(StrEnum):
    """What a column may tell of a person; the values are the headings of the template."""

    NIP = "NIP"
    NAME = "Nama"
    DEGREES_BEFORE = "Gelar depan"
    DEGREES_AFTER = "Gelar belakang"
    STATUS = "Status pegawai"
    GRADE = "Golongan"
    POSITION = "Jabatan"
    POSITION_CLASS = "Kelas jabatan"
    UNIT = "Unit kerja"
    PARENT = "Unit induk"
    CONTRACT_START = "Awal kontrak"
    CONTRACT_END = "Akhir kontrak"
    WHATSAPP = "WhatsApp"
    SIASN_ID = "PNS ID"
    FORMER_NIP = "NIP sebelumnya"
    # Of SIASN's files alone.
    POSITION_KIND = "Jenis jabatan"
    ECHELON = "Eselon"
    STANDING = "Kedudukan hukum"
    STAFF_KIND = "Jenis pegawai"


NEEDED = (Field.NIP, Field.NAME, Field.UNIT)
TEMPLATE = tuple(Field)[: tuple(Field).index(Field.POSITION_KIND)]

# Headings without spaces, signs and capitals; a file of SIASN may write "unorIndukNama",
# "UNOR INDUK NAMA" or "unor_induk_nama".
HEADINGS: dict[Field, tuple[str, ...]] = {
    Field.NIP: (
        "nip",
        "nipbaru",
        "nippppk",
        "nipppppk",
        "nipnippppk",
        "nipnipppk",
        "nomorindukpegawai",
        "nipasn",
        "nip18digit",
    ),
    Field.NAME: ("nama", "namapegawai", "namalengkap", "namapns", "namaasn"),
    Field.DEGREES_BEFORE: ("gelardepan", "glrdepan", "gelardpn"),
    Field.DEGREES_AFTER: ("gelarbelakang", "glrbelakang", "gelarblk"),
    Field.STATUS: ("statuspegawai", "status", "statuscpnspns", "statuskepegawaian", "statusasn"),
    Field.GRADE: (
        "golongan",
        "golakhirnama",
        "golonganruang",
        "golruang",
        "golonganakhir",
        "golruangakhir",
        "gol",
        "golongannama",
        "pangkatgolongan",
        "pangkatgol",
        "pangkatgolruang",
        "golonganakhirnama",
        "golongannamaakhir",
    ),
    Field.POSITION: ("jabatan", "jabatannama", "namajabatan"),
    Field.POSITION_CLASS: ("kelasjabatan", "jenjang", "jenjangjabatan"),
    Field.UNIT: (
        "unitkerja",
        "unit",
        "unornama",
        "namaunor",
        "unor",
        "namaunit",
        "namaunitkerja",
        "satuankerja",
        "unornamaunor",
    ),
    Field.PARENT: (
        "unitinduk",
        "unorinduknama",
        "unorinduk",
        "opd",
        "perangkatdaerah",
        "skpd",
        "unorinduknamaunor",
        "namaopd",
    ),
    Field.CONTRACT_START: ("awalkontrak", "mulaikontrak", "tmtkontrak", "tanggalmulaikontrak"),
    Field.CONTRACT_END: (
        "akhirkontrak",
        "selesaikontrak",
        "tanggalakhirkontrak",
        "berakhirkontrak",
    ),
    Field.WHATSAPP: ("whatsapp", "wa", "nohp", "nomorhp", "nomorwa", "nowa", "hp"),
    Field.SIASN_ID: ("pnsid", "idpns", "pnsorangid", "asnid", "idsiasn"),
    Field.FORMER_NIP: ("nipsebelumnya", "nipsebelum", "niplama18"),
    Field.POSITION_KIND: ("jenisjabatannama", "jenisjabatan"),
    Field.ECHELON: ("eselon", "eselonnama", "eselonid"),
    Field.STANDING: ("kedudukanhukumnama", "kedudukanhukum", "kedudukanpnsnama", "kedudukan"),
    Field.STAFF_KIND: ("jenispegawainama", "jenispegawai"),
}
BY_HEADING = {heading: field for field, known in HEADINGS.items() for heading in known}
LETTERS = re.compile(r"[^a-z0-9]")
MAX_HEADING = 80


@dataclass(frozen=True)
class Header:
    """The row of headings and the columns they name, from 0."""

    row: int
    headings: tuple[str, ...]
    columns: Mapping[Field, int]

    @property
    def missing(self) -> list[Field]:
        """What is needed and was not found."""
        return [field for field in NEEDED if field not in self.columns]

    @property
    def signature(self) -> str:
        """Files with the same headings have the same one; a mapping is remembered by it."""
        return signature(self.headings)


def folded(text: object) -> str:
    """A heading as it is compared."""
    return LETTERS.sub("", str(text).lower())


def signature(headings: Sequence[str]) -> str:
    """The digest of headings as they are compared."""
    return digest([folded(heading) for heading in headings])


def recognise(row: Row) -> Header:
    """The columns that are known by their headings; the first one where two say the same."""
    headings = tuple(str(cell).strip()[:MAX_HEADING] for cell in row.cells)
    columns: dict[Field, int] = {}
    for at, heading in enumerate(headings):
        field = BY_HEADING.get(folded(heading))
        if field is not None and _is_better(field, folded(heading), columns, headings):
            columns[field] = at
    return Header(row.number, headings, columns)


def _is_better(
    field: Field, heading: str, columns: Mapping[Field, int], headings: Sequence[str]
) -> bool:
    """Whether a heading names a field more exactly than the one that was found before."""
    if field not in columns:
        return True
    known = HEADINGS[field]
    return known.index(heading) < known.index(folded(headings[columns[field]]))


def header_of(rows: Sequence[Row]) -> Header | None:
    """The row with the most headings that are known; None where no row knows two."""
    found = [recognise(row) for row in rows]
    best = max(found, key=lambda header: len(header.columns), default=None)
    return best if best is not None and len(best.columns) > 1 else None


def is_wanted(rows: Sequence[Row]) -> bool:
    """Whether a sheet begins as a roster does."""
    found = header_of(rows)
    return found is not None and not found.missing
