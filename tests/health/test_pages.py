"""The page of health: everything in words, for whom, and what can be done about it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock, failures, jobs, marks, schema, work
from elearn.database import db, transaction
from elearn.health import looking, verifying
from elearn.health.states import State
from elearn.jobs import Job, JobState
from elearn.marks import MarkKind
from elearn.people import notices
from elearn.people.models import AuditEntry
from elearn.proofs import verification
from elearn.proofs.verification import Finding
from tests.people_cast import Cast, signed_in

PAGE = "/admin/health"
LINES = [
    "disk", "database", "schema", "backup", "verified", "sealed", "keys", "runner", "jobs",
    "notices", "slow", "errors",
]  # fmt: skip


def a_failed_job() -> int:
    with transaction() as session:
        job = Job(
            key="x:1",
            kind="regrade",
            body="{}",
            state=JobState.FAILED,
            after_ms=0,
            tries=5,
            error="Traceback\nValueError: Ani Pratiwi",
            created_ms=1,
            ended_ms=2,
        )
        session.add(job)
    return job.id


def done_actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_everything_is_looked_at_and_said_in_words(app: Flask, cast: Cast) -> None:
    assert [line.key for line in looking.look().lines] == LINES
    json.dumps([line.told for line in looking.look().lines])
    page = signed_in(app, cast.dewi).get(PAGE)
    assert page.status_code == 200
    for words in ("Belum pernah dibuat.", "elearn backup", "bertindak", "Tidak ada dalam 7 hari."):
        assert words in page.text


def test_what_is_well_asks_for_nothing(app: Flask, cast: Cast) -> None:
    with transaction():
        marks.leave(MarkKind.BACKUP, bytes=1_200_000)
        marks.renew(MarkKind.RUNNER)
    work.HANDLERS["verify"](jobs.Work(0, "verify", {}))
    lines = {line.key: line for line in looking.look().lines}
    assert {key for key, line in lines.items() if line.state is not State.GOOD} <= {"disk"}
    text = signed_in(app, cast.dewi).get(PAGE).text
    assert "Dibuat baru saja (1,2 MB)" in text
    assert "Utuh, diperiksa baru saja" in text


@pytest.mark.parametrize(
    ("who", "seen", "done"),
    [("dewi", 200, 303), ("fadli", 200, 403), ("syamsul", 404, 404), ("citra", 404, 404)],
)
def test_who_may_look_and_who_may_act(
    app: Flask, cast: Cast, who: str, seen: int, done: int
) -> None:
    job_id = a_failed_job()
    client = signed_in(app, getattr(cast, who))
    assert client.get(PAGE).status_code == seen
    drop = client.get(f"{PAGE}/jobs/{job_id}/drop").status_code
    assert drop == (200 if done == 303 else done)
    for act in ("verify", f"jobs/{job_id}/retry"):
        assert client.post(f"{PAGE}/{act}").status_code == done
    db.session.expire_all()
    state = db.session.get_one(Job, job_id).state
    assert state == (JobState.WAITING if done == 303 else JobState.FAILED)


def test_a_failed_job_is_shown_without_its_message_and_tried_or_dropped(
    app: Flask, cast: Cast
) -> None:
    job_id = a_failed_job()
    client = signed_in(app, cast.dewi)
    text = client.get(PAGE).text
    assert "ValueError" in text
    assert "Ani" not in text
    assert "penghitungan ulang nilai" in client.get(f"{PAGE}/jobs/{job_id}/drop").text
    client.post(f"{PAGE}/jobs/{job_id}/drop")
    assert db.session.scalars(select(Job)).all() == []
    assert client.post(f"{PAGE}/jobs/{job_id}/drop").status_code == 404
    assert client.post(f"{PAGE}/jobs/{job_id}/retry").status_code == 404
    assert done_actions()[-1] == "job:dropped"


def test_a_check_is_asked_once_shows_how_far_it_is_and_keeps_its_result(
    app: Flask, cast: Cast
) -> None:
    client = signed_in(app, cast.dewi)
    client.post(f"{PAGE}/verify")
    client.post(f"{PAGE}/verify")
    [job] = db.session.scalars(select(Job))
    with transaction():
        job.progress_percent = 40
    running = client.get(PAGE).text
    assert "Jurnal sedang diperiksa" in running
    assert f'data-refresh="{PAGE}"' in running
    assert "40%" in running
    assert jobs.run_one(work.HANDLERS)
    assert "Jurnal sedang diperiksa" not in client.get(PAGE).text
    left = marks.newest(MarkKind.VERIFIED)
    assert left is not None
    assert left.values["problems"] == 0
    assert done_actions().count("journal:verification_asked") == 1


def test_problems_are_named_and_told_to_administrators(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = (Finding("event", str(n), "changed") for n in range(2000))
    monkeypatch.setattr(verification, "findings", lambda *_, **_more: found)
    with transaction():
        verifying.ask(cast.dewi.id)
    assert jobs.run_one(work.HANDLERS)
    [message] = notices.inbox(cast.dewi.id).messages
    assert (message.kind, message.values) == ("journal_unsound", {"count": 1000})
    assert notices.inbox(cast.fadli.id).messages == []
    client = signed_in(app, cast.dewi)
    assert "event 19: changed" in client.get(PAGE).text
    assert "menemukan 1.000 kejanggalan" in client.get("/inbox").text


def test_progress_is_told_beside_the_snapshot(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr(verifying, "SECONDS_BETWEEN", 0.0)
    monkeypatch.setattr(jobs.Work, "report", lambda _self, percent: told.append(percent))
    verifying.run(jobs.Work(0, "verify", {}))
    with transaction():
        marks.leave(MarkKind.BACKUP)
    assert all(0 <= percent < 100 for percent in told)


def test_the_nightly_check_begins_at_two_wib() -> None:
    slot = verifying.NIGHTLY
    day = clock.start_of_day_ms(clock.date_from_iso("2026-11-24"))
    two = day + 2 * 3_600_000
    assert slot.key(two - 1) != slot.key(two) == slot.key(two + clock.DAY_MS - 1)


def test_an_error_stands_there_under_the_code_of_its_page(app: Flask, cast: Cast) -> None:
    code = failures.note(ValueError("Ani"), "site.show_home")
    text = signed_in(app, cast.fadli).get(PAGE).text
    assert code in text
    assert "ValueError" in text
    assert looking.look().state is State.ACT


def test_a_secret_that_others_may_read_is_told(app: Flask, cast: Cast) -> None:
    folder = Path(app.extensions["elearn_keys"]._folder)
    key = folder / "loose.secret"
    folder.mkdir(exist_ok=True)
    key.write_bytes(b"x")
    key.chmod(0o640)
    try:
        line = next(line for line in looking.look().lines if line.key == "keys")
    finally:
        key.unlink()
    assert (line.reason, line.facts["exposed"]) == ("exposed", ["loose.secret"])


def test_a_database_with_an_older_schema_says_so(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "present", lambda: "20260101_0001")
    look = looking.look()
    assert [line.key for line in look.lines] == ["disk", "database", "schema"]
    assert look.state is State.ACT
