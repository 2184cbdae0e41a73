"""HR's pages of assignments: given step by step, followed by unit and by name, taken away."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock
from elearn.assignments import assigned
from elearn.assignments.models import Assignment
from elearn.assignments.rule import Line
from elearn.database import db
from tests.assignments.conftest import LETTER, Office
from tests.competency.people_of_jambi import Browser
from tests.reports import school
from tests.reports.school import browser_of, rows_of, text_of

ROOT = "/hr/assignments"
LATER_MS = school.NOW_MS + 7 * clock.DAY_MS  # 1 December, a day after the due day


def values(office: Office, **changes: Any) -> dict[str, Any]:
    filled = {
        "courses": office.course,
        "starts_on": "2026-11-01",
        "due_on": "30-11-2026",
        "days": "30",
        "letter_number": "800/12/2026",
        "letter_on": "2026-10-30",
        "line_count": "1",
        "line-0-unit_id": office.cast.health.id,
        "act": "count",
    }
    return filled | changes


def mark_in(text: str) -> str:
    return text.split('name="checked"')[1].split('value="')[1].split('"')[0]


def send(browser: Browser, address: str, filled: dict[str, Any]) -> Any:
    """Count, then save what was counted."""
    counted = browser.post(address, data=filled)
    assert counted.status_code == 200, text_of(counted)
    return browser.post(
        address, data=filled | {"checked": mark_in(text_of(counted)), "act": "save"}
    )


def stored() -> int:
    return len(list(db.session.scalars(select(Assignment.id))))


def test_hr_counts_gives_follows_and_changes(app: Flask, office: Office) -> None:
    syamsul = browser_of(app, office.cast.syamsul)
    assert "Belum ada kursus wajib" in text_of(syamsul.get(ROOT))
    counted = text_of(syamsul.post(f"{ROOT}/new", data=values(office)))
    assert "2 orang diwajibkan hari ini" in counted
    assert 'value="800/12/2026"' in counted
    assert '<option value="pppk">PPPK</option>' in counted
    assert stored() == 0
    given = send(syamsul, f"{ROOT}/new", values(office))
    assert given.headers["Location"] == f"{ROOT}/1"
    page = text_of(syamsul.get(f"{ROOT}/1"))
    assert "Surat nomor 800/12/2026 tanggal 30 Oktober 2026" in page
    [row] = rows_of(text_of(syamsul.get(ROOT)))
    assert "Keamanan informasi" in row
    assert "Dinas Kesehatan" in row
    school.passes(office.cast.ani)
    people = rows_of(text_of(syamsul.get(f"{ROOT}/1/people")))
    assert [("Citra" in row, "selesai" in row) for row in people] == [(True, False), (False, True)]
    wider = values(office, revision="1", **{"line-0-unit_id": ""})
    seen = text_of(syamsul.post(f"{ROOT}/1/edit", data=wider))
    assert "sekarang 2 orang, setelah diubah 7 orang: 5 bertambah, 0 tidak lagi" in seen
    send(syamsul, f"{ROOT}/1/edit", wider)
    assert assigned.of(1).revision == 2
    assert syamsul.post(f"{ROOT}/1/edit", data=wider | {"act": "save"}).status_code == 200
    stale = send(syamsul, f"{ROOT}/1/edit", wider)
    assert stale.status_code == 409


def test_while_it_is_filled_in_only_the_count_is_sent(app: Flask, office: Office) -> None:
    syamsul, part = browser_of(app, office.cast.syamsul), {"X-Part": "effect"}
    counted = syamsul.post(f"{ROOT}/new", data=values(office), headers=part)
    assert "2 orang diwajibkan" in text_of(counted)
    assert "<html" not in text_of(counted)
    wrong = syamsul.post(f"{ROOT}/new", data=values(office, courses=[]), headers=part)
    assert (wrong.status_code, text_of(wrong).strip()) == (200, "")


def test_what_is_saved_is_what_was_counted(app: Flask, office: Office) -> None:
    syamsul = browser_of(app, office.cast.syamsul)
    counted = text_of(syamsul.post(f"{ROOT}/new", data=values(office)))
    other = values(office, act="save", checked=mark_in(counted), **{"line-0-unit_id": ""})
    again = syamsul.post(f"{ROOT}/new", data=other)
    assert again.status_code == 200
    assert "7 orang diwajibkan" in text_of(again)
    assert stored() == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"courses": []}, "Pilih 1 sampai 20 kursus"),
        ({"due_on": "", "days": ""}, "Isi tanggal tenggat, atau jumlah hari"),
        ({"due_on": "2026-10-01"}, "Tenggat mendahului tanggal mulai"),
        ({"due_on": "besok"}, "Tulis tanggal yang ada"),
        ({"days": "900"}, "Tulis 1 sampai 730 hari"),
        ({"letter_on": ""}, "Surat perlu nomor dan tanggalnya"),
        ({"line-0-post": "Tukang sihir"}, "Tidak ada jabatan dengan nama ini"),
        ({"line-0-people": "123\n199404122019032901"}, "Tidak ditemukan di unit Anda: 123."),
        ({"line-0-unit_id": "999"}, "Pilih salah satu dari daftar"),
        ({"line-0-status": "honorer"}, "Pilih salah satu dari daftar"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    app: Flask, office: Office, changes: dict[str, Any], said: str
) -> None:
    page = browser_of(app, office.cast.syamsul).post(
        f"{ROOT}/new", data=values(office, reason="Perlu dijaga", **changes)
    )
    assert page.status_code == 422
    assert said in text_of(page)
    assert "Perlu dijaga" in text_of(page)
    assert stored() == 0


def test_lines_are_added_and_taken_away_and_a_list_is_pasted(app: Flask, office: Office) -> None:
    syamsul = browser_of(app, office.cast.syamsul)
    more = text_of(syamsul.post(f"{ROOT}/new", data=values(office, act="add")))
    assert "Baris 2" in more
    two = values(office, **{
        "line_count": "2",
        "line-1-people": f"19940412 201903 2 901\n\n{office.cast.stranger.nip}\n",
    })  # fmt: skip
    assert "3 orang diwajibkan" in text_of(syamsul.post(f"{ROOT}/new", data=two))
    less = text_of(syamsul.post(f"{ROOT}/new", data=two | {"act": "remove-0"}))
    assert "Baris 2" not in less
    assert office.cast.stranger.nip in less
    send(syamsul, f"{ROOT}/new", two)
    page = text_of(syamsul.get(f"{ROOT}/1/edit"))
    assert office.cast.stranger.nip in page
    assert "2 orang dalam daftar" in text_of(syamsul.get(f"{ROOT}/1"))


def test_hr_of_a_branch_asks_its_own_people_only(app: Flask, office: Office) -> None:
    cast = office.cast
    citra = browser_of(app, cast.citra)
    everybody = values(office, **{"line-0-unit_id": ""})
    assert "2 orang diwajibkan" in text_of(citra.post(f"{ROOT}/new", data=everybody))
    send(citra, f"{ROOT}/new", everybody)
    assert assigned.of(1).owner == "Dinas Kesehatan"
    strange = values(office, **{"line-0-people": cast.stranger.nip, "line-0-unit_id": ""})
    refused = citra.post(f"{ROOT}/new", data=strange)
    assert "Tidak ditemukan di unit Anda" in text_of(refused)
    works = citra.post(f"{ROOT}/new", data=values(office, **{"line-0-unit_id": cast.works.id}))
    assert works.status_code == 422
    forged = browser_of(app, cast.stranger).post(
        f"{ROOT}/new", data=values(office, owner=cast.health.id, **{"line-0-unit_id": ""})
    )
    assert forged.status_code == 422
    assert stored() == 1


PAGES = ("", "/people", "/people.csv", "/people.xlsx")


@pytest.mark.parametrize(
    ("who", "own", "agencys", "changed"),
    [
        ("citra", 200, 200, (303, 403)),
        ("syamsul", 200, 200, (303, 303)),
        ("fadli", 200, 200, (403, 403)),
        ("stranger", 404, 404, (404, 404)),
        ("ani", 404, 404, (404, 404)),
        ("budi", 404, 404, (404, 404)),
    ],
)
def test_who_sees_and_who_changes(
    app: Flask, office: Office, who: str, own: int, agencys: int, changed: tuple[int, int]
) -> None:
    """One of Citra's branch, and one of the agency that asks it of the same people."""
    office.give(by=office.cast.citra)
    office.give(Line(unit_id=office.cast.health.id))
    browser = browser_of(app, getattr(office.cast, who))
    for id_, status in ((1, own), (2, agencys)):
        seen = [browser.get(f"{ROOT}/{id_}{page}").status_code for page in PAGES]
        assert seen == [status] * len(PAGES)
        edit, data = f"{ROOT}/{id_}/edit", values(office, revision="1")
        may = {303: 200}.get(changed[id_ - 1], changed[id_ - 1])
        assert browser.get(edit).status_code == may
        assert browser.post(edit, data=data).status_code == may
        assert browser.get(f"{ROOT}/{id_}/withdraw").status_code == may
        withdrawn = browser.post(f"{ROOT}/{id_}/withdraw", data={"reason": "Selesai"})
        assert withdrawn.status_code == changed[id_ - 1]
    listed = browser.get(ROOT)
    assert listed.status_code == (404 if who in {"ani", "budi"} else 200)
    assert ("Keamanan informasi" in text_of(listed)) == (who in {"fadli", "citra"})
    assert browser.get(f"{ROOT}/99").status_code == 404


