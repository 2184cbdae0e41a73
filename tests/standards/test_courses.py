"""The agency's own competencies in courses: known by code, and warned of once retired."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from elearn import clock
from elearn.cli import courses
from elearn.competency import editions, framework
from elearn.competency.editions import Why
from elearn.content.compiler import Known, compile_course
from elearn.content.reader import Source
from elearn.database import transaction
from elearn.planning import framework_sheet
from elearn.reports import export
from tests.content.sources import HEAD, KNOWN, LESSON, errors, warnings
from tests.people_cast import Cast
from tests.standards.builders import CODE, a_competency

LINE = f"kompetensi: {{{CODE}: 2}}"
FILES = {"course.md": HEAD.replace("kompetensi: {M.05: 2}", LINE), "01-satu.md": LESSON}


def known() -> Known:
    return replace(KNOWN, competencies=framework.known_codes(), retired=framework.retired_codes())


def test_a_course_may_name_what_the_agency_has_added_until_it_is_retired(
    app: Flask, cast: Cast
) -> None:
    source = Source.from_texts("contoh", FILES)
    before = errors(compile_course(source, known()))
    assert "course.md:6:14: kompetensi `TEK.ARSIP` tidak dikenal." in before[0]
    a_competency(cast)
    assert errors(compile_course(source, known())) == []
    near = Source.from_texts(
        "contoh", FILES | {"course.md": FILES["course.md"].replace("P:", "B:")}
    )
    assert "Maksud Anda `TEK.ARSIP`?" in errors(compile_course(near, known()))[0]
    with transaction():
        editions.retire(cast.syamsul.id, CODE, 1, Why(clock.today(), "Keputusan 12"))
    done = compile_course(source, known())
    assert errors(done) == []
    (told,) = (text for text in warnings(done) if "TEK.ARSIP" in text)
    assert told.startswith("course.md:6:14: peringatan: kompetensi `TEK.ARSIP` tidak dipakai lagi")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_authors_check_with_the_framework_they_took_away(
    app: Flask, cast: Cast, tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "contoh"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    a_competency(cast)
    file = tmp_path / f"kamus.{kind}"
    sheet = framework_sheet.sheet()
    content = export.xlsx(sheet) if kind == "xlsx" else "".join(export.csv_pieces(sheet)).encode()
    file.write_bytes(content)
    unknown = "`TEK.ARSIP` tidak dikenal"
    assert unknown in CliRunner().invoke(courses.check, [str(folder)]).output
    with_it = ["--framework", str(file), str(folder)]
    assert unknown not in CliRunner().invoke(courses.check, with_it).output
    broken = tmp_path / "kosong.csv"
    broken.write_bytes(io.BytesIO(b"a;b\n").read())
    wrong = CliRunner().invoke(courses.check, ["--framework", str(broken), str(folder)])
    assert wrong.exit_code == 2
    assert "no framework was found" in wrong.output
