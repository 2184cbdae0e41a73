"""The form of a roster, and the sentences for files that are not taken."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import FileField, RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired, Optional

from elearn.form_words import REQUIRED, PlacedForm, day
from elearn.roster.imports import Asked


def _unit_id(value: object) -> int | None:
    return int(str(value)) if value else None


class RosterForm(PlacedForm):
    """A file with people, what it is about, and since when it holds."""

    PROBLEMS = {  # noqa: RUF012  # as the form it stands in
        "file_missing": _l("Pilih berkasnya dahulu; berkas yang dikirim kosong."),
        "file_large": _l(
            "Berkas lebih dari 25 MB. Hapus lembar dan kolom yang tidak dipakai, atau bagi dua."
        ),
        "day_in_future": _l("Tanggal ini belum tiba. Isi hari ini atau sebelumnya."),
    }
    file = FileField(
        _l("Berkas pegawai"),
        [InputRequired(REQUIRED)],
        description=_l(
            "Excel (.xlsx) atau CSV, paling banyak 100.000 baris: templat kami, unduhan SIASN, "
            "atau daftar sendiri."
        ),
    )
    contents = RadioField(
        _l("Isi berkas"),
        [InputRequired(REQUIRED)],
        choices=[
            SelectChoice("some", _l("Sebagian pegawai: hanya yang ada di berkas yang diperbarui")),
            SelectChoice(
                "all",
                _l(
                    "Lengkap: yang tidak ada di berkas mungkin sudah keluar, dan Anda memutuskannya"
                ),
            ),
        ],
        default="some",
    )
    unit_id = SelectField(
        _l("Untuk unit dan di bawahnya"), [Optional()], coerce=_unit_id, choices=[]
    )
    as_of = day(_l("Berlaku sejak"))

    def asked(self, file_name: str, content: bytes) -> Asked:
        """The file as the use case takes it."""
        since: date = self.as_of.data
        return Asked(file_name, content, since, self.unit_id.data, self.contents.data == "all")