def test_an_agency_wide_one_shows_hr_of_a_branch_only_its_own(app: Flask, office: Office) -> None:
    office.give()
    citra = browser_of(app, office.cast.citra)
    assert len(rows_of(text_of(citra.get(f"{ROOT}/1/people")))) == 2
    assert citra.get(f"{ROOT}/1/people?unit={office.cast.works.id}").status_code == 404
    exempt = f"{ROOT}/1/exempt"
    assert citra.get(f"{exempt}/{office.cast.stranger.id}").status_code == 404
    assert (
        browser_of(app, office.cast.fadli).get(f"{exempt}/{office.cast.ani.id}").status_code == 403
    )


def test_somebody_is_exempt_and_asked_again(app: Flask, office: Office) -> None:
    office.give()
    citra, ani = browser_of(app, office.cast.citra), office.cast.ani
    address = f"{ROOT}/1/exempt/{ani.id}"
    assert citra.post(address, data={"reason": " "}).status_code == 422
    assert citra.get(address).status_code == 200
    done = citra.post(address, data={"reason": "Tugas belajar", "until": "2027-01-31"})
    assert done.status_code == 303
    page = text_of(citra.get(f"{ROOT}/1"))
    assert "Tugas belajar" in page
    assert "sampai 31 Januari 2027" in page
    assert 'Dikecualikan <span class="count">1<' in text_of(citra.get(f"{ROOT}/1/people"))
    assert citra.post(address, data={"reason": "Lagi"}).status_code == 409
    end = f"{ROOT}/1/exemptions/1/end"
    assert browser_of(app, office.cast.stranger).post(end).status_code == 404
    assert citra.post(end).status_code == 303
    assert "diakhiri" in text_of(citra.get(f"{ROOT}/1"))


