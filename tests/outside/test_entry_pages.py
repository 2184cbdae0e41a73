"""HR enters learning elsewhere from the paper and takes it back."""

from __future__ import annotations

import pytest
from flask import Flask

from elearn.competency.outside_models import OutsideLearning
from elearn.journal.models import Event
from elearn.people.models import AuditEntry
from tests.competency import people_of_jambi
from tests.competency.people_of_jambi import People, browser_of
from tests.competency.test_outside import a_learning, enter
from tests.competency.test_pages import count, text_of

ENTRY = {
    "title": "Seminar gizi",
    "kind": "9",
    "jp": "4",
    "organiser": "Dinas Kesehatan",
    "number": "12/2026",
    "started_on": "2026-05-07",
    "ended_on": "07-05-2026",
}


@pytest.fixture
def people(app: Flask) -> People:
    return people_of_jambi.settle()


def outside_address(person_id: int) -> str:
    return f"/hr/people/{person_id}/outside-learning"


def test_hr_enters_learning_elsewhere_and_sees_it(app: Flask, people: People) -> None:
    hr = browser_of(app, people.citra)
    page = hr.post(outside_address(people.ani), data=ENTRY)
    assert (page.status_code, page.headers["Location"]) == (303, outside_address(people.ani))
    text = text_of(hr.get(outside_address(people.ani)))
    assert "Seminar gizi" in text
    assert "dicatat kepegawaian" in text
    assert "19940412 201903 2 901" in text


@pytest.mark.parametrize(
    "change",
    [
        {"jp": "2,5"},
        {"kind": "99"},
        {"ended_on": "31-02-2026"},
        {"title": ""},
        {"number": "x" * 121},
    ],
)
def test_a_wrong_entry_keeps_what_was_typed(app: Flask, people: People, change) -> None:
    data = ENTRY | change
    page = browser_of(app, people.citra).post(outside_address(people.ani), data=data)
    text = text_of(page)
    assert page.status_code == 422
    assert 'role="alert"' in text
    assert f'value="{data["organiser"]}"' in text
    assert "Not a valid" not in text
    assert (count(OutsideLearning), count(Event)) == (0, 0)


def test_what_the_rules_refuse_stands_beside_the_field(app: Flask, people: People) -> None:
    hr = browser_of(app, people.citra)
    hr.post(outside_address(people.ani), data=ENTRY)
    page = hr.post(outside_address(people.ani), data=ENTRY)
    assert page.status_code == 422
    assert "sudah dicatat untuk pegawai ini" in text_of(page)
    assert count(OutsideLearning) == 1


@pytest.mark.parametrize("who", ["ani", "yusni"])
def test_only_hr_of_the_branch_may_enter(app: Flask, people: People, who: str) -> None:
    browser = browser_of(app, getattr(people, who))
    for page in (
        browser.get(outside_address(people.ani)),
        browser.post(outside_address(people.ani), data=ENTRY),
    ):
        assert page.status_code == 404
    assert (count(OutsideLearning), count(Event), count(AuditEntry)) == (0, 0, 0)


def test_hr_finds_nobody_outside_the_branch(app: Flask, people: People) -> None:
    hr = browser_of(app, people.citra)
    for person_id in (people.yusni, 9999):
        assert hr.get(outside_address(person_id)).status_code == 404
        assert hr.post(outside_address(person_id), data=ENTRY).status_code == 404
    assert count(OutsideLearning) == 0


def test_hr_takes_an_entry_back_with_a_reason(app: Flask, people: People) -> None:
    row = enter(people, people.ani, a_learning())
    hr = browser_of(app, people.citra)
    address = f"/hr/completions/outside/{row.id}/withdraw"
    asked = text_of(hr.get(address))
    assert "milik Ani Pratiwi" in asked
    assert "8 JP keluar dari tahun 2026" in asked
    assert hr.post(address, data={"reason": " "}).status_code == 422
    assert hr.post(address, data={"reason": "Salah orang"}).status_code == 303
    assert hr.post(address, data={"reason": "Salah orang"}).status_code == 409
    assert "Salah orang" in text_of(hr.get(outside_address(people.ani)))


def test_nobody_else_takes_an_entry_back(app: Flask, people: People) -> None:
    row = enter(people, people.ani, a_learning())
    before = count(Event)
    for who in (people.ani, people.yusni):
        browser = browser_of(app, who)
        address = f"/hr/completions/outside/{row.id}/withdraw"
        assert browser.get(address).status_code == 404
        assert browser.post(address, data={"reason": "x"}).status_code == 404
    assert count(Event) == before
