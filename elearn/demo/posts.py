"""Positions of the demo with the degrees, grades and ages that usually go with them."""

from __future__ import annotations

from typing import NamedTuple

from elearn.people.models import Status


class Post(NamedTuple):
    """A position: its name, its class, the degrees of those who hold it."""

    name: str
    position_class: str
    after: str = ""
    before: str = ""


class Bearing(NamedTuple):
    """What goes with a class: grades of PNS, and the ages from and to."""

    grades: tuple[str, ...]
    youngest: int
    oldest: int


BEARINGS = {
    "jpt_pratama": Bearing(("IV/c", "IV/c", "IV/d"), 50, 57),
    "administrator": Bearing(("IV/a", "IV/a", "IV/b"), 44, 56),
    "pengawas": Bearing(("III/c", "III/d", "III/d"), 37, 53),
    "jf_ahli_madya": Bearing(("IV/a", "IV/b", "IV/c"), 45, 57),
    "jf_ahli_muda": Bearing(("III/c", "III/d"), 36, 50),
    "jf_ahli_pertama": Bearing(("III/a", "III/b"), 26, 38),
    "jf_penyelia": Bearing(("III/c", "III/d"), 40, 54),
    "jf_mahir": Bearing(("III/a", "III/b"), 33, 46),
    "jf_terampil": Bearing(("II/c", "II/d", "III/a"), 25, 40),
    "pelaksana": Bearing(("II/b", "II/c", "II/d"), 25, 55),
}
# Who enters the service as CPNS or PPPK enters in one of these.
ENTRY_CLASSES = frozenset({"jf_ahli_pertama", "jf_terampil", "pelaksana"})
ENTRY_GRADES = {
    (Status.CPNS, "jf_ahli_pertama"): ("III/a",),
    (Status.CPNS, "jf_terampil"): ("II/c",),
    (Status.CPNS, "pelaksana"): ("II/c",),
    (Status.PPPK, "jf_ahli_pertama"): ("IX",),
    (Status.PPPK, "jf_terampil"): ("VII",),
    (Status.PPPK, "pelaksana"): ("V", "VII"),
    (Status.PPPK_PART_TIME, "pelaksana"): ("",),
}
GRADUATE_CLERKS: dict[Status, tuple[str, ...]] = {
    Status.PNS: ("III/a", "III/b"),
    Status.CPNS: ("III/a",),
    Status.PPPK: ("IX",),
    Status.PPPK_PART_TIME: ("",),
}

