"""Files for analysis: under pseudonyms, without small groups, for a purpose that is kept."""

from __future__ import annotations

import csv
from collections import Counter
from io import BytesIO, StringIO
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from elearn.database import transaction
from elearn.people import audit
from elearn.people.models import Person
from tests.builders import WORDS, a_course, a_published_version, an_enrolment, pass_everything
from tests.people_cast import Cast, a_person, signed_in

HERE = "/admin/privacy/analysis"
TRAITS = ("Unit", "Lahir", "Jenis kelamin", "Status")
FORM = {"subject": "completions", "kind": "csv", "purpose": "Evaluasi kursus tahun ini."}


@pytest.fixture
def studied(cast: Cast) -> list[Person]:
    """Seven have passed a course, two of them in public works; one is in a course of their own."""
    a_published_version(cast)
    a_published_version(cast, a_course(slug="sepi", digest="versi-sepi"))
    nips = [f"19940412201903290{n}" for n in (2, 3, 4, 5)]
    with transaction():
        more = [a_person(nip, f"Orang {nip[-1]}", cast.health) for nip in nips]
        far = a_person("198603032011011921", "Orang jauh", cast.works)
    people = [cast.ani, *more, cast.stranger, far]
    for person in people:
        pass_everything(person)
    an_enrolment(cast.ani, "sepi")
    return people


def take(app: Flask, cast: Cast, **changes: str) -> Any:
    return signed_in(app, cast.syamsul).post(HERE, data=FORM | changes)


def lines(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))


def test_a_file_names_nobody_and_hides_small_groups(
    app: Flask, cast: Cast, studied: list[Person]
) -> None:
    for subject, rows in (("completions", 7), ("attempts", 7), ("answers", 14)):
        answer = take(app, cast, subject=subject)
        text, found = answer.get_data(as_text=True), lines(answer)
        assert len(found) == rows
        for person in studied:
            assert person.nip not in text
            assert person.name not in text
        for word in ("Dinas PUPR", "sepi", WORDS, "199404"):
            assert word not in text
        told = {r["Samaran"]: tuple(r[name] for name in TRAITS) for r in found}
        assert min(Counter(told.values()).values()) >= 5
        assert len(told) == len(studied)
        assert {r["Kursus"] for r in found} == {"keamanan"}


def test_answers_are_told_by_keys_and_pseudonyms_change_unless_they_are_linked(
    app: Flask, cast: Cast, studied: list[Person]
) -> None:
    found = lines(take(app, cast, subject="answers"))
    assert {(r["Soal"], r["Pilihan"], r["Dijawab"]) for r in found} == {
        ("s1", "a", "1"),
        ("s2", "a", "1"),
    }
    assert {r["Nilai soal dari 100"] for r in found} == {"100"}

    def names(**changes: str) -> set[str]:
        return {row["Samaran"] for row in lines(take(app, cast, **changes))}

    assert names() & names() == set()
    assert names(linked="y") == names(linked="y", subject="attempts")
    assert names(linked="y") & names() == set()


def test_the_purpose_is_asked_and_kept(app: Flask, cast: Cast, studied: list[Person]) -> None:
    for purpose, words in (("", "perlu diisi"), ("singkat", "10 sampai 400 huruf")):
        refused = take(app, cast, purpose=purpose)
        assert refused.status_code == 422
        assert words in refused.text
    book = CalamineWorkbook.from_filelike(BytesIO(take(app, cast, kind="xlsx").data))
    assert len(book.get_sheet_by_index(0).to_python()) == 8
    told = audit.find(audit.Wanted(action="export:analysis")).entries
    assert [entry.values["reason"] for entry in told] == ["Evaluasi kursus tahun ini."]
    assert "Evaluasi kursus tahun ini." in signed_in(app, cast.syamsul).get(HERE).text


def test_too_few_people_are_no_file(app: Flask, cast: Cast) -> None:
    a_published_version(cast)
    pass_everything(cast.ani)
    refused = take(app, cast)
    assert refused.status_code == 422
    assert "kurang dari lima orang" in refused.text
    assert audit.find(audit.Wanted(action="export:analysis")).entries == []


@pytest.mark.parametrize("who", ["ani", "citra", "dewi", "fadli"])
def test_only_hr_of_the_agency_takes_one(app: Flask, cast: Cast, who: str) -> None:
    other = signed_in(app, getattr(cast, who))
    assert other.get(HERE).status_code == 404
    assert other.post(HERE, data=FORM).status_code == 404
