"""How dates, times, numbers and a NIP look on a page: Jinja filters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale
from markupsafe import Markup, escape

from elearn import clock, settings
from elearn.people import nip
from elearn.people.units import UnitNode

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)


EM_SPACE = "\u2003"
FIRST_GROUPED = 1000  # from here on a number has a point


def as_moment(value: int | datetime) -> datetime:
    """A stored time (milliseconds) or a datetime, in WIB."""
    return clock.from_ms(value) if isinstance(value, int) else value.astimezone(clock.WIB)


def format_date(value: int | date | datetime | None) -> str:
    """24 November 2026"""
    if value is None:
        return ""
    day = as_moment(value).date() if isinstance(value, int | datetime) else value
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month_name(number: int) -> str:
    """November, of 11."""
    return MONTHS[number - 1]


def format_time(value: int | datetime) -> str:
    """09.42 WIB"""
    return f"{as_moment(value):%H.%M} WIB"


def format_datetime(value: int | datetime | None) -> str:
    """24 November 2026 pukul 09.42 WIB"""
    return "" if value is None else f"{format_date(value)} pukul {format_time(value)}"


def format_number(value: float, digits: int = 1) -> str:
    """1.234,5 (no trailing zeros)"""
    if isinstance(value, int) and 0 <= value < FIRST_GROUPED:
        return str(value)
    pattern = "#,##0." + "#" * digits if digits else "#,##0"
    # Half up, as a spreadsheet and people round: 62,5 is 63.
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return str(format_decimal(rounded, pattern, locale=get_locale() or "id"))


def format_percent(value: float, digits: int = 0) -> str:
    """86%"""
    return format_number(value, digits) + "%"


def format_correlation(value: float) -> str:
    """−0,20 (always two digits)"""
    return str(format_decimal(value, "0.00", locale=get_locale() or "id")).replace("-", "−")


def format_score(tenths: int | None) -> str:
    """A score kept in tenths of a percent, as 86,7."""
    return "–" if tenths is None else format_number(tenths / 10)


def format_jp(value: int) -> str:
    """3 JP"""
    return f"{format_number(value, 0)} JP"


def unit_options(nodes: Sequence[UnitNode], chosen: int | None = None) -> Markup:
    """The options of a select of units, indented; there may be thousands, so not by Jinja."""
    return Markup(  # noqa: S704  # names are escaped
        "".join(
            f'<option value="{node.id}"{" selected" if node.id == chosen else ""}>'
            f"{EM_SPACE * node.depth}{escape(node.name)}</option>"
            for node in nodes
        )
    )


def format_setting(name: str) -> str:
    """What a setting is called; a name that is none's stays as it is."""
    known = settings.REGISTRY.get(name)
    return str(known.label) if known else name


def init_app(app: Flask) -> None:
    """Give the filters to the templates."""
    app.jinja_env.filters.update(
        date=format_date,
        time=format_time,
        datetime=format_datetime,
        number=format_number,
        percent=format_percent,
        correlation=format_correlation,
        score=format_score,
        jp=format_jp,
        nip=nip.grouped,
        unit_options=unit_options,
        setting=format_setting,
        month_name=month_name,
    )
    app.jinja_env.globals["now_ms"] = clock.now_ms
