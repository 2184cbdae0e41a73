"""A small database with a bit of everything, sealed once; each case works on a copy of the file.

Its triggers are dropped, as somebody would do who changes rows by hand.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from flask import Flask

from elearn import clock
from elearn.app import create_app
from elearn.badges import issuing
from elearn.competency import certificates, evidence, level_corrections, replacing, revoking
from elearn.competency.evidence import Assessment
from elearn.competency.level_corrections import Correction
from elearn.competency.replacing import Wish
from elearn.content import catalogue
from elearn.database import db, transaction
from elearn.journal import guards, seal
from elearn.learning import renewals
from elearn.people import staffing
from elearn.people.models import Person
from tests import builders, conftest
from tests.people_cast import actor_of, make_cast


@dataclass
class Filled:
    """The application on a file that is put back before each case."""

    app: Flask
    path: Path
    original: Path
    ani: int

    def put_back(self) -> None:
        db.session.remove()
        db.engine.dispose()
        for ending in ("-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        shutil.copy(self.original, self.path)


@pytest.fixture(scope="module")
def made(template_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    folder = tmp_path_factory.mktemp("filled")
    path, original = folder / "site.db", folder / "original.db"
    shutil.copy(template_database, path)
    app = create_app(conftest._config(f"sqlite:///{path}"))
    with app.app_context():
        catalogue.forget()
        ani = _fill()
        db.session.remove()
        with db.engine.connect() as connection:
            for table, verb in product(guards.GUARDED, ("update", "delete")):
                connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb}")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
        shutil.copy(path, original)
        yield Filled(app, path, original, ani)
        db.session.remove()
        db.engine.dispose()
    catalogue.forget()


def _fill() -> int:
    cast = make_cast()
    with transaction() as session:
        nurse = staffing.position("Perawat Terampil", "jf_terampil")
        session.get_one(Person, cast.ani.id).position_id = nurse.id
    with clock.set_to(clock.now_ms() - 40 * clock.DAY_MS):
        builders.a_published_version(cast, builders.a_course(valid_months=1))
        builders.pass_everything(cast.ani)
    with transaction() as session:
        renewals.begin(session, cast.ani.id, builders.SLUG)
    builders.pass_everything(cast.ani)
    builders.an_enrolment(cast.budi)
    with transaction():
        found = Assessment("M.01", 2, date(2025, 3, 1), "Asesmen 2025")
        wrong = evidence.assess(cast.citra.id, cast.ani.id, found)
    with transaction():
        withdrawn = Correction(None, "Salah baca baris.")
        level_corrections.correct(actor_of(cast.citra), wrong, withdrawn)
    held = certificates.of(cast.ani.id)[0].id
    with transaction():
        revoking.revoke(actor_of(cast.syamsul), held, "Gelar pada nama keliru.")
        wish = Wish("Gelar dibetulkan.", post_as_now=False)
        made = replacing.replace(actor_of(cast.syamsul), held, wish)
    issuing.text_of(made.id)
    seal.seal_now()
    builders.finish(cast.budi)  # what no seal covers yet
    return cast.ani.id


@pytest.fixture
def filled(made: Filled) -> Filled:
    """The same file, as it was filled."""
    made.put_back()
    return made
