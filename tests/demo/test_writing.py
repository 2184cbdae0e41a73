"""Drafts, reviews and essays of the demo, on the pages that show them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from elearn.competency import framework
from elearn.content import catalogue, drafts
from elearn.content.compiler import Known, compile_course
from elearn.demo import members
from elearn.demo.editions import ARCHIVE, COMPLAINTS, LEADING, SECURITY
from elearn.people.access import COOKIE
from tests.demo.reading import ask, one, person, token_of


def browser(seeded: Flask, nip: str) -> FlaskClient:
    client = seeded.test_client()
    client.set_cookie(COOKIE, token_of(nip))
    return client


def seen(client: FlaskClient, path: str) -> str:
    """What a page says: its words, with one blank between them."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    main = answer.text[answer.text.index("<main") :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_budi_sees_what_waits_for_him_under_his_courses(seeded: Flask) -> None:
    page = seen(browser(seeded, members.BUDI), "/teach")
    assert "Arsip digital" in page
    assert page.count("uraian menunggu Anda") == 1
    assert "2 uraian menunggu Anda" in page
    assert "Pelayanan publik dan pengaduan" in page
    assert "ditelaah" in page


@pytest.mark.parametrize(
    ("nip", "days"), [(members.BUDI, [9, 3, 6, 2]), (members.RATNA, [6, 2, 9, 3])]
)
def test_four_wait_for_the_marking_of_an_essay_two_of_them_for_budi(
    seeded: Flask, nip: str, days: list[int]
) -> None:
    client = browser(seeded, nip)
    page = seen(client, f"/teach/{LEADING}/essays")
    assert "2 giliran Anda, 2 giliran rekan pengajar" in page
    assert [int(found) for found in re.findall(r"(\d+) hari lalu", page)] == days


def test_all_other_essays_are_marked_and_one_mark_was_corrected(seeded: Flask) -> None:
    page = seen(browser(seeded, members.BUDI), f"/teach/{LEADING}/essays/marked")
    marked = one("SELECT count(*) FROM essay_mark")
    assert marked >= 26
    assert f"Sudah dinilai {marked}" in page
    assert one("SELECT count(*) FROM attempt WHERE unmarked > 0") == 4
    assert ask("SELECT p.nip FROM mark_correction c JOIN attempt a ON a.id = c.attempt_id"
               " JOIN person p ON p.id = a.person_id") == [(members.JONI,)]  # fmt: skip


def test_joni_reads_why_his_essay_was_marked_again(seeded: Flask) -> None:
    sql = "SELECT id FROM attempt WHERE person_id = :id AND quiz_key = 'tugas-kasus'"
    attempt_id = one(sql, id=person(members.JONI).id)
    page = seen(browser(seeded, members.JONI), f"/attempts/{attempt_id}/result")
    assert "Dinilai ulang pada" in page
    assert "semula terlewat oleh saya" in page


def test_who_waits_has_done_all_else(seeded: Flask) -> None:
    rows = ask(
        "SELECT p.state, p.percent, p.next_lesson FROM course_progress p"
        " JOIN attempt a ON a.enrolment_id = p.enrolment_id WHERE a.unmarked > 0"
    )
    assert [(state, lesson) for state, _, lesson in rows] == [
        ("studying", "menjaga/tugas-kasus")
    ] * 4
    assert min(percent for _, percent, _ in rows) > 85


def test_the_draft_of_budi_has_three_problems_each_with_file_and_line(seeded: Flask) -> None:
    page = seen(browser(seeded, members.BUDI), f"/teach/{ARCHIVE}/edit")
    for place in (
        "01-menyimpan/01-nama-berkas.md, baris 16",
        "01-menyimpan/03-kuis.md, baris 19",
        "02-menyusutkan/01-memindahkan.md, baris 5",
    ):
        assert place in page
    assert page.count(", baris ") == 3


def test_ratnas_checklist_is_half_ticked(seeded: Flask) -> None:
    answer = browser(seeded, members.RATNA).get(f"/teach/{COMPLAINTS}/versions/1")
    assert answer.text.count('name="points"') == 8
    assert len(re.findall(r'name="points" value="\w+" checked', answer.text)) == 4
    page = seen(browser(seeded, members.BUDI), f"/teach/{COMPLAINTS}/versions/1")
    assert "sudah mencentang 4 dari 8 butir" in page


@pytest.mark.parametrize("slug", [SECURITY, LEADING])
def test_the_working_copy_of_what_is_given_out_is_what_is_given_out(
    seeded: Flask, slug: str
) -> None:
    draft = drafts.authored(person(members.BUDI).id, slug)
    known = Known(framework.seed_codes(), frozenset({SECURITY, LEADING}))
    compiled = compile_course(drafts.source(draft), known).course
    assert compiled is not None
    open_id = catalogue.open_course(slug).open_version_id
    assert compiled.digest == catalogue.outline(open_id).digest
