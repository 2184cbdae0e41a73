"""The console's twin of the import, in this process."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from elearn.cli import application, roster
from elearn.database import db
from elearn.people.models import AuditEntry, Person
from elearn.roster.models import RosterRow
from tests.people_cast import Cast
from tests.roster.files import NEW, a_line, a_workbook


def bring_in(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, *words: str
) -> Result:
    file = tmp_path / "pegawai.xlsx"
    file.write_bytes(content)
    monkeypatch.setattr(application, "application", lambda: app)
    return CliRunner().invoke(roster.import_people, [str(file), *words])


def test_a_dry_run_tells_and_changes_nothing_then_the_file_is_applied(
    app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = a_workbook([a_line()])
    looked = bring_in(app, tmp_path, monkeypatch, content, "--dry-run")
    assert looked.exit_code == 0, looked.output
    assert "new: 1" in looked.output
    assert db.session.scalar(select(func.count()).select_from(RosterRow)) == 0
    done = bring_in(app, tmp_path, monkeypatch, content, "--as-of", "2026-01-05")
    assert "applied as import 2" in done.output
    assert db.session.scalar(select(Person.name).where(Person.nip == NEW)) == "Bayu Pratama"
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.actor_id) == ("roster:applied", None)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (a_workbook([a_line(), a_line(nip="123")]), 2, "row 3, NIP: nip_wrong_length (123)"),
        (b"%PDF-1.7", 1, "the file cannot be read: other_kind"),
        (b"a;b\n1;2\n", 1, "headings are not known"),
    ],
)
def test_what_cannot_be_applied_is_told_with_a_code(
    app: Flask,
    cast: Cast,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
    code: int,
    said: str,
) -> None:
    done = bring_in(app, tmp_path, monkeypatch, content)
    assert done.exit_code == code
    assert said in done.output
    assert db.session.scalar(select(Person.id).where(Person.nip == NEW)) is None
