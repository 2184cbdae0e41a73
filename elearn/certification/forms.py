"""Forms of the office of certificates."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from elearn import number_patterns
from elearn.competency.register import MAX_REASON, MOST_NUMBERS, BadNumber, Run
from elearn.errors import Invalid
from elearn.form_words import REQUIRED, TOO_LONG, PlainForm, line, stripped
from elearn.settings import Numbering

PATTERN_PROBLEMS = {
    "pattern_missing": REQUIRED,
    "pattern_braces": _l("Ada kurung kurawal yang tidak berpasangan."),
    "pattern_unknown_field": _l(
        "Yang dikenal hanya {serial}, {unit}, {month_roman} dan {year}; periksa ejaannya."
    ),
    "pattern_width": _l("Lebar hanya untuk nomor urut, ditulis {serial:04} untuk empat angka."),
    "pattern_no_serial": _l("Pola harus memuat {serial}, agar tidak ada dua nomor yang sama."),
    "pattern_no_year": _l("Pola harus memuat {year}, sebab nomor urut mulai lagi tiap tahun."),
    "pattern_adjacent": _l("Di antara dua isian harus ada pemisah, misalnya garis miring."),
    "pattern_unprintable": _l("Pola tidak boleh diawali atau diakhiri spasi."),
    "pattern_too_long": _l("Nomor yang jadi akan lebih panjang dari 80 huruf."),
}
NUMBER_PROBLEMS = {
    "no_numbers": _l("Isi rentang nomor, atau tempel daftar nomornya."),
    "too_many": _l("Paling banyak 2.000 nomor sekali masuk."),
    "not_a_number": _l("Tulis angka saja, misalnya 0101."),
    "last_before_first": _l("Nomor terakhir mendahului nomor pertama."),
    "reason_short": _l("Tulis alasannya, paling sedikit 5 huruf."),
}
LINE_PROBLEMS = {
    "number_malformed": _l("Baris %(line)s: nomor ini lebih dari 80 huruf atau memuat tanda aneh."),
    "number_twice": _l("Baris %(line)s: nomor %(number)s tertulis dua kali."),
    "number_taken": _l("Baris %(line)s: nomor %(number)s sudah pernah dipakai atau dimasukkan."),
}
SHOWN = 40  # letters of a refused number


class OptionsForm(PlainForm):
    """Numbers, place and signer."""

    pattern = line(
        _l("Pola nomor"),
        120,
        _l(
            "Isian: {serial:04} nomor urut empat angka, {unit} kode unit, {month_roman} bulan "
            "Romawi, {year} tahun. Contoh: 800.2/{serial:04}/{unit}/{month_roman}/{year}"
        ),
    )
    numbers = RadioField(
        _l("Asal nomor"),
        choices=[
            SelectChoice(Numbering.AUTOMATIC.value, _l("Otomatis, menurut pola")),
            SelectChoice(
                Numbering.REGISTER.value, _l("Dari register kantor; sertifikat menunggu nomornya")
            ),
        ],
    )
    needs_signature = BooleanField(
        _l("Menunggu tanda tangan elektronik"),
        description=_l(
            "Sertifikat baru berlaku setelah berkas PDF bertanda tangan dimasukkan menggantikannya."
        ),
    )
    photo = BooleanField(
        _l("Cantumkan foto pegawai"),
        description=_l("Foto yang diunggah pegawai sendiri; tanpa foto, tempatnya kosong."),
    )
    place = line(_l("Tempat terbit"), 80)
    signer_name = line(_l("Nama pejabat"), 120, _l("Dengan gelar; boleh kosong."), required=False)
    signer_title = line(_l("Jabatan pejabat"), 160)

    def validate_pattern(self, field: Any) -> None:
        """Say what is wrong with a pattern."""
        fault = number_patterns.fault(field.data)
        if fault:
            raise ValidationError(PATTERN_PROBLEMS[fault])

    def values(self) -> dict[str, Any]:
        """What was chosen, as the settings hold it."""
        return {
            "certificate_pattern": self.pattern.data,
            "certificate_numbers": self.numbers.data,
            "certificate_needs_signature": self.needs_signature.data,
            "certificate_photo": self.photo.data,
            "certificate_place": self.place.data,
            "certificate_signer": {
                "name": self.signer_name.data,
                "title": self.signer_title.data,
            },
        }


def filled(held: dict[str, Any]) -> OptionsForm:
    """The form with what holds now."""
    return OptionsForm(
        data={
            "pattern": held["certificate_pattern"],
            "numbers": held["certificate_numbers"],
            "needs_signature": held["certificate_needs_signature"],
            "photo": held["certificate_photo"],
            "place": held["certificate_place"],
            "signer_name": held["certificate_signer"]["name"],
            "signer_title": held["certificate_signer"]["title"],
        }
    )


class NumbersForm(PlainForm):
    """A batch of the office register: a run of numbers, or a pasted list."""

    basis = line(_l("Dasar"), 200, _l("Misalnya nomor dan tanggal surat dari bagian umum."))
    before = line(_l("Awalan"), 60, _l("Yang mendahului angka, misalnya 800.2/"), required=False)
    first = line(_l("Angka pertama"), 9, _l("Lebarnya diikuti: 0101"), required=False)
    last = line(_l("Angka terakhir"), 9, required=False)
    after = line(_l("Akhiran"), 60, _l("Yang mengikuti, misalnya /BKPSDM/2026"), required=False)
    numbers = TextAreaField(
        _l("Daftar nomor"),
        [Length(max=MOST_NUMBERS * 90)],
        description=_l("Satu nomor satu baris. Bila daftar ini diisi, rentang di atas dilewati."),
    )

    @property
    def run(self) -> Run:
        """The run that was typed."""
        return Run(self.before.data, self.first.data, self.last.data, self.after.data)

    def place(self, problem: Invalid) -> None:
        """Put what is refused beside its field."""
        field = self[problem.field]
        field.errors = [*field.errors, _words(problem)]


def _words(problem: Invalid) -> Any:
    if isinstance(problem, BadNumber):
        text = LINE_PROBLEMS[problem.reason]
        return text % {"line": problem.line, "number": problem.number[:SHOWN]}
    return NUMBER_PROBLEMS[problem.reason]


UPLOAD_PROBLEMS = {
    "missing": _l("Pilih berkas zip yang berisi PDF bertanda tangan."),
    "not_a_zip": _l("Berkas ini bukan zip yang utuh. Buat zip-nya sekali lagi."),
    "empty_zip": _l("Zip ini tidak berisi berkas."),
    "too_large": _l("Zip ini terlalu besar. Paling besar 50 MB; bagi menjadi beberapa zip."),
    "too_many_files": _l("Paling banyak 500 berkas sekali kirim; bagi menjadi beberapa zip."),
}


class SignedForm(PlainForm):
    """A zip of signed PDFs."""

    zip = FileField(
        _l("Zip berisi PDF bertanda tangan"),
        [InputRequired(REQUIRED)],
        description=_l("Paling besar 50 MB dan 500 berkas, masing-masing paling besar 4 MB."),
    )

    def place(self, problem: Invalid) -> None:
        """Put what is refused beside its field."""
        self.zip.errors = [*self.zip.errors, UPLOAD_PROBLEMS[problem.reason]]


class RevokeForm(PlainForm):
    """Why a certificate is revoked."""

    reason = TextAreaField(
        _l("Alasan"),
        [InputRequired(REQUIRED), Length(max=MAX_REASON, message=TOO_LONG)],
        filters=[stripped],
        description=_l(
            "Dibaca siapa saja yang memeriksa sertifikat ini; jangan tulis data pribadi."
        ),
    )

    def place(self, problem: Invalid) -> None:
        """Put what is refused beside its field."""
        self.reason.errors = [*self.reason.errors, NUMBER_PROBLEMS[problem.reason]]


class ReplaceForm(RevokeForm):
    """Why another certificate is issued, and what it says of the post."""

    post = RadioField(
        _l("Jabatan dan pangkat"),
        [InputRequired(REQUIRED)],
        choices=[
            SelectChoice("kept", _l("Tetap seperti pada sertifikat lama")),
            SelectChoice("now", _l("Menurut data pegawai sekarang")),
        ],
        default="kept",
    )


class CancelForm(PlainForm):
    """Why a number is not used."""

    reason = TextAreaField(
        _l("Alasan"),
        [InputRequired(REQUIRED), Length(max=MAX_REASON, message=TOO_LONG)],
        filters=[stripped],
        description=_l("Tinggal di register bersama nomornya dan dapat dibaca pemeriksa."),
    )

    def place(self, problem: Invalid) -> None:
        """Put what is refused beside its field."""
        self.reason.errors = [*self.reason.errors, NUMBER_PROBLEMS[problem.reason]]
