"""The editor of the framework: who may do what, editions, two at once, retiring and its effect."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock
from elearn.competency import editions, evidence, framework
from elearn.competency.evidence import Assessment
from elearn.content.course import CompetencyLevel
from elearn.database import db, transaction
from elearn.errors import Invalid, NotAllowed
from elearn.people.models import AuditEntry, Person
from tests.people_cast import Cast
from tests.reports.school import a_course, browser_of, page_of, publish, text_of
from tests.standards.builders import (
    CODE,
    FRAMEWORK,
    HERE,
    REASON,
    a_competency,
    a_wording,
    typed,
)


def send(app: Flask, person: Person, address: str, **sent: Any) -> Any:
    return browser_of(app, person).post(address, data=sent)


def test_a_competency_is_added_and_read_by_everybody(app: Flask, cast: Cast) -> None:
    sent = typed(a_wording(basis="Perbup 7/2026"), code=CODE)
    assert send(app, cast.syamsul, f"{FRAMEWORK}/new", **sent).status_code == 303
    assert CODE in framework.known_codes()
    for person, address in ((cast.fadli, HERE), (cast.ani, f"/competencies/{CODE}")):
        page = page_of(app, person, address)
        for said in ("Tata kelola arsip", "Pemula", "Mumpuni", "Mencatat surat", "Perbup 7/2026"):
            assert said in page
    for person, address in ((cast.citra, FRAMEWORK), (cast.ani, "/competencies")):
        page = page_of(app, person, address)
        assert "Tata kelola arsip" in page
        assert "Kompetensi digital" in page
    assert db.session.scalar(select(AuditEntry).where(AuditEntry.action == "competency:added"))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"code": ""}, "Isian ini perlu diisi"),
        ({"code": "arsip"}, "Huruf besar dan angka"),
        ({"code": "TEK"}, "Huruf besar dan angka"),
        ({"code": "TEK." + "A" * 20}, "Paling banyak 20 huruf"),
        ({"code": "DIG.BARU"}, "disediakan untuk bawaan"),
        ({"name": " "}, "Isian ini perlu diisi"),
        ({"name": "x" * 121}, "Paling banyak 120 huruf"),
        ({"text_3": ""}, "Isian ini perlu diisi"),
        ({"text_3": "x" * 2001}, "Terlalu panjang"),
        ({"indicators_2": "a\n" * 21}, "Paling banyak 20 indikator"),
        ({"valid_from": "2026-11-25"}, "Paling lama hari ini"),
        ({"reason": ""}, "Isian ini perlu diisi"),
    ],
)
def test_a_wrong_competency_is_refused_beside_its_field(
    app: Flask, cast: Cast, values: dict[str, str], said: str
) -> None:
    sent = typed(a_wording(), code=CODE) | values
    page = send(app, cast.syamsul, f"{FRAMEWORK}/new", **sent)
    assert page.status_code == 422
    assert said in text_of(page)
    assert "Mencatat surat" in text_of(page)  # what was typed stays
    assert CODE not in framework.known_codes()


def test_a_code_is_given_once(app: Flask, cast: Cast) -> None:
    a_competency(cast)
    page = send(app, cast.syamsul, f"{FRAMEWORK}/new", **typed(a_wording(), code=CODE))
    assert page.status_code == 422
    assert "sudah dipakai kompetensi lain" in text_of(page)
    same_name = typed(a_wording("TATA kelola arsip"), code="TEK.LAIN")
    page = send(app, cast.syamsul, f"{FRAMEWORK}/new", **same_name)
    assert page.status_code == 422
    assert "Nama ini sudah dipakai" in text_of(page)


@pytest.mark.parametrize(
    ("who", "reads", "changes"),
    [("citra", 200, 403), ("fadli", 200, 403), ("ani", 404, 404), ("budi", 404, 404)],
)
def test_only_hr_of_the_agency_changes_the_framework(
    app: Flask, cast: Cast, who: str, reads: int, changes: int
) -> None:
    a_competency(cast)
    browser = browser_of(app, getattr(cast, who))
    for address in (FRAMEWORK, HERE, f"{HERE}/editions/1"):
        assert browser.get(address).status_code == reads
    for address in (f"{FRAMEWORK}/new", f"{HERE}/edit", f"{HERE}/retire"):
        assert browser.get(address).status_code == changes
        assert browser.post(address, data=typed(a_wording())).status_code == changes
    for act in ("restore", "remove"):
        assert browser.post(f"{HERE}/{act}", data={"reason": "x"}).status_code == changes


def test_the_national_ones_are_only_read(app: Flask, cast: Cast) -> None:
    browser = browser_of(app, cast.syamsul)
    national = f"{FRAMEWORK}/M.01"
    assert "PermenPANRB Nomor 38 Tahun 2017" in page_of(app, cast.syamsul, national)
    for act in ("edit", "retire"):
        assert browser.get(f"{national}/{act}").status_code == 403
        assert browser.post(f"{national}/{act}", data=typed(a_wording(), 1)).status_code == 403
    assert browser.post(f"{national}/remove").status_code == 303
    assert "M.01" in framework.known_codes()
    assert browser.get(f"{FRAMEWORK}/DIG.AMAN/edit").status_code == 200
    for address in (f"{FRAMEWORK}/X.99", f"{HERE}/editions/9", f"{FRAMEWORK}/X.99/edit"):
        assert browser.get(address).status_code == 404
    why = editions.Why(clock.today(), REASON)
    with pytest.raises(NotAllowed), transaction():
        editions.reword(cast.syamsul.id, "M.01", 1, a_wording(), why)


def test_another_wording_is_an_edition_and_the_past_keeps_its_own(app: Flask, cast: Cast) -> None:
    with clock.set_to(clock.start_of_day_ms(date(2026, 3, 2))):
        a_competency(cast)
    sent = typed(a_wording("Kearsipan", "Berkas"), 1)
    assert send(app, cast.syamsul, f"{HERE}/edit", **sent).status_code == 303
    assert framework.names()[CODE] == "Kearsipan"
    by_name = editions.codes_by_name()
    assert (by_name["Kearsipan"], by_name["Tata kelola arsip"]) == (CODE, CODE)
    assert framework.described(CODE, date(2026, 5, 1)).wording == a_wording()
    assert framework.described(CODE, date(2020, 1, 1)).wording == a_wording()
    old = page_of(app, cast.ani, f"/competencies/{CODE}?on=2026-05-01")
    assert "Arsip 2" in old
    assert "Rumusan per 1 Mei 2026" in old
    for address in (f"/competencies/{CODE}", f"/competencies/{CODE}?on=2026-11-24"):
        page = page_of(app, cast.ani, address)
        assert "Berkas 2" in page
        assert "Rumusan per" not in page
    page = page_of(app, cast.fadli, f"{HERE}/editions/2")
    for said in ("Tata kelola arsip", "Kearsipan", "Arsip 5", "Berkas 5", REASON, "Syamsul"):
        assert said in page
    assert send(app, cast.syamsul, f"{HERE}/edit", **(sent | {"edition": "2"})).status_code == 303
    assert editions.competency(CODE).edition == 2  # the same words make no edition
    early = send(
        app, cast.syamsul, f"{HERE}/edit", **typed(a_wording(), 2, valid_from="2026-01-05")
    )
    assert early.status_code == 422


def test_of_two_editors_the_second_is_told_and_loses_nothing(app: Flask, cast: Cast) -> None:
    a_competency(cast)
    send(app, cast.syamsul, f"{HERE}/edit", **typed(a_wording("Kearsipan"), 1))
    page = send(app, cast.syamsul, f"{HERE}/edit", **typed(a_wording("Arsip dinamis"), 1))
    assert page.status_code == 409
    for said in ("lebih dahulu menyimpan versi 2", "Kearsipan", "Arsip dinamis", 'value="2"'):
        assert said in text_of(page)
    assert framework.names()[CODE] == "Kearsipan"
    send(app, cast.syamsul, f"{HERE}/edit", **typed(a_wording("Arsip dinamis"), 2))
    assert framework.names()[CODE] == "Arsip dinamis"
    assert [each.wording.name for each in editions.history(CODE)] == [
        "Arsip dinamis",
        "Kearsipan",
        "Tata kelola arsip",
    ]


def retired(app: Flask, cast: Cast, day: str = "2026-11-24", edition: int = 1) -> Any:
    sent = {"edition": edition, "valid_from": day, "reason": REASON}
    return send(app, cast.syamsul, f"{HERE}/retire", **sent)


def test_what_a_retirement_touches_is_shown_and_what_was_assessed_stays(
    app: Flask, cast: Cast
) -> None:
    a_competency(cast)
    publish(cast, a_course("arsip", "Arsip digital", competencies=(CompetencyLevel(CODE, 2),)))
    wish = framework_wish(app, cast)
    with transaction():
        before = Assessment(CODE, 2, date(2026, 11, 2), "Asesmen 2026")
        evidence.assess(cast.syamsul.id, cast.ani.id, before)
    assert wish.status_code == 303
    assert framework.requirements("jf_terampil")[CODE] == 3
    page = page_of(app, cast.syamsul, f"{HERE}/retire")
    for said in ("Arsip digital, mendukung sampai level 2", "Pegawai yang sudah dinilai"):
        assert said in page
    assert retired(app, cast).status_code == 303
    assert CODE not in framework.requirements("jf_terampil")
    assert CODE not in framework.names_in_use()
    assert evidence.held(cast.ani.id)[CODE].level == 2
    for address in (HERE, FRAMEWORK):
        assert "idak dipakai lagi" in page_of(app, cast.fadli, address)
    after = Assessment(CODE, 3, date(2026, 11, 24), "Asesmen 2026")
    with pytest.raises(Invalid, match="retired_competency"), transaction():
        evidence.assess(cast.syamsul.id, cast.ani.id, after)
    assert send(app, cast.syamsul, f"{HERE}/remove").status_code == 303
    assert CODE in framework.known_codes()  # used: never deleted
    restored = send(app, cast.syamsul, f"{HERE}/restore", edition=2, reason="Dipakai lagi")
    assert restored.status_code == 303
    assert framework.requirements("jf_terampil")[CODE] == 3


def framework_wish(app: Flask, cast: Cast) -> Any:
    sent = {f"level_{code}": "0" for code in framework.names_in_use()}
    sent |= {f"level_{CODE}": "3", "valid_from": "2026-11-01", "reason": REASON}
    return send(app, cast.syamsul, "/hr/gaps/requirements/jf_terampil", **sent)


@pytest.mark.parametrize(
    ("day", "edition", "status"),
    [("2026-11-23", 1, 422), ("2999-01-01", 1, 422), ("", 1, 422), ("2026-12-01", 7, 409)],
)
def test_a_wrong_retirement_is_refused(
    app: Flask, cast: Cast, day: str, edition: int, status: int
) -> None:
    a_competency(cast)
    assert retired(app, cast, day, edition).status_code == status
    assert framework.retirements() == {}


def test_a_retirement_holds_from_its_day_and_is_told_twice_to_nobody(
    app: Flask, cast: Cast
) -> None:
    a_competency(cast)
    assert retired(app, cast, "2026-12-01").status_code == 303
    assert CODE in framework.names_in_use()
    assert CODE not in framework.names_in_use(date(2026, 12, 1))
    assert "Dipakai sampai 1 Desember 2026" in page_of(app, cast.fadli, HERE)
    assert retired(app, cast, "2026-12-05", 2).status_code == 409


def test_one_that_nothing_names_can_be_deleted(app: Flask, cast: Cast) -> None:
    a_competency(cast)
    assert "masih dapat dihapus" in page_of(app, cast.syamsul, HERE)
    assert send(app, cast.syamsul, f"{HERE}/remove").status_code == 303
    assert CODE not in framework.known_codes()
    assert browser_of(app, cast.syamsul).get(HERE).status_code == 404
