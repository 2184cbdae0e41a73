"""Forms of privacy: is the input well-formed? What is allowed is said by use cases."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectChoice,
    SelectField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from elearn.competency import papers
from elearn.competency.papers import Paper
from elearn.errors import Invalid
from elearn.form_words import REQUIRED, TOO_LONG, PlainForm, day, line, stripped
from elearn.privacy import notice, rectifications
from elearn.privacy.analysis import Subject
from elearn.privacy.models import About, Step
from elearn.settings import LONGEST_MONTHS

PROBLEMS = {
    "missing": REQUIRED,
    "too_long": _l("Teks ini terlalu panjang; paling banyak 30.000 huruf."),
    "too_costly": _l("Teks ini bersusun terlalu dalam. Sederhanakan daftar atau kutipannya."),
    "old_password_wrong": _l("Kata sandi tidak cocok."),
    "password_needed": REQUIRED,
    "password_missing": _l(
        "Akun ini tanpa kata sandi. Keluar, masuk kembali dengan akun instansi, lalu ulangi."
    ),
    "nothing_differs": _l("Ini sama dengan yang tercatat sekarang."),
    "too_many_open": _l("Masih ada sepuluh permintaan yang menunggu; tunggu jawabannya dahulu."),
    "too_few": _l("Isinya kurang dari lima orang, jadi tidak dapat disamarkan."),
    "unit_unknown": _l("Pilih unit kerja dari daftar."),
    "position_unknown": _l("Pilih jabatan dari daftar."),
    "grade_differs": _l("Golongan tidak sesuai dengan status kepegawaian."),
    "day_not_come": _l("Tulis tanggal yang sudah tiba."),
    "nip_spreadsheet": _l("NIP ini rusak oleh lembar kerja. Salin dari SK."),
    "nip_not_digits": _l("NIP hanya terdiri dari angka."),
    "nip_wrong_length": _l("NIP terdiri dari 18 angka."),
    "nip_birth_date": _l("Delapan angka pertama NIP bukan tanggal lahir yang ada."),
    "nip_age": _l("Menurut NIP ini, umur tidak berada di antara 17 dan 70 tahun."),
    "nip_appointed_year": _l("Tahun pengangkatan pada NIP (angka ke-9 sampai ke-12) tidak wajar."),
    "nip_month_or_code": _l("Angka ke-13 dan ke-14 NIP tidak boleh 00."),
    "nip_sex": _l("Angka ke-15 NIP harus 1 atau 2."),
    "nip_sequence": _l("Tiga angka terakhir NIP tidak boleh 000."),
    "paper_unreadable": _l("Berkas ini bukan foto (JPEG, PNG, WebP) dan bukan PDF."),
    "paper_too_many_pixels": _l("Foto ini terlalu besar. Perkecil, atau foto ulang lembarnya."),
    "paper_too_large": _l("PDF paling besar 2 MB. Foto lembarnya sebagai gantinya."),
    "paper_cut_off": _l("PDF ini terpotong. Unduh atau pindai ulang, lalu pilih lagi."),
    # What HR reads when a request cannot be carried out as it stands.
    "nip_taken": _l("NIP ini sudah tercatat pada pegawai lain; periksa dahulu keduanya."),
    "nip_same": _l("NIP ini sudah tercatat untuk pegawai ini."),
    "move_before_last": _l("Tanggalnya tidak sesudah penempatan terakhir; catat mutasinya."),
    "move_to_same_unit": _l("Pegawai sudah bekerja di unit ini."),
    "move_in_future": _l("Tanggalnya belum tiba."),
    "unit_beyond": _l("Unit tujuan di luar wewenang Anda; kepegawaian instansi yang memutuskan."),
    "not_yet": _l("Waktu ini belum tiba."),
    "day_over": _l("Tanggal berlaku paling cepat hari ini; naskah yang lewat tidak diubah."),
}

UNKNOWN = _l("Ini tidak dapat dikerjakan seperti adanya; kerjakan sendiri dari halaman pegawai.")

STEPS = {
    Step.CONTAIN: _l("Hentikan kebocorannya"),
    Step.EVIDENCE: _l("Amankan bukti"),
    Step.ASSESS: _l("Nilai: data apa, milik siapa, seberapa parah"),
    Step.TELL_PEOPLE: _l("Beri tahu orang yang terdampak"),
    Step.TELL_AUTHORITY: _l("Beri tahu lembaga"),
    Step.TELL_PUBLIC: _l("Umumkan kepada masyarakat, bila perlu"),
    Step.RECOVER: _l("Pulihkan"),
    Step.LEARN: _l("Cegah terulang"),
}


class _Form(PlainForm):
    """A form of this slice; use cases of people may refuse for a reason that is not known here."""

    def place(self, problem: Invalid) -> None:
        """Put a refusal beside its field."""
        field = self[problem.field]
        field.errors = [*field.errors, PROBLEMS.get(problem.reason, UNKNOWN)]


def area(label: Any, longest: int, description: Any = "", *, required: bool = True) -> Any:
    """A field for several lines of text."""
    checks: list[Any] = [Length(max=longest, message=TOO_LONG)]
    if required:
        checks.insert(0, InputRequired(REQUIRED))
    return TextAreaField(label, checks, filters=[stripped], description=description)


class PasswordForm(_Form):
    """The password, of who signed in long ago."""

    password = PasswordField(_l("Kata sandi Anda"), [InputRequired(REQUIRED)])


class WishForm(_Form):
    """What is wrong, and what it should be; each kind has the fields that stand for it."""

    words = area(
        _l("Apa yang keliru, dan seharusnya bagaimana?"),
        rectifications.MAX_WORDS,
        _l("Sebutkan juga surat atau dokumen yang menjadi dasarnya, bila ada."),
        required=False,
    )
    paper = FileField(
        _l("Foto atau PDF pendukung"),
        description=_l("Misalnya SK atau ijazah. PDF paling besar 2 MB."),
    )
    # What was uploaded with a form that was shown again.
    kept = HiddenField()

    def shown(self) -> list[Field]:
        """The fields of this kind, before what every kind has."""
        return [field for field in self if field.name not in {"words", "paper", "kept"}]

    def wanted(self) -> dict[str, Any]:
        """The wanted values, as the use case takes them."""
        return {field.name: field.data for field in self.shown()}

    def read_paper(self, content: bytes, before: bytes | None) -> Paper | None:
        """What was uploaded now, or with the form before; a problem stands beside its field."""
        if not content:
            return papers.kept(before) if before else None
        try:
            return papers.read(content)
        except Invalid as problem:
            self.validate()
            self.place(problem)
            return None


class NameWishForm(WishForm):
    name = line(_l("Nama yang benar, tanpa gelar"), 200)
    degrees_before = line(_l("Gelar depan"), 60, required=False)
    degrees_after = line(_l("Gelar belakang"), 60, required=False)


class NipWishForm(WishForm):
    nip = line(_l("NIP atau NI PPPK yang benar"), 40)


class UnitWishForm(WishForm):
    unit_id = SelectField(_l("Unit kerja yang benar"), [InputRequired(REQUIRED)], coerce=int)
    since = day(_l("Bekerja di sana sejak"))


class PositionWishForm(WishForm):
    position_id = SelectField(_l("Jabatan yang benar"), [InputRequired(REQUIRED)], coerce=int)


class GradeWishForm(WishForm):
    grade = SelectField(_l("Golongan yang benar"), [InputRequired(REQUIRED)])


WISHES: dict[About, type[WishForm]] = {
    About.NAME: NameWishForm,
    About.NIP: NipWishForm,
    About.UNIT: UnitWishForm,
    About.POSITION: PositionWishForm,
    About.GRADE: GradeWishForm,
}


class AnswerForm(_Form):
    """What HR answers."""

    answer = area(
        _l("Jawaban untuk pegawai"),
        rectifications.MAX_WORDS,
        _l("Apa yang dikerjakan, atau mengapa tidak."),
        required=False,
    )


class NoticeForm(_Form):
    """The text of the notice, and since when it holds."""

    text = area(
        _l("Teks pemberitahuan (Markdown)"),
        notice.MAX_CHARACTERS,
        _l("{agency}, {organiser}, dan {short} diganti nama instansi dari pengaturan."),
    )
    from_day = day(_l("Berlaku mulai"))


class OfficerForm(_Form):
    """Who answers questions of people about their data."""

    name = line(_l("Nama atau jabatan"), 120, required=False)
    contact = line(
        _l("Kontak"), 200, _l("Nomor telepon, WhatsApp, surel, atau alamat kantor."), required=False
    )


def _months(label: Any) -> IntegerField:
    wrong = _l("Tulis jumlah bulan sebagai bilangan bulat, 0 sampai 600.")
    return IntegerField(label, [InputRequired(REQUIRED), NumberRange(0, LONGEST_MONTHS, wrong)])


class RetentionForm(_Form):
    """Months by kind; 0 keeps for good."""

    sign_ins = _months(_l("Catatan perangkat masuk yang sudah berakhir"))
    notices = _months(_l("Pemberitahuan yang sudah dibaca"))
    jobs = _months(_l("Catatan pekerjaan latar yang selesai"))
    drafts = _months(_l("Versi lama berkas rancangan kursus"))
    papers = _months(_l("Berkas pembelajaran di luar yang ditolak atau ditarik"))
    request_papers = _months(_l("Berkas permintaan perbaikan yang sudah dijawab"))
    roster_rows = _months(_l("Baris impor pegawai: nama dan NIP sebelum dan sesudahnya"))
    writings = _months(_l("Uraian dan refleksi pegawai yang sudah keluar"))

    @classmethod
    def of(cls, rules: dict[str, int]) -> RetentionForm:
        """The form filled with the rules that hold."""
        return cls(data=rules)

    def months(self) -> dict[str, int]:
        """What was typed, as the use case takes it."""
        return dict(self.data)


class AnalysisForm(_Form):
    """What is taken for analysis, and why."""

    subject = SelectField(
        _l("Isi"),
        [InputRequired(REQUIRED)],
        choices=[
            SelectChoice(Subject.COMPLETIONS, _l("Kelulusan")),
            SelectChoice(Subject.ATTEMPTS, _l("Kesempatan kuis")),
            SelectChoice(Subject.ANSWERS, _l("Jawaban per soal")),
        ],
    )
    kind = SelectField(
        _l("Berkas"), choices=[SelectChoice("xlsx", _l("Excel")), SelectChoice("csv", _l("CSV"))]
    )
    purpose = TextAreaField(
        _l("Untuk apa"),
        [
            InputRequired(REQUIRED),
            Length(min=10, max=400, message=_l("Jelaskan dengan 10 sampai 400 huruf.")),
        ],
        filters=[stripped],
        description=_l("Tersimpan dalam jejak audit: analisis apa, oleh siapa, sampai kapan."),
    )
    linked = BooleanField(
        _l("Samaran yang sama dengan unduhan bersamaran tetap sebelumnya"),
        description=_l("Hanya bila dua unduhan perlu dihubungkan. Tanpa ini kuncinya dibuang."),
    )


def _moment(label: Any) -> DateTimeLocalField:
    wrong = _l("Tulis tanggal dan jam yang ada.")
    return DateTimeLocalField(label, [InputRequired(REQUIRED), DataRequired(wrong)])


class BreachForm(_Form):
    """What has leaked, and since when it is known."""

    title = line(_l("Apa yang terjadi, singkatnya"), 200)
    found_at = _moment(_l("Diketahui pada (WIB)"))


class BreachEntryForm(_Form):
    """What was done about it."""

    step = SelectField(
        _l("Langkah"),
        [InputRequired(REQUIRED)],
        choices=[SelectChoice(step, word) for step, word in STEPS.items()],
    )
    words = area(_l("Apa yang dilakukan"), 2000, _l("Siapa, apa, kepada siapa, nomor surat."))
    done_at = _moment(_l("Dilakukan pada (WIB)"))
