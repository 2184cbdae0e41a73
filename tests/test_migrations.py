"""Migrations on both databases: from nothing, with data, all or nothing, down and up again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from elearn import demo_mark, schema
from elearn.app import create_app
from elearn.content import catalogue
from elearn.database import db, snapshot, transaction
from elearn.errors import Invalid
from elearn.journal import chain, guards, walk
from elearn.learning import record
from tests import conftest, engines
from tests.builders import a_published_version, pass_everything
from tests.people_cast import make_cast


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application before a database that holds nothing yet."""
    catalogue.forget()
    if request.param == "sqlite":
        yield from _in_context(f"sqlite:///{tmp_path / 'bare.db'}")
    else:
        with engines.empty_postgresql_database() as address:
            yield from _in_context(address)
    catalogue.forget()


def _in_context(address: str) -> Iterator[Flask]:
    app = create_app(conftest._config(address))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def fill() -> int:
    """People, a course and its completion. Returns the id of who completed it."""
    cast = make_cast()
    a_published_version(cast)
    pass_everything(cast.ani)
    return cast.ani.id


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def test_an_empty_database_gets_every_table_of_the_models(bare_app: Flask) -> None:
    assert not schema.is_current()
    assert schema.present() == ""
    schema.upgrade()
    assert schema.is_current()
    assert schema.present() == schema.newest() != ""
    assert tables() == set(db.metadata.tables)
    assert demo_mark.DemoMark.__tablename__ in tables()


def test_the_migrations_lead_to_what_the_models_say(bare_app: Flask) -> None:
    schema.upgrade()
    command.check(schema.alembic_config())


def test_the_journal_is_guarded_after_the_migration(bare_app: Flask) -> None:
    schema.upgrade()
    fill()
    refused = ["UPDATE event SET body = ''", "DELETE FROM event"]
    if not is_sqlite():
        refused.append("TRUNCATE event")
    for statement in refused:
        with pytest.raises(DBAPIError, match=guards.REFUSAL), transaction() as session:
            session.connection().exec_driver_sql(statement)


def test_a_filled_database_is_migrated_again_without_a_change(bare_app: Flask) -> None:
    schema.upgrade()
    person_id = fill()
    before = chain.events_of(person_id)
    schema.upgrade()
    assert chain.events_of(person_id) == before
    with snapshot():
        assert list(walk.broken_links()) == []
        assert list(record.differences(person_id)) == []


def test_a_database_can_go_down_and_up_again(bare_app: Flask) -> None:
    schema.upgrade()
    fill()
    db.session.remove()
    command.downgrade(schema.alembic_config(), "base")
    assert tables() == set()
    schema.upgrade()
    catalogue.forget()
    assert fill() > 0
    with pytest.raises(DBAPIError), transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM event")


def test_a_broken_migration_leaves_nothing(
    bare_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "statements", lambda *_: ["CREATE NONSENSE"])
    with pytest.raises(DBAPIError):
        schema.upgrade()
    assert tables() == set()
    assert schema.present() == ""
    monkeypatch.undo()
    schema.upgrade()
    assert schema.is_current()


def test_foreign_keys_hold_after_a_migration_that_failed(
    bare_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_sqlite():
        pytest.skip("PostgreSQL always holds them")
    monkeypatch.setattr(guards, "statements", lambda *_: ["CREATE NONSENSE"])
    with pytest.raises(DBAPIError):
        schema.upgrade()
    connection = db.session.connection()
    assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_copy_is_made_in_use_and_put_back(bare_app: Flask) -> None:
    if not is_sqlite():
        assert schema.back_up() is None
        with pytest.raises(Invalid, match="not_sqlite"):
            schema.restore(Path("x.db"))
        return
    schema.upgrade()
    person_id = fill()
    before = chain.events_of(person_id)
    saved = schema.back_up()
    assert saved is not None
    with transaction() as session:
        demo_mark.mark()
        session.flush()
    db.session.remove()
    db.engine.dispose()
    kept = schema.restore(saved)
    assert kept is not None
    assert kept.exists()
    assert not demo_mark.is_demo()
    assert chain.events_of(person_id) == before


def test_what_is_no_database_of_ours_is_not_put_in_its_place(
    bare_app: Flask, tmp_path: Path
) -> None:
    if not is_sqlite():
        pytest.skip("SQLite only")
    schema.upgrade()
    text, other = tmp_path / "notes.txt", tmp_path / "other.db"
    text.write_text("not a database, but long enough to be read as one " * 40)
    sqlite3.connect(other).execute("CREATE TABLE x (y)").connection.close()
    for path in (text, other):
        with pytest.raises(Invalid, match="not_a_database"):
            schema.restore(path)
    assert schema.is_current()
