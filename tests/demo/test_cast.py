"""The cast of the demo: how they sign in, and the state each of them shows."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from elearn import clock, demo
from elearn.competency import certificate_pdf, certificates, evidence, framework, hours
from elearn.demo import members
from elearn.demo.editions import LEADING, SECURITY
from elearn.errors import Invalid
from elearn.learning import attempts, study
from elearn.people import accounts, directory, nip, setting_changes, units
from elearn.people.access import COOKIE
from elearn.people.models import Status
from elearn.people.permissions import Role
from tests.demo.reading import actor_of, ask, one, person, token_of

SERIALS = range(901, 916)


def test_the_cast_is_read_back_in_the_order_of_the_story(seeded: Flask) -> None:
    found = demo.cast()
    assert [member.nip for member in found] == [member.nip for member in members.CAST]
    assert found[0].name == "Ani Pratiwi, A.Md.Kep."
    assert found[0].unit == "Pustu Bukit Sari"
    assert all(member.look_first for member in found)
    assert [int(member.nip[-3:]) for member in found] == list(SERIALS)


def test_every_role_has_somebody_with_a_password(seeded: Flask) -> None:
    roles = {member.role for member in demo.cast() if member.password}
    assert roles == {role.value for role in Role} | {"supervisor"}


def test_who_is_printed_with_a_password_signs_in_with_it(seeded: Flask) -> None:
    for member in demo.cast():
        if member.password:
            verified = accounts.authenticate(member.nip, member.password)
            assert verified.by_code is (member.nip == members.NABILA)


def test_the_retired_one_is_printed_without_a_password_and_cannot_sign_in(seeded: Flask) -> None:
    assert demo.cast()[-1].password == ""
    with pytest.raises(Invalid):
        accounts.authenticate(members.ZULKIFLI, members.PHRASE)


def test_nabilas_code_is_no_longer_printed_after_a_day(seeded: Flask) -> None:
    with clock.set_to(clock.now_ms() + clock.DAY_MS + 1):
        nabila = next(member for member in demo.cast() if member.nip == members.NABILA)
    assert nabila.password == ""


def test_nobody_else_has_a_password(seeded: Flask) -> None:
    assert one("SELECT count(*) FROM person WHERE password_hash != ''") == len(members.CAST) - 1


def test_all_numbers_are_valid_and_invented(seeded: Flask) -> None:
    for (digits,) in ask("SELECT nip FROM person"):
        assert nip.parse(digits).sequence >= 901


def test_ani_is_halfway_with_three_answers_saved_two_days_ago(seeded: Flask) -> None:
    ani = person(members.ANI)
    here = study.studying(ani.id, SECURITY)
    assert here.standing.next_lesson == here.outline.lesson_keys[4]
    assert len(here.progress.lessons) == 4
    open_ = study.open_attempt(here.key.id)
    assert open_ is not None
    page = attempts.attempt_page(ani.id, open_.id)
    assert (open_.number, page.answered, len(page.questions)) == (2, 3, 6)
    last = max(question.saved_ms for question in page.questions)
    assert (clock.today() - clock.day_of(last)).days == 2


def test_ani_failed_once_with_about_58_and_has_12_jp_from_outside(seeded: Flask) -> None:
    ani = person(members.ANI)
    sql = "SELECT score_tenths FROM attempt WHERE person_id = :id AND passed = false"
    [(score,)] = ask(sql, id=ani.id)
    assert 550 <= score <= 610
    year = hours.year(ani, 2026)
    assert (year.earned, year.floor, year.missing) == (12, 20, 8)
    assert {entry.source.kind for entry in year.entries} == {"outside"}


def test_rudi_has_3_planned_jp_of_24_and_3_of_his_own_initiative(seeded: Flask) -> None:
    rudi = person(members.RUDI)
    contract = hours.contract(rudi, clock.today())
    assert contract is not None
    assert (contract.planned, contract.own_initiative, contract.ceiling) == (3, 3, 24)
    assert contract.start == date(2026, 3, 1)
    [paper] = certificates.of(rudi.id)
    assert (paper.fields["nip_label"], paper.fields["rank"]) == ("NI PPPK", "Golongan IX")


def test_marlina_signed_in_once_and_has_begun_nothing(seeded: Flask) -> None:
    marlina = person(members.MARLINA)
    values = {"id": marlina.id}
    assert not ask("SELECT 1 FROM enrolment WHERE person_id = :id", **values)
    assert not ask("SELECT 1 FROM notice WHERE person_id = :id", **values)
    assert not ask("SELECT 1 FROM hours_year WHERE person_id = :id", **values)
    assert len(ask("SELECT 1 FROM sign_in WHERE person_id = :id", **values)) == 1


def test_hendra_completed_both_courses_on_one_day_and_3_of_6_jp_count(seeded: Flask) -> None:
    hendra = person(members.HENDRA)
    year = hours.year(hendra, 2026)
    assert (year.earned, year.countable, year.limit.active_days) == (6, 3, 1)
    assert {entry.ended_on for entry in year.entries} == {date(2026, 11, 6)}
    signed, issued = certificates.of(hendra.id)
    assert (bool(signed.signed_digest), issued.signed_digest) == (True, "")
    assert certificate_pdf.final_of(signed).startswith(certificate_pdf.content_of(signed))


def test_hendra_has_two_gaps_to_his_target_one_with_fresh_evidence(seeded: Flask) -> None:
    hendra = person(members.HENDRA)
    held = evidence.held(hendra.id)
    required = framework.requirements(hendra.target_class)
    short = {code for code, level in required.items() if held[code].level < level}
    supported = {item.code for item in evidence.of(hendra.id)}
    assert hendra.target_class == "pengawas"
    assert len(short) == 2
    assert len(short & supported) == 1


def test_yusnidar_has_five_direct_reports(seeded: Flask) -> None:
    sql = "SELECT count(*) FROM person WHERE supervisor_id = :id AND active"
    assert one(sql, id=person(members.YUSNIDAR).id) == 5


def test_jonis_completions_count_where_he_worked_at_the_time(seeded: Flask) -> None:
    sql = (
        "SELECT c.slug, u.name FROM completion d JOIN unit u ON u.id = d.unit_id"
        " JOIN course c ON c.id = d.course_id WHERE d.person_id = :id ORDER BY d.completed_ms"
    )
    found = ask(sql, id=person(members.JONI).id)
    assert found == [(SECURITY, "Dinas Kominfo"), (LEADING, "Sekretariat Dinas Kesehatan")]


def test_fitris_old_certificate_keeps_her_old_number(seeded: Flask) -> None:
    fitri = person(members.FITRI)
    [paper] = certificates.of(fitri.id)
    assert paper.fields["nip"] == members.FITRI_BEFORE
    assert paper.fields["nip_label"] == "NI PPPK"
    assert fitri.status == Status.PNS
    assert directory.by_nip(members.FITRI_BEFORE) == fitri.id


def test_zulkifli_is_deactivated_and_his_record_is_kept(seeded: Flask) -> None:
    zulkifli = person(members.ZULKIFLI)
    assert not zulkifli.active
    assert hours.year(zulkifli, 2026).earned == 10


def test_budi_owns_four_courses_ratna_one_writes_two_and_reviews_one(seeded: Flask) -> None:
    sql = "SELECT p.nip, t.role, count(*) FROM course_teacher t JOIN person p ON p.id = t.person_id"
    assert ask(f"{sql} GROUP BY 1, 2 ORDER BY 1, 2") == [
        (members.BUDI, "owner", 4),
        (members.RATNA, "coauthor", 2),
        (members.RATNA, "owner", 1),
        (members.RATNA, "reviewer", 1),
    ]


def test_citra_is_hr_of_her_branch_only(seeded: Flask) -> None:
    reach = {node.name for node in units.tree_in_reach(actor_of(members.CITRA))}
    assert {"Dinas Kesehatan", "Pustu Bukit Sari"} <= reach
    assert "Dinas PUPR" not in reach


def test_certificates_to_check_open_without_signing_in(seeded: Flask) -> None:
    found = demo.certificates()
    says = {"berlaku": "Sertifikat ini berlaku", "kedaluwarsa": "kedaluwarsa", "dicabut": "dicabut"}
    assert [check.state for check in found] == list(says)
    for check in found:
        response = seeded.test_client().get(check.path)
        assert response.status_code == 200
        assert check.name.removeprefix("Sertifikat ") in response.get_data(as_text=True)
        assert says[check.state] in response.get_data(as_text=True)
    assert "Digantikan oleh" in response.get_data(as_text=True)  # the last one was in a wrong name


@pytest.mark.parametrize("member", members.CAST[:-1], ids=lambda member: member.name)
def test_every_first_page_is_shown(seeded: Flask, member: members.Member) -> None:
    client = seeded.test_client()
    client.set_cookie(COOKIE, token_of(member.nip))
    for path in ("/", "/record", "/courses"):
        answer = client.get(path, follow_redirects=member.nip == members.NABILA)
        assert answer.status_code == 200, path


def test_dewi_sees_a_copy_that_is_seven_hours_old(seeded: Flask) -> None:
    client = seeded.test_client()
    client.set_cookie(COOKIE, token_of(members.DEWI))
    assert "Dibuat 7 jam yang lalu" in client.get("/admin/health").text


def test_home_shows_what_is_announced_to_whom(seeded: Flask) -> None:
    shown_to = {members.ANI: 2, members.HENDRA: 1}
    for who, number in shown_to.items():
        client = seeded.test_client()
        client.set_cookie(COOKIE, token_of(who))
        page = client.get("/").text
        assert page.count('action="/announcements/') == number
        assert "Lengkapi JP tahun ini" in page


def test_settings_have_a_history_with_reasons_and_one_that_was_put_back(seeded: Flask) -> None:
    last, first = setting_changes.changes("agency_short")
    assert (first.after, last.before, last.after) == ("BKD", "BKD", "")
    assert "Dewi" in last.by
    assert last.reason
    (coming,) = setting_changes.dated(["pns_floor_jp"])["pns_floor_jp"]
    assert (coming.from_year, coming.value) == (clock.today().year + 1, 24)
