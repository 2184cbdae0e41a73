"""Pages of the office of certificates, for HR."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn import clock
from elearn.certification import intake, ledger, listing, options, packages, sheets
from elearn.certification.forms import (
    CancelForm,
    NumbersForm,
    OptionsForm,
    ReplaceForm,
    RevokeForm,
    SignedForm,
    filled,
)
from elearn.certification.intake import MB
from elearn.competency import framework, register, replacing, revoking
from elearn.competency.certificates import State
from elearn.competency.models import NumberState, RegisterNumber
from elearn.database import transaction
from elearn.downloads import ZIP, attachment
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.people import audit, units
from elearn.people.access import actor, exported, require
from elearn.people.actors import EVERYWHERE
from elearn.people.permissions import Permission
from elearn.people.units import UnitNode
from elearn.reports import filters, sending
from elearn.reports.filters import Wanted

blueprint = Blueprint("certification", __name__)
KIND = "<any(csv, xlsx):kind>"
ROOT = "/hr/certificates"
NUMBERS = f"{ROOT}/numbers"
NUMBER_ID = "<int(max=2147483647):number_id>"
PACKAGES = f"{ROOT}/packages"
PACKAGE_ID = "<int(max=2147483647):package_id>"
SIGNED = f"{ROOT}/signed"
PACKED = "certificate:packed"
PACKAGE_REFUSED = {
    "none": lambda: _("Tidak ada sertifikat bernomor dalam daftar ini."),
    "too_many": lambda: _("Paling banyak 5.000 sertifikat dalam satu zip. Persempit daftarnya."),
}


@blueprint.url_value_preprocessor
def _allow_large(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A zip of signed PDFs is larger than any form; only HR of the agency may send one."""
    if endpoint == "certification.send_signed":
        request.max_content_length = intake.MOST_ZIP_BYTES + MB


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
        classes=framework.classes(),
        sees_all=_sees_all(),
    )


@blueprint.get(f"{ROOT}.{KIND}")
@require(Permission.REPORT_READ)
@exported("export:certificates")
def export_certificates(kind: str) -> Response:
    rows = listing.everything(actor(), _wanted(_nodes()))
    return sending.saved(sheets.certificate_sheet(rows), kind)


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


# --- revocation ----------------------------------------------------------------------------


REVOKE_REFUSED = {
    "revoked": lambda: _("Sertifikat ini sudah dicabut; tidak ada yang berubah."),
    "no_number": lambda: _("Sertifikat ini belum bernomor, jadi belum ada yang dapat dicabut."),
}


@blueprint.get(f"{ROOT}/<id>/revoke")
@require(Permission.CERTIFICATE_MANAGE, seen_with=Permission.REPORT_READ)
def show_revoke(id: str) -> Any:
    return _revoke_page(id, RevokeForm())


def _revoke_page(id: str, form: RevokeForm) -> Any:
    try:
        paper = revoking.to_revoke(actor(), id)
    except Conflict as problem:
        return _not_revoked(id, problem)
    return render_template("certification/revoke.html", paper=paper, form=form)


def _not_revoked(id: str, problem: Conflict) -> Response:
    flash(REVOKE_REFUSED[problem.reason](), "warn")
    return redirect(url_for("competency.show_certificate", id=id), 303)


@blueprint.post(f"{ROOT}/<id>/revoke")
@require(Permission.CERTIFICATE_MANAGE, seen_with=Permission.REPORT_READ)
def revoke_certificate(id: str) -> Response:
    """Revoke a certificate with a reason that the public check shows."""
    form = RevokeForm(request.form)
    if form.validate():
        try:
            with transaction():
                paper = revoking.revoke(actor(), id, form.reason.data)
        except Invalid as problem:
            form.place(problem)
        except Conflict as problem:
            return _not_revoked(id, problem)
        else:
            flash(_("Sertifikat %(number)s dicabut.", number=paper.number), "ok")
            return redirect(url_for("competency.show_certificate", id=paper.id), 303)
    return make_response(_revoke_page(id, form), Invalid.status)


# --- replacement ---------------------------------------------------------------------------


REPLACE_REFUSED = {
    "not_revoked": lambda: _("Yang dapat diganti hanya sertifikat yang sudah dicabut."),
    "replaced": lambda: _("Sertifikat ini sudah diganti; tidak ada yang berubah."),
}


@blueprint.get(f"{ROOT}/<id>/replace")
@require(Permission.CERTIFICATE_MANAGE, seen_with=Permission.REPORT_READ)
def show_replace(id: str) -> Any:
    return _replace_page(id, ReplaceForm())


def _replace_page(id: str, form: ReplaceForm) -> Any:
    try:
        paper = replacing.to_replace(actor(), id)
    except Conflict as problem:
        return _not_replaced(id, problem)
    now = replacing.holder_now(paper)
    return render_template("certification/replace.html", paper=paper, now=now, form=form)


