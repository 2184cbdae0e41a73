"""Capaian: the year's JP with the reason, competencies with evidence, completions."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from elearn import settings
from elearn.competency import evidence
from elearn.competency.evidence import Assessment
from elearn.database import transaction
from elearn.people.models import Status
from tests.people_cast import Cast, a_person, browser
from tests.reports.school import (
    a_course,
    browser_of,
    learns_elsewhere,
    page_of,
    passes,
    publish,
    written,
)

DAY = date(2026, 3, 2)


def test_an_empty_record_says_what_to_do(app: Flask, cast: Cast) -> None:
    text = page_of(app, cast.stranger, "/record")
    for part in (
        "JP tahun 2026, tercatat di sini",
        "kurang 20 JP",
        "Belum ada kursus yang lulus",
        'href="/courses"',
        "Belum ada pembelajaran di luar",
        "Jabatan belum dicatat",
    ):
        assert part in text


def test_a_completion_stands_in_the_record(app: Flask, cast: Cast, course_id: int) -> None:
    passes(cast.ani, on=DAY)
    text = page_of(app, cast.ani, "/record")
    for part in (
        "3 dari 20 JP",
        "kurang 17 JP",
        "Keamanan informasi",
        "2 Maret 2026",
        "Pustu Bukit Sari",
        'href="/certificates/',
        "Keamanan informasi mendukung Integritas sampai level 2",
        'href="/competencies/M.01"',
    ):
        assert part in text


def test_learning_elsewhere_ends_the_words_recorded_here(app: Flask, cast: Cast) -> None:
    learns_elsewhere(cast.citra, cast.ani, 20, DAY)
    text = page_of(app, cast.ani, "/record")
    assert "JP tahun 2026</h2>" in text
    assert "tercatat di sini" not in text.split("Kursus yang lulus")[0]
    assert "memenuhi 20 JP" in text
    assert "Bimtek 20 JP" in text


def test_the_limit_a_day_is_explained(app: Flask, cast: Cast, course_id: int) -> None:
    publish(cast, a_course("kedua", "Kedua"))
    passes(cast.ani, on=DAY)
    passes(cast.ani, "kedua", on=DAY)
    text = page_of(app, cast.ani, "/record")
    assert "Diperoleh 6 JP, terhitung 3 JP" in text
    assert "paling banyak 3 JP untuk setiap hari belajar" in text
    assert "dalam 1 hari" in text


def test_another_year_shows_its_own_figures(app: Flask, cast: Cast) -> None:
    learns_elsewhere(cast.citra, cast.ani, 8, date(2025, 6, 1))
    learns_elsewhere(cast.citra, cast.ani, 2, DAY)
    text = page_of(app, cast.ani, "/record?year=2025")
    assert "JP tahun 2025" in text
    assert "8 dari 20 JP" in text
    assert '<option value="2025" selected>' in text
    assert "2 dari 20 JP" in page_of(app, cast.ani, "/record?year=abc")
    assert "2 dari 20 JP" in page_of(app, cast.ani, "/record?year=1")


def test_a_pppk_sees_the_contract_year(app: Flask, cast: Cast, course_id: int) -> None:
    with transaction():
        rudi = a_person(
            "199005172023211902",
            "Rudi Saputra",
            cast.pustu,
            status=Status.PPPK,
            contract_start=date(2023, 3, 1),
        )
    learns_elsewhere(cast.citra, rudi, 4, DAY, letter="2/ST")
    passes(rudi)
    text = page_of(app, rudi, "/record")
    assert "1 Maret 2026 – 28 Februari 2027" in text
    assert "4 dari 24 JP" in text
    assert "Inisiatif sendiri: 3 JP" in text
    assert "dari 20 JP" not in text
    assert "1 Maret 2025 – 28 Februari 2026" in page_of(app, rudi, "/record?year=2025")


def test_a_pppk_without_a_contract_is_told(app: Flask, cast: Cast) -> None:
    with transaction():
        rudi = a_person("199005172023211902", "Rudi", cast.pustu, status=Status.PPPK)
    assert "Awal kontrak belum dicatat" in page_of(app, rudi, "/record")


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (1, "kurang 1 level"),
        (2, "memenuhi"),
        (None, "belum dinilai"),
        (1, "sasaran meminta level 2, belum tercapai"),
    ],
)
def test_a_competency_is_held_against_the_requirement(
    app: Flask, cast: Cast, level: int | None, words: str
) -> None:
    if level:
        with transaction():
            found = Assessment("M.01", level, date(2025, 3, 1), "Asesmen 2025")
            evidence.assess(cast.citra.id, cast.ani.id, found)
    text = page_of(app, cast.ani, "/record")
    line = text.split('href="/competencies/M.01"')[1].split("</li>")[0]
    assert words in line
    assert "diminta level 2" in line
    assert "sasaran meminta level" in line


def test_evidence_since_the_assessment_is_said_to_support(
    app: Flask, cast: Cast, course_id: int
) -> None:
    with transaction():
        found = Assessment("M.01", 1, date(2025, 3, 1), "Asesmen 2025")
        evidence.assess(cast.citra.id, cast.ani.id, found)
    passes(cast.ani, on=DAY)
    line = page_of(app, cast.ani, "/record").split('href="/competencies/M.01"')[1].split("</li>")[0]
    assert "didukung bukti, menunggu penilaian" in line
    assert "hasil penilaian level 1" in line


def test_a_sentence_of_hr_stands_on_the_page(app: Flask, cast: Cast) -> None:
    with transaction():
        settings.change("hr_note", 2026, "Serahkan sertifikat sebelum 15 Desember.", None)
    assert "sebelum 15 Desember" in page_of(app, cast.ani, "/record")


def test_the_record_is_only_read_by_who_is_signed_in(app: Flask, cast: Cast) -> None:
    before = written()
    assert browser(app).get("/record").status_code == 303
    assert browser_of(app, cast.ani).post("/record").status_code == 405
    browser_of(app, cast.ani).get("/record")
    assert written() == before
