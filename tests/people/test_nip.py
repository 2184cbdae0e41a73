"""The rules of the NIP as tables and properties."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.people import nip
from elearn.people.nip import Nip, NipError, NipProblem, NipWarning, Sex

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "19900115 201503 1 991",
            Nip("199001152015031991", date(1990, 1, 15), 2015, 3, Sex.MALE, 991),
        ),
        (
            "199202292019032992",
            Nip("199202292019032992", date(1992, 2, 29), 2019, 3, Sex.FEMALE, 992),
        ),
        (
            "199505052023212993",
            Nip("199505052023212993", date(1995, 5, 5), 2023, 21, Sex.FEMALE, 993),
        ),
        (
            "198808082025242994",
            Nip("198808082025242994", date(1988, 8, 8), 2025, 24, Sex.FEMALE, 994),
        ),
        (
            "1990.0115-2015\u201303\u00a01.991",
            Nip("199001152015031991", date(1990, 1, 15), 2015, 3, Sex.MALE, 991),
        ),
    ],
)
def test_a_valid_nip_is_read_with_its_separators(text: str, expected: Nip) -> None:
    assert nip.parse(text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("199102292019032992", NipProblem.BIRTH_DATE),
        ("199013012015031991", NipProblem.BIRTH_DATE),
        ("199001152015033991", NipProblem.SEX),
        ("199001152015030991", NipProblem.SEX),
        ("19900115201503199", NipProblem.WRONG_LENGTH),
        ("1990011520150319911", NipProblem.WRONG_LENGTH),
        ("", NipProblem.NOT_DIGITS),
        ("19900115201503199A", NipProblem.NOT_DIGITS),
        ("١٩٩٠٠١١٥٢٠١٥٠٣١٩٩١", NipProblem.NOT_DIGITS),
        ("199001152015031000", NipProblem.SEQUENCE),
        ("199001152015001991", NipProblem.MONTH_OR_CODE),
        ("199001151959031991", NipProblem.APPOINTED_YEAR),
        ("199001152027031991", NipProblem.APPOINTED_YEAR),
        ("195511232015031991", NipProblem.AGE),
        ("200911252026031991", NipProblem.AGE),
        ("1,98609E+17", NipProblem.SPREADSHEET),
        ("1.98609262015051E+17", NipProblem.SPREADSHEET),
        ("2e17", NipProblem.SPREADSHEET),
        ("198609262015051000.0", NipProblem.SPREADSHEET),
        ("198609262015051000,0", NipProblem.SPREADSHEET),
    ],
)
def test_what_is_no_nip_is_refused_with_its_reason(text: str, problem: NipProblem) -> None:
    with pytest.raises(NipError) as refused:
        nip.parse(text, TODAY)
    assert refused.value.reason is problem


@pytest.mark.parametrize("code", range(1, 100))
def test_every_month_and_every_pppk_code_is_accepted(code: int) -> None:
    parsed = nip.parse(f"199001152015{code:02}1991", TODAY)
    assert parsed.looks_pppk is (code > 12)


@pytest.mark.parametrize(
    ("born", "appointed", "is_pppk", "expected"),
    [
        ("19900115", "201503", None, []),
        ("19900115", "201503", False, []),
        ("19900115", "201503", True, [NipWarning.STATUS_DIFFERS]),
        ("19900115", "202321", True, []),
        ("19601124", "198503", None, [NipWarning.UNUSUAL_AGE]),
        ("20090101", "202603", None, [NipWarning.UNUSUAL_AGE]),
        ("19900115", "200603", None, [NipWarning.APPOINTED_YOUNG]),
    ],
)
def test_what_is_unusual_is_a_warning(
    born: str, appointed: str, is_pppk: bool | None, expected: list[NipWarning]
) -> None:
    parsed = nip.parse(f"{born}{appointed}1991", TODAY)
    assert nip.warnings(parsed, TODAY, is_pppk=is_pppk) == expected


def test_a_nip_is_masked_but_for_its_last_three_digits() -> None:
    assert nip.mask("199001152015031991") == "***************991"


def test_a_birthday_counts_on_the_day() -> None:
    assert nip.age_on(date(2000, 11, 24), TODAY) == 26
    assert nip.age_on(date(2000, 11, 25), TODAY) == 25


@st.composite
def nips(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1957, 1, 1), date(2009, 1, 1)))
    year = draw(st.integers(1960, TODAY.year))
    code, sex, sequence = (draw(st.integers(1, high)) for high in (99, 2, 999))
    return f"{born:%Y%m%d}{year}{code:02}{sex}{sequence:03}"


@given(nips())
def test_every_well_made_nip_is_read_back_from_its_printed_form(digits: str) -> None:
    printed = nip.grouped(digits)
    assert [len(group) for group in printed.split()] == [8, 6, 1, 3]
    assert nip.parse(printed, TODAY).digits == digits
    assert nip.mask(digits).endswith(digits[-3:])


@given(nips(), st.integers(0, 18), st.sampled_from(" .-\u00a0\u2013"))
def test_separators_anywhere_change_nothing(digits: str, place: int, separator: str) -> None:
    text = digits[:place] + separator + digits[place:]
    if not (separator == "." and place in (16, 17) and set(digits[place:]) == {"0"}):
        assert nip.parse(text, TODAY).digits == digits


@given(st.text(max_size=40))
def test_any_text_is_either_a_nip_or_refused(text: str) -> None:
    try:
        parsed = nip.parse(text, TODAY)
    except NipError:
        return
    assert len(parsed.digits) == 18
    assert nip.compact(text) == parsed.digits


@given(nips())
def test_a_nip_that_went_through_a_float_is_never_taken_for_another_person(digits: str) -> None:
    rounded = f"{float(digits):.14E}"
    with pytest.raises(NipError) as refused:
        nip.parse(rounded, TODAY)
    assert refused.value.reason is NipProblem.SPREADSHEET
    with pytest.raises(NipError):
        nip.parse(digits[:15] + "000", TODAY)


def test_the_day_of_the_clock_is_used_when_none_is_given() -> None:
    next_year = (TODAY + timedelta(days=365 * 40)).year
    with pytest.raises(NipError):
        nip.parse(f"19900115{next_year}031991")
