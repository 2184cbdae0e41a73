"""Forms of what SIASN is told."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import FileField
from wtforms.validators import InputRequired

from elearn.form_words import REQUIRED, PlacedForm


class IdsForm(PlacedForm):
    """A sheet with the ids that SIASN gave."""

    PROBLEMS = {  # noqa: RUF012  # as the form it stands in
        "sheet_broken": _l(
            "Berkas ini bukan lembar kerja XLSX yang sah. Simpan ulang sebagai .xlsx."
        ),
        "sheet_large": _l("Paling banyak 2.000 baris dan 1 MB. Bagi berkasnya."),
        "sheet_doctype": _l("Berkas ini memuat isi yang tidak diterima. Simpan ulang dari Excel."),
        "sheet_header": _l("Perlu kolom NIP, nomorSertipikat, dan id pada satu baris judul."),
    }
    file = FileField(
        _l("Berkas Excel"),
        [InputRequired(REQUIRED)],
        description=_l("Kolom NIP, nomorSertipikat, dan id dari SIASN; kolom lain diabaikan."),
    )
