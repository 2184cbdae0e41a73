"""Kabupaten Contoh: its units, how many people of which status work in each, and their posts."""

from __future__ import annotations

from dataclasses import dataclass

from elearn.demo import posts
from elearn.demo.posts import Post

NAME = "Pemerintah Kabupaten Contoh"
AGENCY = "Pemerintah Kabupaten Contoh, Jambi"
ORGANISER = "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia Kabupaten Contoh"
PEOPLE = 320


@dataclass(frozen=True)
class Place:
    """A unit: ``counts`` are PNS, CPNS, PPPK and PPPK part time; ``specialists`` of them in JF.

    ``at_floor``, of the units right below the government, are the PNS at 20 JP in all the branch.
    """

    key: str
    name: str
    above: str = ""
    counts: tuple[int, int, int, int] = (0, 0, 0, 0)
    heads: tuple[Post, ...] = ()
    specialists: int = 0
    fields: tuple[Post, ...] = ()
    at_floor: int = 0


def _head(name: str, position_class: str, after: str = "S.Sos., M.Si.") -> Post:
    return Post(name, position_class, after)


PLACES = (
    Place(
        "setda", "Sekretariat Daerah", "", (1, 0, 0, 0),
        (_head("Sekretaris Daerah", "jpt_pratama", "S.H., M.Si."),), at_floor=11,
    ),
    Place(
        "setda/organisasi", "Bagian Organisasi", "setda", (8, 1, 1, 1),
        (
            _head("Kepala Bagian Organisasi", "administrator"),
            _head("Kepala Subbagian Tata Laksana", "pengawas", "S.AP."),
        ),
        3, posts.POLICY,
    ),
    Place(
        "setda/umum", "Bagian Umum", "setda", (9, 0, 2, 1),
        (
            _head("Kepala Bagian Umum", "administrator", "S.E., M.M."),
            _head("Kepala Subbagian Rumah Tangga", "pengawas", "S.E."),
            _head("Kepala Subbagian Perlengkapan", "pengawas", "S.Sos."),
        ),
        2, posts.POLICY,
    ),
    Place(
        "bkpsdm", "BKPSDM", "", (4, 0, 0, 0),
        (_head("Sekretaris BKPSDM", "administrator"),),
        1, posts.PERSONNEL, at_floor=13,
    ),
    Place(
        "bkpsdm/kompetensi", "Bidang Pengembangan Kompetensi", "bkpsdm", (5, 1, 1, 1),
        (
            _head("Kepala Bidang Pengembangan Kompetensi", "administrator", "S.IP., M.Si."),
            _head("Kepala Subbidang Diklat Teknis", "pengawas", "S.Psi."),
        ),
        3, posts.PERSONNEL,
    ),
    Place(
        "bkpsdm/mutasi", "Bidang Mutasi", "bkpsdm", (5, 0, 1, 0),
        (
            _head("Kepala Bidang Mutasi", "administrator"),
            _head("Kepala Subbidang Kepangkatan", "pengawas", "S.H."),
        ),
        2, posts.PERSONNEL,
    ),
    Place(
        "inspektorat", "Inspektorat", "", (12, 1, 1, 0),
        (
            _head("Inspektur", "jpt_pratama", "S.E., M.Si."),
            _head("Sekretaris Inspektorat", "administrator", "S.E."),
            _head("Inspektur Pembantu Wilayah I", "administrator", "S.H., M.H."),
            _head("Kepala Subbagian Umum", "pengawas", "S.Sos."),
        ),
        6, posts.AUDITORS, at_floor=10,
    ),
    Place(
        "dinkes", "Dinas Kesehatan", "", (1, 0, 0, 0),
        (_head("Kepala Dinas Kesehatan", "jpt_pratama", "M.Kes."),), at_floor=38,
    ),
    Place(
        "dinkes/sekretariat", "Sekretariat Dinas Kesehatan", "dinkes", (11, 1, 2, 1),
        (
            _head("Sekretaris Dinas Kesehatan", "administrator", "S.K.M., M.Kes."),
            _head("Kepala Bidang Kesehatan Masyarakat", "administrator", "S.K.M., M.Kes."),
            _head("Kepala Subbagian Keuangan", "pengawas", "S.E."),
        ),
        4, posts.HEALTH_OFFICE,
    ),
    Place(
        "dinkes/hulu", "Puskesmas Hulu", "dinkes", (15, 1, 9, 1),
        (
            Post("Kepala Puskesmas Hulu", "jf_ahli_muda", "M.K.M.", "dr."),
            _head("Kepala Subbagian Tata Usaha", "pengawas", "S.K.M."),
        ),
        19, posts.HEALTH,
    ),
    Place(
        "dinkes/hulu/pustu", "Pustu Bukit Sari", "dinkes/hulu", (2, 0, 1, 0), (),
        3, posts.HEALTH,
    ),
    Place(
        "dinkes/hilir", "Puskesmas Hilir", "dinkes", (16, 0, 13, 2),
        (
            Post("Kepala Puskesmas Hilir", "jf_ahli_muda", "", "drg."),
            _head("Kepala Subbagian Tata Usaha", "pengawas", "S.K.M."),
        ),
        22, posts.HEALTH,
    ),
    Place(
        "dinkes/muara", "Puskesmas Muara", "dinkes", (17, 1, 12, 2),
        (
            Post("Kepala Puskesmas Muara", "jf_ahli_muda", "M.K.M.", "dr."),
            _head("Kepala Subbagian Tata Usaha", "pengawas", "S.Kep."),
        ),
        23, posts.HEALTH,
    ),
    Place(
        "disdik", "Dinas Pendidikan", "", (1, 0, 0, 0),
        (_head("Kepala Dinas Pendidikan", "jpt_pratama", "S.Pd., M.M."),), at_floor=19,
    ),
    Place(
        "disdik/sekretariat", "Sekretariat Dinas Pendidikan", "disdik", (8, 1, 3, 1),
        (
            _head("Sekretaris Dinas Pendidikan", "administrator", "S.Pd., M.Pd."),
            _head("Kepala Bidang Pembinaan SD", "administrator", "S.Pd., M.Si."),
            _head("Kepala Subbagian Umum dan Kepegawaian", "pengawas", "S.AP."),
        ),
        4, posts.SCHOOL_OFFICE,
    ),
    Place(
        "disdik/sdn5", "SDN 5 Hulu", "disdik", (9, 0, 10, 1),
        (Post("Guru Ahli Madya (Kepala Sekolah)", "jf_ahli_madya", "S.Pd., M.Pd."),),
        15, posts.TEACHERS,
    ),
    Place(
        "disdik/sdn12", "SDN 12 Hilir", "disdik", (10, 0, 11, 1),
        (Post("Guru Ahli Madya (Kepala Sekolah)", "jf_ahli_madya", "S.Pd.SD., M.Pd."),),
        16, posts.TEACHERS,
    ),
    Place(
        "disdik/smpn2", "SMPN 2 Muara", "disdik", (14, 1, 16, 1),
        (
            Post("Guru Ahli Madya (Kepala Sekolah)", "jf_ahli_madya", "S.Pd., M.Pd."),
            _head("Kepala Subbagian Tata Usaha Sekolah", "pengawas", "S.E."),
        ),
        23, posts.TEACHERS,
    ),
    Place(
        "kominfo", "Dinas Kominfo", "", (10, 1, 4, 1),
        (
            _head("Kepala Dinas Kominfo", "jpt_pratama", "S.T., M.T."),
            _head("Sekretaris Dinas Kominfo", "administrator", "S.Sos."),
            _head("Kepala Bidang Aplikasi Informatika", "administrator", "S.Kom., M.Kom."),
        ),
        5, posts.COMPUTING, at_floor=6,
    ),
    Place(
        "pupr", "Dinas PUPR", "", (14, 0, 5, 3),
        (
            _head("Kepala Dinas PUPR", "jpt_pratama", "S.T., M.T."),
            _head("Sekretaris Dinas PUPR", "administrator", "S.E., M.M."),
            _head("Kepala Bidang Bina Marga", "administrator", "S.T."),
            _head("Kepala Subbagian Perencanaan", "pengawas", "S.T."),
        ),
        5, posts.ENGINEERS, at_floor=5,
    ),
    Place(
        "hulu", "Kecamatan Hulu", "", (7, 1, 2, 0),
        (
            _head("Camat Hulu", "administrator", "S.STP., M.Si."),
            _head("Kepala Seksi Pemerintahan", "pengawas", "S.IP."),
            _head("Kepala Seksi Pelayanan Umum", "pengawas"),
        ),
        at_floor=4,
    ),
    Place(
        "hulu/kelurahan", "Kelurahan Pasar Hulu", "hulu", (3, 0, 2, 2),
        (_head("Lurah Pasar Hulu", "pengawas", "S.Sos."),),
    ),
    Place(
        "hilir", "Kecamatan Hilir", "", (8, 0, 4, 1),
        (
            _head("Camat Hilir", "administrator", "S.STP."),
            _head("Sekretaris Kecamatan Hilir", "administrator", "S.Sos."),
        ),
        at_floor=3,
    ),
)  # fmt: skip

BY_KEY = {place.key: place for place in PLACES}


def office_of(key: str) -> str:
    """The unit right below the government in whose branch a unit lies."""
    return key.partition("/")[0]
