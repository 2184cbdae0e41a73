"""The people of the demo that have a name, a state to be seen and a way to sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from elearn.demo.posts import Post
from elearn.people.models import Status
from elearn.people.permissions import Role

PHRASE = "sepeda-ungu-di-dermaga"
CODE = "PERAHU2345"  # of who has never signed in

ANI = "199404122019032901"
RUDI = "199005172023211902"
MARLINA = "199709252025242903"
HENDRA = "198803032011011904"
YUSNIDAR = "197906212005012905"
BUDI = "197108191998031906"
RATNA = "198907302014032907"
CITRA = "198502142009122908"
SYAMSUL = "197201051997031909"
DEWI = "199208082019032910"
FADLI = "198304122008011911"
NABILA = "200101152026052912"
JONI = "198611232010011913"
FITRI = "199509092024032914"
ZULKIFLI = "196808101990011915"
FITRI_BEFORE = "199509092022212914"


@dataclass(frozen=True)
class Member:
    """One of the cast: who they are and what to look at first when signed in as them."""

    nip: str
    name: str
    place: str
    post: Post
    grade: str
    look_first: str
    before: str = ""
    after: str = ""
    status: Status = Status.PNS
    role: Role = Role.LEARNER
    shown_as: str = ""
    contract_start: date | None = None
    target_class: str = ""
    active: bool = True


CAST = (
    Member(
        ANI, "Ani Pratiwi", "dinkes/hulu/pustu", Post("Perawat Terampil", "jf_terampil"), "II/d",
        "Beranda: lanjutkan Keamanan informasi pada soal ke-4, wajib 9 hari lagi; 12 dari 20 JP.",
        after="A.Md.Kep.",
    ),
    Member(
        RUDI, "Rudi Saputra", "disdik/sdn5", Post("Guru Ahli Pertama", "jf_ahli_pertama"), "IX",
        "Capaian: 3 JP dengan surat tugas dari 24, dan 3 JP atas inisiatif sendiri.",
        after="S.Pd.", status=Status.PPPK, contract_start=date(2023, 3, 1),
    ),
    Member(
        MARLINA, "Marlina", "hulu/kelurahan",
        Post("Pengelola Layanan Operasional", "pelaksana"), "",
        "Semua halaman dalam keadaan kosong: belum memulai kursus apa pun.",
        status=Status.PPPK_PART_TIME, contract_start=date(2025, 10, 1),
    ),
    Member(
        HENDRA, "Hendra Wijaya", "hilir", Post("Penelaah Teknis Kebijakan", "pelaksana"), "III/b",
        "Capaian: 6 JP diperoleh, 3 JP terhitung, beserta alasannya.",
        after="S.Sos.", target_class="pengawas",
    ),
    Member(
        YUSNIDAR, "Yusnidar", "hilir", Post("Kepala Seksi Pelayanan Umum", "pengawas"), "III/d",
        "Akun: Tim saya, lima bawahan langsung di Kecamatan Hilir dengan JP dan kursusnya.",
        after="S.E., M.Si.", shown_as="supervisor",
    ),
    Member(
        BUDI, "Budi Hartono", "bkpsdm", Post("Widyaiswara Ahli Madya", "jf_ahli_madya"), "IV/b",
        "Mengajar: dua uraian menunggu dinilai, rancangan Arsip digital dengan tiga masalah, "
        "dan satu soal versi 1 yang kuncinya keliru.",
        before="Drs.", after="M.Pd.", role=Role.INSTRUCTOR,
    ),
    Member(
        RATNA, "Ratna Juwita", "kominfo",
        Post("Pranata Komputer Ahli Muda", "jf_ahli_muda"), "III/c",
        "Mengajar: telaah Pelayanan publik dan pengaduan, empat dari delapan butir dicentang.",
        after="S.Kom.", role=Role.INSTRUCTOR,
    ),
    Member(
        CITRA, "Citra Lestari", "dinkes/sekretariat",
        Post("Kepala Subbagian Umum dan Kepegawaian", "pengawas"), "III/d",
        "Kepegawaian: 12 terlambat dari kursus wajib, 4 sertifikat menunggu verifikasi, siapa yang "
        "belum mencapai 20 JP, dan impor pegawai dengan berkas contoh.",
        after="S.K.M.", role=Role.HR_UNIT,
    ),
    Member(
        SYAMSUL, "Syamsul Bahri", "bkpsdm", Post("Kepala BKPSDM", "jpt_pratama"), "IV/c",
        "Kepegawaian: capaian seluruh unit; Kelulusan: 37 belum dikirim ke SIASN.",
        before="H.", after="S.H., M.H.", role=Role.HR_AGENCY,
    ),
    Member(
        DEWI, "Dewi Anggraini", "kominfo",
        Post("Pranata Komputer Ahli Pertama", "jf_ahli_pertama"), "III/b",
        "Kesehatan: cadangan tujuh jam lalu; orang, peran, jejak audit.",
        after="S.Kom.", role=Role.ADMIN,
    ),
    Member(
        FADLI, "Fadli Rahman", "inspektorat", Post("Auditor Ahli Muda", "jf_ahli_muda"), "III/d",
        "Membaca semuanya tanpa mengubah: catatan audit 14 bulan.",
        after="S.E., Ak.", role=Role.AUDITOR,
    ),
    Member(
        NABILA, "Nabila Putri", "kominfo",
        Post("Pranata Komputer Ahli Pertama", "jf_ahli_pertama"), "III/a",
        "Masuk pertama kali dengan kode sekali pakai (berlaku 24 jam sejak demo dibuat).",
        after="S.T.", status=Status.CPNS,
    ),
    Member(
        JONI, "Joni Iskandar", "dinkes/sekretariat",
        Post("Pengolah Data dan Informasi", "pelaksana"), "III/b",
        "Pindah dari Dinas Kominfo: satu kursus selesai sebelum dan satu sesudah pindah; satu "
        "uraiannya dinilai ulang.",
    ),
    Member(
        FITRI, "Fitri Handayani", "dinkes/muara", Post("Bidan Terampil", "jf_terampil"), "II/c",
        "Dahulu PPPK, kini PNS: satu riwayat, sertifikat lama memuat nomor lama.",
        after="A.Md.Keb.",
    ),
    Member(
        ZULKIFLI, "Zulkifli", "pupr", Post("Pengadministrasi Perkantoran", "pelaksana"), "III/b",
        "Pensiun: tidak dapat masuk; catatannya tetap tersimpan.",
        active=False,
    ),
)  # fmt: skip
BY_NIP = {member.nip: member for member in CAST}
# Never in a course: they are seen before they begin.
NOT_STUDYING = frozenset({MARLINA, NABILA, ZULKIFLI})
# Below the floor of the year, as the table of the demo says.
BELOW_FLOOR = frozenset({ANI, HENDRA})
