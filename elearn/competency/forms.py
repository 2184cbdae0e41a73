"""Forms of competency: is the input well-formed? What is allowed is said by the use cases."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from elearn.competency.evidence import HIGHEST_LEVEL, MAX_SOURCE_LENGTH, Assessment
from elearn.form_words import REQUIRED, PlacedForm, day, line

LEVELS = {str(level): str(level) for level in range(1, HIGHEST_LEVEL + 1)}

PROBLEMS = {
    "missing": REQUIRED,
    "nothing_typed": _l("Tulis kode sertifikat, atau nomornya bersama tiga angka terakhir NIP."),
    "last_digits_missing": _l("Tulis juga tiga angka terakhir NIP yang tertulis pada sertifikat."),
    "in_the_future": _l("Tanggal ini belum tiba."),
    "unknown_competency": _l("Pilih kompetensi dari daftar."),
    "level_out_of_range": _l("Level adalah 1 sampai 5."),
    "already_assessed": _l("Kompetensi ini sudah dinilai pada tanggal yang sama."),
    "unknown": _l("Tidak ada sertifikat dengan isian ini. Periksa kembali huruf dan angkanya."),
}


class _Form(PlacedForm):
    """A form of this slice."""

    PROBLEMS = PROBLEMS


class AssessedLevelForm(_Form):
    """A level that an assessment has set."""

    code = SelectField(_l("Kompetensi"), [InputRequired(REQUIRED)])
    level = SelectField(_l("Level"), [InputRequired(REQUIRED)])
    assessed_on = day(_l("Tanggal penilaian"))
    source = line(
        _l("Dasar penilaian"),
        MAX_SOURCE_LENGTH,
        _l("Misalnya: asesmen pemetaan potensi dan kompetensi 2026."),
    )

    def assessment(self) -> Assessment:
        """What was typed, as the use case takes it."""
        return Assessment(
            self.code.data, int(self.level.data), self.assessed_on.data, self.source.data
        )


class CheckForm(_Form):
    """What somebody types from a paper certificate."""

    code = line(_l("Kode sertifikat"), 60, _l("Tertulis di dekat kode QR."), required=False)
    number = line(_l("Nomor sertifikat"), 120, required=False)
    last_digits = line(
        _l("Tiga angka terakhir NIP pada sertifikat"),
        3,
        _l("Hanya bila Anda memakai nomor: nomor saja mudah ditebak."),
        required=False,
    )
