"""The rules of JP: shown with their history, changed by HR of the agency, closed years warned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import clock, settings
from elearn.competency import conversion, hour_settings, hours
from elearn.competency.events import Credit, Source
from elearn.competency.models import HoursYear
from elearn.database import db, transaction
from elearn.people.models import AuditEntry
from elearn.settings import Setting
from tests.builders import a_framework
from tests.people_cast import Cast, make_cast
from tests.reports.school import browser_of, page_of, text_of

HERE = "/hr/jp-rules"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.set_to(clock.to_ms(datetime(2026, 11, 24, 9, tzinfo=clock.WIB))):
        yield


@pytest.fixture
def cast(app: Flask) -> Cast:
    made = make_cast()
    a_framework()
    return made


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_hr_of_the_agency_changes_a_rule_from_a_year_on(app: Flask, cast: Cast) -> None:
    syamsul = browser_of(app, cast.syamsul)
    assert "PerLAN 15/2020" in text_of(syamsul.get(HERE))
    done = syamsul.post(f"{HERE}/pns_floor_jp", data={"value": "24", "from_year": "2027"})
    assert (done.status_code, done.headers["Location"]) == (303, HERE)
    assert [settings.value("pns_floor_jp", year) for year in (2026, 2027, 2030)] == [20, 24, 24]
    text = text_of(syamsul.get(f"{HERE}/pns_floor_jp"))
    assert "sejak 2027: 24 JP" in text
    assert "Syamsul Bahri" in text
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "setting:changed")
    ).one()
    assert entry.actor_id == cast.syamsul.id
    assert "sejak tahun: 2027" in page_of(app, cast.fadli, "/admin/audit")


@pytest.mark.parametrize(
    ("key", "value", "held"),
    [
        ("cpns_follows_floor", "no", False),
        ("floor_counts", "countable", "countable"),
        ("elearning_jp_per_day", "4", 4),
        ("programme_jp_per_day", "10", 10),
        ("renewal_days", "60", 60),
        ("renewal_credits_jp", "no", False),
        ("expiry_notice_days", " 7, 60,7", [60, 7]),
        ("expiry_notice_days", "", []),
    ],
)
def test_each_kind_of_rule_can_be_changed(
    app: Flask, cast: Cast, key: str, value: str, held: object
) -> None:
    syamsul = browser_of(app, cast.syamsul)
    assert syamsul.get(f"{HERE}/{key}").status_code == 200
    sent = syamsul.post(f"{HERE}/{key}", data={"value": value, "from_year": "2026"})
    assert sent.status_code == 303
    assert settings.value(key, 2026) == held


@pytest.mark.parametrize(
    ("key", "data", "said"),
    [
        ("pns_floor_jp", {"value": "-1", "from_year": "2027"}, "di luar batas"),
        ("pns_floor_jp", {"value": "401", "from_year": "2027"}, "di luar batas"),
        ("pns_floor_jp", {"value": "x", "from_year": "2027"}, "bilangan bulat"),
        ("pns_floor_jp", {"value": "", "from_year": "2027"}, "perlu diisi"),
        ("pns_floor_jp", {"value": "20", "from_year": ""}, "perlu diisi"),
        ("pns_floor_jp", {"value": "20", "from_year": "2016", "confirmed": "y"}, "di luar yang"),
        ("pns_floor_jp", {"value": "20", "from_year": "9999"}, "di luar yang"),
        ("pns_floor_jp", {"value": "24", "from_year": "2025"}, "sudah ditutup"),
        ("expiry_notice_days", {"value": "besok", "from_year": "2027"}, "di luar batas"),
        ("expiry_notice_days", {"value": "0, 400", "from_year": "2027"}, "di luar batas"),
        ("floor_counts", {"value": "both", "from_year": "2027"}, "Pilih salah satu"),
        ("forms/10", {"jp": "-1", "from_year": "2027"}, "perlu diisi"),
        ("forms/10", {"jp": "9999", "most_a_month": "0", "abroad_percent": "0", "abroad_jp": "0",
                      "from_year": "2027"}, "di luar batas"),
    ],
)  # fmt: skip
def test_what_cannot_hold_is_refused_and_kept_on_the_page(
    app: Flask, cast: Cast, key: str, data: dict[str, str], said: str
) -> None:
    page = browser_of(app, cast.syamsul).post(f"{HERE}/{key}", data=data)
    assert page.status_code == 422
    assert said in text_of(page)
    assert count(Setting) == 0


def test_a_closed_year_is_changed_only_when_that_is_confirmed(app: Flask, cast: Cast) -> None:
    with transaction():
        hours.credit(_credit(cast.ani.id, cast.pustu.id, date(2025, 5, 4)))
    syamsul, here = browser_of(app, cast.syamsul), f"{HERE}/elearning_jp_per_day"
    data = {"value": "2", "from_year": "2025"}
    page = syamsul.post(here, data=data)
    assert "1 pegawai mempunyai JP sejak tahun itu" in text_of(page)
    assert syamsul.post(here, data=data | {"confirmed": "y"}).status_code == 303
    assert db.session.scalar(select(HoursYear.countable_jp)) == 2


def _credit(person_id: int, unit_id: int, day: date) -> Credit:
    return Credit(person_id, Source("course", "1"), "16", 6, False, day, unit_id, (day,))


def test_a_form_of_learning_gets_numbers_of_the_agency(app: Flask, cast: Cast) -> None:
    syamsul, here = browser_of(app, cast.syamsul), f"{HERE}/forms/10"
    assert 'value="24"' in text_of(syamsul.get(here))
    numbers = {"jp": "16", "most_a_month": "0", "abroad_percent": "0", "abroad_jp": "20"}
    assert syamsul.post(here, data=numbers | {"from_year": "2027"}).status_code == 303
    assert not hour_settings.form_of("10", 2026).is_changed
    changed = hour_settings.form_of("10", 2027)
    assert (changed.form.jp, changed.form.abroad_jp, changed.is_changed) == (16, 20, True)
    assert conversion.forms(settings.value("jp_conversion", 2027))["9"].jp == 0


@pytest.mark.parametrize(
    ("who", "seen", "changed"),
    [("citra", 200, 403), ("fadli", 200, 403), ("ani", 404, 404), ("dewi", 404, 404)],
)
def test_others_read_or_find_nothing(
    app: Flask, cast: Cast, who: str, seen: int, changed: int
) -> None:
    browser = browser_of(app, getattr(cast, who))
    assert browser.get(HERE).status_code == seen
    data = {"value": "1", "from_year": "2026"}
    for address in (f"{HERE}/pns_floor_jp", f"{HERE}/forms/10"):
        assert browser.get(address).status_code == changed
        assert browser.post(address, data=data).status_code == changed
    assert count(Setting) == 0


@pytest.mark.parametrize("key", ["unknown", "hr_note", "jp_conversion", "forms/99", "forms/x"])
def test_what_is_no_rule_is_not_found(app: Flask, cast: Cast, key: str) -> None:
    syamsul = browser_of(app, cast.syamsul)
    assert syamsul.get(f"{HERE}/{key}").status_code == 404
    data = {"value": "1", "from_year": "2027"}
    assert syamsul.post(f"{HERE}/{key}", data=data).status_code == 404
