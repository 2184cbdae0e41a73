"""Forms of the agency: is the input well-formed? And the sentences for what is not allowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, PasswordField, SelectChoice, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from elearn import clock
from elearn.agency import tree
from elearn.agency.tree import Facts
from elearn.errors import Invalid
from elearn.form_words import REQUIRED, TOO_LONG, PlacedForm, day, line
from elearn.people import grades
from elearn.people.contracts import Term
from elearn.people.history_models import Leaving
from elearn.people.holding import Period
from elearn.people.models import Status, UnitKind
from elearn.people.passwords import MAX_LENGTH
from elearn.people.placements import MAX_LETTER, MAX_REASON, Basis, Post

PROBLEMS = {
    "unit_name_missing": REQUIRED,
    "unit_unknown": _l("Pilih unit kerja dari daftar."),
    "unit_closed": _l("Unit ini sudah ditutup; pilih unit yang masih berjalan."),
    "unit_twin": _l("Sudah ada unit dengan nama itu di bawah unit yang sama."),
    "unit_in_itself": _l("Unit tidak dapat berada di bawah dirinya sendiri. Pilih unit lain."),
    "unit_stands_there": _l("Unit sudah berada di bawah unit ini."),
    "unit_changed_later": _l(
        "Ada perubahan unit ini sesudah tanggal itu; pilih tanggal yang lebih baru."
    ),
    "people_placed_later": _l(
        "Ada pegawai yang baru ditempatkan di unit ini sesudah tanggal itu; pilih tanggal lain."
    ),
    "unit_is_top": _l("Unit teratas tidak dapat dipindahkan."),
    "unit_has_people": _l(
        "Masih ada pegawai di unit ini. Pindahkan mereka, atau gabungkan unit ini ke unit lain."
    ),
    "unit_has_units": _l("Masih ada unit yang berjalan di bawahnya. Tutup atau pindahkan dahulu."),
    "unit_above_closed": _l("Unit di atasnya masih ditutup. Buka unit itu lebih dahulu."),
    "unit_not_merged": _l("Unit ini tidak sedang digabungkan ke unit lain."),
    "tree_too_deep": _l("Susunan unit terlalu dalam; pilih unit yang lebih tinggi."),
    "move_in_future": _l("Tanggalnya belum tiba; catat pada harinya."),
}
PERSON_PROBLEMS = {
    "post_same": _l("Tidak ada yang berubah dari penempatan sekarang."),
    "unit_beyond": _l("Unit ini di luar cabang yang Anda urus; mintalah kepegawaian instansi."),
    "position_unknown": _l("Pilih jabatan dari daftar."),
    "grade_differs": _l("Golongan tidak sesuai dengan status kepegawaian."),
    "move_before_last": _l("Tanggalnya harus sesudah penempatan terakhir."),
    "name_missing": REQUIRED,
    "whatsapp_wrong": _l("Tulis nomor WhatsApp seperti 0812 3456 7890."),
    "contract_ends_before": _l("Akhir kontrak mendahului awalnya."),
    "contract_overlaps": _l("Kontrak ini bertumpang tindih dengan kontrak lain."),
    "contract_gap_before": _l(
        "Ada jeda sesudah kontrak sebelumnya, padahal pegawai ini tetap bekerja. Isi sehari "
        "sesudah kontrak itu berakhir."
    ),
    "contract_gap_after": _l(
        "Ada jeda sampai kontrak berikutnya, padahal pegawai ini tetap bekerja. Isi sehari "
        "sebelum kontrak itu mulai."
    ),
    "supervisor_wrong": _l("Pilih pegawai lain yang akunnya aktif."),
    "supervisor_circle": _l("Pegawai ini bawahan langsungnya; pilih orang lain."),
    "head_wrong": _l("Pilih pegawai yang akunnya aktif."),
}
STATUSES = [
    (Status.PNS, _l("PNS")),
    (Status.CPNS, _l("CPNS")),
    (Status.PPPK, _l("PPPK")),
    (Status.PPPK_PART_TIME, _l("PPPK Paruh Waktu")),
]
GRADES = [(grade, grade) for grade in grades.PNS_GRADES + grades.PPPK_GRADES]
LEAVINGS = [
    (Leaving.PENSION, _l("Pensiun")),
    (Leaving.MOVED_OUT, _l("Pindah ke instansi lain")),
    (Leaving.CONTRACT_ENDED, _l("Kontrak berakhir")),
    (Leaving.DIED, _l("Meninggal dunia")),
    (Leaving.OTHER, _l("Lainnya")),
]
INDENT = "\u2003"
UNKNOWN = _l("Isian ini tidak dapat diterima. Periksa kembali.")
KINDS = [
    (UnitKind.OTHER, "–"),
    (UnitKind.GOVERNMENT, _l("Pemerintah daerah")),
    (UnitKind.AGENCY, _l("Perangkat daerah (OPD)")),
    (UnitKind.DIVISION, _l("Bidang atau bagian")),
    (UnitKind.SECTION, _l("Seksi atau subbagian")),
    (UnitKind.DISTRICT, _l("Kecamatan")),
    (UnitKind.VILLAGE, _l("Kelurahan")),
    (UnitKind.HEALTH_CENTRE, _l("Puskesmas")),
    (UnitKind.SCHOOL, _l("Sekolah")),
    (UnitKind.TECHNICAL_UNIT, _l("UPTD")),
]
KIND_WORDS = {kind.value: word for kind, word in KINDS}


def whole(text: Any) -> int | None:
    """A number of an option; None for the empty one."""
    return int(text) if text not in (None, "", "None") else None


def offered(pairs: Iterable[tuple[Any, Any]], *, none: bool = False) -> list[SelectChoice]:
    """Options of a select from pairs of value and label, with an empty one where it may be."""
    empty = [SelectChoice("", "–")] if none else []
    return [*empty, *(SelectChoice(value, label) for value, label in pairs)]


def choice(label: Any, *, required: bool = True, description: Any = "") -> SelectField:
    """A select of ids, whose options are given later."""
    check = InputRequired(REQUIRED) if required else Optional()
    return SelectField(label, [check], choices=[], coerce=whole, description=description)


class AgencyForm(PlacedForm):
    """A form of this slice."""

    PROBLEMS = PROBLEMS

    def place(self, problem: Invalid) -> None:
        """Put a refusal beside its field, or above the form where it has none."""
        sentence = self.PROBLEMS.get(problem.reason, UNKNOWN)
        if problem.field in self:
            self[problem.field].errors = [*self[problem.field].errors, sentence]
        else:
            self.form_errors.append(sentence)


class DatedForm(AgencyForm):
    """Something that holds from a day on, with its reason."""

    day = day(_l("Berlaku sejak"))
    reason = line(_l("Alasan atau dasar"), MAX_REASON, _l("Misalnya nomor peraturan atau surat."))

    def at_ms(self) -> int:
        """Today counts from now; an earlier day from its beginning."""
        chosen = self.day.data if self.day else clock.today()
        return clock.now_ms() if chosen == clock.today() else clock.start_of_day_ms(chosen)


class UndoForm(DatedForm):
    """What goes back holds from now on."""

    day = None


class FactsForm(DatedForm):
    """What a unit is."""

    name = line(_l("Nama unit"), tree.MAX_NAME)
    code = line(
        _l("Kode unit"), tree.MAX_CODE, _l("Dipakai pada nomor sertifikat."), required=False
    )
    kind = SelectField(_l("Jenis"), choices=offered(KINDS))
    rank = IntegerField(
        _l("Urutan"),
        [Optional(), NumberRange(0, tree.MAX_RANK, _l("Tulis angka 0 sampai 9999."))],
        description=_l("Unit dengan angka kecil tampil lebih dulu; angka yang sama menurut nama."),
    )

    def facts(self) -> Facts:
        return Facts(
            name=self.name.data,
            code=self.code.data or "",
            kind=UnitKind(self.kind.data),
            rank=self.rank.data or 0,
        )


class NewUnitForm(FactsForm):
    """A new unit begins now, and needs no reason."""

    day = None
    reason = None


class TargetForm(DatedForm):
    """Another unit, found by a part of its name."""

    target = choice(_l("Unit tujuan"))

    def offer(self, targets: Sequence[tuple[int, str]]) -> None:
        self.target.choices = offered(targets, none=True)


class LendingForm(AgencyForm):
    """A role of one's own, lent to somebody for a period."""

    PROBLEMS = PROBLEMS | {
        "delegate_wrong": _l("Pilih pegawai lain yang akunnya aktif."),
        "delegation_held": _l("Pegawai ini sudah menerima delegasi itu pada waktu yang sama."),
        "period_wrong": _l("Tanggal terakhir harus sesudah tanggal mulai dan belum lewat."),
        "period_too_long": _l("Delegasi paling lama enam bulan."),
        "old_password_wrong": _l("Kata sandi tidak cocok."),
        "password_needed": _l("Ketik kata sandi Anda sekali lagi."),
        "password_missing": _l(
            "Akun ini tanpa kata sandi. Keluar, masuk kembali dengan akun instansi, lalu ulangi."
        ),
        "period_beyond_grant": _l("Delegasi tidak boleh melampaui masa peran Anda sendiri."),
    }

    grant = choice(_l("Tugas yang didelegasikan"))
    target = choice(_l("Kepada"))
    since = day(_l("Mulai tanggal"))
    until = day(_l("Sampai dengan tanggal"))
    reason = line(_l("Alasan"), MAX_REASON, _l("Misalnya cuti tahunan."))
    password = PasswordField(
        _l("Kata sandi Anda"),
        [Length(max=MAX_LENGTH, message=TOO_LONG)],
        description=_l("Anda masuk sudah lama; ketik kata sandi Anda sekali lagi."),
    )

    def period(self) -> Period:
        """From now, or the beginning of the first day, to the end of the last one."""
        begins = clock.start_of_day_ms(self.since.data)
        return Period(
            max(begins, clock.now_ms()), clock.start_of_day_ms(self.until.data) + clock.DAY_MS
        )


