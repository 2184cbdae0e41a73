"""Pages of settings: seen by some, changed by who may, with a reason, a history, a way back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import clock, settings
from elearn.administration import environment, transfer
from elearn.administration.environment import VARIABLES
from elearn.database import db, transaction
from elearn.people.models import AuditEntry
from elearn.settings import SettingChange
from tests.competency.people_of_jambi import Browser
from tests.people_cast import Cast, make_cast
from tests.reports.school import browser_of, page_of, text_of

HERE = "/admin/settings"
FILE = "/admin/settings-file"
ROOT = Path(__file__).resolve().parents[2]
WHY = {"reason": "Keputusan Bupati 12/2026"}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.set_to(clock.to_ms(datetime(2026, 11, 24, 9, tzinfo=clock.WIB))):
        yield


@pytest.fixture
def cast(app: Flask) -> Cast:
    return make_cast()


def changes() -> int:
    return db.session.scalar(select(func.count()).select_from(SettingChange)) or 0


def set_name(browser: Browser, value: str, **more: str) -> int:
    data = {"value": value, "from_year": "2026", **WHY, **more}
    return browser.post(f"{HERE}/agency_name", data=data).status_code


def test_every_setting_stands_on_the_page_with_a_page_of_its_own(app: Flask, cast: Cast) -> None:
    dewi = browser_of(app, cast.dewi)
    whole = text_of(dewi.get(HERE))
    for key, known in settings.REGISTRY.items():
        assert str(known.label) in whole
        assert dewi.get(f"{HERE}/{key}").status_code == 200, key


def test_a_change_has_a_reason_a_history_and_a_way_back(app: Flask, cast: Cast) -> None:
    dewi = browser_of(app, cast.dewi)
    assert set_name(dewi, "Kabupaten Contoh") == 303
    assert set_name(dewi, "Kota Contoh", from_year="2027") == 303
    page = page_of(app, cast.fadli, f"{HERE}/agency_name")
    assert "Pemerintah Daerah" in page
    assert "Mulai 2027: Kota Contoh" in page
    assert WHY["reason"] in page
    assert "tidak diatur → Kabupaten Contoh" in page
    first = db.session.scalars(select(SettingChange.id).order_by(SettingChange.id)).first()
    back = f"{HERE}/agency_name/changes/{first}"
    assert "Kabupaten Contoh" in text_of(dewi.get(back))
    assert dewi.post(back, data={"reason": "ok"}).status_code == 422
    assert dewi.post(back, data=WHY).status_code == 303
    assert [settings.value("agency_name", year) for year in (2026, 2027)] == [
        "Pemerintah Daerah",
        "Kota Contoh",
    ]
    actions = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.startswith("setting:"))
    )
    assert list(actions) == ["setting:changed", "setting:changed", "setting:taken_back"]
    assert "perubahan aturan dibatalkan" in page_of(app, cast.fadli, "/admin/audit")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"value": "", "from_year": "2026", **WHY}, "perlu diisi"),
        ({"value": "x" * 161, "from_year": "2026", **WHY}, "Paling banyak"),
        ({"value": "A", "from_year": "1999", "confirmed": "y", **WHY}, "di luar yang"),
        ({"value": "A", "from_year": "besok", **WHY}, "bilangan bulat"),
        ({"value": "A", "from_year": "2025", **WHY}, "sudah ditutup"),
        ({"value": "A", "from_year": "2026", "reason": ""}, "perlu diisi"),
        ({"value": "A", "from_year": "2026", "reason": "iya"}, "paling sedikit 5"),
        ({"value": "A", "from_year": "2026", "seen": "7", **WHY}, "diubah orang lain"),
    ],
)
def test_what_cannot_hold_is_refused_and_stays_typed(
    app: Flask, cast: Cast, data: dict[str, str], said: str
) -> None:
    page = browser_of(app, cast.dewi).post(f"{HERE}/agency_name", data=data)
    assert page.status_code == 422
    assert said in text_of(page)
    assert f'value="{data["value"]}"' in page.text
    assert changes() == 0


def test_each_kind_of_value_can_be_typed(app: Flask, cast: Cast) -> None:
    syamsul = browser_of(app, cast.syamsul)
    typed: dict[str, tuple[dict[str, str], object]] = {
        "hr_note": ({"value": "Satu\r\ndua"}, "Satu\r\ndua"),
        "certificate_signer": (
            {"value_name": "", "value_title": "Kepala"},
            {"name": "", "title": "Kepala"},
        ),
        "floor_counts": ({"value": "countable"}, "countable"),
        "assignment_reminder_days": ({"value": "7, -1,30"}, [30, 7, -1]),
        "certificate_photo": ({"value": "yes"}, True),
        "pns_floor_jp": ({"value": "24"}, 24),
    }
    for key, (fields, held) in typed.items():
        sent = syamsul.post(f"{HERE}/{key}", data={"from_year": "2026", **fields, **WHY})
        assert sent.status_code == 303, key
        assert settings.value(key, 2026) == held
    wrong = {"value": "{serial}", "from_year": "2026", **WHY}
    assert syamsul.post(f"{HERE}/certificate_pattern", data=wrong).status_code == 422


@pytest.mark.parametrize(
    ("who", "seen", "own", "others"),
    [
        ("dewi", 200, 303, 403),
        ("syamsul", 200, 403, 303),
        ("fadli", 200, 403, 403),
        ("citra", 404, 404, 404),
        ("budi", 404, 404, 404),
        ("ani", 404, 404, 404),
    ],
)
def test_who_sees_and_who_changes(
    app: Flask, cast: Cast, who: str, seen: int, own: int, others: int
) -> None:
    browser = browser_of(app, getattr(cast, who))
    assert browser.get(HERE).status_code == seen
    assert browser.get(f"{HERE}/agency_name").status_code == seen
    assert set_name(browser, "A") == own
    data = {"value": "24", "from_year": "2026", **WHY}
    assert browser.post(f"{HERE}/pns_floor_jp", data=data).status_code == others
    assert browser.get("/admin/settings.json").status_code == seen
    only_admin = {200: 200 if who == "dewi" else 403}.get(seen, 404)
    for address in ("/admin/environment", FILE):
        assert browser.get(address).status_code == only_admin


def test_what_is_not_there_is_not_found(app: Flask, cast: Cast) -> None:
    dewi = browser_of(app, cast.dewi)
    assert dewi.get(f"{HERE}/password").status_code == 404
    assert dewi.post(f"{HERE}/password", data=WHY).status_code == 404
    assert dewi.get(f"{HERE}/agency_name/changes/9").status_code == 404
    assert dewi.post(f"{HERE}/agency_name/changes/9", data=WHY).status_code == 404
    elsewhere = {"value": "x", "from_year": "2026", **WHY}
    assert dewi.post(f"{HERE}/retention_months", data=elsewhere).status_code == 404
    assert dewi.delete(HERE).status_code == 405


def test_what_asks_for_proof_is_not_put_back_without_it(app: Flask, cast: Cast) -> None:
    with transaction():
        made = settings.change("second_factor_grace_days", 2026, 30, None)
    assert made is not None
    dewi, back = browser_of(app, cast.dewi), f"second_factor_grace_days/changes/{made.id}"
    assert back not in text_of(dewi.get(f"{HERE}/second_factor_grace_days"))
    assert dewi.get(f"{HERE}/{back}").status_code == 404
    assert dewi.post(f"{HERE}/{back}", data=WHY).status_code == 404
    assert settings.value("second_factor_grace_days", 2026) == 30


def test_the_environment_is_shown_without_its_secrets() -> None:
    shown = {
        found.variable.name: (found.shown, found.origin)
        for found in environment.found(
            {
                "ELEARN_DATABASE": "postgresql+psycopg://elearn:sangat-rahasia@db/elearn?password=x1",
                "ELEARN_SECRET_KEY": "rahasia-sekali",
                "ELEARN_URL": "https://belajar.example.go.id",
            }
        )
    }
    assert shown["ELEARN_DATABASE"][0] == "postgresql+psycopg://elearn:***@db/elearn"
    assert shown["ELEARN_SECRET_KEY"] == ("", "environment")
    assert shown["ELEARN_URL"][0] == "https://belajar.example.go.id"
    assert shown["ELEARN_KEYS"] == ("", "default")


def test_a_file_is_looked_at_and_brought_in_whole(app: Flask, cast: Cast) -> None:
    dewi = browser_of(app, cast.dewi)
    assert set_name(dewi, "Kabupaten Contoh") == 303
    text = dewi.get("/admin/settings.json").text
    told = json.loads(text)
    assert told["settings"] == [
        {"key": "agency_name", "from_year": 2026, "value": "Kabupaten Contoh"}
    ]
    told["settings"].append({"key": "agency_short", "from_year": 2026, "value": "BKD"})
    told["settings"][0]["value"] = "Kota Contoh"
    sent = {"text": json.dumps(told), **WHY}
    look = text_of(dewi.post(FILE, data=sent))
    assert "Kota Contoh" in look
    assert "Terapkan" in look
    assert settings.value("agency_name", 2026) == "Kabupaten Contoh"
    assert dewi.post(FILE, data=sent | {"act": "apply"}).status_code == 303
    assert settings.value("agency_name", 2026) == "Kota Contoh"
    assert settings.value("agency_short", 2026) == "BKD"
    count = changes()
    assert dewi.post(FILE, data=sent | {"act": "apply"}).status_code == 303
    assert changes() == count


def line(key: str, year: object, value: object) -> dict[str, object]:
    return {"key": key, "from_year": year, "value": value}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([line("password", 2026, "x")], "tidak dikenal"),
        ([line("pns_floor_jp", 2026, 24)], "bukan wewenang"),
        ([line("second_factor_grace_days", 2020, 30)], "setelah membuktikan diri"),
        ([line("agency_name", 2026, "")], "nilainya di luar batas"),
        ([line("agency_name", 1999, "A")], "tahunnya di luar"),
        ([line("agency_name", 2025, "A")], "sudah ditutup"),
        ([line("agency_name", 2026, "A"), line("agency_name", 2026, "B")], "tertulis dua kali"),
        ([line("agency_name", "2026", "A")], "value saja"),
        ([{"key": "agency_name"}], "value saja"),
        ("agency_name", "value saja"),
    ],
)
def test_a_file_with_a_bad_line_changes_nothing(
    app: Flask, cast: Cast, lines: object, said: str
) -> None:
    dewi = browser_of(app, cast.dewi)
    text = json.dumps({"format": transfer.FORMAT, "settings": lines})
    for act in ("", "apply"):
        page = dewi.post(FILE, data={"text": text, "act": act, **WHY})
        assert page.status_code in {200, 422}
        assert act == "" or page.status_code == 422
        assert said in text_of(page)
        assert "Terapkan" not in text_of(page)
    assert changes() == 0


@pytest.mark.parametrize("text", ["{", "[]", "5", '{"format": "other"}', "[" * 5000, "x" * 300_000])
def test_what_is_no_file_of_settings_is_refused(app: Flask, cast: Cast, text: str) -> None:
    page = browser_of(app, cast.dewi).post(FILE, data={"text": text, "act": "apply", **WHY})
    assert page.status_code == 422


def test_variables_of_the_environment_are_those_the_product_reads() -> None:
    code = environment_names()
    assert {variable.name for variable in VARIABLES} == code


def environment_names() -> set[str]:
    """The names of the environment that config.py reads."""
    text = (ROOT / "config.py").read_text()
    names = set(re.findall(r'"(ELEARN_[A-Z_]+[A-Z])"', text))
    sign_on = re.findall(r'told(?:\.get\(|\[)"([A-Z_]+)"', text)
    return names | {f"ELEARN_OIDC_{name}" for name in sign_on}


def test_closed_years_come_in_where_that_is_confirmed(app: Flask, cast: Cast) -> None:
    text = json.dumps({"format": transfer.FORMAT, "settings": [line("agency_name", 2025, "A")]})
    dewi = browser_of(app, cast.dewi)
    sent = {"text": text, "act": "apply", "confirmed": "y", **WHY}
    assert dewi.post(FILE, data=sent).status_code == 303
    assert settings.value("agency_name", 2025) == "A"