def test_lists_are_narrowed_sorted_and_taken_away(app: Flask, office: Office) -> None:
    office.give(**LETTER)
    office.give(Line(unit_id=office.cast.works.id), due_on=clock.today())
    syamsul = browser_of(app, office.cast.syamsul)
    with clock.set_to(LATER_MS):
        late = rows_of(text_of(syamsul.get(f"{ROOT}?sort=-overdue")))
        assert ["800/12/2026" in row for row in late] == [True, False]
        assert len(rows_of(text_of(syamsul.get(f"{ROOT}?q=800/12")))) == 1
        assert len(rows_of(text_of(syamsul.get(f"{ROOT}?unit={office.cast.health.id}")))) == 1
        assert "Tidak ada yang cocok" in text_of(syamsul.get(f"{ROOT}?state=withdrawn"))
        sheet = syamsul.get(f"{ROOT}.csv").get_data(as_text=True).splitlines()
        assert sheet[1].endswith(",1,0,0,0,1,0,")
        assert syamsul.get(f"{ROOT}.xlsx").status_code == 200
        people = syamsul.get(f"{ROOT}/1/people.csv?standing=overdue&sort=name")
        lines = people.get_data(as_text=True).splitlines()
        assert len(lines) == 8
        assert lines[1].startswith('"Ani Pratiwi, A.Md.Kep.",199404122019032901,PNS')
        found = syamsul.post(
            "/hr/find", data={"list": "assignment", "id": "1", "q": office.cast.ani.nip}
        )
        assert found.headers["Location"] == f"{ROOT}/1/people?person={office.cast.ani.id}"
        assert len(rows_of(text_of(syamsul.get(found.headers["Location"])))) == 1


def test_statements_do_not_grow_with_people_or_assignments(
    app: Flask, office: Office, query_count: Any
) -> None:
    office.give()
    syamsul = browser_of(app, office.cast.syamsul)
    for address in (ROOT, f"{ROOT}/1", f"{ROOT}/1/people"):
        syamsul.get(address)
    with query_count() as few:
        syamsul.get(ROOT)
    for _n in range(3):
        office.give(Line(unit_id=office.cast.health.id))
    with query_count() as many:
        syamsul.get(ROOT)
    assert many.total == few.total <= 8
    for address in (f"{ROOT}/1", f"{ROOT}/1/people"):
        with query_count() as whole:
            syamsul.get(address)
        assert whole.total <= 12
