"""The words of a certificate: dates, JP by module, whose number it is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.competency import certificate_text as text


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ((2026, 11, 24), (2026, 11, 24), "24 November 2026"),
        ((2026, 11, 2), (2026, 11, 24), "2 s.d. 24 November 2026"),
        ((2026, 8, 30), (2026, 11, 2), "30 Agustus s.d. 2 November 2026"),
        ((2025, 12, 30), (2026, 1, 2), "30 Desember 2025 s.d. 2 Januari 2026"),
    ],
)
def test_a_period_is_written_as_people_write_it(first, last, words: str) -> None:
    assert text.period(date(*first), date(*last)) == words


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (30, [45, 90], [10, 20]),
        (30, [50, 50, 50], [10, 10, 10]),
        (10, [1, 1, 1], [4, 3, 3]),
        (30, [0, 10], [0, 30]),
        (30, [0, 0], [0, 0]),
        (30, [], []),
    ],
)
def test_jp_is_shared_by_minutes(total: int, weights: list[int], parts: list[int]) -> None:
    assert text.shares(total, weights) == parts


@given(st.integers(0, 2000), st.lists(st.integers(0, 600), min_size=1, max_size=40))
def test_the_shares_add_up(total: int, weights: list[int]) -> None:
    parts = text.shares(total, weights)
    assert sum(parts) == (total if sum(weights) else 0)
    assert all(
        abs(p * sum(weights) - total * w) < sum(weights)
        for p, w in zip(parts, weights, strict=True)
        if sum(weights)
    )


FIELDS = {
    "number": "7",
    "agency": "A",
    "organiser": "O",
    "name": "Rudi",
    "nip": "199005172023211902",
    "nip_label": "NI PPPK",
    "rank": "Golongan IX",
    "position": "",
    "unit": "SDN 5",
    "title": "K",
    "jp": 3,
    "jp_words": "tiga",
    "score_tenths": 865,
    "method": "e-learning",
    "started_on": date(2026, 11, 2),
    "completed_on": date(2026, 11, 24),
    "issued_on": date(2026, 11, 24),
    "place": "Jambi",
    "signer_name": "",
    "signer_title": "Kepala",
    "materials": [["Satu", 45], ["Dua", 90]],
}


def test_the_page_says_whose_and_what() -> None:
    data = text.page_data(FIELDS, "abcde", "x.id/verify")
    assert data["holder"] == ["NI PPPK 19900517 202321 1 902 · Golongan IX", "SDN 5"]
    assert data["sentence"] == (
        "yang diselenggarakan oleh O dengan metode e-learning pada 2 s.d. 24 November 2026, "
        "dengan beban belajar 3 (tiga) jam pelajaran dan nilai 86,5."
    )
    assert (data["signer_title"], data["place_and_day"]) == ("Kepala", "Jambi, 24 November 2026")


def test_without_a_score_none_is_named() -> None:
    assert "nilai" not in text.sentence(FIELDS | {"score_tenths": None})


def test_a_certificate_from_before_the_modules_lists_its_lessons() -> None:
    data = text.page_data(FIELDS, "abcde", "x.id/verify")
    assert [(row["title"], row["jp"]) for row in data["modules"]] == [("Satu", "1"), ("Dua", "2")]


def test_what_a_page_cannot_hold_is_summed_up_in_one_line() -> None:
    many = FIELDS | {"materials": [["x", 10]] * 45, "jp": 9}
    rows = text.page_data(many, "abcde", "x.id/verify")["modules"]
    assert len(rows) == text.MOST_ROWS + 1
    assert (rows[-1]["title"], rows[-1]["minutes"], rows[-1]["jp"]) == (
        "dan 15 materi lain",
        "150",
        "3",
    )