CLERKS = (
    Post("Pengadministrasi Perkantoran", "pelaksana"),
    Post("Pengelola Layanan Operasional", "pelaksana", "A.Md."),
    Post("Penelaah Teknis Kebijakan", "pelaksana", "S.Sos."),
    Post("Pengolah Data dan Informasi", "pelaksana", "S.E."),
    Post("Operator Layanan Operasional", "pelaksana"),
    Post("Penata Layanan Operasional", "pelaksana", "S.IP."),
)
HEALTH = (
    Post("Perawat Terampil", "jf_terampil", "A.Md.Kep."),
    Post("Bidan Terampil", "jf_terampil", "A.Md.Keb."),
    Post("Perawat Ahli Pertama", "jf_ahli_pertama", "S.Kep., Ns."),
    Post("Bidan Mahir", "jf_mahir", "A.Md.Keb."),
    Post("Dokter Ahli Pertama", "jf_ahli_pertama", "", "dr."),
    Post("Perawat Mahir", "jf_mahir", "A.Md.Kep."),
    Post("Sanitarian Terampil", "jf_terampil", "A.Md.K.L."),
    Post("Bidan Ahli Pertama", "jf_ahli_pertama", "S.Tr.Keb."),
    Post("Nutrisionis Terampil", "jf_terampil", "A.Md.Gz."),
    Post("Apoteker Ahli Pertama", "jf_ahli_pertama", "S.Farm.", "apt."),
    Post("Perawat Penyelia", "jf_penyelia", "A.Md.Kep."),
    Post("Pranata Laboratorium Kesehatan Terampil", "jf_terampil", "A.Md.A.K."),
    Post("Dokter Gigi Ahli Pertama", "jf_ahli_pertama", "", "drg."),
    Post("Bidan Penyelia", "jf_penyelia", "A.Md.Keb."),
)
HEALTH_OFFICE = (
    Post("Administrator Kesehatan Ahli Muda", "jf_ahli_muda", "S.K.M."),
    Post("Epidemiolog Kesehatan Ahli Pertama", "jf_ahli_pertama", "S.K.M."),
    Post("Penyuluh Kesehatan Masyarakat Ahli Pertama", "jf_ahli_pertama", "S.K.M."),
)
TEACHERS = (
    Post("Guru Ahli Pertama", "jf_ahli_pertama", "S.Pd."),
    Post("Guru Ahli Muda", "jf_ahli_muda", "S.Pd."),
    Post("Guru Ahli Pertama", "jf_ahli_pertama", "S.Pd., Gr."),
    Post("Guru Ahli Madya", "jf_ahli_madya", "S.Pd., M.Pd."),
    Post("Guru Ahli Pertama", "jf_ahli_pertama", "S.Pd.I."),
    Post("Guru Ahli Muda", "jf_ahli_muda", "S.Pd.SD."),
)
SCHOOL_OFFICE = (
    Post("Pamong Belajar Ahli Muda", "jf_ahli_muda", "S.Pd."),
    Post("Pranata Komputer Ahli Pertama", "jf_ahli_pertama", "S.Kom."),
    Post("Pengawas Sekolah Ahli Madya", "jf_ahli_madya", "S.Pd., M.Pd."),
)
AUDITORS = (
    Post("Auditor Ahli Pertama", "jf_ahli_pertama", "S.E."),
    Post("Auditor Ahli Muda", "jf_ahli_muda", "S.E., Ak."),
    Post("Pengawas Penyelenggaraan Urusan Pemerintahan Daerah Ahli Muda", "jf_ahli_muda", "S.H."),
)
PERSONNEL = (
    Post("Analis SDM Aparatur Ahli Pertama", "jf_ahli_pertama", "S.Psi."),
    Post("Analis SDM Aparatur Ahli Muda", "jf_ahli_muda", "S.Sos."),
    Post("Pranata SDM Aparatur Terampil", "jf_terampil", "A.Md."),
)
COMPUTING = (
    Post("Pranata Komputer Ahli Pertama", "jf_ahli_pertama", "S.Kom."),
    Post("Pranata Hubungan Masyarakat Ahli Muda", "jf_ahli_muda", "S.I.Kom."),
    Post("Statistisi Ahli Pertama", "jf_ahli_pertama", "S.Stat."),
)
ENGINEERS = (
    Post("Teknik Jalan dan Jembatan Ahli Muda", "jf_ahli_muda", "S.T."),
    Post("Teknik Pengairan Ahli Pertama", "jf_ahli_pertama", "S.T."),
    Post("Penata Ruang Ahli Pertama", "jf_ahli_pertama", "S.T."),
)
POLICY = (
    Post("Analis Kebijakan Ahli Muda", "jf_ahli_muda", "S.AP."),
    Post("Arsiparis Terampil", "jf_terampil", "A.Md."),
    Post("Perancang Peraturan Perundang-undangan Ahli Pertama", "jf_ahli_pertama", "S.H."),
)


def grades(status: Status, position_class: str, degree: str) -> tuple[str, ...]:
    """The grades that go with a status, a class and, for clerks, a degree."""
    if position_class == "pelaksana" and degree.startswith("S."):
        return GRADUATE_CLERKS[status]
    entry = ENTRY_GRADES.get((status, position_class))
    return entry or BEARINGS[position_class].grades
