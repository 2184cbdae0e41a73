"""What leaves a mark: copies, checks, the runner, errors, slow statements."""

from __future__ import annotations

import logging
import time
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, select, text

from elearn import clock, database, failures, marks, slow_statements, work
from elearn.database import Prepared, db, transaction
from elearn.failures import Failure
from elearn.marks import Mark, MarkKind
from elearn.slow_statements import Noted, SlowStatement

NOW = 1_795_500_000_000
LONG_AGO = date(2026, 1, 1)


def leave(at_ms: int, kind: MarkKind = MarkKind.BACKUP) -> None:
    with clock.set_to(at_ms), transaction():
        marks.leave(kind, bytes=at_ms % 1000)


def test_the_newest_mark_of_a_kind_outlives_its_time(app: Flask) -> None:
    leave(NOW - 400 * clock.DAY_MS)
    leave(NOW - 300 * clock.DAY_MS)
    leave(NOW - 300 * clock.DAY_MS, MarkKind.VERIFIED)
    leave(NOW - clock.DAY_MS, MarkKind.VERIFIED)
    with clock.set_to(NOW), transaction():
        marks.prune()
    assert [m.at_ms for m in marks.recent(MarkKind.BACKUP, 9)] == [NOW - 300 * clock.DAY_MS]
    assert [m.at_ms for m in marks.recent(MarkKind.VERIFIED, 9)] == [NOW - clock.DAY_MS]


def test_the_runner_has_one_mark_that_moves_at_times(app: Flask) -> None:
    pulse = work.Pulse()
    for at_ms in (NOW, NOW + 1):
        with clock.set_to(at_ms):
            pulse()
    assert db.session.scalars(select(Mark.at_ms)).all() == [NOW]
    with clock.set_to(NOW + 2):
        work.Pulse()()
    assert db.session.scalars(select(Mark.at_ms)).all() == [NOW + 2]


def fail(number: int) -> str:
    try:
        date(2026, 13, number)
    except ValueError as error:
        return failures.note(error, "site.show_home")
    raise AssertionError


def test_the_same_error_is_one_kind_and_keeps_no_message(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = fail(1), fail(2)
    assert first == second
    assert first in caplog.text
    [counted] = failures.since(LONG_AGO)
    assert (counted.code, counted.kind, counted.times) == (first, "ValueError", 2)
    assert counted.place == "site.show_home"
    with clock.set_to(clock.now_ms() + 40 * clock.DAY_MS), transaction():
        failures.prune()
    assert failures.since(LONG_AGO) == []


def test_an_error_has_its_code_though_it_cannot_be_counted(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(failures, "_count", lambda *_: 1 / 0)
    with caplog.at_level(logging.ERROR):
        assert len(fail(1)) == len("ABCD-EFGH")
    assert "could not be counted" in caplog.text
    assert db.session.scalar(select(func.count()).select_from(Failure)) == 0


def test_slow_statements_are_noted_on_every_path_without_values(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, float]] = []
    plain = create_engine(db.engine.url)
    database.tell_slow(plain, lambda text, seconds: heard.append((text, seconds)))
    monkeypatch.setattr(database, "SLOW_SECONDS", -1.0)
    with plain.connect() as connection:
        connection.execute(text("SELECT :secret"), {"secret": "rahasia"})
        connection.exec_driver_sql("CREATE TEMPORARY TABLE paper (id INTEGER)")
        many = [{"id": 1}, {"id": 2}]
        connection.execute(text("INSERT INTO paper VALUES (:id)"), many)
    assert len(heard) == 3
    monkeypatch.setattr(database, "_slow_heard", {db.engine: lambda *one: heard.append(one)})
    Prepared(select(Mark.id).where(Mark.kind == "rahasia")).all()
    assert len(heard) == 4
    assert "rahasia" not in str(heard)
    plain.dispose()


def test_slow_statements_are_written_now_and_then_and_the_slowest_kept(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.extensions["slow_statements"] = noted = Noted()
    noted.note("SELECT 1\n WHERE a IN (?, ?, ?)", 0.3)
    noted.note("SELECT 1\n WHERE a IN (?, ?)", 0.5)
    slow_statements.write()
    noted.note("SELECT 2", 0.4)
    slow_statements.write()  # too soon after the last writing
    [one] = slow_statements.since(clock.today())
    assert (one.text, one.times, one.slowest_ms) == ("SELECT 1 WHERE a IN (...)", 2, 500)
    later = time.monotonic() + slow_statements.REST_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    slow_statements.write()
    assert len(slow_statements.since(clock.today())) == 2


def test_a_day_keeps_its_slowest_and_is_forgotten_in_time(app: Flask) -> None:
    today = clock.today()
    with transaction() as session:
        for n in range(slow_statements.MOST_A_DAY + 5):
            for day in (today, today - timedelta(days=20)):
                row = {"text": str(n), "times": 1, "slowest_ms": n, "last_ms": NOW}
                session.add(SlowStatement(day=day, digest=str(n), **row))
    with transaction():
        slow_statements.prune()
    kept = db.session.scalars(select(SlowStatement.slowest_ms).order_by(SlowStatement.slowest_ms))
    assert list(kept) == list(range(5, slow_statements.MOST_A_DAY + 5))
