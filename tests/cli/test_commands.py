"""The commands as an operator types them, each in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.cli import process
from tests.cli.process import ROOT, Done

COURSE = ROOT / "courses" / "memimpin-tim-kerja"
SECRET = "0123456789abcdef" * 4


Command = Callable[..., Done]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The settings of a database and keys of its own."""
    return {
        **os.environ,
        "ELEARN_DATABASE": f"sqlite:///{tmp_path / 'site.db'}",
        "ELEARN_SECRET_KEY": SECRET,
        "ELEARN_KEYS": str(tmp_path / "keys"),
    }


@pytest.fixture
def elearn(environment: dict[str, str], tmp_path: Path) -> Command:
    """Run ``elearn ...`` on a database of its own; answers the finished process."""

    def run(*words: str, **settings: str) -> Done:
        return process.run(words, environment | settings, tmp_path)

    return run


def test_it_runs_as_an_operator_starts_it(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "elearn"]
    for words, code in (("--help", 0), ("serve --port 1", 1)):
        run = partial(subprocess.run, cwd=ROOT, env=environment, capture_output=True, text=True)
        done = run([*command, *words.split()], timeout=120, check=False)
        assert (done.returncode, "Traceback" in done.stderr) == (code, False)


def test_check_lists_every_problem_with_file_and_line(elearn: Command, tmp_path: Path) -> None:
    broken = tmp_path / "rusak"
    shutil.copytree(COURSE, broken)
    page = broken / "course.md"
    page.write_text(page.read_text().replace("M.02", "X.99").replace("jp: 3", "jp: banyak"))
    done = elearn("check", str(broken))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len([line for line in done.stdout.splitlines() if line.startswith("course.md:")]) >= 2


def test_check_of_a_missing_folder_is_one_line(elearn: Command, tmp_path: Path) -> None:
    done = elearn("check", str(tmp_path / "tidak-ada"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_publishing_the_same_folder_twice_is_one_version(elearn: Command) -> None:
    assert elearn("migrate").returncode == 0
    first, second = elearn("publish", str(COURSE)), elearn("publish", str(COURSE))
    assert "version 1 (new), waits for the approval" in first.stdout
    assert "version 1 (unchanged)" in second.stdout


def test_a_course_is_given_its_owner_when_it_is_published(elearn: Command) -> None:
    elearn("migrate")
    unit = elearn("people", "add-unit", "Pemerintah Kabupaten Contoh").stdout.strip()
    number = "19900115 201503 1 991"
    nobody = elearn("publish", str(COURSE), "--owner", number)
    assert (nobody.returncode, "nothing was published" in nobody.stderr) == (1, True)
    elearn("people", "add", number, "Contoh", "--unit", unit, "--role", "instructor")
    done = elearn("publish", str(COURSE), "--owner", number)
    assert (done.returncode, "version 1 (new)" in done.stdout) == (0, True)


def test_a_new_course_can_be_checked(elearn: Command, tmp_path: Path) -> None:
    folder = tmp_path / "kursus-baru"
    assert elearn("new", str(folder)).returncode == 0
    assert "Traceback" not in elearn("check", str(folder)).stderr
    assert elearn("new", str(folder)).returncode == 1


def test_an_operator_sets_up_people_and_gives_a_code(elearn: Command) -> None:
    elearn("migrate")
    unit = elearn("people", "add-unit", "Pemerintah Kabupaten Contoh").stdout.strip()
    number = "19900115 201503 1 991"
    added = elearn("people", "add", number, "Contoh", "--unit", unit, "--role", "admin")
    assert added.returncode == 0, added.stderr
    assert len(added.stdout.strip()) >= 10
    refused = elearn("people", "add", "199001152015033991", "Salah", "--unit", unit)
    assert refused.returncode == 1
    assert "NIP" in refused.stderr
    for whose, why in ((number, "no second factor"), ("199001152015031992", "nobody")):
        nothing = elearn("people", "reset-factor", whose)
        assert nothing.returncode == 1
        assert why in nothing.stderr
    assert elearn("verify").returncode == 0
    assert elearn("rebuild").returncode == 0


def test_serve_refuses_an_older_schema_and_a_weak_key(elearn: Command) -> None:
    older = elearn("serve", "--port", "1")
    assert older.returncode == 1
    assert "elearn migrate" in older.stderr
    elearn("migrate")
    weak = elearn("serve", "--port", "1", ELEARN_SECRET_KEY="secret-secret-secret-secret-secret-1")
    assert weak.returncode == 1
    assert "ELEARN_SECRET_KEY" in weak.stderr


def test_a_backup_can_be_restored(elearn: Command, tmp_path: Path) -> None:
    elearn("migrate")
    copy = tmp_path / "copy.db"
    assert elearn("backup", str(copy)).returncode == 0
    elearn("people", "add-unit", "Sesudah salinan")
    assert elearn("restore", str(copy), "--yes").returncode == 0
    assert "Sesudah salinan" not in elearn("people", "list-units").stdout
    rubbish = tmp_path / "rubbish.db"
    rubbish.write_text("this is no database")
    assert elearn("restore", str(rubbish), "--yes").returncode == 1


def test_the_demo_is_never_served_as_real_and_never_put_among_real_people(
    elearn: Command,
) -> None:
    elearn("migrate")
    elearn("people", "add-unit", "Pemerintah sungguhan")
    refused = elearn("demo")
    assert refused.returncode == 1
    assert "nothing was done" in refused.stderr


def test_export_writes_both_kinds_of_file(elearn: Command, tmp_path: Path) -> None:
    elearn("migrate")
    for name in ("lulus.csv", "lulus.xlsx"):
        assert elearn("export", str(tmp_path / name)).returncode == 0
        assert (tmp_path / name).stat().st_size > 0
    assert elearn("export", str(tmp_path / "lulus.doc")).returncode == 1


def test_health_speaks_to_people_and_to_monitors(
    elearn: Command, tmp_path: Path, template_database: Path
) -> None:
    bare = elearn("health")
    assert (bare.returncode, "act   schema (older)" in bare.stdout) == (2, True)
    shutil.copy(template_database, tmp_path / "site.db")
    assert elearn("backup", str(tmp_path / "copy.db")).returncode == 0
    told = json.loads(elearn("health", "--json").stdout)
    lines = {line["key"]: line for line in told["lines"]}
    assert lines["backup"]["state"] == "good"
    assert lines["backup"]["bytes"] == (tmp_path / "copy.db").stat().st_size
    assert (told["state"], lines["runner"]["reason"]) == ("act", "never")
    cut_off = elearn("health", ELEARN_DATABASE=f"sqlite:///{tmp_path}/nowhere/site.db")
    assert (cut_off.returncode, cut_off.stdout.strip()) == (2, "act   database (unreachable):")
