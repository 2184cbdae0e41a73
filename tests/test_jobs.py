"""Each job is done once, whoever asks; what fails is tried again and then given up."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock, jobs
from elearn.database import db, transaction
from elearn.errors import Unavailable
from elearn.jobs import LEASE_MS, MAX_TRIES, Job, JobState, Slot, Work

CLAIMERS = 8
JOBS = 40
NOW_MS = 1_795_500_000_000


def enqueue(key: str = "k:1", **values: object) -> bool:
    with transaction():
        return jobs.enqueue("k", key, **values)


def the_job() -> Job:
    db.session.expire_all()
    return db.session.scalars(select(Job)).one()


def fail(_: Work) -> None:
    raise ValueError("broken")


def test_the_same_key_is_one_job(app: Flask) -> None:
    assert enqueue()
    assert not enqueue()
    assert the_job().state == JobState.WAITING


def test_a_handler_gets_the_values_and_the_job_is_done(app: Flask) -> None:
    seen: list[dict[str, object]] = []
    enqueue(unit=7)
    assert jobs.run_one({"k": lambda work: seen.append(work.body)})
    assert not jobs.run_one({})
    job = the_job()
    assert seen == [{"unit": 7}]
    assert (job.state, job.progress_percent, job.tries, job.error) == ("done", 100, 1, "")
    assert job.ended_ms is not None


def test_many_claimers_take_each_job_once(app: Flask) -> None:
    with transaction():
        for number in range(JOBS):
            jobs.enqueue("k", f"k:{number}")
    gate = threading.Barrier(CLAIMERS)

    def claim_all(_: int) -> list[int]:
        with app.app_context():
            gate.wait()
            taken = []
            while work := jobs.claim(clock.now_ms()):
                taken.append(work.id)
            db.session.remove()
            return taken

    db.session.remove()
    with ThreadPoolExecutor(CLAIMERS) as pool:
        taken = [id for ids in pool.map(claim_all, range(CLAIMERS)) for id in ids]
    assert len(taken) == len(set(taken)) == JOBS


def test_a_job_waits_for_its_time(app: Flask) -> None:
    with clock.set_to(NOW_MS):
        enqueue(after_ms=NOW_MS + 1000)
    assert jobs.claim(NOW_MS + 999) is None
    assert jobs.claim(NOW_MS + 1000) is not None


def test_a_job_whose_runner_died_is_taken_over_when_its_lease_ends(app: Flask) -> None:
    enqueue(after_ms=NOW_MS)
    first = jobs.claim(NOW_MS)
    assert first is not None
    assert jobs.claim(NOW_MS + LEASE_MS) is None
    second = jobs.claim(NOW_MS + LEASE_MS + 1)
    assert second is not None
    assert (second.id, second.tries) == (first.id, 2)


def test_progress_prolongs_the_lease(app: Flask) -> None:
    enqueue(after_ms=NOW_MS)
    work = jobs.claim(NOW_MS)
    assert work is not None
    with clock.set_to(NOW_MS + LEASE_MS - 1):
        work.report(40)
    assert the_job().progress_percent == 40
    assert jobs.claim(NOW_MS + LEASE_MS + 1) is None


def test_a_runner_that_was_taken_over_changes_nothing_any_more(app: Flask) -> None:
    enqueue(after_ms=NOW_MS)
    slow = jobs.claim(NOW_MS)
    quick = jobs.claim(NOW_MS + LEASE_MS + 1)
    assert slow
    assert quick
    slow.report(90)
    jobs._end(slow, JobState.DONE, "")
    assert (the_job().state, the_job().progress_percent) == ("running", 0)
    jobs._end(quick, JobState.DONE, "")
    assert the_job().state == "done"


def test_what_fails_is_tried_again_and_then_given_up(app: Flask) -> None:
    moment = clock.now_ms()
    with clock.set_to(moment):
        enqueue()
    for number in range(1, MAX_TRIES + 1):
        with clock.set_to(moment + number * LEASE_MS):
            assert jobs.run_one({"k": fail})
            assert not jobs.run_one({"k": fail})
        wanted = JobState.WAITING if number < MAX_TRIES else JobState.FAILED
        assert (the_job().state, the_job().tries) == (wanted, number)
        assert "ValueError: broken" in the_job().error
    with clock.set_to(moment + 99 * LEASE_MS):
        assert not jobs.run_one({"k": fail})


def test_a_job_that_ends_its_runner_each_time_is_given_up_too(app: Flask) -> None:
    enqueue(after_ms=NOW_MS)
    for number in range(MAX_TRIES):
        assert jobs.claim(NOW_MS + number * (LEASE_MS + 1)) is not None
    with clock.set_to(NOW_MS + MAX_TRIES * (LEASE_MS + 1)):
        assert jobs.run_one({"k": fail})
    assert (the_job().state, the_job().error) == ("failed", "given up")


def test_a_kind_that_nobody_knows_fails(app: Flask) -> None:
    enqueue()
    assert jobs.run_one({})
    assert (the_job().state, the_job().error) == ("failed", "no handler for k")


def test_an_outage_is_no_failure_of_the_job(app: Flask) -> None:
    def be_busy(_: Work) -> None:
        raise Unavailable

    enqueue()
    assert jobs.run_one({"k": be_busy})
    assert the_job().state == JobState.WAITING


def test_a_failed_job_leaves_nothing_of_its_last_transaction(app: Flask) -> None:
    def write_and_fail(_: Work) -> None:
        with transaction():
            jobs.enqueue("other", "other:1")
            raise ValueError

    enqueue()
    jobs.run_one({"k": write_and_fail})
    assert list(db.session.scalars(select(Job.key))) == ["k:1"]


def test_a_time_slot_is_opened_once_by_many(app: Flask) -> None:
    slots = (Slot("close", 60_000), Slot("seal", clock.DAY_MS))
    gate = threading.Barrier(CLAIMERS)

    def open_slots(_: int) -> None:
        with app.app_context():
            gate.wait()
            jobs.open_slots(slots, NOW_MS)
            db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(CLAIMERS) as pool:
        list(pool.map(open_slots, range(CLAIMERS)))
    jobs.open_slots(slots, NOW_MS + 60_000)
    keys = sorted(db.session.scalars(select(Job.key)))
    minute, day = NOW_MS // 60_000, NOW_MS // clock.DAY_MS
    assert keys == [f"close:{minute}", f"close:{minute + 1}", f"seal:{day}"]


def test_old_work_that_is_done_is_forgotten(app: Flask) -> None:
    with clock.set_to(NOW_MS):
        enqueue("k:done")
        jobs.run_one({"k": lambda _: None})
        enqueue("k:waiting")
    jobs.prune(NOW_MS)
    assert len(db.session.scalars(select(Job)).all()) == 2
    jobs.prune(NOW_MS + 1)
    assert the_job().key == "k:waiting"


def test_the_runner_works_until_it_is_stopped(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "POLL_SECONDS", 0.01)
    stop = threading.Event()
    done: list[str] = []

    def work(item: Work) -> None:
        done.append(item.kind)
        stop.set()

    jobs.work_until(stop, {"tick": work}, (Slot("tick", 60_000),))
    assert done == ["tick"]


def test_the_runner_outlives_an_outage(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "POLL_SECONDS", 0.01)
    stop = threading.Event()
    tried: list[int] = []

    def open_slots(*_: object) -> None:
        tried.append(1)
        if len(tried) == 2:
            stop.set()
        raise Unavailable

    monkeypatch.setattr(jobs, "open_slots", open_slots)
    jobs.work_until(stop, {}, ())
    assert len(tried) == 2
