"""Forms of planning: is the input well-formed? What is allowed is said by the use cases."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import FileField
from wtforms.validators import InputRequired

from elearn.form_words import REQUIRED, PlacedForm

PROBLEMS = {
    "sheet_empty": _l("Berkas ini kosong."),
    "sheet_broken": _l("Berkas ini rusak. Simpan ulang, lalu unggah lagi."),
    "sheet_large": _l("Berkas ini terlalu besar: paling banyak 2 MB."),
    "sheet_many": _l("Paling banyak 5.000 baris sekali unggah. Bagi menjadi beberapa berkas."),
    "sheet_header": _l("Judul kolomnya tidak ditemukan. Pakai templat di atas."),
    "sheet_password": _l("Berkas ini berkata sandi. Simpan tanpa kata sandi."),
    "sheet_kind": _l("Berkas ini bukan CSV atau Excel .xlsx."),
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


def fault_word(reason: str) -> str:
    """The word of a fault of a file among PROBLEMS."""
    if reason in OTHER_FAULTS:
        return "sheet_kind"
    word = f"sheet_{reason}"
    return word if word in PROBLEMS else "sheet_broken"