class LetterForm(DatedForm):
    """Something that holds from a day on by a letter; what is wrong is told in words of people."""

    PROBLEMS = PROBLEMS | PERSON_PROBLEMS

    reason = line(_l("Alasan"), MAX_REASON, required=False)
    letter = line(_l("Nomor surat"), MAX_LETTER, _l("Misalnya nomor SK."), required=False)

    def basis(self) -> Basis:
        """From when, why, and by which letter."""
        reason = self.reason.data if self.reason else ""
        return Basis(at_ms=self.at_ms(), reason=reason or "", letter=self.letter.data or "")


class PlaceForm(LetterForm):
    """Another post of a person."""

    unit_id = choice(_l("Unit kerja"))
    position_id = choice(_l("Jabatan"), required=False)
    status = SelectField(_l("Status kepegawaian"), choices=offered(STATUSES))
    grade = SelectField(_l("Golongan"), choices=offered(GRADES, none=True))

    def post(self) -> Post:
        """The post that is wanted."""
        return Post(
            unit_id=self.unit_id.data,
            position_id=self.position_id.data,
            status=Status(self.status.data),
            grade=self.grade.data or "",
        )


class NamesForm(AgencyForm):
    """Name, degrees and WhatsApp of a person."""

    PROBLEMS = PROBLEMS | PERSON_PROBLEMS

    degrees_before = line(_l("Gelar depan"), 60, required=False)
    name = line(_l("Nama tanpa gelar"), 200)
    degrees_after = line(_l("Gelar belakang"), 60, required=False)
    whatsapp = line(_l("Nomor WhatsApp"), 25, required=False)


