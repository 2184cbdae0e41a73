"""Every setting the product knows, in one table: what it may be, what people read, who changes it.

To add one, add its entry here, in its group. ``changed_with`` is the permission that changes it, as
``people.permissions`` spells it (this module knows no slice; a test compares). One that ``holds_at
_once`` has a single value instead of one from each year on, and is read with any year.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from elearn.settings import kinds
from elearn.settings.kinds import Floor, Kind, Numbering, Text, Whole, YesNo
from elearn.settings.switches import Switch

FIRST_YEAR = 2020
LABELS = 3


class Group(StrEnum):
    """Where settings stand together; each has its words in GROUPS."""

    AGENCY = "agency"
    HOURS = "hours"
    TERMS = "terms"
    CERTIFICATES = "certificates"
    REMINDERS = "reminders"
    PRIVACY = "privacy"
    SIGN_IN = "sign_in"
    SWITCHES = "switches"


GROUPS: Mapping[Group, Any] = {
    Group.AGENCY: _l("Instansi"),
    Group.HOURS: _l("JP dan batasnya"),
    Group.TERMS: _l("Masa berlaku dan pembaruan"),
    Group.CERTIFICATES: _l("Sertifikat"),
    Group.REMINDERS: _l("Pengingat dan catatan"),
    Group.PRIVACY: _l("Privasi"),
    Group.SIGN_IN: _l("Masuk dan keamanan"),
    Group.SWITCHES: _l("Fitur"),
}

ADMIN, HOUR_RULES = "setting:change", "hour_rule:change"
CERTIFICATES, PRIVACY = "certificate:manage", "privacy:manage"
JP, MINUTES = _l("JP"), _l("menit")


@dataclass(frozen=True)
class Known:
    """A setting the product knows.

    ``about`` says where the rule comes from or what it means, ``effect`` where it is felt;
    ``own_page`` is the address of the only page that edits it, for what no single field can hold.
    What ``asks_proof`` is changed on that page alone, by who has just proved who they are: it is
    neither put back nor brought in by a file there, only by the operator at the console.
    """

    key: str
    group: Group
    default: Any
    accepts: Kind
    label: Any
    effect: Any
    about: Any = ""
    changed_with: str = ADMIN
    first_year: int = FIRST_YEAR
    holds_at_once: bool = False
    own_page: str = ""
    asks_proof: bool = False


def _of(group: Group, changed_with: str) -> Callable[..., Known]:
    """Entries of one group that the same people change; ``words`` are label, effect and about."""

    def known(key: str, default: Any, accepts: Kind, *words: Any, **more: Any) -> Known:
        label, effect, about = (*words, "")[:LABELS]
        more = {"changed_with": changed_with, "about": about, **more}
        return Known(key, group, default, accepts, label, effect, **more)

    return known


_agency = _of(Group.AGENCY, ADMIN)
_hours = _of(Group.HOURS, HOUR_RULES)
_terms = _of(Group.TERMS, HOUR_RULES)
_paper = _of(Group.CERTIFICATES, CERTIFICATES)
_notes = _of(Group.REMINDERS, HOUR_RULES)
_privacy = _of(Group.PRIVACY, PRIVACY)
_sign_in = _of(Group.SIGN_IN, ADMIN)
_FACTOR = "/admin/second-factor"


def _switch(switch: Switch, label: Any, effect: Any, about: Any) -> Known:
    return Known(
        switch.value, Group.SWITCHES, True, kinds.OnOff(), label, effect, about, holds_at_once=True
    )


_REPORTS = _l("Beranda, Capaian, dan laporan kepegawaian")

REGISTRY: Mapping[str, Known] = {
    known.key: known
    for known in (
        _agency(
            "agency_name", "Pemerintah Daerah", Text(160), _l("Nama instansi"),
            _l("Sertifikat, poster, kredensial digital, dan pemberitahuan privasi"),
        ),
        _agency(
            "agency_short", "BKPSDM", Text(30), _l("Singkatan pengelola kepegawaian"),
            _l("Kode unit pada nomor sertifikat bila unitnya tanpa kode; pemberitahuan privasi"),
        ),
        _agency(
            "organiser", "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia", Text(200),
            _l("Penyelenggara pelatihan"), _l("Sertifikat dan kiriman ke SIASN"),
        ),
        # PP 11/2017 jo PP 17/2020, article 203 (4).
        _hours(
            "pns_floor_jp", 20, Whole(0, 400, JP), _l("Batas minimal PNS setahun"), _REPORTS,
            _l("PP 11/2017 jo. PP 17/2020 Pasal 203 ayat (4)."), first_year=2017,
        ),
        _hours(
            "cpns_follows_floor", True, YesNo(), _l("CPNS mengikuti batas minimal PNS"), _REPORTS,
            _l("Keputusan instansi."), first_year=2017,
        ),
        # PerLAN 15/2020: planned development in a contract year.
        _hours(
            "pppk_planned_ceiling_jp", 24, Whole(0, 400, JP),
            _l("Batas rencana PPPK per tahun kontrak"), _REPORTS,
            _l("PerLAN 15/2020. Hanya pengembangan terencana; tidak ada yang dicegah."),
        ),
        _hours(
            "jp_minutes", 45, Whole(30, 90, MINUTES), _l("Lama satu JP"),
            _l("Usulan JP pembelajaran di luar"),
            _l("Kebiasaan umum 45 menit; belum dibaca dalam peraturan."), first_year=2018,
        ),
        _hours(
            "elearning_jp_per_day", 3, Whole(1, 24, JP),
            _l("E-learning terhitung paling banyak sehari"), _REPORTS,
            _l("PerLAN 10/2018, dari sumber kedua; keduanya selalu ditampilkan."), first_year=2018,
        ),
        # JP of a full day in a room where a certificate names neither JP nor hours.
        _hours(
            "programme_jp_per_day", 8, Whole(1, 16, JP),
            _l("Usulan JP untuk sehari penuh pelatihan klasikal"),
            _l("Usulan JP pembelajaran di luar"),
            _l("Dipakai bila sertifikat tidak menyebut JP dan jam."), first_year=2018,
        ),
        # PerLAN 10/2018: JP by form of learning, where HR has changed the numbers of the seed.
        _hours(
            "jp_conversion", {}, kinds.Conversion(), _l("JP menurut bentuk pembelajaran"),
            _l("Usulan JP pembelajaran di luar"), first_year=2018, own_page="/hr/jp-rules",
        ),
        # The daily cap was not read in the regulation itself, so earned hours meet the floor.
        _hours(
            "floor_counts", Floor.EARNED.value,
            kinds.OneOf({
                Floor.EARNED.value: _l("JP yang diperoleh"),
                Floor.COUNTABLE.value: _l("JP yang terhitung setelah batas e-learning sehari"),
            }),
            _l("Yang dihadapkan pada batas minimal dan dikirim ke SIASN"), _REPORTS,
            _l("Keputusan instansi; bawaan: JP yang diperoleh."), first_year=2018,
        ),
        # From so many days before it expires a completion may be renewed, and its person is told.
        _terms(
            "renewal_days", 90, Whole(1, 365, _l("hari sebelum berakhir")),
            _l("Kelulusan dapat diperbarui"), _l("Kursus yang mempunyai masa berlaku"),
            _l("Sejak sekian hari sebelum berakhir; tidak pernah pada paruh pertama masa berlaku."),
        ),
        _terms(
            "expiry_notice_days", [90, 30, 7], kinds.DayCounts(1, 365, 6),
            _l("Pegawai diberi tahu sebelum berakhir"), _l("Pesan"),
            _l("Lewat Pesan, masing-masing sekali; sekali lagi setelah kedaluwarsa."),
        ),
        # Whether a course that is completed again credits its JP again.
        _terms(
            "renewal_credits_jp", True, YesNo(), _l("Pembaruan membawa JP lagi"), _REPORTS,
            _l("Keputusan instansi; bawaan: ya, sebagai pembelajaran tahun itu."),
        ),
        _paper(
            "certificate_pattern", "{serial:04}/{unit}/{month_roman}/{year}",
            kinds.NumberPattern(), _l("Pola nomor sertifikat"), _l("Sertifikat yang akan terbit"),
        ),
        _paper(
            "certificate_numbers", Numbering.AUTOMATIC.value,
            kinds.OneOf({
                Numbering.AUTOMATIC.value: _l("Otomatis, menurut pola"),
                Numbering.REGISTER.value: _l(
                    "Dari register kantor; sertifikat menunggu nomornya"
                ),
            }),
            _l("Asal nomor sertifikat"), _l("Sertifikat yang akan terbit"),
        ),
        _paper(
            "certificate_needs_signature", False, YesNo(),
            _l("Sertifikat menunggu tanda tangan elektronik"), _l("Sertifikat yang akan terbit"),
            _l("Berlaku setelah PDF bertanda tangan dimasukkan menggantikannya."),
        ),
        _paper(
            "certificate_photo", False, YesNo(), _l("Foto pegawai pada sertifikat"),
            _l("Sertifikat yang akan terbit"),
            _l("Foto yang diunggah pegawai sendiri; tanpa foto, tempatnya kosong."),
        ),
        _paper(
            "certificate_place", "Jambi", Text(80), _l("Tempat terbit sertifikat"),
            _l("Sertifikat yang akan terbit"),
        ),
        _paper(
            "certificate_signer", {"name": "", "title": "Kepala BKPSDM"}, kinds.SIGNER,
            _l("Pejabat penanda tangan"), _l("Sertifikat yang akan terbit"),
        ),
        # Before their due day (after it, if negative) people are reminded of assignments.
        _notes(
            "assignment_reminder_days", [14, 7, 1, -1], kinds.DayCounts(-90, 365, 10),
            _l("Pengingat kursus wajib"), _l("Pesan"),
            _l("Sekian hari sebelum batas waktunya; bilangan negatif berarti sesudahnya."),
        ),
        # Supervisors are told once a week of what presses in their team.
        _notes(
            "weekly_team_notice", True, YesNo(), _l("Kabar mingguan untuk atasan"), _l("Pesan"),
            _l("Setiap Senin, hanya bila ada kursus wajib tim yang terlambat atau segera tiba."),
        ),
        # Before the last contract of a PPPK ends, the person and HR are told.
        _notes(
            "contract_notice_days", [90, 30], kinds.DayCounts(1, 365, 6),
            _l("Pemberitahuan sebelum kontrak PPPK berakhir"), _l("Pesan"),
            _l("Kepada pegawai dan kepegawaian unitnya, masing-masing sekali."),
        ),
        # A sentence of HR that stands on everybody's record page.
        _notes(
            "hr_note", "", Text(400, 0, is_line=False), _l("Catatan kepegawaian"),
            _l("Halaman Capaian setiap pegawai"),
        ),
        # Who answers questions of people about their data (UU 27/2022 art. 53).
        _privacy(
            "privacy_officer", {"name": "", "contact": ""}, kinds.OFFICER,
            _l("Petugas pelindungan data pribadi"), _l("Pemberitahuan privasi"),
            _l("UU 27/2022 Pasal 53."),
        ),
        # How many months what is kept, where the agency has changed what we came with.
        _privacy(
            "retention_months", {}, kinds.Months(), _l("Masa simpan data"),
            _l("Masa simpan dan pemberitahuan privasi"),
            own_page="/admin/privacy/retention",
        ),
        _sign_in(
            "second_factor_roles", [],
            kinds.SomeOf({
                "instructor": _l("Pengajar"),
                "hr_unit": _l("Kepegawaian unit"),
                "hr_agency": _l("Kepegawaian instansi"),
                "admin": _l("Administrator"),
                "auditor": _l("Auditor"),
            }),
            _l("Peran yang memerlukan verifikasi dua langkah"), _l("Saat masuk"),
            holds_at_once=True, own_page=_FACTOR, asks_proof=True,
        ),
        _sign_in(
            "second_factor_since", "", kinds.Day(), _l("Verifikasi dua langkah mulai"),
            _l("Saat masuk"), holds_at_once=True, own_page=_FACTOR, asks_proof=True,
        ),
        _sign_in(
            "second_factor_grace_days", 14, Whole(0, 365, _l("hari")),
            _l("Hari untuk menyiapkan verifikasi dua langkah"), _l("Saat masuk"),
            _l("Sejak tanggal mulai, atau sejak perannya diberikan bila sesudahnya."),
            holds_at_once=True, own_page=_FACTOR, asks_proof=True,
        ),
        _sign_in(
            "second_factor_trusts_devices", False, YesNo(),
            _l("Perangkat boleh diingat 30 hari tanpa ditanya kode"), _l("Saat masuk"),
            holds_at_once=True, own_page=_FACTOR, asks_proof=True,
        ),
        _switch(
            Switch.OUTSIDE_SUBMISSION, _l("Pengajuan pembelajaran di luar oleh pegawai"),
            _l("Capaian"),
            _l("Bila dimatikan: yang sudah diajukan tetap diperiksa; kepegawaian tetap mencatat."),
        ),
        _switch(
            Switch.WAY, _l("Jalan terpendek dan jabatan sasaran"), _l("Capaian dan Kompetensi"),
            _l("Bila dimatikan: sasaran yang sudah dipilih tersimpan dan tetap dibandingkan."),
        ),
        _switch(
            Switch.TEAM, _l("Tim saya"), _l("Akun atasan"),
            _l("Bila dimatikan: siapa atasan siapa tetap tercatat."),
        ),
        _switch(
            Switch.PRETEST, _l("Uji awal"), _l("Kursus yang mempunyai uji awal"),
            _l("Bila dimatikan: tidak ditawarkan lagi; yang sudah dibuka dapat diselesaikan."),
        ),
        _switch(
            Switch.BADGE, _l("Unduhan kredensial digital"), _l("Halaman sertifikat"),
            _l("Bila dimatikan: yang sudah diunduh tetap dapat diperiksa siapa saja."),
        ),
        _switch(
            Switch.FILE_CHECK, _l("Pemeriksaan berkas PDF oleh umum"), _l("Periksa sertifikat"),
            _l("Bila dimatikan: kode QR, kode, dan nomor tetap dapat diperiksa."),
        ),
        _switch(
            Switch.SIASN, _l("Kiriman ke SIASN"), _l("Kelulusan"),
            _l("Bila dimatikan: tanda terkirim dan ID SIASN tersimpan."),
        ),
        _switch(
            Switch.DELEGATION, _l("Delegasi tugas kepegawaian"), _l("Pegawai"),
            _l("Bila dimatikan: tidak ada yang baru; yang berjalan selesai pada waktunya."),
        ),
        _switch(
            Switch.ANNOUNCEMENTS, _l("Pengumuman"), _l("Beranda, Pesan, dan menu pengelola"),
            _l("Bila dimatikan: yang sudah ditulis tersimpan dan tampil lagi bila diaktifkan."),
        ),
        _switch(
            Switch.ANALYSIS, _l("Data untuk analisis"), _l("Privasi"),
            _l("Bila dimatikan: berkas yang sudah diambil tetap tercatat di jejak audit."),
        ),
        _switch(
            Switch.EXCHANGE, _l("Impor soal dan kuis di atas kertas"), _l("Mengajar"),
            _l("Bila dimatikan: soal yang sudah masuk tetap di kursusnya."),
        ),
    )
}  # fmt: skip
