"""`python -m bench.regrade`: 10,000 attempts graded again while learners go on saving answers.

Aim: under 60 s, and no answer refused or lost meanwhile. Printed as a line for results.md.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select

from bench import databases, servers
from config import Config
from elearn import clock, jobs, schema, work
from elearn.app import create_app
from elearn.competency import framework
from elearn.content import catalogue, publishing
from elearn.content.course import Course, Lesson, Question, Quiz
from elearn.database import db, insert_new_together, transaction
from elearn.demo import editions
from elearn.errors import DomainError
from elearn.learning import attempts, quizzes, record, regrade, study
from elearn.learning.models import Attempt, AttemptAnswer, RegradedAttempt
from elearn.learning.quizzes import NewAnswer
from elearn.people import units
from elearn.people.models import Person, Placement

SLUG = editions.SECURITY
ATTEMPTS = 10_000
EACH = 2  # attempts of a person
SAVERS = 4
PORTION = 50
SEED = 2026
WHY = "Kunci soal tertukar; lihat pedoman halaman 4."


def main() -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.regrade", description=__doc__)
    parser.add_argument("--database", default="SQLite", choices=["SQLite", "PostgreSQL"])
    parser.add_argument("--attempts", type=int, default=ATTEMPTS)
    asked = parser.parse_args()
    with databases.empty(asked.database) as address, _app(address):
        print(_measure(address, asked.attempts), flush=True)


@contextmanager
def _app(address: str) -> Iterator[Flask]:
    app = create_app(Config(database=address, secret_key=servers.SECRET, url="http://localhost"))
    catalogue.forget()
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _measure(address: str, wanted: int) -> str:
    made = editions.compile_all(servers.ROOT / "courses")
    first, second = _all_drawn(made.first_security), _all_drawn(made.security)
    before, after = _swapped(first), _swapped(second)
    people = _build(first, before, wanted)
    course_id = catalogue.link(SLUG).id
    count = len(regrade.attempt_ids(course_id, before.digest))
    with transaction():
        publishing.publish(second, None)
        ask = regrade.Ask(course_id, before.digest, after.digest, True, WHY)
        regrade.ask(people[0], ask)
    spawn = multiprocessing.get_context("spawn")
    told = spawn.Queue()
    runner = spawn.Process(target=_work, args=(address, told))
    runner.start()
    saved = _save_until_ended(address, people[-SAVERS:], runner)
    runner.join()
    seconds = told.get()
    job = db.session.scalars(select(jobs.Job).where(jobs.Job.kind == regrade.REGRADE)).one()
    changed = db.session.scalar(select(func.count()).select_from(RegradedAttempt))
    wrong = sum(len(list(record.differences(person_id))) for person_id in people[::97])
    return (
        f"{count:,} attempts in {seconds:.1f} s ({job.state}), {changed:,} results changed; "
        f"meanwhile {len(saved):,} answers saved, median {statistics.median(saved):.1f} ms, "
        f"p99 {statistics.quantiles(saved, n=100)[98]:.0f} ms, slowest {max(saved):.0f} ms; "
        f"{wrong} rows of a sample differ from the fold"
    )


def _swapped(course: Course) -> Question:
    asked = [q for quiz in course.quizzes for pool in quiz.pools for q in pool.questions]
    return next(question for question in asked if question.id == editions.SWAPPED)


def _all_drawn(course: Course) -> Course:
    """The course with quizzes that ask all their questions, so that each attempt has the one."""

    def block(part: Any) -> Any:
        if not isinstance(part, Quiz):
            return part
        return replace(part, pools=tuple(replace(p, draw=len(p.questions)) for p in part.pools))

    def lesson(part: Lesson) -> Lesson:
        return replace(part, blocks=tuple(map(block, part.blocks)))

    modules = (replace(m, lessons=tuple(map(lesson, m.lessons))) for m in course.modules)
    return replace(course, modules=tuple(modules))


def _work(address: str, told: Any) -> None:
    """Do what waits, and tell the seconds it took."""
    with _app(address):
        begun = time.perf_counter()
        while jobs.run_one(work.HANDLERS):
            pass
        told.put(time.perf_counter() - begun)


def _build(first: Course, swapped: Question, wanted: int) -> list[int]:
    """People who handed in the quiz with the wrong key; the last few are in the middle of it."""
    schema.upgrade()
    chance = random.Random(SEED)  # noqa: S311  # the same data each time
    with transaction():
        framework.load_seed()
        unit = units.create_unit("Pemerintah Kabupaten Contoh")
        people = list(range(1, wanted // EACH + SAVERS + 1))
        _add_people(people, unit.id)
        done = publishing.publish(first, None)
        publishing.approve(done.course_id, people[0])
    quiz = next(q.key for q in first.quizzes if any(swapped in pool.questions for pool in q.pools))
    for at in range(0, len(people) - SAVERS, PORTION):
        with transaction():
            for person_id in people[at : min(at + PORTION, len(people) - SAVERS)]:
                _learn(person_id, quiz, chance)
    for person_id in people[-SAVERS:]:
        with transaction() as session:
            quizzes.start(session, study.enrol(session, person_id, SLUG), quiz)
    return people


def _add_people(ids: Sequence[int], unit_id: int) -> None:
    rows = [
        {
            "id": id_,
            "nip": f"19{80 + id_ // 1200}{id_ // 100 % 12 + 1:02}102010011{900 + id_ % 100:03}",
            "name": "Peserta",
            "sort_name": "peserta",
            "status": "pns",
            "unit_id": unit_id,
            "created_ms": clock.now_ms(),
        }
        for id_ in ids
    ]
    db.session.execute(insert(Person), rows)
    placed = [{"person_id": id_, "unit_id": unit_id, "from_ms": 0} for id_ in ids]
    db.session.execute(insert(Placement), placed)


def _learn(person_id: int, quiz: str, chance: random.Random) -> None:
    session = db.session()
    here = study.enrol(session, person_id, SLUG)
    for _ in range(EACH):
        attempt_id = quizzes.start(session, here, quiz)
        rows = [
            {
                "attempt_id": attempt_id,
                "position": shown.position,
                "counter": 1,
                "body": f'["{chance.choice(shown.options).key}"]' if shown.options else '["1"]',
                "saved_ms": clock.now_ms(),
            }
            for shown in attempts.attempt_page(person_id, attempt_id).questions
        ]
        insert_new_together(AttemptAnswer, rows)
        quizzes.submit(session, person_id, attempt_id)


def _save_until_ended(
    address: str, people: Sequence[int], runner: multiprocessing.process.BaseProcess
) -> list[float]:
    """Milliseconds of each answer saved while the runner works. A refused one ends the bench."""
    taken: list[float] = []
    threads = [
        threading.Thread(target=_save, args=(address, person_id, runner, taken))
        for person_id in people
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def _save(
    address: str,
    person_id: int,
    runner: multiprocessing.process.BaseProcess,
    taken: list[float],
) -> None:
    with _app(address):
        mine = select(Attempt.id).where(Attempt.person_id == person_id)
        attempt_id = db.session.scalars(mine).one()
        counter = 0
        while runner.is_alive():
            counter += 1
            begun = time.perf_counter()
            try:
                quizzes.save_one_answer(person_id, attempt_id, NewAnswer(0, ["a"], counter))
            except DomainError as problem:
                raise SystemExit(f"an answer was refused: {problem!r}") from problem
            taken.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.05)


if __name__ == "__main__":
    main()
