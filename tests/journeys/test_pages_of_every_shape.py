"""The pages of a course with every shape of question: accessible, valid HTML, no console error.

What the demo shows is looked at in tests/demo/test_every_page.py.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Response

from tests import page_checks
from tests.journeys import long_course
from tests.journeys.conftest import Site, Visit, Visits
from tests.journeys.long_course import Played

pytestmark = pytest.mark.journey
LONG_LESSONS = [f"/courses/{long_course.SLUG}/lessons/{key}" for key in ("cek", "kuis", "penutup")]
LONG_TAUGHT = [
    f"/teach/{long_course.SLUG}{part}"
    for part in (
        "/essays",
        "/surveys",
        "/reflections",
        f"/questions?quiz={long_course.QUIZ}",
        "/versions",
        "/versions/2/lessons/kuis",
        "/versions/3",
        "/keys",
        "/people",
        f"/quizzes/{long_course.QUIZ}/paper",
    )
]
LONG_REVIEWED = [
    f"/teach/{long_course.SLUG}/versions{part}" for part in ("", "/3", "/3/lessons/kuis")
]
LONG_EDIT = f"/teach/{long_course.SLUG}/edit"
LONG_EDITED = [
    f"{LONG_EDIT}{part}"
    for part in (
        "",
        "/form/02-kuis.md",
        "/files/02-kuis.md",
        "/preview/02-kuis.md",
        "/history/02-kuis.md",
        "/figures/02-kuis.md",
        "/form/course.md",
        "/order",
        "/rename/02-kuis.md",
        "/delete/02-kuis.md",
    )
]
PASTED = "1. Siapa yang dilayani?\na. Warga\nb. Tamu\nKunci: A\n"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pages lie as they were sent; the theme is not in them, so each lies there once."""
    return tmp_path_factory.mktemp("pages")


def _look_at(visit: Visit, paths: list[str], saved: Path, role: str) -> list[str]:
    return [
        problem
        for path in paths
        for problem in _look(visit, visit.page.goto(visit.site.url + path), saved, role)
    ]


def _look(visit: Visit, answer: Response | None, saved: Path, role: str) -> list[str]:
    """Keep the page as it was sent, and say what axe finds in it as it stands."""
    assert answer is not None
    path = answer.url.removeprefix(visit.site.url)
    assert answer.status == 200, f"{role}: {path}: {answer.status}"
    name = f"{role}{re.sub(r'[^a-z0-9]+', '-', path.lower())}"[:100]
    (saved / f"{name}.html").write_bytes(answer.body())
    return page_checks.axe(visit.page, f"{role} {path}")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pages_with_long_questions_are_accessible(
    visit: Visits, site: Site, played: Played, saved: Path, dark: bool
) -> None:
    learner, author, reviewer = (visit(1280 if dark else 360, dark=dark) for _ in range(3))
    learner.sign_in(site.world.graduate)
    attempts = [f"/attempts/{played.under_way}", f"/attempts/{played.handed_in}/result"]
    checks = _checks(learner, f"/courses/{long_course.SLUG}/lessons/cek")
    problems = _look_at(learner, [*attempts, *LONG_LESSONS, *checks], saved, "learner")
    author.sign_in(site.world.instructor)
    checks = _checks(author, f"{LONG_EDIT}/preview/01-cek.md")
    problems += _look_at(author, [*LONG_TAUGHT, *LONG_EDITED, *checks], saved, "author")
    problems += _import(author, saved)
    reviewer.sign_in(site.world.reviewer)
    problems += _look_at(reviewer, LONG_REVIEWED, saved, "reviewer")
    assert problems == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pages_of_the_agencys_account_are_accessible(
    visit: Visits, site: Site, saved: Path, dark: bool
) -> None:
    nobody = visit(1280 if dark else 360, dark=dark)
    paths = ["/login", *(["/login/out"] if site.issuer else [])]
    assert _look_at(nobody, paths, saved, "nobody") == []


def _checks(visit: Visit, path: str) -> list[str]:
    """The addresses of the first self-check of a page answered wrongly and left empty."""
    visit.go(path)
    check = visit.page.locator("form.check").first
    key = check.get_attribute("id")
    wrong = check.locator("input[type=radio]").first.get_attribute("value")
    return [f"{path}?cek={key}&jawab={wrong}", f"{path}?cek={key}"]


def _import(author: Visit, saved: Path) -> list[str]:
    """Questions pasted, confirmed and read."""
    author.go("/teach/question_bank")
    author.page.get_by_label("Soal bernomor").fill(PASTED)
    with author.page.expect_navigation() as confirm:
        author.page.get_by_role("button", name="Baca teks").click()
    found = _look(author, confirm.value, saved, "author")
    with author.page.expect_navigation() as done:
        author.page.get_by_role("button", name="Jadikan bank soal").click()
    return found + _look(author, done.value, saved, "author")


def test_the_pages_seen_are_valid(saved: Path) -> None:
    errors = page_checks.html_errors(saved)
    assert not errors, "\n".join(errors)