def _not_replaced(id: str, problem: Conflict) -> Response:
    flash(REPLACE_REFUSED[problem.reason](), "warn")
    return redirect(url_for("competency.show_certificate", id=id), 303)


@blueprint.post(f"{ROOT}/<id>/replace")
@require(Permission.CERTIFICATE_MANAGE, seen_with=Permission.REPORT_READ)
def replace_certificate(id: str) -> Response:
    """Issue a corrected certificate in the place of a revoked one."""
    form = ReplaceForm(request.form)
    if form.validate():
        wish = replacing.Wish(form.reason.data, post_as_now=form.post.data == "now")
        try:
            with transaction():
                made = replacing.replace(actor(), id, wish)
        except Invalid as problem:
            form.place(problem)
        except Conflict as problem:
            return _not_replaced(id, problem)
        else:
            flash(_replaced_words(made.number), "ok")
            return redirect(url_for("competency.show_certificate", id=made.id), 303)
    return make_response(_replace_page(id, form), Invalid.status)


def _replaced_words(number: str) -> str:
    if number:
        return str(_("Sertifikat pengganti terbit dengan nomor %(number)s.", number=number))
    return str(_("Sertifikat pengganti disiapkan dan menunggu nomor dari register kantor."))


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
@exported("export:numbers")
def export_numbers(kind: str) -> Response:
    state, sort, _number = _of_register()
    return sending.saved(sheets.number_sheet(ledger.everything(state, sort)), kind)


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


# --- packages ------------------------------------------------------------------------------


@blueprint.post(PACKAGES)
@require(Permission.REPORT_READ)
def ask_package() -> Response:
    """Ask for the PDFs of the list as one zip."""
    wanted = _wanted(_nodes())
    to_sign = wanted.state == State.AWAITING_SIGNATURE
    if to_sign and not actor().may(Permission.CERTIFICATE_MANAGE):
        raise NotAllowed
    ids = listing.ids(actor(), wanted, packages.MOST)
    try:
        with transaction():
            package_id = packages.ask(actor().id, ids, to_sign=to_sign)
            audit.record(actor().id, PACKED, None, id=package_id, count=len(ids))
    except Invalid as problem:
        flash(PACKAGE_REFUSED[problem.reason](), "warn")
        asked: dict[str, Any] = request.args.to_dict()
        return redirect(url_for("certification.show_certificates", **asked), 303)
    return redirect(url_for("certification.show_package", package_id=package_id), 303)


@blueprint.get(PACKAGES)
@require(Permission.REPORT_READ)
def show_packages() -> str:
    """The packages one has asked for, as long as they are kept."""
    asked = packages.asked_by(actor().id)
    return render_template("certification/packages.html", packages=asked)


@blueprint.get(f"{PACKAGES}/{PACKAGE_ID}")
@require(Permission.REPORT_READ)
def show_package(package_id: int) -> str:
    """How far a package is, and the way to its zip."""
    package = packages.of_id(actor().id, package_id)
    return render_template("certification/package.html", package=package)


@blueprint.get(f"{PACKAGES}/{PACKAGE_ID}.zip")
@require(Permission.REPORT_READ)
@exported("export:package")
def take_package(package_id: int) -> Response:
    """Send the zip while it is put together."""
    try:
        pieces = packages.pieces(actor(), package_id)
    except Conflict:
        return redirect(url_for("certification.show_package", package_id=package_id), 303)
    return attachment(pieces, f"sertifikat-{clock.today().isoformat()}-{package_id}.zip", ZIP)


# --- signed PDFs ---------------------------------------------------------------------------


@blueprint.get(SIGNED)
@require(Permission.CERTIFICATE_MANAGE, seen_with=Permission.REPORT_READ)
def show_signed_form() -> str:
    return _signed_page(SignedForm())


def _signed_page(form: SignedForm) -> str:
    waiting, sent = listing.count_in(State.AWAITING_SIGNATURE), intake.sent_by(actor().id)
    return render_template("certification/signed.html", form=form, waiting=waiting, sent=sent)


@blueprint.post(SIGNED)
@require(Permission.CERTIFICATE_MANAGE, seen_with=Permission.REPORT_READ)
def send_signed() -> Response | tuple[str, int]:
    """Take in a zip; a job then deals with its files one by one."""
    form, sent = SignedForm(request.form), request.files.get("zip")
    content = sent.read() if sent else b""
    try:
        with transaction():
            upload_id = intake.send(actor().id, content)
    except Invalid as problem:
        form.place(problem)
        return _signed_page(form), problem.status
    return redirect(url_for("certification.show_upload", upload_id=upload_id), 303)


@blueprint.get(f"{SIGNED}/<int(max=2147483647):upload_id>")
@require(Permission.CERTIFICATE_MANAGE, seen_with=Permission.REPORT_READ)
def show_upload(upload_id: int) -> str:
    """What became of each file of a zip."""
    upload = intake.upload_of(actor().id, upload_id)
    return render_template("certification/upload.html", upload=upload)


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
