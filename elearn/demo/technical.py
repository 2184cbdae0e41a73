"""The agency's own technical competencies, one worded anew, and what one position asks of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from elearn.competency import editions, position_requirements
from elearn.competency.editions import Why
from elearn.competency.requirements import Wish
from elearn.competency.wording import LevelWording, Wording
from elearn.demo import members
from elearn.demo.calendar import REACH_DAYS
from elearn.demo.levels import OLDEST_DAYS
from elearn.demo.world import Step, World
from elearn.people import staffing

ARCHIVES, COMPLAINTS = "TEK.ARSIP", "TEK.ADUAN"
REWORDED_DAY = 60
CLERK = ("Pengadministrasi Perkantoran", "pelaksana")
ASKED_LEVEL = 2
DECREE = "Keputusan Bupati Contoh tentang kamus kompetensi teknis"

WORDINGS = {
    ARCHIVES: Wording(
        "Tata kelola arsip dinamis",
        "Mencatat, menata, menyimpan, dan menemukan kembali arsip aktif dan inaktif sesuai jadwal"
        " retensi.",
        (
            LevelWording(
                "Mencatat surat dan berkas menurut petunjuk.",
                indicators=(
                    "Mengisi buku agenda atau aplikasi persuratan tanpa ada kolom kosong.",
                    "Mengembalikan berkas pinjaman ke tempatnya.",
                ),
            ),
            LevelWording(
                "Menata arsip aktif unitnya secara mandiri.",
                indicators=(
                    "Memberkaskan surat menurut klasifikasi arsip instansi.",
                    "Menemukan berkas yang diminta dalam sepuluh menit.",
                ),
            ),
            LevelWording(
                "Memastikan arsip unit tertib, dan membimbing petugasnya.",
                indicators=(
                    "Memindahkan arsip inaktif menurut jadwal retensi setiap tahun.",
                    "Memeriksa kelengkapan daftar arsip unit.",
                ),
            ),
            LevelWording(
                "Menyelaraskan pengelolaan arsip antarunit.",
                indicators=("Menyusun prosedur alih media yang dipakai semua unit.",),
            ),
            LevelWording(
                "Menetapkan kebijakan kearsipan instansi.",
                indicators=("Menjadi rujukan instansi lain dalam pengelolaan arsip.",),
            ),
        ),
        DECREE,
    ),
    COMPLAINTS: Wording(
        "Pengelolaan pengaduan layanan",
        "Menerima, mencatat, menindaklanjuti, dan menutup pengaduan warga tepat waktu.",
        (
            LevelWording(
                "Menerima dan mencatat pengaduan dengan lengkap.",
                indicators=(
                    "Mencatat siapa, apa, kapan, dan harapan pelapor.",
                    "Memberi nomor pengaduan kepada pelapor.",
                ),
            ),
            LevelWording(
                "Menindaklanjuti pengaduan dalam kewenangannya.",
                indicators=(
                    "Mengabari pelapor sebelum batas waktu.",
                    "Meneruskan yang bukan kewenangannya pada hari yang sama.",
                ),
            ),
            LevelWording(
                "Memastikan semua pengaduan unit selesai, dan membimbing petugasnya.",
                indicators=("Membahas pengaduan berulang dalam rapat bulanan.",),
            ),
            LevelWording(
                "Memperbaiki layanan antarunit dari pola pengaduan.",
                indicators=("Mengusulkan perubahan prosedur dengan data pengaduan.",),
            ),
            LevelWording(
                "Menetapkan kebijakan pengelolaan pengaduan instansi.",
                indicators=("Menjadi rujukan instansi lain dalam pengelolaan pengaduan.",),
            ),
        ),
        DECREE,
    ),
}


def steps(world: World) -> Iterator[Step]:
    """Added on the first day, one worded anew since; clerks are asked for archives."""
    at = world.calendar.at
    decreed = world.calendar.day(OLDEST_DAYS)
    for code in WORDINGS:
        yield Step(at(REACH_DAYS, 14), partial(_add, world, code, decreed))
    yield Step(at(REACH_DAYS, 15), partial(_ask, world, decreed))
    yield Step(at(REWORDED_DAY, 9), partial(_reword, world))


def _add(world: World, code: str, decreed: date) -> None:
    editions.add(world.people[members.SYAMSUL], code, WORDINGS[code], Why(decreed, DECREE))


def _ask(world: World, decreed: date) -> None:
    clerk = staffing.position(*CLERK)
    wish = Wish({ARCHIVES: ASKED_LEVEL}, decreed, "Analisis jabatan pengadministrasi perkantoran")
    position_requirements.change(world.people[members.SYAMSUL], clerk.id, wish)


def _reword(world: World) -> None:
    """The second level of complaints says by when, as the new standard of service does."""
    before = WORDINGS[COMPLAINTS]
    second = replace(
        before.levels[1],
        indicators=("Mengabari pelapor dalam tiga hari kerja.", *before.levels[1].indicators[1:]),
    )
    after = replace(before, levels=(before.levels[0], second, *before.levels[2:]))
    why = Why(world.calendar.day(REWORDED_DAY), "Standar pelayanan pengaduan yang baru")
    editions.reword(world.people[members.SYAMSUL], COMPLAINTS, 1, after, why)
