"""What HR hands out: a message with names for WhatsApp, a poster with a QR code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO

import segno
from babel.dates import format_date
from flask_babel import gettext as _

from elearn import clock, pdf
from elearn.assignments.assigned import Assigned
from elearn.public_url import public_url

POSTER = "poster"
QR = "qr.svg"
MOST_NAMES = 300
# Longer ones do not pass through the address by which WhatsApp takes a text.
LONGEST_LINK = 1500


def message(assigned: Assigned, names: Mapping[str, Sequence[str]]) -> str:
    """The names of those who are missing by unit, as people paste it; stars are bold there."""
    rule, shown = assigned.rule, sum(map(len, names.values()))
    head = [f"*{_('Kursus wajib')}: {assigned.title}*"]
    if rule.due_on:
        head.append(_("Tenggat %(day)s", day=in_words(rule.due_on)))
    if rule.letter_number:
        head.append(_("Surat nomor %(number)s", number=rule.letter_number))
    head.append(_("Belum selesai per %(day)s:", day=in_words(clock.today())))
    parts = ["\n".join(head), *(_unit(unit, found) for unit, found in names.items())]
    if shown >= MOST_NAMES:
        parts.append(_("Dan seterusnya: pilih satu unit untuk daftar lengkapnya."))
    parts.append(_("Kerjakan di sini: %(address)s", address=address(assigned)))
    return "\n\n".join(parts)


def _unit(name: str, found: Sequence[str]) -> str:
    lines = [f"{at}. {person}" for at, person in enumerate(found, start=1)]
    return "\n".join([f"*{name}* ({len(found)})", *lines])


def in_words(day: date) -> str:
    """24 November 2026"""
    return format_date(day, "d MMMM y", locale="id")


def address(assigned: Assigned) -> str:
    """Where its one course is begun; home, which names them all, where there are several."""
    [first, *more] = assigned.courses
    return public_url("/" if more else f"/courses/{first.slug}")


def poster(assigned: Assigned, agency: str) -> bytes:
    """An A4 sheet for the wall as PDF: scan, sign in, begin."""
    to = address(assigned)
    drawn = BytesIO()
    segno.make(to, error="m", micro=False).save(
        drawn, kind="svg", border=0, omitsize=True, xmldecl=False
    )
    data = {
        "agency": agency,
        "courses": [course.title for course in assigned.courses],
        "due": in_words(assigned.rule.due_on) if assigned.rule.due_on else "",
        "letter": assigned.rule.letter_number,
        "address": to.partition("//")[2].rstrip("/"),
    }
    page = pdf.Page(POSTER, data, assigned.made_ms, {QR: drawn.getvalue()})
    return pdf.render(page)
