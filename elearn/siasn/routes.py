"""Pages of what SIASN is told: the list, its files, what has been sent."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn import spreadsheets
from elearn.competency.events import Source
from elearn.database import transaction
from elearn.downloads import ZIP, attachment
from elearn.errors import Invalid, NotFound
from elearn.people import units
from elearn.people.access import actor, exported, part_of, require
from elearn.people.permissions import Permission
from elearn.people.units import UnitNode
from elearn.reports import filters, sending
from elearn.reports.filters import Wanted
from elearn.settings import Switch
from elearn.siasn import archive, figures, listing, marking, sheets
from elearn.siasn.forms import IdsForm
from elearn.siasn.marking import Answer

blueprint = Blueprint("siasn", __name__)
ROOT = "/hr/completions/siasn"
KIND = "<any(csv, xlsx):kind>"
KEPT_FILTERS = ("unit", "state", "status", "q", "person", "sort", "page", "from", "until")
MOST_AT_ONCE = 200
MARK_ALL = "all"
UNMARK = "unmark"


@blueprint.get(ROOT)
@require(Permission.PERSON_READ)
@part_of(Switch.SIASN)
def show_rows() -> str:
    """List what is not yet sent, with what SIASN would refuse and the mend."""
    nodes = _nodes()
    wanted, state = filters.read(request.args, nodes), _state()
    cut = figures.cut_of(wanted)
    counts = listing.counts(actor(), wanted, cut)
    total = {
        listing.UNSENT: counts.unsent,
        listing.REFUSED: counts.refused,
        listing.SENT: counts.sent,
        listing.ALL: counts.unsent + counts.sent,
    }[state]
    return render_template(
        "siasn/rows.html",
        page=listing.find(actor(), wanted, state, cut, total),
        counts=counts,
        wanted=wanted,
        state=state,
        nodes=nodes,
        sendable=total if state == listing.SENT else total - counts.refused,
        a_part=archive.A_PART,
        form=IdsForm(),
    )


def _nodes() -> list[UnitNode]:
    nodes = units.tree_in_reach(actor())
    if not nodes:
        raise NotFound
    return nodes


def _state() -> str:
    asked = request.values.get("state", "")
    return asked if asked in listing.STATES else listing.UNSENT


def _wanted() -> Wanted:
    return filters.read(request.values, _nodes())


@blueprint.get(f"{ROOT}.{KIND}")
@require(Permission.PERSON_READ)
@part_of(Switch.SIASN)
@exported("export:siasn")
def export_rows(kind: str) -> Response:
    """Send the file in SIASN's columns: what is ready of the state that is looked at."""
    return sending.saved(sheets.sheet(listing.ready(actor(), _wanted(), _state())), kind)


@blueprint.get(f"{ROOT}.zip")
@require(Permission.PERSON_READ)
@part_of(Switch.SIASN)
@exported("export:siasn_papers")
def export_papers() -> Response:
    """Send the certificates of the file, one part of them."""
    part = max(filters.number_of(request.args, "part") or 1, 1)
    offset = (part - 1) * archive.A_PART
    rows = list(listing.ready(actor(), _wanted(), _state(), archive.A_PART, offset))
    if not rows:
        raise NotFound
    return attachment(archive.zipped(rows), f"siasn-sertifikat-{part}.zip", ZIP)


@blueprint.post(f"{ROOT}/mark")
@require(Permission.SIASN_SEND, seen_with=Permission.PERSON_READ)
@part_of(Switch.SIASN)
def mark() -> Response:
    """Mark as sent, or take marks back: what was ticked, or all that is ready in the list."""
    wanted, act = _wanted(), request.form.get("act", "")
    with transaction():
        if act == MARK_ALL:
            rows = list(listing.ready(actor(), wanted, listing.UNSENT, listing.MOST))
            # What came since the page was shown is in no file that was taken from it.
            seen = str(len(rows)) == request.form.get("sendable")
            count = marking.mark(actor(), rows) if seen else 0
        else:
            rows = listing.of_sources(actor(), wanted, _ticked())
            count = (marking.unmark if act == UNMARK else marking.mark)(actor(), rows)
    flash(_told(act, count), "ok" if count else "warn")
    kept: dict[str, Any] = {n: request.form[n] for n in KEPT_FILTERS if request.form.get(n)}
    return redirect(url_for("siasn.show_rows", **kept), 303)


def _ticked() -> list[Source]:
    values = request.form.getlist("chosen")[:MOST_AT_ONCE]
    return [Source(kind, id) for kind, _sign, id in (value.partition(":") for value in values)]


def _told(act: str, count: int) -> str:
    told: str
    if not count and act == MARK_ALL:
        told = _("Daftarnya berubah sejak halaman dibuka. Unduh berkasnya lagi, lalu tandai.")
    elif not count:
        told = _("Tidak ada yang berubah: centang dahulu barisnya.")
    elif act == UNMARK:
        told = _("Tanda terkirim %(count)s baris dibatalkan.", count=count)
    else:
        told = _("%(count)s baris ditandai terkirim.", count=count)
    return told


@blueprint.post(f"{ROOT}/ids")
@require(Permission.SIASN_SEND, seen_with=Permission.PERSON_READ)
@part_of(Switch.SIASN)
def read_ids() -> Response:
    """Mark as sent by the ids that SIASN gave: all of a sheet or nothing."""
    upload = request.files.get("file")
    form = IdsForm()
    try:
        with transaction():
            answer = _answer(upload.read() if upload else b"")
            count = 0 if answer.problems else marking.apply(actor(), answer)
    except Invalid as problem:
        form.place(problem)
        return make_response(render_template("siasn/ids.html", form=form), Invalid.status)
    if answer.problems:
        page = render_template("siasn/ids.html", form=form, answer=answer)
        return make_response(page, Invalid.status)
    told = _(
        "%(count)s id SIASN dicatat; %(known)s sudah tercatat.", count=count, known=answer.known
    )
    flash(told, "ok")
    return redirect(url_for("siasn.show_rows", state=listing.SENT), 303)


def _answer(content: bytes) -> Answer:
    try:
        return marking.read(actor(), spreadsheets.read(content, marking.MAX_ROWS))
    except spreadsheets.Unreadable as problem:
        raise Invalid(f"sheet_{problem.fault.value}", "file") from problem
    except marking.NoHeader as problem:
        raise Invalid("sheet_header", "file") from problem
