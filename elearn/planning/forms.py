"""Forms of planning: is the input well-formed? What is allowed is said by the use cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, FileField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from elearn.competency.requirements import HIGHEST, LOWEST, MAX_REASON_LENGTH, Wish
from elearn.form_words import REQUIRED, PlacedForm, day, line

LEVELS = [
    SelectChoice("0", _l("tidak diminta")),
    *(SelectChoice(str(level), str(level)) for level in range(LOWEST + 1, HIGHEST + 1)),
]

PROBLEMS = {
    "sheet_empty": _l("Berkas ini kosong."),
    "sheet_broken": _l("Berkas ini rusak. Simpan ulang, lalu unggah lagi."),
    "sheet_large": _l("Berkas ini terlalu besar: paling banyak 2 MB."),
    "sheet_many": _l("Paling banyak 5.000 baris sekali unggah. Bagi menjadi beberapa berkas."),
    "sheet_header": _l("Judul kolomnya tidak ditemukan. Pakai templat di atas."),
    "sheet_password": _l("Berkas ini berkata sandi. Simpan tanpa kata sandi."),
    "sheet_kind": _l("Berkas ini bukan CSV atau Excel .xlsx."),
    "missing": REQUIRED,
    "day_out_of_range": _l(
        "Pilih tanggal sesudah 1 Januari 2017, paling lama sepuluh tahun ke depan."
    ),
    "unknown_competency": _l(
        "Kamus kompetensi berubah sejak halaman ini dibuka. Muat ulang, lalu isi lagi."
    ),
    "level_out_of_range": _l("Level adalah 1 sampai 5, atau tidak diminta."),
}
# Faults of a file that are told in the same words.
OTHER_FAULTS = frozenset(
    {"doctype", "old_excel", "binary_excel", "open_document", "web_page", "other_kind", "no_sheet"}
)


class _Form(PlacedForm):
    """A form of this slice."""

    PROBLEMS = PROBLEMS


class SheetForm(_Form):
    """A sheet to be brought in."""

    file = FileField(
        _l("Berkas"),
        [InputRequired(REQUIRED)],
        description=_l("CSV atau Excel .xlsx, paling banyak 5.000 baris."),
    )


class RequirementForm(_Form):
    """The level a class asks of each competency, from when on, and why."""

    valid_from = day(_l("Berlaku sejak"))
    reason = line(_l("Alasan"), MAX_REASON_LENGTH, _l("Misalnya: nomor peraturan atau keputusan."))
    FIRST = "level_"

    @classmethod
    def of(
        cls, names: Mapping[str, str], levels: Mapping[str, int], sent: Any = None
    ) -> RequirementForm:
        """The form with a field for each competency."""
        fields = {
            cls.FIRST + code: SelectField(
                name,
                [InputRequired(REQUIRED)],
                choices=LEVELS,
                default=str(levels.get(code, LOWEST)),
            )
            for code, name in names.items()
        }
        made: type[RequirementForm] = type("_Filled", (cls,), fields)
        return made(sent)

    @property
    def level_fields(self) -> list[Field]:
        """The fields of the levels, in the order of the competencies."""
        return [field for field in self if field.name.startswith(self.FIRST)]

    def wish(self) -> Wish:
        """What was typed, as the use case takes it."""
        levels = {
            field.name.removeprefix(self.FIRST): int(field.data) for field in self.level_fields
        }
        return Wish(levels, self.valid_from.data, self.reason.data)


def fault_word(reason: str) -> str:
    """The word of a fault of a file among PROBLEMS."""
    if reason in OTHER_FAULTS:
        return "sheet_kind"
    word = f"sheet_{reason}"
    return word if word in PROBLEMS else "sheet_broken"
