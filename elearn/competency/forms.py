"""Forms of competency: is the input well-formed? What is allowed is said by the use cases."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from elearn.competency.evidence import HIGHEST_LEVEL, MAX_SOURCE_LENGTH, Assessment
from elearn.competency.outside import MOST_JP, Learning
from elearn.errors import Invalid
from elearn.form_words import REQUIRED, TOO_LONG, PlainForm

DAYS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]
LEVELS = {str(level): str(level) for level in range(1, HIGHEST_LEVEL + 1)}

PROBLEMS = {
    "missing": REQUIRED,
    "nothing_typed": _l("Tulis kode sertifikat, atau nomornya bersama tiga angka terakhir NIP."),
    "last_digits_missing": _l("Tulis juga tiga angka terakhir NIP yang tertulis pada sertifikat."),
    "jp_out_of_range": _l("JP ditulis sebagai bilangan bulat, paling sedikit 1."),
    "unknown_kind": _l("Pilih jenis pelatihan dari daftar."),
    "in_the_future": _l("Tanggal ini belum tiba."),
    "ends_before_start": _l("Tanggal selesai mendahului tanggal mulai."),
    "too_long_ago": _l("Periksa tahunnya: tanggal ini terlalu lama."),
    "letter_incomplete": _l("Surat tugas perlu nomor dan tanggalnya."),
    "letter_after_end": _l("Surat tugas bertanggal sesudah pelatihan selesai."),
    "already_entered": _l("Pelatihan dengan judul dan nomor ini sudah dicatat untuk pegawai ini."),
    "unknown_competency": _l("Pilih kompetensi dari daftar."),
    "level_out_of_range": _l("Level adalah 1 sampai 5."),
    "already_assessed": _l("Kompetensi ini sudah dinilai pada tanggal yang sama."),
    "unknown": _l("Tidak ada sertifikat dengan isian ini. Periksa kembali huruf dan angkanya."),
}


class _Form(PlainForm):
    """A form that puts what a use case refuses beside its field."""

    def place(self, problem: Invalid) -> None:
        """Put what a use case refuses beside its field."""
        field = self[problem.field]
        field.errors = [*field.errors, PROBLEMS[problem.reason]]


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _line(label: Any, longest: int, description: Any = "", *, required: bool = True) -> Any:
    first = InputRequired(REQUIRED) if required else Optional()
    checks = [first, Length(max=longest, message=TOO_LONG)]
    return StringField(label, checks, filters=[_stripped], description=description)


def _day(label: Any, *, required: bool = True) -> Any:
    first = InputRequired(REQUIRED) if required else Optional()
    return DateField(label, [first], format=DAYS)


class OutsideLearningForm(_Form):
    """Training taken elsewhere, as its certificate says."""

    title = _line(_l("Nama pelatihan"), 200, _l("Seperti tertulis pada sertifikat."))
    kind = SelectField(_l("Jenis pelatihan"), [InputRequired(REQUIRED)])
    jp = IntegerField(
        _l("JP"),
        [InputRequired(REQUIRED), NumberRange(1, MOST_JP, PROBLEMS["jp_out_of_range"])],
        description=_l("Bilangan bulat; pecahan dibulatkan ke bawah."),
    )
    organiser = _line(_l("Penyelenggara"), 200)
    number = _line(_l("Nomor sertifikat"), 120)
    started_on = _day(_l("Tanggal mulai"))
    ended_on = _day(_l("Tanggal selesai"))
    letter_number = _line(
        _l("Nomor surat tugas"),
        120,
        _l("Isi bila ada penugasan tertulis: bagi PPPK, JP-nya terhitung sebagai yang terencana."),
        required=False,
    )
    letter_on = _day(_l("Tanggal surat tugas"), required=False)

    def learning(self) -> Learning:
        """What was typed, as the use case takes it."""
        return Learning(
            title=self.title.data,
            kind=self.kind.data,
            jp=self.jp.data or 0,
            number=self.number.data,
            organiser=self.organiser.data,
            started_on=self.started_on.data,
            ended_on=self.ended_on.data,
            letter_number=self.letter_number.data,
            letter_on=self.letter_on.data,
        )


class WithdrawForm(_Form):
    """Why an entry is taken back."""

    reason = TextAreaField(
        _l("Alasan"),
        [InputRequired(REQUIRED), Length(max=400, message=TOO_LONG)],
        filters=[_stripped],
        description=_l("Tersimpan bersama catatan dan dapat dibaca pemeriksa."),
    )


class AssessedLevelForm(_Form):
    """A level that an assessment has set."""

    code = SelectField(_l("Kompetensi"), [InputRequired(REQUIRED)])
    level = SelectField(_l("Level"), [InputRequired(REQUIRED)])
    assessed_on = _day(_l("Tanggal penilaian"))
    source = _line(
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

    code = _line(_l("Kode sertifikat"), 60, _l("Tertulis di dekat kode QR."), required=False)
    number = _line(_l("Nomor sertifikat"), 120, required=False)
    last_digits = _line(
        _l("Tiga angka terakhir NIP pada sertifikat"),
        3,
        _l("Hanya bila Anda memakai nomor: nomor saja mudah ditebak."),
        required=False,
    )
