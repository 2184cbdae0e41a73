"""All or nothing, writes only within transaction(), and an outage with a name."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import bindparam, delete, event, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from elearn import clock, database
from elearn.database import (
    Prepared,
    db,
    engine_options,
    insert_new,
    is_writing,
    snapshot,
    transaction,
)
from elearn.errors import NotFound, Unavailable
from elearn.people.models import Unit

THREADS = 8
ADDS = 20


def a_unit(name: str) -> Unit:
    return Unit(name=name, path=f"/{name}/")


def add(name: str) -> None:
    with transaction() as session:
        session.add(a_unit(name))


def names() -> list[str]:
    return list(db.session.scalars(select(Unit.name).order_by(Unit.id)))


def is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def test_what_is_written_together_is_there_together(app: Flask) -> None:
    with transaction() as session:
        session.add(a_unit("satu"))
        session.add(a_unit("dua"))
        assert is_writing()
    assert not is_writing()
    assert names() == ["satu", "dua"]


def test_a_failure_leaves_nothing_behind(app: Flask) -> None:
    with pytest.raises(NotFound), transaction() as session:  # noqa: PT012  # fails after the work
        session.add(a_unit("satu"))
        session.flush()
        raise NotFound
    assert names() == []
    assert not is_writing()


def test_an_inner_failure_that_is_caught_keeps_the_outer_work(app: Flask) -> None:
    with transaction() as session:
        session.add(a_unit("luar"))
        with pytest.raises(NotFound), transaction():  # noqa: PT012  # fails after the work
            session.add(a_unit("dalam"))
            raise NotFound
        with transaction():
            session.add(a_unit("dalam lagi"))
    assert names() == ["luar", "dalam lagi"]


def test_an_inner_breach_of_a_constraint_keeps_the_outer_work(app: Flask) -> None:
    with transaction() as session:
        session.add(a_unit("luar"))
        with pytest.raises(IntegrityError), transaction():
            session.execute(insert(Unit), [{"name": "x", "code": "", "path": None}])
    assert names() == ["luar"]


@pytest.mark.parametrize(
    "statement",
    [
        insert(Unit).values(name="x", code="", path="/x/"),
        update(Unit).values(name="x"),
        delete(Unit),
    ],
    ids=["insert", "update", "delete"],
)
def test_a_statement_outside_a_transaction_is_refused(app: Flask, statement: object) -> None:
    add("satu")
    with pytest.raises(RuntimeError, match="outside"):
        db.session.execute(statement)  # type: ignore[call-overload]
    assert names() == ["satu"]


def test_a_flush_outside_a_transaction_is_refused(app: Flask) -> None:
    add("satu")
    unit = db.session.scalars(select(Unit)).one()
    unit.name = "berubah"
    with pytest.raises(RuntimeError, match="outside"):
        db.session.flush()
    with pytest.raises(RuntimeError, match="outside"):
        add("dua")
    db.session.rollback()
    with pytest.raises(RuntimeError, match="outside"):
        insert_new(Unit, [{"name": "x", "code": "", "path": "/x/"}])
    assert names() == ["satu"]


def test_reading_opens_no_transaction(app: Flask) -> None:
    add("satu")
    sent: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    names()
    event.remove(db.engine, "before_cursor_execute", note)
    assert [s for s in sent if s.startswith("BEGIN")] == []
    raw = db.session.connection().connection.dbapi_connection
    if isinstance(raw, sqlite3.Connection):
        assert not raw.in_transaction
    else:
        assert raw is not None
        assert raw.autocommit


def test_a_snapshot_does_not_see_what_is_written_later(app: Flask) -> None:
    add("satu")

    def add_elsewhere() -> None:
        with app.app_context():
            add("dua")
            db.session.remove()

    with snapshot():
        assert names() == ["satu"]
        with ThreadPoolExecutor(1) as pool:
            pool.submit(add_elsewhere).result()
        db.session.expire_all()
        assert names() == ["satu"]
    assert names() == ["satu", "dua"]


def test_a_snapshot_is_not_taken_in_the_middle_of_writing(app: Flask) -> None:
    with transaction(), pytest.raises(RuntimeError), snapshot():
        pass


def test_only_new_rows_are_inserted_and_counted(app: Flask) -> None:
    rows = [{"id": n, "name": "x", "code": "", "path": f"/{n}/"} for n in (1, 2)]
    with transaction():
        assert insert_new(Unit, []) == 0
        assert insert_new(Unit, rows[:1]) == 1
        assert insert_new(Unit, rows) == 1


def test_many_who_read_first_and_then_add_lose_nothing(app: Flask) -> None:
    add("0")
    gate = threading.Barrier(THREADS)

    def count_up(_: int) -> None:
        with app.app_context():
            gate.wait()
            for _ in range(ADDS):
                with transaction() as session:
                    unit = session.scalars(select(Unit).with_for_update()).one()
                    unit.name = str(int(unit.name) + 1)
            db.session.remove()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(count_up, range(THREADS)))
    assert names() == [str(THREADS * ADDS)]


def test_only_outages_become_unavailable(app: Flask) -> None:
    with pytest.raises(DBAPIError) as wrong:
        db.session.connection().exec_driver_sql("SELECT * FROM tidak_ada")
    assert not isinstance(wrong.value, Unavailable)


def test_a_database_that_is_locked_is_unavailable(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_postgresql():
        pytest.skip("SQLite only")
    path = db.engine.url.database
    assert path
    db.engine.dispose()
    monkeypatch.setattr(database, "PRAGMAS", (*database.PRAGMAS, "busy_timeout=50"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(Unavailable) as busy:
            add("satu")
    finally:
        other.rollback()
        other.close()
    assert busy.value.retry_after_seconds > 0
    add("dua")
    assert names() == ["dua"]


def test_a_write_that_waits_too_long_for_its_turn_is_unavailable(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_postgresql():
        pytest.skip("SQLite only")
    monkeypatch.setattr(database, "TURN_SECONDS", 0.05)
    with database._turn, pytest.raises(Unavailable):
        add("satu")
    add("dua")
    assert names() == ["dua"]


def test_a_database_that_is_not_there_is_unavailable(app: Flask, tmp_path: Path) -> None:
    db.session.remove()
    db.engine.dispose()
    if is_postgresql():
        names()
        pid = db.session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_end_connection, app, pid).result()
    else:
        path = Path(str(db.engine.url.database))
        path.rename(tmp_path / "away.db")
        path.mkdir()
    with pytest.raises(Unavailable):
        names()


def _end_connection(app: Flask, pid: int) -> None:
    with app.app_context():
        db.session.connection().exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
        db.session.remove()


@pytest.mark.parametrize(
    ("words", "is_outage"),
    [
        ("database is locked", True),
        ("database or disk is full", True),
        ("could not extend file: No space left on device", True),
        ("disk I/O error", True),
        ("deadlock detected", True),
        ("server closed the connection unexpectedly", True),
        ("no such table: unit", False),
        ("near SELEC: syntax error", False),
    ],
)
def test_outages_are_told_by_what_the_driver_says(words: str, is_outage: bool) -> None:
    problem = OperationalError("SELECT 1", {}, Exception(words))
    assert database._is_outage(problem) is is_outage


def test_reads_commit_by_themselves_on_postgresql() -> None:
    assert engine_options("sqlite:///x.db") == {}
    assert engine_options("postgresql+psycopg://x/y")["isolation_level"] == "AUTOCOMMIT"
    assert clock.now_ms() > 0


# --- prepared statements


_ADDED = {
    dialect: Prepared(
        make(Unit).values(name=bindparam("name"), code="", path="/x/").returning(Unit.id)
    )
    for dialect, make in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def add_prepared(name: str) -> None:
    _ADDED[db.engine.dialect.name].write(name=name)


def test_a_prepared_write_is_there_for_everybody_when_it_returns(app: Flask) -> None:
    for number in range(3):  # the first connection of an engine, and one that was used
        with app.app_context():
            add_prepared(f"U{number}")
        db.session.remove()
        db.engine.dispose()
        assert len(names()) == number + 1


def test_a_prepared_write_within_a_transaction_is_refused(app: Flask) -> None:
    with transaction(), pytest.raises(RuntimeError):
        add_prepared("U")
    assert names() == []