class LeaveForm(LetterForm):
    """Somebody leaves."""

    leaving = SelectField(_l("Sebab"), choices=offered(LEAVINGS))
    reason = None


class ContractForm(AgencyForm):
    """A contract of a PPPK."""

    PROBLEMS = PROBLEMS | PERSON_PROBLEMS

    contract_start = day(_l("Awal kontrak"))
    contract_end = day(_l("Akhir kontrak"), required=False)
    letter = line(_l("Nomor perjanjian kerja"), MAX_LETTER, required=False)

    def term(self) -> Term:
        """The contract that is wanted."""
        return Term(
            starts_on=self.contract_start.data,
            ends_on=self.contract_end.data,
            letter=self.letter.data or "",
        )


class ContractChangeForm(ContractForm):
    """A contract put right."""

    reason = line(_l("Alasan perubahan"), MAX_REASON, _l("Misalnya salah ketik tanggal."))


class SupervisorForm(AgencyForm):
    """A supervisor by hand, or the one of the tree."""

    PROBLEMS = PROBLEMS | PERSON_PROBLEMS

    target = choice(_l("Atasan"), required=False, description=_l("Kosong: mengikuti susunan unit."))


class HeadForm(UndoForm):
    """Who leads a unit, marked by hand, from now on."""

    PROBLEMS = PROBLEMS | PERSON_PROBLEMS

    reason = None
    target = choice(
        _l("Kepala unit"),
        required=False,
        description=_l("Kosong: jabatan tertinggi di unit ini. Pelaksana tugas boleh dari luar."),
    )
