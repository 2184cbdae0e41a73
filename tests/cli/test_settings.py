"""``elearn settings``: what an operator lists, sets, takes as a file and brings in."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from elearn import clock
from elearn.cli import application
from elearn.cli.settings import run_settings


@pytest.fixture(autouse=True)
def _here(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "application", lambda: app)


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(run_settings, words)
    assert done.exit_code == code, done.output
    return done.output


def test_a_setting_is_set_and_listed_by_year() -> None:
    assert run("set", "agency_name", "Kabupaten Contoh") == "changed\n"
    assert run("set", "agency_name", "Kabupaten Contoh") == "unchanged\n"
    run("set", "expiry_notice_days", "[60, 7]", "--from-year", "2030", "--reason", "SK 1")
    assert 'agency_name "Kabupaten Contoh"' in run("list")
    assert "expiry_notice_days [90, 30, 7]" in run("list")
    assert "expiry_notice_days [60, 7]" in run("list", "--year", "2031")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["pns_floor_jp", "banyak"], "value_not_accepted"),
        (["pns_floor_jp", "999"], "value_not_accepted"),
        (["password", "x"], "NotFound"),
        (["agency_name", "A", "--from-year", "1990", "--closed-year"], "year_out_of_range"),
        (["agency_name", "A", "--from-year", "2024"], "closed_year"),
    ],
)
def test_what_cannot_hold_is_refused_in_a_line(words: list[str], said: str) -> None:
    assert said in run("set", *words, code=1)
    assert 'agency_name "Pemerintah Daerah"' in run("list")


def test_a_file_is_looked_at_before_it_is_brought_in(tmp_path: Path) -> None:
    file, year = tmp_path / "settings.json", str(clock.today().year)
    run("set", "agency_name", "Kabupaten Contoh")
    run("export", str(file))
    file.write_text(file.read_text().replace("Kabupaten", "Kota"))
    assert f'changed agency_name {year} "Kota Contoh"' in run("import", str(file), "--dry-run")
    assert 'agency_name "Kabupaten Contoh"' in run("list")
    assert "1 changed" in run("import", str(file), "--reason", "pindahan")
    assert 'agency_name "Kota Contoh"' in run("list")
    file.write_text(file.read_text().replace(year, "1990"))
    assert "year_out_of_range" in run("import", str(file), code=2)
