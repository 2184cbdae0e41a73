"""Pages of the office of certificates, for HR."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn import clock
from elearn.certification import ledger, listing, options, sheets
from elearn.certification.forms import CancelForm, NumbersForm, OptionsForm, filled
from elearn.competency import register
from elearn.competency.models import NumberState, RegisterNumber
from elearn.database import transaction
from elearn.downloads import CSV, XLSX, attachment
from elearn.errors import Conflict, Invalid, NotFound
from elearn.people import units
from elearn.people.access import actor, require
from elearn.people.actors import EVERYWHERE
from elearn.people.permissions import Permission
from elearn.people.units import UnitNode
from elearn.reports import export, filters
from elearn.reports.export import Sheet
from elearn.reports.filters import Wanted

blueprint = Blueprint("certification", __name__)
KIND = "<any(csv, xlsx):kind>"
ROOT = "/hr/certificates"
NUMBERS = f"{ROOT}/numbers"
NUMBER_ID = "<int(max=2147483647):number_id>"


@blueprint.get(ROOT)
@require(Permission.REPORT_READ)
def show_certificates() -> str:
    """List the certificates of a branch."""
    nodes = _nodes()
    wanted = _wanted(nodes)
    return render_template(
        "certification/certificates.html",
        page=listing.find(actor(), wanted),
        wanted=wanted,
        nodes=nodes,
        states=listing.STATES,
        sees_all=_sees_all(),
    )


@blueprint.get(f"{ROOT}.{KIND}")
@require(Permission.REPORT_READ)
def export_certificates(kind: str) -> Response:
    rows = listing.everything(actor(), _wanted(_nodes()))
    return _file(sheets.certificate_sheet(rows), kind)


def _nodes() -> list[UnitNode]:
    nodes = units.tree_in_reach(actor())
    if not nodes:
        raise NotFound
    return nodes


def _wanted(nodes: list[UnitNode]) -> Wanted:
    asked = request.args.get("state", "")
    return replace(
        filters.read(request.args, nodes), state=asked if asked in listing.STATES else ""
    )


def _sees_all() -> bool:
    return EVERYWHERE in actor().hr_paths


def _file(sheet: Sheet, kind: str) -> Response:
    name = sheet.file_name(kind)
    if kind == "csv":
        return attachment(export.csv_pieces(sheet), name, CSV)
    return attachment(export.xlsx(sheet), name, XLSX)


# --- the register of numbers ---------------------------------------------------------------


@blueprint.get(NUMBERS)
@require(Permission.REPORT_READ)
def show_numbers() -> str:
    """Show what was entered and what became of it; it is one register for the whole agency."""
    state, sort, number = _of_register()
    year = filters.year_of(request.args)
    return render_template(
        "certification/numbers.html",
        numbers=ledger.numbers(year),
        page=ledger.find(state, sort, number),
        state=state,
        sort=sort,
        years=filters.years(),
    )


def _of_register() -> tuple[str, str, int]:
    if not _sees_all():
        raise NotFound
    asked = request.args.get("state", "")
    state = asked if asked in set(NumberState) else ""
    number = filters.number_of(request.args, "page", filters.MAX_PAGE) or 1
    return state, request.args.get("sort", ""), number


@blueprint.get(f"{NUMBERS}.{KIND}")
@require(Permission.REPORT_READ)
def export_numbers(kind: str) -> Response:
    state, sort, _number = _of_register()
    return _file(sheets.number_sheet(ledger.everything(state, sort)), kind)


@blueprint.get(f"{NUMBERS}/new")
@require(Permission.CERTIFICATE_MANAGE, seen_with=Permission.REPORT_READ)
def show_new_numbers() -> str:
    return render_template("certification/new_numbers.html", form=NumbersForm())


@blueprint.post(NUMBERS)
@require(Permission.CERTIFICATE_MANAGE, seen_with=Permission.REPORT_READ)
def enter_numbers() -> Response | tuple[str, int]:
    """Enter a batch: a run, or a list."""
    form = NumbersForm(request.form)
    if form.validate():
        try:
            found = register.lines_of(form.numbers.data or "")
            if not found and (form.first.data or form.last.data):
                found = form.run.numbers()
            with transaction():
                count = register.enter(actor().id, form.basis.data, found)
        except Invalid as problem:
            form.place(problem)
        else:
            flash(
                _("%(count)s nomor masuk; sertifikat yang menunggu segera bernomor.", count=count),
                "ok",
            )
            return redirect(url_for("certification.show_numbers"), 303)
    return render_template("certification/new_numbers.html", form=form), Invalid.status


@blueprint.get(f"{NUMBERS}/{NUMBER_ID}/cancel")
@require(Permission.CERTIFICATE_MANAGE, seen_with=Permission.REPORT_READ)
def show_cancel(number_id: int) -> str:
    return _cancel_page(register.number_of(number_id), CancelForm())


def _cancel_page(number: RegisterNumber, form: CancelForm) -> str:
    return render_template("certification/cancel.html", number=number, form=form)


@blueprint.post(f"{NUMBERS}/{NUMBER_ID}/cancel")
@require(Permission.CERTIFICATE_MANAGE, seen_with=Permission.REPORT_READ)
def cancel_number(number_id: int) -> Response | tuple[str, int]:
    form = CancelForm(request.form)
    try:
        if not form.validate():
            return _cancel_page(register.number_of(number_id), form), Invalid.status
        with transaction():
            number = register.cancel(actor().id, number_id, form.reason.data)
    except Invalid as problem:
        form.place(problem)
        return _cancel_page(register.number_of(number_id), form), Invalid.status
    except Conflict:
        flash(_("Nomor ini sudah tidak bebas; tidak ada yang berubah."), "warn")
    else:
        flash(_("Nomor %(number)s tidak akan dipakai.", number=number.number), "ok")
    return redirect(url_for("certification.show_numbers"), 303)


# --- settings ------------------------------------------------------------------------------


@blueprint.get(f"{ROOT}/settings")
@require(Permission.CERTIFICATE_MANAGE, seen_with=Permission.REPORT_READ)
def show_options() -> str:
    return _options_page(filled(options.present()))


def _options_page(form: OptionsForm) -> str:
    return render_template("certification/options.html", form=form, year=clock.today().year)


@blueprint.post(f"{ROOT}/settings")
@require(Permission.CERTIFICATE_MANAGE, seen_with=Permission.REPORT_READ)
def change_options() -> Any:
    form = OptionsForm(request.form)
    if not form.validate():
        return _options_page(form), Invalid.status
    with transaction():
        changed = options.change(actor().id, form.values())
    flash(_("Pengaturan tersimpan.") if changed else _("Tidak ada yang berubah."), "ok")
    return redirect(url_for("certification.show_options"), 303)
