"""Forms of competency: is the input well-formed? What is allowed is said by the use cases."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FileField, IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange

from elearn import setting_fields
from elearn.competency.evidence import HIGHEST_LEVEL, MAX_SOURCE_LENGTH, Assessment
from elearn.competency.level_corrections import MAX_REASON_LENGTH, Correction
from elearn.form_words import REQUIRED, PlacedForm, day, line
from elearn.people.setting_changes import MAX_REASON, Wish
from elearn.settings import CONVERSION_NUMBERS, Known

LEVELS = {str(level): str(level) for level in range(1, HIGHEST_LEVEL + 1)}

PROBLEMS = {
    **setting_fields.PROBLEMS,
    "missing": REQUIRED,
    "nothing_typed": _l("Tulis kode sertifikat, atau nomornya bersama tiga angka terakhir NIP."),
    "last_digits_missing": _l("Tulis juga tiga angka terakhir NIP yang tertulis pada sertifikat."),
    "in_the_future": _l("Tanggal ini belum tiba."),
    "retired_competency": _l("Kompetensi ini tidak dipakai lagi pada tanggal itu."),
    "unknown_competency": _l("Pilih kompetensi dari daftar."),
    "level_out_of_range": _l("Level adalah 1 sampai 5."),
    "already_assessed": _l("Kompetensi ini sudah dinilai pada tanggal yang sama."),
    "same_level": _l("Level ini yang sudah tercatat."),
    "not_a_picture": _l("Berkas ini bukan gambar JPG, PNG, WEBP, atau GIF yang utuh."),
    "too_many_pixels": _l("Gambar ini terlalu besar. Perkecil dahulu, lalu unggah lagi."),
    "no_pdf": _l("Pilih berkas PDF sertifikatnya."),
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


class LevelCorrectionForm(_Form):
    """The level as it should have been, and why."""

    level = SelectField(
        _l("Level yang benar"),
        choices=[
            SelectChoice("", _l("tidak ada penilaian ini; tarik saja")),
            *(SelectChoice(level, level) for level in LEVELS),
        ],
    )
    reason = line(_l("Alasan"), MAX_REASON_LENGTH, _l("Misalnya: salah baca baris laporan."))

    def correction(self) -> Correction:
        """What was typed, as the use case takes it."""
        return Correction(int(self.level.data) if self.level.data else None, self.reason.data)


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


class PhotoForm(_Form):
    """A photo for certificates."""

    picture = FileField(
        _l("Foto"),
        [InputRequired(REQUIRED)],
        description=_l("Pasfoto tegak 3 × 4, JPG atau PNG, paling besar 12 MB."),
    )


class FileForm(_Form):
    """A PDF to be compared with what was issued."""

    pdf = FileField(
        _l("Berkas PDF sertifikat"),
        [InputRequired(REQUIRED)],
        description=_l("Dibandingkan dengan berkas yang kami terbitkan, lalu dibuang."),
    )


class RuleForm(setting_fields.SettingForm):
    """A value and the first year it holds; ``of`` gives the value the field of its kind."""

    @classmethod
    def of(cls, known: Known, held: Any, sent: Any = None) -> RuleForm:
        """The form for a rule that holds such a value."""
        form = setting_fields.made(cls, _rule_fields(known))
        return form(sent, data=None if sent is not None else setting_fields.data(known, held))

    def wish(self, known: Known) -> Wish:
        """What was typed, as the use case takes it."""
        confirmed, reason = bool(self["confirmed"].data), self["reason"].data
        return Wish(self["from_year"].data, self.typed(known), confirmed, reason)


def _rule_fields(known: Known) -> dict[str, Any]:
    return setting_fields.fields(known, _l("Nilai")) | {
        "from_year": setting_fields.first_year(),
        "confirmed": setting_fields.closed_year(),
        "reason": setting_fields.reason(MAX_REASON),
    }


def _form_number(name: str, label: Any, description: Any = "") -> IntegerField:
    within = NumberRange(0, CONVERSION_NUMBERS[name], PROBLEMS["value_not_accepted"])
    return IntegerField(label, [InputRequired(REQUIRED), within], description=description)


class FormNumbersForm(_Form):
    """The numbers of a form of learning and the first year they hold."""

    jp = _form_number(
        "jp",
        _l("JP per hari, pertemuan, atau kegiatan"),
        _l("Tidak dipakai bila JP mengikuti program (kurikulum, jam, atau hari)."),
    )
    most_a_month = _form_number(
        "most_a_month", _l("Paling banyak pertemuan sebulan"), _l("0 berarti tanpa batas.")
    )
    abroad_percent = _form_number("abroad_percent", _l("Tambahan bila internasional, dalam persen"))
    abroad_jp = _form_number(
        "abroad_jp", _l("JP tetap bila internasional"), _l("0 berarti memakai tambahan persen.")
    )
    from_year = setting_fields.first_year()
    confirmed = setting_fields.closed_year()
    reason = setting_fields.reason(MAX_REASON)

    def wish(self) -> Wish:
        """What was typed, as the use case takes it."""
        numbers = {name: self[name].data for name in CONVERSION_NUMBERS}
        confirmed = bool(self.confirmed.data)
        return Wish(self.from_year.data, numbers, confirmed, self.reason.data)
