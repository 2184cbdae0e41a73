"""The pure rules of a roster: headings, cells, classes of positions, what would change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.people import grades
from elearn.people.statuses import Status
from elearn.roster import values
from elearn.roster.columns import HEADINGS, NEEDED, Field, header_of
from elearn.roster.comparing import EMPTY, IMAGE, Kind, differences, kind_of, merged
from elearn.roster.lines import line_of
from elearn.roster.position_classes import class_of
from elearn.roster.problems import Problem, Refused, packed, shown, stops, unpacked
from elearn.tables.cells import Row

TODAY = date(2026, 11, 24)
SIASN = [
    "PNS ID",
    "NIP BARU",
    "NIP LAMA",
    "NAMA",
    "GELAR DEPAN",
    "GELAR BELAKANG",
    "STATUS CPNS PNS",
    "KEDUDUKAN HUKUM NAMA",
    "GOL AWAL NAMA",
    "GOL AKHIR NAMA",
    "JENIS JABATAN NAMA",
    "JABATAN NAMA",
    "UNOR ID",
    "UNOR NAMA",
    "UNOR INDUK NAMA",
]
CAMEL = [
    "idPns",
    "nipBaru",
    "nama",
    "gelarBelakang",
    "golRuangAkhir",
    "jabatanNama",
    "unorNama",
    "unorIndukNama",
]
CELLS = st.one_of(
    st.text(max_size=40),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.sampled_from(
        ["1,98609E+17", "199404122019032901", "III/b", "IX", "#N/A", "PPPK", "01-03-2026"]
    ),
)


@pytest.mark.parametrize("headings", [SIASN, CAMEL, [field.value for field in Field]])
def test_headings_are_recognised_as_they_are(headings: list[str]) -> None:
    header = header_of([Row(1, ["Daftar"]), Row(3, list(headings))])
    assert header is not None
    assert header.missing == []
    assert header.row == 3
    wanted = {
        Field.NIP: ("NIP BARU", "nipBaru", "NIP"),
        Field.UNIT: ("UNOR NAMA", "unorNama", "Unit kerja"),
        Field.GRADE: ("GOL AKHIR NAMA", "golRuangAkhir", "Golongan"),
    }
    for field, names in wanted.items():
        assert headings[header.columns[field]] in names


def test_no_heading_names_two_fields() -> None:
    every = [heading for known in HEADINGS.values() for heading in known]
    assert len(every) == len(set(every))


@given(
    st.lists(CELLS, max_size=8), st.dictionaries(st.sampled_from(list(Field)), st.integers(0, 9))
)
def test_any_row_is_read_or_its_cells_are_named(
    cells: list[Any], columns: dict[Field, int]
) -> None:
    line = line_of(Row(7, cells), columns, TODAY)
    assert all(problem.column in set(Field) for problem in line.problems)
    assert unpacked(packed(line.problems)) == line.problems
    if not stops(line.problems):
        assert all(
            line.said.get("name") for field in NEEDED if field in columns and field is Field.NAME
        )


@given(st.sampled_from(list(Status)), st.data())
def test_a_grade_is_read_however_it_is_written(status: Status, data: st.DataObject) -> None:
    grade = data.draw(st.sampled_from(grades.of(status)))
    writings = [grade, f" {grade.lower() if '/' not in grade else grade} ", f"Golongan {grade}"]
    if "/" in grade:
        roman, room = grade.split("/")
        writings += [f"{roman}{room}", f"{roman}.{room.upper()}", f"Penata Muda Tk. I ({grade})"]
    assert values.grade(data.draw(st.sampled_from(writings)), status) == grade


@pytest.mark.parametrize(
    ("cell", "status", "reason"),
    [
        ("IV/f", Status.PNS, "grade_unknown"),
        ("XVIII", Status.PPPK, "grade_unknown"),
        ("", None, "grade_unknown"),
        ("III/a", Status.PPPK, "grade_differs"),
        ("IX", Status.PNS, "grade_differs"),
    ],
)
def test_other_grades_are_refused(cell: str, status: Status | None, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        values.grade(cell, status)


@given(st.dates(date(1950, 1, 1), date(2050, 1, 1)))
def test_a_day_is_read_as_people_write_it(day: date) -> None:
    month = values.MONTHS[day.month - 1]
    for text in (f"{day:%d-%m-%Y}", f"{day:%d/%m/%Y}", f"{day.day} {month.upper()} {day.year}"):
        assert values.day(text) == day
    assert values.day(datetime(day.year, day.month, day.day)) == day  # noqa: DTZ001
    with pytest.raises(Refused, match="day_is_number"):
        values.day(46_350.0)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("DINAS KESEHATAN", "Dinas Kesehatan"),
        ("SEKSI GIZI DAN KIA", "Seksi Gizi dan KIA"),
        ("SDN 12 HILIR", "SDN 12 Hilir"),
        ("INSPEKTUR PEMBANTU WILAYAH II", "Inspektur Pembantu Wilayah II"),
        ("Dinas PUPR", "Dinas PUPR"),
        ("M. IMAM AL-GHAZALI", "M. Imam Al-Ghazali"),
    ],
)
def test_capitals_become_names_as_people_write_them(written: str, read: str) -> None:
    assert values.readable(written) == read


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Drs. H. Budi Hartono, M.Pd., M.Si.", ("Drs. H.", "Budi Hartono", "M.Pd., M.Si.")),
        ("Marlina", ("", "Marlina", "")),
        ("dr. Ani", ("dr.", "Ani", "")),
        ("R. Joko", ("R.", "Joko", "")),
    ],
)
def test_degrees_are_parted_from_names(written: str, parts: tuple[str, str, str]) -> None:
    assert values.parted(written) == parts


@pytest.mark.parametrize(
    ("name", "more", "key"),
    [
        ("Perawat Ahli Muda", {}, "jf_ahli_muda"),
        ("Perawat Terampil", {}, "jf_terampil"),
        ("Kepala Dinas Kesehatan", {}, "jpt_pratama"),
        ("Kepala Bidang Mutasi", {}, "administrator"),
        ("Kepala Subbagian Umum", {}, "pengawas"),
        ("Camat Hulu", {}, "administrator"),
        ("Lurah", {}, "pengawas"),
        ("Pengadministrasi Umum", {"kind": "Jabatan Pelaksana"}, "pelaksana"),
        ("Kepala UPTD", {"echelon": "IV.a"}, "pengawas"),
        ("Sekretaris", {"echelon": "31"}, "administrator"),
        ("Guru", {"kind": "Jabatan Fungsional Tertentu"}, ""),
        ("Guru", {"said": "JF Ahli Pertama"}, "jf_ahli_pertama"),
        ("Guru", {"said": "JPT Pratama (eselon II)"}, "jpt_pratama"),
    ],
)
def test_the_class_of_a_position_follows_from_its_name(
    name: str, more: dict[str, str], key: str
) -> None:
    assert class_of(name, **more) == key


HELD = EMPTY | {
    "nip": "199404122019032901",
    "name": "Ani Pratiwi",
    "sort_name": "ani pratiwi",
    "status": "pns",
    "unit_id": 3,
    "position_name": "Perawat",
    "position_class": "pelaksana",
}


@given(
    st.dictionaries(
        st.sampled_from(["grade", "degrees_after", "whatsapp"]), st.text(min_size=1, max_size=9)
    )
)
def test_what_a_row_leaves_out_stays_and_the_same_twice_changes_nothing(
    said: dict[str, str],
) -> None:
    after = merged(HELD, said)
    assert set(differences(HELD, after)) == {name for name in said if said[name] != HELD[name]}
    assert kind_of(after, merged(after, said)) is Kind.SAME
    assert set(after) == set(IMAGE)


def test_capitals_alone_are_no_change() -> None:
    after = merged(HELD, {"name": "ANI PRATIWI", "position_name": "PERAWAT", "position_class": ""})
    assert kind_of(HELD, after) is Kind.SAME
    assert kind_of(HELD, after | {"unit_id": 4}) is Kind.MOVED
    assert kind_of(HELD | {"active": False}, after) is Kind.BACK
    assert kind_of(None, after) is Kind.NEW


def test_a_damaged_number_is_shown_as_a_spreadsheet_shows_it() -> None:
    assert shown(1.98609262015051e17) == "1,98609262015051e+17"
    assert not stops([Problem("NIP", "unusual_age")])
