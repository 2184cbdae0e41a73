"""Submissions: each state, who may decide, what the journal says of it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select, update

from elearn.competency import derived, hours, outside, papers, submissions
from elearn.competency.outside_models import OutsideLearning, OutsideState
from elearn.competency.submissions import Asked
from elearn.database import db, transaction
from elearn.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from elearn.files import Blob
from elearn.journal import chain
from elearn.people import staffing
from elearn.people.models import AuditEntry, Notice, Person
from elearn.people.permissions import Role
from tests.outside.conftest import NOW_MS, PDF, a_learning, photograph, submit
from tests.people_cast import Cast, actor_of


def earned(person: Person) -> int:
    return hours.year(person, 2026).earned


def decide(act, hr: Person, row: OutsideLearning, *more: object) -> OutsideLearning:
    actor = actor_of(hr)
    with transaction():
        return act(actor, Asked(row.id, row.revision), *more)


def notices_of(person: Person) -> list[str]:
    wanted = select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)
    return list(db.session.scalars(wanted))


def kinds_of(person: Person) -> list[str]:
    return [event["kind"] for event in chain.events_of(person.id)]


def test_a_certificate_counts_once_hr_has_approved_it(cast: Cast) -> None:
    row = submit(cast.ani)
    assert (row.state, row.revision, earned(cast.ani)) == ("waiting", 1, 0)
    assert notices_of(cast.citra) == ["outside_learning_waiting"]
    assert notices_of(cast.syamsul) == []  # the nearest HR is told
    decide(submissions.approve, cast.citra, row)
    assert (row.state, row.decided_by, earned(cast.ani)) == ("approved", cast.citra.id, 24)
    assert notices_of(cast.ani) == ["outside_learning_approved"]
    assert kinds_of(cast.ani) == [
        "outside_learning_submitted",
        "outside_learning_approved",
        "hours_credited",
    ]
    assert list(derived.differences()) == []


def test_many_submissions_of_a_day_are_one_notice(cast: Cast) -> None:
    submit(cast.ani)
    submit(cast.ani, number="2", title="Lain")
    assert notices_of(cast.citra) == ["outside_learning_waiting"]


def test_it_is_sent_back_mended_and_approved_with_other_jp(cast: Cast) -> None:
    row = submit(cast.ani, jp=40)
    decide(submissions.send_back, cast.citra, row, "Foto tidak terbaca")
    assert (row.state, row.decision_reason) == ("returned", "Foto tidak terbaca")
    with transaction():
        submissions.resubmit(
            cast.ani, Asked(row.id, 1), a_learning(jp=40), papers.read(photograph())
        )
    assert (row.state, row.revision) == ("waiting", 2)
    decide(submissions.approve, cast.citra, row, 24, "Sertifikat menyebut 24 JP")
    assert (row.jp, row.asked_jp, earned(cast.ani)) == (24, 40, 24)
    assert notices_of(cast.ani) == ["outside_learning_returned", "outside_learning_approved"]
    assert list(derived.differences()) == []
    decide_reasons = str([event["body"] for event in chain.events_of(cast.ani.id)])
    assert "Foto tidak" not in decide_reasons


def test_it_is_changed_while_it_waits_and_keeps_its_paper(cast: Cast) -> None:
    row = submit(cast.ani)
    kept = row.paper_digest
    with transaction():
        submissions.resubmit(cast.ani, Asked(row.id, 1), a_learning(jp=20))
    assert (row.jp, row.revision, row.paper_digest) == (20, 2, kept)
    with pytest.raises(Conflict), transaction():
        submissions.resubmit(cast.ani, Asked(row.id, 1), a_learning(jp=18))
    assert list(derived.differences()) == []


def test_it_is_refused_or_taken_back_for_good(cast: Cast) -> None:
    row, other = submit(cast.ani), submit(cast.ani, number="2", title="Lain")
    decide(submissions.refuse, cast.citra, row, "Bukan pembelajaran")
    with transaction():
        submissions.take_back(cast.ani.id, other.id)
    assert (row.state, other.state, earned(cast.ani)) == ("refused", "withdrawn", 0)
    for one in (row, other):
        with pytest.raises(Conflict), transaction():
            submissions.resubmit(cast.ani, Asked(one.id, 1), a_learning(), None)
        with pytest.raises(Conflict), transaction():
            submissions.take_back(cast.ani.id, one.id)
    assert list(derived.differences()) == []
    submit(cast.ani)  # what was refused may be submitted anew


def test_an_approved_one_is_withdrawn_with_its_hours(cast: Cast) -> None:
    row = submit(cast.ani)
    decide(submissions.approve, cast.citra, row)
    actor = actor_of(cast.citra)
    with transaction():
        outside.withdraw(actor, row.id, "Ternyata palsu")
    assert (row.state, earned(cast.ani)) == ("withdrawn", 0)
    assert list(derived.differences()) == []


@pytest.mark.parametrize(
    ("who", "problem"),
    [
        ("ani", NotFound),
        ("budi", NotFound),
        ("stranger", NotFound),
        ("dewi", NotFound),
        ("fadli", NotAllowed),
    ],
)
@pytest.mark.parametrize("act", [submissions.approve, submissions.send_back, submissions.refuse])
def test_only_hr_within_reach_decides(cast: Cast, act, who: str, problem) -> None:
    row = submit(cast.ani)
    more = () if act is submissions.approve else ("x",)
    with pytest.raises(problem):
        decide(act, getattr(cast, who), row, *more)
    db.session.refresh(row)
    assert (row.state, earned(cast.ani)) == ("waiting", 0)


def test_nobody_decides_or_enters_their_own(cast: Cast) -> None:
    row = submit(cast.citra)
    with pytest.raises(NotAllowed):
        decide(submissions.approve, cast.citra, row)
    citra = actor_of(cast.citra)
    with pytest.raises(NotAllowed), transaction():
        outside.enter(citra, cast.citra, a_learning(number="9"))
    assert notices_of(cast.citra) == []
    assert notices_of(cast.syamsul) == ["outside_learning_waiting"]
    decide(submissions.approve, cast.syamsul, row)
    assert earned(cast.citra) == 24


@pytest.mark.parametrize("who", ["citra", "stranger"])
def test_a_submission_is_changed_by_its_person_alone(cast: Cast, who: str) -> None:
    row, other = submit(cast.ani), getattr(cast, who)
    with pytest.raises(NotFound), transaction():
        submissions.resubmit(other, Asked(row.id, 1), a_learning())
    with pytest.raises(NotFound), transaction():
        submissions.take_back(other.id, row.id)


def test_what_hr_entered_is_not_a_submission_of_its_person(cast: Cast) -> None:
    citra = actor_of(cast.citra)
    with transaction():
        row = outside.enter(citra, cast.ani, a_learning())
    with pytest.raises(NotFound), transaction():
        submissions.resubmit(cast.ani, Asked(row.id, 0), a_learning())


@pytest.mark.parametrize(
    ("jp", "reason", "field"), [(0, "x", "jp"), (1001, "x", "jp"), (20, " ", "reason")]
)
def test_approving_other_jp_needs_a_number_and_a_reason(
    cast: Cast, jp: int, reason: str, field: str
) -> None:
    row = submit(cast.ani)
    with pytest.raises(Invalid) as refused:
        decide(submissions.approve, cast.citra, row, jp, reason)
    assert refused.value.field == field


@pytest.mark.parametrize("act", [submissions.send_back, submissions.refuse])
def test_sending_back_and_refusing_need_a_reason(cast: Cast, act) -> None:
    row = submit(cast.ani)
    with pytest.raises(Invalid):
        decide(act, cast.citra, row, "  ")


def test_a_bulk_approval_skips_what_changed_and_tells(cast: Cast) -> None:
    rows = [submit(cast.ani, number=str(n), title=f"Bimtek {n}") for n in range(3)]
    own = submit(cast.citra, number="own", title="Punya Citra")
    far = submit(cast.stranger, number="far", title="Punya orang lain")
    asked = [Asked(row.id, row.revision) for row in (*rows, own, far)]
    with transaction():
        submissions.resubmit(cast.ani, asked[1], a_learning(number="1", title="Bimtek 1", jp=9))
    citra = actor_of(cast.citra)
    with transaction():
        outcome = submissions.approve_all(citra, [*asked, Asked(999_999, 1), asked[0]])
    assert [row.title for row in outcome.approved] == ["Bimtek 0", "Bimtek 2"]
    assert sorted(outcome.skipped) == [
        ("", "notfound"),
        ("Bimtek 1", "changed_since"),
        ("Punya Citra", "notallowed"),
    ]
    assert earned(cast.ani) == 48
    assert list(derived.differences()) == []


def test_the_same_paper_entered_meanwhile_is_not_approved_twice(cast: Cast) -> None:
    row = submit(cast.ani)
    with transaction() as session:  # as if both had been under way at once
        session.execute(update(OutsideLearning).values(number_key="x"))
    citra = actor_of(cast.citra)
    with transaction():
        outside.enter(citra, cast.ani, a_learning())
    with transaction() as session:
        session.execute(update(OutsideLearning).values(number_key="893/012/2026"))
    with pytest.raises(Invalid, match="already_entered"):
        decide(submissions.approve, cast.citra, row)
    assert earned(cast.ani) == 24


def test_the_same_number_and_title_is_submitted_once(cast: Cast) -> None:
    submit(cast.ani)
    with pytest.raises(Invalid) as refused:
        submit(cast.ani, number=" 893 / 012/2026", title="BIMBINGAN teknis gizi")
    assert refused.value.field == "number"
    submit(cast.budi)  # somebody else's certificate may bear the same number


def test_hours_stay_with_the_unit_of_the_day(cast: Cast) -> None:
    row = submit(cast.ani)
    with transaction():
        staffing.move(None, cast.ani.id, cast.works.id, NOW_MS - 1)
    decide(submissions.approve, cast.syamsul, row)
    (unit,) = db.session.execute(select(hours.HoursEntry.unit_id)).one()
    assert unit == cast.pustu.id


def test_who_moved_is_checked_where_they_work_now(cast: Cast) -> None:
    row = submit(cast.ani)
    with transaction():
        staffing.move(None, cast.ani.id, cast.works.id, NOW_MS - 1)
    with pytest.raises(NotFound):
        decide(submissions.approve, cast.citra, row)
    decide(submissions.approve, cast.stranger, row)


def test_a_second_hr_of_the_unit_is_told_of_the_first_ones(cast: Cast) -> None:
    with transaction():
        staffing.grant(None, cast.budi.id, Role.HR_UNIT, cast.health.id)
    submit(cast.citra)
    assert notices_of(cast.budi) == ["outside_learning_waiting"]
    assert notices_of(cast.syamsul) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "paper_missing"),
        (b"GIF89a broken", "paper_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "paper_unreadable"),
        (b"MZ\x90\x00 program", "paper_unreadable"),
        (b"PK\x03\x04 sertifikat.docx", "paper_unreadable"),
        (PDF[:20], "paper_cut_off"),
        (PDF + b" " * papers.MAX_PDF_BYTES, "paper_too_large"),
        (photograph()[:100], "paper_unreadable"),
    ],
)
def test_what_is_no_certificate_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        papers.read(content)
    assert (refused.value.reason, refused.value.field) == (reason, "paper")


def test_a_photo_is_made_anew_without_what_the_camera_told() -> None:
    sent = photograph(3000)
    kept = papers.read(sent)
    assert b"Kamera Rahasia" in sent
    assert b"Kamera Rahasia" not in kept.content
    assert kept.media_type == "image/jpeg"
    assert len(kept.content) <= papers.MAX_PICTURE_BYTES
    assert papers.kept(kept.content) == kept
    assert papers.kept(PDF).media_type == papers.PDF


def test_nothing_stays_of_a_refused_submission(cast: Cast) -> None:
    with pytest.raises(DomainError):
        submit(cast.ani, jp=0)
    with pytest.raises(DomainError):
        submit(cast.ani, ended_on=date(2026, 5, 1))
    counted = [
        db.session.scalar(select(func.count()).select_from(model))
        for model in (OutsideLearning, Blob)
    ]
    assert counted == [0, 0]
    assert chain.events_of(cast.ani.id) == []


def test_each_decision_is_in_the_audit_log(cast: Cast) -> None:
    rows = [submit(cast.ani, number=str(n), title=f"Bimtek {n}") for n in range(3)]
    decide(submissions.approve, cast.citra, rows[0])
    decide(submissions.send_back, cast.citra, rows[1], "x")
    decide(submissions.refuse, cast.citra, rows[2], "x")
    logged = db.session.scalars(
        select(AuditEntry.action)
        .where(AuditEntry.actor_id == cast.citra.id)
        .order_by(AuditEntry.id)
    ).all()
    assert list(logged) == [
        "outside_learning:approved",
        "outside_learning:returned",
        "outside_learning:refused",
    ]
    assert [row.state for row in rows] == [
        OutsideState.APPROVED,
        OutsideState.RETURNED,
        OutsideState.REFUSED,
    ]
