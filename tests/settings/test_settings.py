"""Dated settings: defaults, first valid years, validation, history."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from elearn import settings
from elearn.database import db, transaction
from elearn.errors import Invalid, NotFound
from elearn.people.permissions import GRANTED
from elearn.setting_fields import EDITORS
from elearn.settings import Switch, kinds, stored
from elearn.settings.registry import GROUPS


@pytest.fixture(autouse=True)
def _context(app: Flask) -> None:
    """Each test has a fresh database."""


def change(key: str, year: int, value: object) -> None:
    with transaction():
        settings.change(key, year, value, None)


def test_a_setting_nobody_changed_has_its_default() -> None:
    assert settings.value("pns_floor_jp", 2026) == 20
    assert settings.of_year(2026)["pppk_planned_ceiling_jp"] == 24


def test_a_change_holds_from_its_year_on_and_leaves_the_years_before() -> None:
    change("pns_floor_jp", 2026, 24)
    change("pns_floor_jp", 2028, 30)
    assert [settings.value("pns_floor_jp", year) for year in (2025, 2026, 2027, 2028)] == [
        20,
        24,
        24,
        30,
    ]
    assert settings.of_year(2027)["pns_floor_jp"] == 24


def test_a_second_change_for_the_same_year_takes_the_place_of_the_first() -> None:
    change("agency_short", 2026, "BKD")
    change("agency_short", 2026, "BPSDM")
    assert settings.value("agency_short", 2026) == "BPSDM"
    assert [row.from_year for row in settings.history("agency_short")] == [2026]


def test_all_settings_of_a_year_are_one_statement(query_count) -> None:
    change("hr_note", 2025, "Hubungi Subbagian Umum.")
    with query_count() as count:
        assert settings.of_year(2026)["hr_note"] == "Hubungi Subbagian Umum."
    assert count.total == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("pns_floor_jp", "20"),
        ("pns_floor_jp", True),
        ("pns_floor_jp", -1),
        ("pns_floor_jp", 401),
        ("cpns_follows_floor", 1),
        ("floor_counts", "both"),
        ("floor_counts", ["earned"]),
        ("agency_name", "  "),
        ("agency_name", None),
        ("certificate_signer", {"name": "A"}),
        ("certificate_signer", {"name": "A", "title": ""}),
        ("certificate_pattern", "{serial}{year}"),
        ("certificate_pattern", "{serial}/BKD"),
        ("certificate_pattern", "{serial:04}/{year}/{nip}"),
        ("certificate_pattern", "{serial:04}/{year"),
        ("certificate_pattern", "{serial.__class__}/{year}"),
        ("certificate_pattern", "{serial:99999999999}/{year}"),
        ("certificate_pattern", "{serial:{year}}/{year}"),
        ("certificate_pattern", 7),
    ],
)
def test_a_value_out_of_its_range_is_refused_and_nothing_is_stored(key: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        change(key, 2026, value)
    assert refused.value.field == "value"
    assert settings.history(key) == []


@pytest.mark.parametrize("year", [1999, 2101])
def test_a_year_before_the_first_one_is_refused(year: int) -> None:
    with pytest.raises(Invalid) as refused:
        change("pns_floor_jp", year, 20)
    assert refused.value.field == "from_year"


@pytest.mark.parametrize(
    "pattern", ["800.1/{serial:04}-{unit}/{month_roman}/{year}", "{year}/{serial}"]
)
def test_a_pattern_with_serial_and_year_is_accepted(pattern: str) -> None:
    change("certificate_pattern", 2026, pattern)
    assert settings.value("certificate_pattern", 2026) == pattern


def test_an_unknown_setting_is_not_found() -> None:
    with pytest.raises(NotFound):
        settings.value("password", 2026)


def test_a_change_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        settings.change("pns_floor_jp", 2026, 24, None)


def test_every_default_is_a_value_the_setting_accepts() -> None:
    assert [
        key for key, known in settings.REGISTRY.items() if not known.accepts(known.default)
    ] == []


YEARS = st.integers(2020, 2030)
CHANGES = st.lists(st.tuples(st.sampled_from(["pns_floor_jp", "hr_note"]), YEARS), max_size=6)


@given(changes=CHANGES, year=YEARS)
@hypothesis_settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_packed_settings_are_those_of_the_year(
    app: Flask, changes: list[tuple[str, int]], year: int
) -> None:
    with transaction() as session:
        session.execute(delete(settings.Setting))
        for number, (key, from_year) in enumerate(changes):
            value = number if key == "pns_floor_jp" else f'{number} "baris"\n\x1f\x1e'
            settings.change(key, from_year, value, None)
    packed = db.session.scalar(select(settings.PACKED), {"year": year})
    assert settings.unpacked(packed) == settings.of_year(year)


def test_each_change_is_kept_with_what_it_replaced_and_why() -> None:
    with transaction():
        settings.change("agency_short", 2026, "BKD", None, "Perda 3/2026")
        settings.change("agency_short", 2026, "BPSDM", None)
        settings.change("agency_short", 2026, "BPSDM", None)
        settings.take_back("agency_short", 2026, None, "keliru")
        settings.take_back("agency_short", 2026, None)
    rows = db.session.scalars(select(settings.SettingChange).order_by(settings.SettingChange.id))
    assert [(row.before, row.after, row.reason) for row in rows] == [
        (None, '"BKD"', "Perda 3/2026"),
        ('"BKD"', '"BPSDM"', ""),
        ('"BPSDM"', None, "keliru"),
    ]
    assert settings.value("agency_short", 2026) == "BKPSDM"


def test_who_follows_a_setting_is_told_of_a_change_taken_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[int] = []
    monkeypatch.setattr(stored, "_followers", {})
    settings.follow("jp_minutes", told.append)
    change("jp_minutes", 2025, 50)
    with transaction():
        settings.take_back("jp_minutes", 2025, None)
    assert told == [2025, 2025]


def _sources() -> str:
    """The code of the product beside the settings themselves."""
    folder = Path(settings.__file__).parent
    modules = (path for path in folder.parent.rglob("*.py") if folder not in path.parents)
    return "\n".join(path.read_text() for path in modules)


def test_every_setting_is_read_somewhere_and_has_words_and_people_who_change_it() -> None:
    code = _sources()
    for key, known in settings.REGISTRY.items():
        named = f"Switch.{Switch(key).name}" if key in set(Switch) else f'"{key}"'
        assert named in code
        assert str(known.label)
        assert str(known.effect)
        assert known.accepts.told(known.default)
        assert known.accepts.bounds
        assert any(known.changed_with in held for held in GRANTED.values())
        assert known.group in GROUPS
        assert known.own_page or isinstance(known.accepts, (kinds.Record, *EDITORS))


@pytest.mark.parametrize(
    ("kind", "accepted", "refused"),
    [
        (kinds.Text(5), ["a", "abcde", " abcde "], ["", "abcdef", 5, None, "a\nb"]),
        (kinds.Text(5, 0, is_line=False), ["", "a\nb"], ["abcdef", []]),
        (kinds.Whole(1, 3), [1, 3], [0, 4, True, "2", 2.0]),
        (kinds.YesNo(), [True, False], [0, "yes", None]),
        (kinds.OneOf({"a": "A"}), ["a"], ["b", ["a"], None]),
        (kinds.SomeOf({"a": "A", "b": "B"}), [[], ["a"], ["a", "b"]], [["b", "a"], ["c"], "a"]),
        (kinds.DayCounts(1, 9, 2), [[], [9, 1]], [[1, 9], [9, 9], [0], [9, 5, 1], ["9"], 9]),
        (kinds.Day(), ["", "2026-11-24"], ["24-11-2026", "2026-02-30", "20261124", 5, None]),
        (kinds.Day(may_lack=False), ["2026-11-24"], [""]),
    ],
)
def test_each_kind_accepts_what_it_says_and_can_tell_it(
    kind: kinds.Kind, accepted: list[object], refused: list[object]
) -> None:
    assert [value for value in accepted if not kind(value)] == []
    assert [value for value in refused if kind(value)] == []
    assert all(isinstance(kind.told(value), str) for value in accepted)
