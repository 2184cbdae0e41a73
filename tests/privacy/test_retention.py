"""How long what is kept: what is past its time goes, all else stays, and verify stays clean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select, update

from elearn import clock, files, jobs, work
from elearn.cli import application, main
from elearn.competency import outside, papers, submissions
from elearn.competency.papers import Paper
from elearn.competency.submissions import Asked
from elearn.content.draft_models import Act, DraftFile, DraftRevision
from elearn.content.models import Course
from elearn.database import db, snapshot, transaction
from elearn.errors import NotFound
from elearn.files import Blob
from elearn.jobs import Job, Work
from elearn.learning.models import AttemptAnswer, EssayMark, ReflectionText
from elearn.learning.rubric import Mark
from elearn.people import accounts, audit, notices
from elearn.people.models import Notice, Person, RoleGrant, SignIn
from elearn.people.notices import NoticeKind
from elearn.privacy import rectifications, retention
from elearn.privacy.models import About
from elearn.proofs import verification
from elearn.roster.models import RosterBefore, RosterImport, RosterRow, State
from tests.builders import a_published_version, a_question
from tests.learning.essays import course_with, essay, give, write
from tests.outside.conftest import PDF, a_learning
from tests.people_cast import Cast, actor_of, signed_in

HERE = "/admin/privacy/retention"
LONG_AGO = date(2018, 3, 1)
LATELY = date(2026, 11, 1)


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """The cast, in their roles ever since there were any."""
    with transaction() as session:
        session.execute(update(RoleGrant).values(from_ms=0))
    return cast


def at(day: date) -> Any:
    return clock.set_to(clock.start_of_day_ms(day) + 9 * 3_600_000)


def count(column: Any, *where: Any) -> int:
    return db.session.scalar(select(func.count(column)).where(*where)) or 0


def a_sign_in(cast: Cast) -> None:
    """Of two people: a new sign-in ends the old ones of its person."""
    person = cast.budi if clock.today().year == LONG_AGO.year else cast.dewi
    with transaction() as session:
        accounts.sign_in(session.get_one(Person, person.id))


def a_read_notice(cast: Cast) -> None:
    with transaction():
        notices.notify(cast.budi.id, NoticeKind.CODE_ISSUED, f"code:{clock.now_ms()}")
        notices.mark_read(cast.budi.id)


def a_done_job(cast: Cast) -> None:
    with transaction():
        jobs.enqueue("tidy", f"tidy:{clock.now_ms()}")
    jobs.run_one({"tidy": lambda _work: None})


def two_revisions(cast: Cast) -> None:
    """Of one file; the newest stays, however old it is."""
    with transaction() as session:
        now_ms = clock.now_ms()
        course = Course(slug=f"c{now_ms}", state="draft", created_ms=now_ms)
        session.add(course)
        session.flush()
        for number in (1, 2):
            values = {"course_id": course.id, "path": "course.md", "number": number}
            row = DraftRevision(act=Act.SAVED, content=b"x", digest="x", **values)
            row.begun_ms = row.saved_ms = now_ms
            session.add(row)
        session.add(DraftFile(course_id=course.id, path="course.md", number=2, digest="x"))


def a_refused_paper(cast: Cast) -> None:
    paper = a_paper(f"a {clock.now_ms()}")
    with transaction() as session:
        person = session.get_one(Person, cast.ani.id)
        ended = clock.today()
        learning = a_learning(number=str(clock.now_ms()), started_on=ended, ended_on=ended)
        row = submissions.submit(person, learning, paper)
    with transaction():
        submissions.refuse(actor_of(cast.syamsul), Asked(row.id, 1), "Tidak terbaca.")


def a_paper(words: str) -> Paper:
    content = PDF + words.encode()
    return Paper(papers.PDF, content, sha256(content).hexdigest())


def an_answered_request(cast: Cast) -> None:
    paper = a_paper(f"b {clock.now_ms()}")
    with transaction() as session:
        person = session.get_one(Person, cast.ani.id)
        row = rectifications.ask(person, About.OTHER, {}, "Keliru.", paper)
    with transaction():
        rectifications.refuse(actor_of(cast.syamsul), row.id, "Tidak.")


def an_import(cast: Cast) -> None:
    """One row, as it was before and as it is after."""
    with transaction() as session:
        now_ms = clock.now_ms()
        asked = RosterImport(asked_by=cast.syamsul.id, asked_ms=now_ms, file_name="p.xlsx")
        asked.content, asked.is_complete, asked.as_of = b"", False, clock.today()
        asked.state = State.APPLIED
        session.add(asked)
        session.flush()
        session.add(RosterRow(import_id=asked.id, number=2, kind="changed", name="Ani"))
        session.add(RosterBefore(import_id=asked.id, number=2, name="Anni"))


GONE = Blob.removed_ms.is_not(None)
# The kind, what makes one thing of it, and how many are left of an old one and a young one.
KINDS: list[tuple[str, Callable[[Cast], None], Callable[[], int], int]] = [
    ("sign_ins", a_sign_in, lambda: count(SignIn.stamp), 1),
    ("notices", a_read_notice, lambda: count(Notice.id, Notice.person_id == 2), 1),
    ("jobs", a_done_job, lambda: count(Job.id, Job.kind == "tidy"), 1),
    ("drafts", two_revisions, lambda: count(DraftRevision.id), 3),
    ("papers", a_refused_paper, lambda: 2 - count(Blob.digest, GONE), 1),
    ("roster_rows", an_import, lambda: count(RosterRow.name) + count(RosterBefore.name), 2),
    ("request_papers", an_answered_request, lambda: 2 - count(Blob.digest, GONE), 1),
]


def test_rows_of_old_imports_go_without_being_asked_for(cast: Cast) -> None:
    """By the rule that holds, each hour; the import itself still says who brought it and when."""
    for day in (LONG_AGO, LATELY):
        with at(day):
            an_import(cast)
    with at(date(2026, 11, 24)):
        for months, left in ((0, 2), (3, 1)):
            with transaction():
                retention.change(cast.dewi.id, retention.rules() | {"roster_rows": months})
            work.tidy(Work(1, "tidy", {}))
            assert count(RosterRow.name) == count(RosterBefore.name) == left
    assert count(RosterImport.id) == 2


@pytest.mark.parametrize(("kind", "make", "left", "expected"), KINDS, ids=[k[0] for k in KINDS])
def test_what_is_past_its_time_goes_and_the_young_stays(
    cast: Cast, kind: str, make: Callable[[Cast], None], left: Callable[[], int], expected: int
) -> None:
    for day in (LONG_AGO, LATELY):
        with at(day):
            make(cast)
    due = {line.kind: line for line in retention.due()}
    assert due[kind].number == 1
    assert clock.day_of(due[kind].oldest_ms or 0).year == LONG_AGO.year
    gone = {line.kind: line.number for line in retention.apply(cast.dewi.id)}
    assert gone[kind] == 1
    assert left() == expected
    told = [e for e in audit.everything(audit.Wanted()) if e.action == retention.APPLIED]
    assert kind in {entry.values["part"] for entry in told}
    assert all(line.number == 0 for line in retention.apply(cast.dewi.id))
    assert list(verification.findings(lambda _count: None)) == []


def test_writings_of_who_left_long_ago_are_forgotten(cast: Cast) -> None:
    course = a_published_version(cast, course_with(a_question("s1"), essay()))
    for person in (cast.ani, cast.stranger):
        with at(date(2025, 2, 1)):
            give(course, cast.budi, write(person), Mark((2, 1), "Lengkap."))
    with at(date(2025, 3, 1)), transaction():
        accounts.deactivate(cast.dewi.id, cast.ani.id)
    with at(date(2030, 3, 20)):
        assert {line.kind: line.number for line in retention.due()}["writings"] == 1
        retention.apply(None)
        assert {line.number for line in retention.apply(None)} == {0}
    bodies = [b for b in db.session.scalars(select(AttemptAnswer.body)) if "text:" in b]
    assert sorted(len(body) > len('["text:"]') for body in bodies) == [False, True]
    assert count(ReflectionText.key, ReflectionText.text == "") == 1
    assert count(EssayMark.attempt_id, EssayMark.comment == "") == 1
    assert list(verification.findings(lambda _count: None)) == []


def test_a_paper_that_something_else_rests_on_stays(cast: Cast) -> None:
    paper = a_paper("sama")
    hr = actor_of(cast.syamsul)
    with at(LONG_AGO):
        first = a_learning(number="1", started_on=LONG_AGO, ended_on=LONG_AGO)
        with transaction() as session:
            ani = session.get_one(Person, cast.ani.id)
            row = submissions.submit(ani, first, paper)
            outside.enter(hr, ani, replace(first, number="2", title="Lain"), paper)
        with transaction():
            submissions.refuse(hr, Asked(row.id, 1), "Tidak terbaca.")
    retention.apply(None)
    assert files.media_type_of(paper.digest)


def test_removed_bytes_come_back_with_the_same_file(cast: Cast) -> None:
    paper = a_paper("kembali")
    for _ in range(2):
        with transaction():
            files.store(paper.digest, paper.media_type, paper.content)
        assert files.load(paper.digest).content == paper.content
        with transaction():
            files.remove(paper.digest)
        with pytest.raises(NotFound):
            files.load(paper.digest)
    with snapshot():
        assert [digest for digest, is_damaged in files.compared() if is_damaged] == []


def test_the_office_sees_changes_and_applies(app: Flask, cast: Cast) -> None:
    with at(LONG_AGO):
        a_refused_paper(cast)
    office = signed_in(app, cast.dewi)
    page = office.get(HERE).text
    assert "Jalankan penghapusan" in page
    rules = dict.fromkeys(retention.KINDS, "12") | {"papers": "0"}
    assert office.post(HERE, data=rules).status_code == 303
    assert "disimpan seterusnya" in office.get(HERE).text
    assert retention.due()[4].number == 0
    refused = office.post(HERE, data=rules | {"papers": "601"})
    assert refused.status_code == 422
    assert "0 sampai 600" in refused.text
    assert 'value="601"' in refused.text
    office.post(HERE, data=rules | {"papers": "12"})
    office.post(f"{HERE}/apply")
    while jobs.run_one(work.HANDLERS):
        pass
    assert count(Blob.digest, GONE) == 1
    check = signed_in(app, cast.syamsul).get("/hr/completions/outside/1")
    assert check.status_code == 200
    assert "masa simpannya berakhir" in check.text
    for other in (cast.ani, cast.citra, cast.fadli):
        assert signed_in(app, other).get(HERE).status_code == 404
        assert signed_in(app, other).post(f"{HERE}/apply").status_code == 404


@pytest.fixture
def console(app: Flask, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr(application, "application", lambda: app)
    return CliRunner()


def test_the_console_says_what_would_go_and_lets_it_go(cast: Cast, console: CliRunner) -> None:
    with at(LONG_AGO):
        a_read_notice(cast)
    said = console.invoke(main, ["retention", "--dry-run"])
    assert "notices: 1 older than 12 months, the oldest of 2018-03-01" in said.output
    assert count(Notice.id) == 1
    assert console.invoke(main, ["retention"]).exit_code == 0
    assert count(Notice.id) == 0
