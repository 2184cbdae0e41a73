"""Forms of competency: is the input well-formed? What is allowed is said by the use cases."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, IntegerField, RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange

from elearn.competency.evidence import HIGHEST_LEVEL, MAX_SOURCE_LENGTH, Assessment
from elearn.competency.hour_settings import Wish
from elearn.competency.level_corrections import MAX_REASON_LENGTH, Correction
from elearn.form_words import REQUIRED, PlacedForm, day, line
from elearn.settings import CONVERSION_NUMBERS, Floor

LEVELS = {str(level): str(level) for level in range(1, HIGHEST_LEVEL + 1)}

PROBLEMS = {
    "missing": REQUIRED,
    "nothing_typed": _l("Tulis kode sertifikat, atau nomornya bersama tiga angka terakhir NIP."),
    "last_digits_missing": _l("Tulis juga tiga angka terakhir NIP yang tertulis pada sertifikat."),
    "in_the_future": _l("Tanggal ini belum tiba."),
    "retired_competency": _l("Kompetensi ini tidak dipakai lagi pada tanggal itu."),
    "unknown_competency": _l("Pilih kompetensi dari daftar."),
    "level_out_of_range": _l("Level adalah 1 sampai 5."),
    "already_assessed": _l("Kompetensi ini sudah dinilai pada tanggal yang sama."),
    "same_level": _l("Level ini yang sudah tercatat."),
    "closed_year": _l("Tahun ini sudah ditutup. Centang bila memang hendak mengubahnya."),
    "year_out_of_range": _l("Tahun ini di luar yang dapat diatur."),
    "value_not_accepted": _l("Nilai ini di luar batas yang masuk akal."),
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


def _year() -> IntegerField:
    return IntegerField(
        _l("Berlaku sejak tahun"),
        [InputRequired(REQUIRED)],
        description=_l("Tahun kalender (WIB). Tahun-tahun sebelumnya tetap memakai nilai lama."),
    )


def _confirmed() -> BooleanField:
    return BooleanField(
        _l("Saya mengubah tahun yang sudah ditutup"),
        description=_l("Perlu dicentang hanya bila tahunnya sudah lewat."),
    )


class RuleForm(_Form):
    """A value and the first year it holds; ``value`` is of the kind the rule has."""

    from_year = _year()
    confirmed = _confirmed()

    @classmethod
    def of(cls, held: Any, sent: Any = None) -> RuleForm:
        """The form for a rule that holds such a value."""
        kind = next(kind for kind in _VALUE_FORMS if isinstance(held, kind))
        return _VALUE_FORMS[kind](sent, data=None if sent is not None else {"value": _told(held)})

    def wish(self) -> Wish:
        """What was typed, as the use case takes it."""
        return Wish(self.from_year.data, self._value(), bool(self.confirmed.data))

    def _value(self) -> Any:
        return self["value"].data


def _told(held: Any) -> Any:
    if isinstance(held, list):
        return ", ".join(map(str, held))
    return ("yes" if held else "no") if isinstance(held, bool) else held


class NumberRuleForm(RuleForm):
    """A rule that is a whole number."""

    value = IntegerField(_l("Nilai"), [InputRequired(REQUIRED)])


class YesNoRuleForm(RuleForm):
    """A rule that holds or does not."""

    value = RadioField(
        _l("Nilai"),
        [InputRequired(REQUIRED)],
        choices=[SelectChoice("yes", _l("Ya")), SelectChoice("no", _l("Tidak"))],
    )

    def _value(self) -> Any:
        return self.value.data == "yes"


class FloorRuleForm(RuleForm):
    """Which figure is held against the floor."""

    value = RadioField(
        _l("Nilai"),
        [InputRequired(REQUIRED)],
        choices=[
            SelectChoice(Floor.EARNED.value, _l("JP yang diperoleh")),
            SelectChoice(
                Floor.COUNTABLE.value, _l("JP yang terhitung setelah batas e-learning sehari")
            ),
        ],
    )


class DaysRuleForm(RuleForm):
    """A rule that is a list of days before something."""

    value = line(
        _l("Berapa hari sebelumnya"),
        40,
        _l("Dipisah koma, misalnya 90, 30, 7. Kosongkan bila tidak perlu diberi tahu."),
        required=False,
    )

    def _value(self) -> Any:
        """The days, the earliest first; what is none stays and is refused with the rest."""
        typed = [part.strip() for part in self.value.data.split(",") if part.strip()]
        if not all(part.isascii() and part.isdigit() for part in typed):
            return self.value.data
        return sorted({int(part) for part in typed}, reverse=True)


# A yes is a whole number to Python, so it comes first.
_VALUE_FORMS: dict[type, type[RuleForm]] = {
    bool: YesNoRuleForm,
    int: NumberRuleForm,
    str: FloorRuleForm,
    list: DaysRuleForm,
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
    from_year = _year()
    confirmed = _confirmed()

    def wish(self) -> Wish:
        """What was typed, as the use case takes it."""
        numbers = {name: self[name].data for name in CONVERSION_NUMBERS}
        return Wish(self.from_year.data, numbers, bool(self.confirmed.data))
