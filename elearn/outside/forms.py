"""Forms of learning elsewhere: is the input well-formed? What is allowed is said by use cases."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    IntegerField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from elearn import settings
from elearn.competency import conversion, papers
from elearn.competency.conversion import Duration, Proposal
from elearn.competency.corrections import Words
from elearn.competency.outside_rules import MOST_HOURS, MOST_JP, MOST_SESSIONS, Learning
from elearn.competency.papers import Paper
from elearn.errors import Invalid
from elearn.form_words import REQUIRED, TOO_LONG, PlacedForm, day, line, stripped

PROBLEMS = {
    "missing": REQUIRED,
    "jp_out_of_range": _l("JP ditulis sebagai bilangan bulat, 1 sampai %(most)s.", most=MOST_JP),
    "unknown_kind": _l("Pilih jenis pelatihan dari daftar."),
    "in_the_future": _l("Tanggal ini belum tiba."),
    "ends_before_start": _l("Tanggal selesai mendahului tanggal mulai."),
    "too_long_ago": _l("Periksa tahunnya: tanggal ini terlalu lama."),
    "letter_incomplete": _l("Surat tugas perlu nomor dan tanggalnya."),
    "letter_after_end": _l("Surat tugas bertanggal sesudah pelatihan selesai."),
    "already_entered": _l("Pelatihan dengan judul dan nomor ini sudah dicatat untuk pegawai ini."),
    "paper_missing": _l("Pilih foto atau PDF sertifikatnya."),
    "paper_unreadable": _l("Berkas ini bukan foto (JPEG, PNG, WebP) dan bukan PDF."),
    "paper_too_many_pixels": _l("Foto ini terlalu besar. Perkecil, atau foto ulang lembarnya."),
    "paper_too_large": _l("PDF paling besar 2 MB. Foto lembar sertifikatnya sebagai gantinya."),
    "paper_cut_off": _l("PDF ini terpotong. Unduh atau pindai ulang, lalu pilih lagi."),
    "sheet_broken": _l("Berkas ini bukan lembar kerja XLSX yang sah. Simpan ulang sebagai .xlsx."),
    "sheet_large": _l(
        "Paling banyak 200 baris dan 1 MB. Bagi berkasnya, lalu unggah satu per satu."
    ),
    "sheet_doctype": _l("Berkas ini memuat isi yang tidak diterima. Simpan ulang dari Excel."),
    "sheet_header": _l("Baris judul kolom tidak ditemukan. Pakai templatnya."),
}
PAPER_TYPES = "image/*,application/pdf"


def _number(label: Any, most: int, problem: Any, description: Any = "") -> IntegerField:
    return IntegerField(label, [Optional(), NumberRange(1, most, problem)], description=description)


class _Form(PlacedForm):
    """A form of this slice."""

    PROBLEMS = PROBLEMS


class LearningForm(_Form):
    """Training taken elsewhere, as its certificate says; without JP they are proposed."""

    title = line(_l("Nama pelatihan"), 200, _l("Seperti tertulis pada sertifikat."))
    kind = SelectField(_l("Bentuk pembelajaran"), [InputRequired(REQUIRED)])
    organiser = line(_l("Penyelenggara"), 200)
    number = line(_l("Nomor sertifikat"), 120)
    started_on = day(_l("Tanggal mulai"))
    ended_on = day(_l("Tanggal selesai"))
    hours = _number(
        _l("Lama dalam jam"),
        MOST_HOURS,
        _l("Tulis jam sebagai bilangan bulat."),
        _l("Jumlah jam pelaksanaan, bila tertulis pada sertifikat atau jadwalnya."),
    )
    sessions = _number(
        _l("Jumlah pertemuan"),
        MOST_SESSIONS,
        _l("Tulis jumlah pertemuan sebagai bilangan bulat."),
        _l("Hanya untuk coaching, mentoring, dan bimbingan di tempat kerja."),
    )
    abroad = BooleanField(_l("Diselenggarakan secara internasional"))
    jp = _number(
        _l("JP"),
        MOST_JP,
        PROBLEMS["jp_out_of_range"],
        _l("Seperti pada sertifikat. Bila tidak tertulis, kosongkan: kami usulkan dari lamanya."),
    )
    letter_number = line(
        _l("Nomor surat tugas"),
        120,
        _l("Isi bila ada penugasan tertulis: bagi PPPK, JP-nya terhitung sebagai yang terencana."),
        required=False,
    )
    letter_on = day(_l("Tanggal surat tugas"), required=False)
    paper = FileField(
        _l("Foto atau PDF sertifikat"),
        description=_l("Foto langsung dari ponsel boleh. PDF paling besar 2 MB."),
    )
    # What was uploaded with a form that was shown again.
    kept = HiddenField()
    revision = HiddenField()

    def learning(self) -> Learning:
        """What was typed, as the use case takes it; without JP it is 0."""
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
            hours=self.hours.data,
            sessions=self.sessions.data,
            abroad=bool(self.abroad.data),
        )

    def read_paper(self, content: bytes, before: bytes | None) -> Paper | None:
        """The certificate that was uploaded now, or with the form before; a problem stands beside
        its field."""
        if not content:
            return papers.kept(before) if before else None
        try:
            return papers.read(content)
        except Invalid as problem:
            self.validate()
            self.place(problem)
            return None

    def proposal(self) -> Proposal | None:
        """The JP of what was typed so far; None while its days are not known."""
        first, last = self.started_on.data, self.ended_on.data
        if not first or not last or first > last:
            return None
        typed = self.learning()
        lasting = Duration(first, last, typed.hours, typed.sessions, typed.abroad)
        return conversion.proposed(typed.kind, lasting, settings.of_year(last.year))

    def fill_in(self, proposal: Proposal) -> None:
        """Put the proposed JP into their field."""
        self.jp.data, self.jp.raw_data = proposal.jp, [str(proposal.jp)]


def _why(label: Any, description: Any, *, required: bool = True) -> TextAreaField:
    first = InputRequired(REQUIRED) if required else Optional()
    checks = [first, Length(max=400, message=TOO_LONG)]
    return TextAreaField(label, checks, filters=[stripped], description=description)


class ApprovalForm(_Form):
    """The JP that HR approves."""

    jp = IntegerField(_l("JP yang disetujui"), [InputRequired(REQUIRED)])
    reason = _why(
        _l("Alasan bila JP diubah"), _l("Dibaca oleh pegawai yang mengajukan."), required=False
    )
    revision = HiddenField()


class ReasonForm(_Form):
    """Why a submission is sent back or refused."""

    reason = _why(_l("Alasan"), _l("Dibaca oleh pegawai: apa yang perlu diperbaiki, dan caranya."))
    revision = HiddenField()


class CorrectionForm(_Form):
    """Words of an approved entry, and why they are put right."""

    title = line(_l("Nama pelatihan"), 200)
    number = line(_l("Nomor sertifikat"), 120)
    organiser = line(_l("Penyelenggara"), 200)
    reason = _why(_l("Alasan"), _l("Tersimpan dalam jejak audit."))

    def words(self) -> Words:
        """What was typed, as the use case takes it."""
        return Words(self.title.data, self.number.data, self.organiser.data)


class WithdrawForm(_Form):
    """Why an entry is taken back."""

    reason = _why(_l("Alasan"), _l("Tersimpan bersama catatan dan dapat dibaca pemeriksa."))


class SheetForm(_Form):
    """A spreadsheet to be brought in."""

    file = FileField(
        _l("Berkas Excel"),
        [InputRequired(REQUIRED)],
        description=_l("Berkas .xlsx, paling banyak 200 baris."),
    )
