"""The frozen fields of a certificate in the words and order of its PDF. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date

from elearn.people import nip

MOST_ROWS = 30
SHORT_NAME, SHORT_TITLE = 90, 120
ELECTRONIC = (
    "Diterbitkan secara elektronik; keasliannya diperiksa melalui kode QR. "
    "Bukan tanda tangan elektronik tersertifikasi."
)


def page_data(fields: Mapping[str, Any], code: str, check_page: str) -> dict[str, Any]:
    """What templates/pdf/certificate.typ reads.

    ``fields`` are the frozen ones with dates as dates, ``code`` the id in groups, ``check_page``
    the address of the check as it is shown. Fields that older certificates lack are left out.
    """
    return {
        "title": f"Sertifikat {fields['number']}",
        "keywords": [fields["number"], code],
        "agency": fields["agency"],
        "organiser": fields["organiser"],
        "number": fields["number"],
        "name": fields["name"],
        "name_short": _clipped(fields["name"], SHORT_NAME),
        "holder": _holder(fields),
        "course": fields["title"],
        "course_short": _clipped(fields["title"], SHORT_TITLE),
        "sentence": sentence(fields),
        "term": term(fields),
        "place_and_day": f"{fields['place']}, {day(fields['issued_on'])}",
        "signer_title": _with_comma(fields["signer_title"], fields["signer_name"]),
        "signer_name": fields["signer_name"],
        "note": "" if fields.get("needs_signature") else ELECTRONIC,
        "code": code,
        "check_page": check_page,
        **_materials(fields),
        "competencies": [
            f"Mendukung {name} sampai level {level}"
            for name, level in fields.get("competencies", [])
        ],
    }


def sentence(fields: Mapping[str, Any]) -> str:
    """Who held it, how and when, with JP in digits and words and the score."""
    jp = f"{fields['jp']} ({fields['jp_words']}) jam pelajaran"
    days = period(fields["started_on"], fields["completed_on"])
    score = fields["score_tenths"]
    scored = "" if score is None else f" dan nilai {tenths(score)}"
    return (
        f"yang diselenggarakan oleh {fields['organiser']} dengan metode {fields['method']} "
        f"pada {days}, dengan beban belajar {jp}{scored}."
    )


def term(fields: Mapping[str, Any]) -> str:
    """Until when it is valid, which one it renews or replaces; empty where nothing is said."""
    until = f"Berlaku sampai {day(fields['expires_on'])}" if fields.get("expires_on") else ""
    renews = f"memperbarui sertifikat nomor {fields['renews']}" if fields.get("renews") else ""
    replaces = f"menggantikan sertifikat nomor {fields['replaces']}" if "replaces" in fields else ""
    said = ", ".join(filter(None, (until, renews, replaces)))
    return f"{said[0].upper()}{said[1:]}." if said else ""


def period(first: date, last: date) -> str:
    """Days as people write them: ``2 s.d. 24 November 2026``."""
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} s.d. {day(last)}"
    start = f"{first.day} {month(first)}" if first.year == last.year else day(first)
    return f"{start} s.d. {day(last)}"


def day(value: date) -> str:
    """24 November 2026"""
    return f"{value.day} {month(value)} {value.year}"


def month(value: date) -> str:
    """The Indonesian name of a day's month."""
    return format_date(value, "MMMM", locale="id")


def tenths(value: int) -> str:
    """A figure kept in tenths, with a comma where it is not whole."""
    whole, rest = divmod(value, 10)
    return f"{whole},{rest}" if rest else str(whole)


def shares(total_tenths: int, weights: Sequence[int]) -> list[int]:
    """The tenths of a total by weight, by largest remainder, so that they add up to it."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [divmod(total_tenths * weight, whole) for weight in weights]
    left = total_tenths - sum(part for part, _ in parts)
    by_rest = sorted(range(len(parts)), key=lambda at: (-parts[at][1], at))
    raised = set(by_rest[:left])
    return [part + (at in raised) for at, (part, _) in enumerate(parts)]


def _holder(fields: Mapping[str, Any]) -> list[str]:
    number = f"{fields['nip_label']} {nip.grouped(fields['nip'])}"
    first = " · ".join(filter(None, (number, fields["rank"])))
    return [first, ", ".join(filter(None, (fields["position"], fields["unit"])))]


def _with_comma(title: str, name: str) -> str:
    return f"{title}," if name else title


def _materials(fields: Mapping[str, Any]) -> dict[str, Any]:
    modules = fields.get("modules") or [
        {"title": title, "minutes": minutes, "lessons": []}
        for title, minutes in fields["materials"]
    ]
    minutes = [module["minutes"] for module in modules]
    credited = shares(fields["jp"] * 10, minutes)
    shown = [
        {
            "number": str(at),
            "title": module["title"],
            "lessons": " · ".join(module["lessons"]),
            "minutes": str(module["minutes"]),
            "jp": tenths(jp),
        }
        for at, (module, jp) in enumerate(zip(modules, credited, strict=True), start=1)
    ]
    rest = _rest(minutes[MOST_ROWS:], credited[MOST_ROWS:])
    total = {"minutes": str(sum(minutes)), "jp": str(fields["jp"])}
    return {"modules": shown[:MOST_ROWS] + rest, **total}


def _rest(minutes: Sequence[int], credited: Sequence[int]) -> list[dict[str, str]]:
    """One line for what is beyond the rows of a page."""
    if not minutes:
        return []
    return [
        {
            "number": "",
            "title": f"dan {len(minutes)} materi lain",
            "lessons": "",
            "minutes": str(sum(minutes)),
            "jp": tenths(sum(credited)),
        }
    ]


def _clipped(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
