"""Certificates: frozen at issue, numbered without gaps, found by code or by number and NIP."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from elearn import clock, settings
from elearn.competency import certificates, issuing
from elearn.competency.certificates import State
from elearn.competency.events import Source
from elearn.competency.frozen import Issue, Module
from elearn.competency.models import Certificate
from elearn.content.course import CompetencyLevel
from elearn.database import db, transaction
from elearn.errors import Invalid, NotFound
from elearn.journal import chain
from elearn.people.models import Person
from tests.competency import people_of_jambi
from tests.competency.people_of_jambi import People

DAY = date(2026, 11, 24)
MOMENT = clock.to_ms(datetime(2026, 11, 24, 9, 42, tzinfo=clock.WIB))


@pytest.fixture
def people(app: Flask) -> People:
    return people_of_jambi.settle()


def an_issue(person_id: int, id: str = "1") -> Issue:
    return Issue(
        person_id=person_id,
        unit_id=db.session.get_one(Person, person_id).unit_id,
        source=Source("course", id),
        title="Keamanan informasi untuk ASN",
        jp=3,
        score_tenths=865,
        started_on=date(2026, 11, 2),
        completed_on=DAY,
        modules=[Module("Dasar", [("Mengenali penipuan", 45), ("Kata sandi", 90)])],
        method="Belajar mandiri daring",
        competencies=[CompetencyLevel("M.01", 2)],
    )


def issue(*wanted: Issue) -> list[Certificate]:
    with clock.set_to(MOMENT), transaction():
        return [issuing.issue(one) for one in wanted]


def test_a_certificate_is_read_as_it_stands_also_while_the_session_holds_it(people: People) -> None:
    (made,) = issue(an_issue(people.ani))
    with transaction():
        assert certificates.load(made.id).state is State.VALID
        elsewhere = update(Certificate.__table__).values(revoked_ms=1, revoked_reason="Keliru")
        db.session.connection().execute(elsewhere)
        assert certificates.load(made.id).state is State.REVOKED


def test_a_certificate_freezes_everything_printed(people: People) -> None:
    with transaction():
        signer = {"name": "H. Syamsul Bahri, S.H., M.H.", "title": "Kepala BKPSDM"}
        settings.change("certificate_signer", 2026, signer, None)
    (made,) = issue(an_issue(people.ani))
    assert json.loads(made.frozen) == {
        "name": "Ani Pratiwi, A.Md.Kep.",
        "nip": "199404122019032901",
        "nip_label": "NIP",
        "position": "Perawat Terampil",
        "rank": "Pengatur (II/c)",
        "number": "0001/BKPSDM/XI/2026",
        "title": "Keamanan informasi untuk ASN",
        "jp": 3,
        "jp_words": "tiga",
        "score_tenths": 865,
        "started_on": "2026-11-02",
        "completed_on": "2026-11-24",
        "issued_on": "2026-11-24",
        "materials": [["Mengenali penipuan", 45], ["Kata sandi", 90]],
        "modules": [
            {"title": "Dasar", "minutes": 135, "lessons": ["Mengenali penipuan", "Kata sandi"]}
        ],
        "competencies": [["Integritas", 2]],
        "unit": "Dinas Kesehatan",
        "method": "Belajar mandiri daring",
        "agency": "Pemerintah Daerah",
        "organiser": "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
        "photo": "",
        "needs_signature": False,
        "place": "Jambi",
        "signer_name": "H. Syamsul Bahri, S.H., M.H.",
        "signer_title": "Kepala BKPSDM",
    }


def test_a_pppk_has_ni_pppk_and_a_golongan_without_a_rank(people: People) -> None:
    (made,) = issue(an_issue(people.rudi))
    fields = json.loads(made.frozen)
    assert (fields["nip_label"], fields["rank"]) == ("NI PPPK", "Golongan IX")


def test_the_journal_holds_number_and_digest_and_nothing_of_the_person(people: People) -> None:
    (made,) = issue(an_issue(people.ani))
    (event,) = chain.events_of(people.ani)
    assert event["kind"] == "certificate_issued"
    assert event["body"] == {
        "id": made.id,
        "number": "0001/BKPSDM/XI/2026",
        "digest": made.digest,
        "source_kind": "course",
        "source_id": "1",
        "serial": 1,
        "unit_id": made.unit_id,
    }


def test_the_same_source_is_the_same_certificate(people: People) -> None:
    first, second = issue(an_issue(people.ani), an_issue(people.ani))
    assert first.id == second.id
    assert len(chain.events_of(people.ani)) == 1


def test_later_changes_of_the_person_leave_the_certificate_as_it_was(people: People) -> None:
    (made,) = issue(an_issue(people.ani))
    with transaction() as session:
        session.execute(update(Person).where(Person.id == people.ani).values(name="Ani Berubah"))
        settings.change("agency_name", 2026, "Pemerintah Lain", None)
    fields = certificates.public(made.id).fields
    assert (fields["name"], fields["agency"]) == ("Ani Pratiwi, A.Md.Kep.", "Pemerintah Daerah")


def test_a_failure_leaves_no_gap_in_the_numbers(people: People) -> None:
    issue(an_issue(people.ani))

    def fail() -> None:
        with clock.set_to(MOMENT), transaction():
            issuing.issue(an_issue(people.rudi, "2"))
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011  # ours, without a text
        fail()
    issue(an_issue(people.rudi, "3"))
    serials = db.session.scalars(select(Certificate.serial).order_by(Certificate.serial)).all()
    assert serials == [1, 2]


def test_an_inner_failure_that_is_caught_leaves_no_gap_either(people: People) -> None:
    with clock.set_to(MOMENT), transaction():
        with pytest.raises(NotFound), transaction():  # noqa: PT012  # the failure comes after the issue
            issuing.issue(an_issue(people.ani, "2"))
            raise NotFound
        made = issuing.issue(an_issue(people.ani, "3"))
    assert made.serial == 1


def test_serials_begin_anew_each_year(people: People) -> None:
    issue(an_issue(people.ani))
    next_year = clock.start_of_year_ms(2027)
    with clock.set_to(next_year), transaction():
        made = issuing.issue(an_issue(people.rudi, "2"))
    assert made.number == "0001/BKPSDM/I/2027"


def test_the_public_sees_the_nip_masked_and_the_holder_does_not(people: People) -> None:
    (made,) = issue(an_issue(people.ani))
    assert certificates.public(made.id).fields["nip"] == "***************901"
    ani = people_of_jambi.actor_of(people.ani)
    assert certificates.own(ani, made.id).fields["nip"] == "199404122019032901"


def test_a_code_may_be_typed_in_groups_and_capitals(people: People) -> None:
    (made,) = issue(an_issue(people.ani))
    paper = certificates.public(made.id)
    assert certificates.find(f" {paper.code.upper()} ", "", "") == made.id
    assert certificates.public(paper.code.upper()).id == made.id


def test_a_number_opens_a_certificate_only_with_the_end_of_its_nip(people: People) -> None:
    (made,) = issue(an_issue(people.ani))
    assert certificates.find("", made.number, "901") == made.id
    for digits, field in (("", "last_digits"), ("902", "number")):
        with pytest.raises(Invalid) as refused:
            certificates.find("", made.number, digits)
        assert refused.value.field == field


def test_a_stranger_does_not_see_a_certificate_and_hr_of_the_unit_does(people: People) -> None:
    (made,) = issue(an_issue(people.ani))
    with pytest.raises(NotFound):
        certificates.own(people_of_jambi.actor_of(people.yusni), made.id)
    assert certificates.own(people_of_jambi.actor_of(people.citra), made.id).id == made.id


def test_a_changed_text_is_told_from_the_one_that_was_issued(people: People) -> None:
    (made,) = issue(an_issue(people.ani))
    assert certificates.public(made.id).state == State.VALID
    forged = made.frozen.replace("Ani Pratiwi", "Ana Pratiwi")
    with transaction() as session:
        session.execute(update(Certificate).values(frozen=forged))
    assert certificates.public(made.id).state == State.DAMAGED


def test_the_certificates_of_a_person_come_newest_first(people: People) -> None:
    issue(an_issue(people.ani), an_issue(people.ani, "2"), an_issue(people.rudi, "3"))
    assert [paper.number[:4] for paper in certificates.of(people.ani)] == ["0002", "0001"]


def test_ids_cannot_be_guessed_and_hold_no_letters_that_look_alike() -> None:
    ids = {issuing.new_id() for _ in range(200)}
    assert len(ids) == 200
    assert set("".join(ids)).isdisjoint("01ilo")
