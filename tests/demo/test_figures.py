"""Every figure of the demo's tables, as the pages count them."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask

from elearn import clock
from elearn.assignments import assigned
from elearn.competency import hours, outside, submissions
from elearn.demo import members
from elearn.demo.editions import LEADING, LITERACY, SECURITY
from elearn.demo.letters import ON_LEAVE
from elearn.learning import asked
from elearn.outside import queue
from elearn.people import units
from elearn.people.models import Status
from elearn.programme import listing as listing_of_assignments
from elearn.reports import courses, expiring, gains, items, questions, summary
from elearn.reports.filters import Wanted
from elearn.siasn import figures, listing
from tests.demo.reading import actor_of, ask, one, person, problems

LED = "SELECT id FROM person WHERE supervisor_id = :id AND active"
# People, PNS, CPNS, PPPK, PPPK part time, PNS at 20 JP.
TABLE = {
    "Sekretariat Daerah": (24, 18, 1, 3, 2, 11),
    "BKPSDM": (18, 14, 1, 2, 1, 13),
    "Inspektorat": (14, 12, 1, 1, 0, 10),
    "Dinas Kesehatan": (108, 62, 3, 37, 6, 38),
    "Dinas Pendidikan": (88, 42, 2, 40, 4, 19),
    "Dinas Kominfo": (16, 10, 1, 4, 1, 6),
    "Dinas PUPR": (22, 14, 0, 5, 3, 5),
    "Kecamatan Hulu": (17, 10, 1, 4, 2, 4),
    "Kecamatan Hilir": (13, 8, 0, 4, 1, 3),
}


@pytest.fixture
def whole(seeded: Flask) -> summary.Summary:
    actor = actor_of(members.SYAMSUL)
    return summary.of(units.reach(actor), Wanted(2026), units.tree_in_reach(actor))


def test_the_whole_has_190_pns_10_cpns_100_pppk_and_20_part_time(whole: summary.Summary) -> None:
    assert whole.people == 320
    assert [whole.by_status[status] for status in Status] == [190, 10, 100, 20]


def test_109_of_190_pns_are_at_20_jp(whole: summary.Summary) -> None:
    assert (whole.whole.meeting, whole.whole.bound) == (109, 190)
    assert round(whole.whole.percent, 1) == 57.4


def test_every_unit_has_its_pns_at_20_jp(whole: summary.Summary) -> None:
    wanted = {name: (row[5], row[1]) for name, row in TABLE.items()}
    assert {s.label: (s.meeting, s.bound) for s in whole.shares} == wanted


def test_the_lowest_units_are_pupr_and_kecamatan_hilir_and_hulu(whole: summary.Summary) -> None:
    assert {s.label for s in whole.shares if s.low} >= {"Dinas PUPR", "Kecamatan Hilir"}


def test_last_year_88_of_189_pns_reached_20_jp(seeded: Flask) -> None:
    """Fitri was PPPK at its end."""
    actor = actor_of(members.SYAMSUL)
    before = summary.of(units.reach(actor), Wanted(2025), units.tree_in_reach(actor))
    assert (before.whole.meeting, before.whole.bound) == (88, 189)


def test_every_unit_has_its_people_by_status(seeded: Flask) -> None:
    actor = actor_of(members.SYAMSUL)
    nodes = units.tree_in_reach(actor)
    for node in [node for node in nodes if node.depth == 1]:
        found = summary.of(units.below(node.path), Wanted(2026, unit=node), nodes)
        row = (found.people, *(found.by_status.get(status, 0) for status in Status))
        assert row == TABLE[node.name][:5], node.name


def test_pustu_bukit_sari_has_three_people(seeded: Flask) -> None:
    sql = "SELECT count(*) FROM person p JOIN unit u ON u.id = p.unit_id WHERE u.name = :name"
    assert one(sql, name="Pustu Bukit Sari") == 3


def test_positions_have_real_shares(seeded: Flask) -> None:
    rows = ask(
        "SELECT position_class, count(*) FROM person p JOIN position o ON o.id = p.position_id"
        " WHERE p.active GROUP BY 1"
    )
    groups: Counter[str] = Counter()
    for name, count in rows:
        groups["jf" if name.startswith("jf_") else name] += count
    assert groups["jf"] == pytest.approx(160, abs=6)
    assert groups["pelaksana"] == pytest.approx(107, abs=10)
    assert groups["administrator"] > 10
    assert groups["pengawas"] > 10


def test_citra_has_24_pns_below_20_jp(seeded: Flask) -> None:
    actor = actor_of(members.CITRA)
    nodes = units.tree_in_reach(actor)
    found = summary.of(units.reach(actor), Wanted(2026), nodes).whole
    assert (found.bound - found.meeting, found.bound) == (24, 62)


def test_courses_have_their_passed_studying_and_failed(seeded: Flask) -> None:
    figures = {f.slug: f for f in courses.figures(actor_of(members.SYAMSUL), Wanted(2026))}
    security, leading = figures[SECURITY], figures[LEADING]
    assert (security.passed, security.studying, security.failed) == (71, 38 + 9, 6)
    assert (leading.passed, leading.studying, leading.failed) == (26, 26, 0)
    assert (security.completions, leading.completions) == (71, 26)
    certificates = (
        "SELECT count(*) FROM certificate JOIN enrolment"
        " ON CAST(enrolment.id AS VARCHAR(40)) = certificate.source_id"
        " WHERE source_kind = 'course' AND revoked_ms IS NULL AND replacement_id IS NULL"
        f" AND course_id IN (SELECT id FROM course WHERE slug IN ('{SECURITY}', '{LEADING}'))"
    )
    assert one(certificates) == 97


def test_18_completed_the_closed_course_and_7_completions_expired(seeded: Flask) -> None:
    actor = actor_of(members.SYAMSUL)
    figures = {f.slug: f for f in courses.figures(actor, Wanted(2026))}
    assert (figures[LITERACY].passed, figures[LITERACY].is_open) == (18, False)
    expired = expiring.find(actor, Wanted(2026, state="expired"))
    assert (expired.total, {row.is_given for row in expired.rows}) == (7, {False})
    assert expiring.find(actor, Wanted(2026, state="all")).total == 18


def test_9_failed_the_last_quiz_with_attempts_left(seeded: Flask) -> None:
    sql = (
        "SELECT count(DISTINCT a.enrolment_id) FROM attempt a"
        " JOIN course_progress p ON p.enrolment_id = a.enrolment_id"
        " JOIN course c ON c.id = p.course_id"
        " WHERE a.quiz_key = 'ujian-akhir' AND c.slug = :slug AND p.state = 'studying'"
    )
    assert one(sql, slug=SECURITY) == 9


def test_41_of_those_not_done_are_still_in_the_first_edition(seeded: Flask) -> None:
    sql = (
        "SELECT count(*) FROM course_progress p JOIN course c ON c.id = p.course_id"
        " JOIN course_version v ON v.id = p.version_id"
        " WHERE c.slug = :slug AND v.number = 1 AND p.state != 'passed'"
    )
    assert one(sql, slug=SECURITY) == 41


def test_260_entries_of_learning_outside_all_by_hr(seeded: Flask) -> None:
    hr = {person(members.CITRA).id, person(members.SYAMSUL).id}
    assert one("SELECT count(*) FROM outside_learning") == 260
    assert {p for (p,) in ask("SELECT DISTINCT entered_by FROM outside_learning")} >= hr


def test_9_certificates_wait_4_of_them_for_citra_and_2_were_sent_back(seeded: Flask) -> None:
    counted = dict(ask("SELECT state, count(*) FROM outside_learning GROUP BY 1"))
    assert counted == {"approved": 249, "waiting": 9, "returned": 2}
    for nip, waiting in ((members.SYAMSUL, 9), (members.CITRA, 4)):
        actor = actor_of(nip)
        page = queue.find(actor, Wanted(2026), "waiting")
        assert page.total == len([row for row in page.rows if row.may_decide]) == waiting
        assert submissions.waiting_count(units.reach(actor)) == waiting
    returned = queue.find(actor_of(members.SYAMSUL), Wanted(2026), "returned").rows
    assert len(returned) == 2
    reasons = ask("SELECT decision_reason FROM outside_learning WHERE state = 'returned'")
    assert all(len(reason) > 20 for (reason,) in reasons)


def test_ani_has_12_jp_and_one_certificate_waiting(seeded: Flask) -> None:
    ani = person(members.ANI)
    assert hours.year(ani, 2026).earned == 12
    assert [row.state for row in outside.of(ani.id)].count("waiting") == 1


def test_37_are_not_yet_sent_to_siasn_3_of_them_refused(seeded: Flask) -> None:
    actor, wanted = actor_of(members.SYAMSUL), Wanted(2026)
    counts = listing.counts(actor, wanted, figures.cut_of(wanted))
    assert (counts.unsent, counts.refused) == (37, 3)
    assert counts.sent == 97 + 18 + 249 - 37
    faults = [
        fault
        for row in listing.find(actor, wanted, listing.REFUSED, {}, 3).rows
        for fault in row.record.faults
    ]
    assert sorted(faults) == ["no_number", "no_number", "structural"]


def test_60_percent_of_pns_are_assessed_and_nobody_else(seeded: Flask) -> None:
    rows = ask(
        "SELECT p.status, count(DISTINCT p.id), min(a.assessed_on), max(a.assessed_on)"
        " FROM assessed_level a JOIN person p ON p.id = a.person_id GROUP BY 1"
    )
    [(status, count, oldest, newest)] = rows
    today = clock.today()
    assert (status, count) == ("pns", 114)
    assert clock.date_from_iso(newest) <= today - timedelta(days=88)
    assert today - timedelta(days=41 * 31) <= clock.date_from_iso(oldest) < today - timedelta(900)


def test_scores_reach_from_barely_passed_to_full_and_some_fail_twice(seeded: Flask) -> None:
    low, mean, high = ask(
        "SELECT min(score_tenths), avg(score_tenths), max(score_tenths) FROM completion"
    )[0]
    assert 700 <= low < 770
    assert 800 < mean < 910
    assert high > 930
    assert one("SELECT min(score_tenths) FROM attempt WHERE passed") < 720
    assert one("SELECT count(*) FROM attempt WHERE number = 3 AND passed") > 5


def test_study_times_look_like_work(seeded: Flask) -> None:
    moments = [
        clock.from_ms(ms)
        for (ms,) in ask(
            "SELECT happened_ms FROM event WHERE kind IN ('lesson_completed', 'attempt_submitted')"
        )
    ]
    hours = Counter(moment.hour for moment in moments)
    assert min(hours) >= 7
    assert max(hours) <= 22
    assert sum(moment.weekday() == 6 for moment in moments) < 0.1 * len(moments)
    assert sum(moment.weekday() < 5 for moment in moments) > 0.7 * len(moments)


def test_there_is_a_quiet_month_and_a_rush_at_the_end(seeded: Flask) -> None:
    days = [
        (clock.today() - clock.day_of(ms)).days
        for (ms,) in ask("SELECT completed_ms FROM completion")
    ]
    assert not [day for day in days if 105 <= day <= 130]
    assert sum(day <= 36 for day in days) > 0.3 * len(days)


def test_four_people_finished_more_than_3_jp_in_one_day(seeded: Flask) -> None:
    found = ask("SELECT earned_jp, countable_jp FROM hours_year WHERE countable_jp < earned_jp")
    assert [earned - countable for earned, countable in found] == [3, 3, 3, 3]


def test_the_swapped_key_the_easy_question_and_unused_distractors_are_seen(seeded: Flask) -> None:
    course_id = one("SELECT id FROM course WHERE slug = :slug", slug=SECURITY)
    found = {
        (result.figures.question.id, result.is_current): result.figures
        for link in questions.results(course_id).quizzes
        if (quiz := questions.results(course_id, link.key).shown)
        for result in quiz.questions
    }
    swapped, easy = found["d-ulang", False], found["d-sedia", True]
    assert swapped.facility
    assert swapped.facility.value < 0.3
    assert items.Suspicion.OUTNUMBERED in swapped.suspicions
    assert easy.facility
    assert easy.facility.value >= 0.9
    assert easy.suspicions == []
    for identity in ("d-risiko", "p-teruskan"):
        assert [choice.picked for choice in found[identity, True].choices].count(0) == 1


def test_68_people_have_pretest_and_post_test_crossed_over_and_know_more(seeded: Flask) -> None:
    sql = "SELECT id, latest_version_id FROM course WHERE slug = :slug"
    measured = gains.of_course(*ask(sql, slug=SECURITY)[0])
    assert measured
    assert measured.gain
    assert measured.gain.people == 68
    assert 0.05 < measured.gain.gain.low < measured.gain.gain.value < 0.35
    asked = ask("SELECT questions FROM attempt WHERE quiz_key = '_pretest'")
    forms = Counter(frozenset(digest for digest, _ in json.loads(body)) for (body,) in asked)
    assert len(forms) == 2
    assert min(forms.values()) > 0.3 * len(asked)
    assert one("SELECT count(*) FROM event WHERE kind = 'pretest_skipped'") > 10


def test_what_letters_ask_is_overdue_for_12_of_citra_and_two_of_the_five_of_yusnidar(
    seeded: Flask,
) -> None:
    actor = actor_of(members.CITRA)
    found = listing_of_assignments.find(actor, Wanted(2026), "open").rows
    by_due = {row.assigned.rule.due_on: row for row in found}
    today = clock.today()
    assert set(by_due) == {today - timedelta(days=7), today + timedelta(days=9)}
    assert sum(row.figures.overdue for row in found) == 12
    puskesmas = by_due[today + timedelta(days=9)]
    assert (puskesmas.figures.overdue, puskesmas.figures.exempt) == (0, 2)
    given = assigned.exemptions(puskesmas.assigned.id, units.reach(actor))
    assert {each.reason for each in given} == {reason for reason, _days in ON_LEAVE}
    assert all(row.assigned.rule.letter_number and row.assigned.rule.letter_on for row in found)
    led = [id_ for (id_,) in ask(LED, id=person(members.YUSNIDAR).id)]
    late = asked.overdue_of(led)
    assert (len(led), len(late)) == (5, 2)
    [mine] = asked.open_of(person(members.ANI).id)
    assert (mine.days_left, mine.stage) == (9, "open")


def test_ten_teachers_with_a_contract_have_done_what_was_asked_of_them(seeded: Flask) -> None:
    found = listing_of_assignments.find(actor_of(members.SYAMSUL), Wanted(2026), "open").rows
    assert len(found) == 3
    [row] = [row for row in found if row.assigned.lines[0].listed]
    assert row.figures == asked.Figures(done=10)
    assert person(members.RUDI).nip in assigned.numbers_of(row.assigned.rule.lines[0])


def test_the_audit_log_and_the_certificates_stand_in_the_order_of_time(seeded: Flask) -> None:
    moments = [ms for (ms,) in ask("SELECT at_ms FROM audit_entry ORDER BY id")]
    assert moments == sorted(moments)
    assert clock.day_of(moments[0]) == clock.today() - timedelta(days=425)
    issued = ask("SELECT issued_ms FROM certificate ORDER BY year, serial")
    assert issued == sorted(issued)


def test_the_whole_demo_is_clean_too(seeded: Flask) -> None:
    assert problems() == []


def test_two_technical_competencies_are_the_agencys_and_clerks_are_asked_for_one(
    seeded: Flask,
) -> None:
    own = ask("SELECT code, edition FROM competency WHERE \"group\" = 'teknis' ORDER BY code")
    assert own == [("TEK.ADUAN", 2), ("TEK.ARSIP", 1)]
    [(clerks, assessed)] = ask(
        "SELECT count(DISTINCT p.id), count(DISTINCT a.person_id) FROM person p"
        " JOIN position_requirement r ON r.position_id = p.position_id AND r.level = 2"
        " LEFT JOIN assessed_level a ON a.person_id = p.id AND a.code = r.code WHERE p.active"
    )
    assert (clerks, assessed) == (18, 6)
