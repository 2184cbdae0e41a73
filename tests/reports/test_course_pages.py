"""HR's pages of courses: everyone with their state, in one's own branch."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask

from elearn.database import transaction
from elearn.people import accounts
from tests.people_cast import Cast
from tests.reports.school import (
    a_course,
    begin,
    browser_of,
    fails,
    page_of,
    passes,
    publish,
    rows_of,
    written,
)

HERE = "/hr/courses/keamanan"


@pytest.fixture
def studied(cast: Cast, course_id: int) -> Cast:
    """Ani passed, Citra is studying, the stranger failed, the others have not begun."""
    passes(cast.ani)
    begin(cast.citra)
    fails(cast.stranger)
    return cast


def states(app: Flask, person: object, asked: str = "") -> dict[str, str]:
    page = browser_of(app, person).get(f"{HERE}.csv{asked}")  # type: ignore[arg-type]
    assert page.status_code == 200
    rows = list(csv.reader(io.StringIO(page.get_data().decode("utf-8-sig"))))[1:]
    return {row[0].split()[0]: row[4] for row in rows}


def test_everyone_of_the_branch_has_a_state(app: Flask, studied: Cast) -> None:
    assert states(app, studied.syamsul) == {
        "Ani": "lulus",
        "Drs.": "belum mulai",
        "Citra": "sedang",
        "Dewi": "belum mulai",
        "Fadli": "belum mulai",
        "Hendra": "kuis belum lulus",
        "Syamsul": "belum mulai",
    }
    assert states(app, studied.citra) == {"Ani": "lulus", "Citra": "sedang"}


def test_the_page_shows_progress_score_and_counts(app: Flask, studied: Cast) -> None:
    text = page_of(app, studied.citra, HERE)
    ani, citra = rows_of(text)
    for part in ("lulus", "100%", "24 November 2026", "19940412 201903 2 901"):
        assert part in ani
    assert "sedang" in citra
    assert '>Lulus <span class="count">1</span>' in text
    assert '>Semua <span class="count">2</span>' in text


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("?state=passed", ["Ani"]),
        ("?state=studying", ["Citra"]),
        ("?state=failed", []),
        ("?state=not_started", []),
        ("?from=2026-11-24", ["Ani", "Citra"]),
        ("?from=2026-11-25", []),
        ("?until=2026-11-23", []),
        ("?q=lestari", ["Citra"]),
        ("?q=198502142009122908", ["Citra"]),
        ("?status=cpns", []),
        ("?sort=-percent", ["Ani", "Citra"]),
        ("?sort=score", ["Citra", "Ani"]),
        ("?sort=-unit", ["Ani", "Citra"]),
        ("?sort=last&state=odd", ["Ani", "Citra"]),
    ],
)
def test_the_list_is_narrowed_and_sorted(
    app: Flask, studied: Cast, asked: str, names: list[str]
) -> None:
    assert list(states(app, studied.citra, asked)) == names
    if not names:
        assert "Tidak ada pegawai yang cocok" in page_of(app, studied.citra, HERE + asked)
    else:
        assert len(rows_of(page_of(app, studied.citra, HERE + asked))) == len(names)


def test_who_was_deactivated_is_in_no_count_of_today(app: Flask, studied: Cast) -> None:
    with transaction():
        accounts.deactivate(None, studied.ani.id)
    assert states(app, studied.citra) == {"Citra": "sedang"}


def test_the_list_of_courses_leads_to_each_state(app: Flask, studied: Cast) -> None:
    publish(studied, a_course("rahasia", "Belum disetujui"), approved=False)
    (row,) = rows_of(page_of(app, studied.citra, "/hr/courses"))
    for state, count in (("passed", 1), ("studying", 1), ("failed", 0), ("not_started", 0)):
        assert f'href="{HERE}?state={state}">{count}<' in row
    unit = f"?unit={studied.pustu.id}"
    (row,) = rows_of(page_of(app, studied.citra, "/hr/courses" + unit))
    assert f'href="{HERE}?state=studying&amp;unit={studied.pustu.id}">0<' in row
    assert "Tidak ada kursus yang cocok" in page_of(app, studied.citra, "/hr/courses?q=zzz")


def test_without_courses_the_list_says_so(app: Flask, cast: Cast) -> None:
    assert "Belum ada kursus yang dibuka" in page_of(app, cast.citra, "/hr/courses")


@pytest.mark.parametrize("address", ["/hr/courses", HERE, HERE + ".csv", HERE + ".xlsx"])
def test_other_roles_and_other_branches_find_nothing(
    app: Flask, studied: Cast, address: str
) -> None:
    before = written()
    for who in (studied.ani, studied.budi, studied.dewi):
        assert browser_of(app, who).get(address).status_code == 404
    hr = browser_of(app, studied.citra)
    assert hr.get(f"{address}?unit={studied.works.id}").status_code == 404
    assert hr.post(address).status_code == 405
    assert written()[0] == before[0]


def test_an_unknown_course_is_not_found(app: Flask, studied: Cast) -> None:
    hr = browser_of(app, studied.citra)
    for slug in ("lain", "lain.csv", "keamanan.pdf", "Keamanan"):
        assert hr.get(f"/hr/courses/{slug}").status_code == 404
