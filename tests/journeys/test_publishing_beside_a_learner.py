"""An instructor publishes a changed course while a learner is in the old version."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from elearn.app import create_app
from elearn.content import catalogue
from elearn.database import db, transaction
from tests import conftest as base
from tests.journeys import world as worlds
from tests.journeys.conftest import Site, Visits

pytestmark = pytest.mark.journey
SLUG = "keamanan-informasi"
LESSON = "01-dasar/01-mengapa-penting.md"
ADDED = "Kalimat ini hanya ada di versi yang baru."


def _publish_changed(site: Site, folder: Path) -> None:
    copy = folder / SLUG
    shutil.copytree(worlds.COURSES / SLUG, copy)
    lesson = copy / LESSON
    head, _, rest = lesson.read_text().partition("\n\n")
    lesson.write_text(f"{head}\n\n{ADDED}\n\n{rest}")
    app = create_app(base._config(site.database))
    catalogue.forget()
    with app.app_context():
        with transaction():
            worlds.publish(copy, site.world.instructor.id, site.world.head.id)
        db.session.remove()
        db.engine.dispose()


def test_the_old_version_stays_under_the_learner(visit: Visits, site: Site, tmp_path: Path) -> None:
    learner = visit(360)
    learner.sign_in(site.world.pinned)
    learner.begin(SLUG)
    page = learner.page
    before = page.url
    page.get_by_role("button", name="Selesai, lanjut").click()

    _publish_changed(site, tmp_path)

    page.goto(before)
    expect(page.get_by_role("main")).not_to_contain_text(ADDED)
    newcomer = visit(360)
    newcomer.sign_in(site.world.fresh)
    newcomer.begin(SLUG)
    expect(newcomer.page.get_by_role("main")).to_contain_text(ADDED)

    learner.go(f"/courses/{SLUG}")
    page.get_by_role("button", name="Pindah ke versi").click()
    page.goto(before)
    expect(page.get_by_role("main")).to_contain_text(ADDED)
