"""How sizes and ages look on a page: Jinja filters."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _

from elearn import clock
from elearn.site.formats import format_number

THOUSAND = 1000
SMALLER, LARGEST = ("B", "kB", "MB", "GB"), "TB"
MINUTE_MS, HOUR_MINUTES, DAY_HOURS = 60_000, 60, 24


def format_bytes(value: float) -> str:
    """1,2 GB (powers of a thousand)"""
    for unit in SMALLER:
        if value < THOUSAND:
            return f"{format_number(value)} {unit}"
        value /= THOUSAND
    return f"{format_number(value)} {LARGEST}"


def format_age(moment_ms: int) -> str:
    """7 jam yang lalu (whole minutes, hours from 1 on, days from 2 on)"""
    minutes = max(clock.now_ms() - moment_ms, 0) // MINUTE_MS
    if minutes < HOUR_MINUTES:
        return str(_("%(n)s menit yang lalu", n=minutes) if minutes else _("baru saja"))
    hours = minutes // HOUR_MINUTES
    if hours < 2 * DAY_HOURS:
        return str(_("%(n)s jam yang lalu", n=hours))
    return str(_("%(n)s hari yang lalu", n=hours // DAY_HOURS))


def init_app(app: Flask) -> None:
    """Give the filters to the templates."""
    app.jinja_env.filters.update(bytes=format_bytes, age=format_age)
