"""Pages of standards: the framework of competencies and its editor, and the matrix of levels."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn import clock
from elearn.competency import (
    editions,
    framework,
    position_requirements,
    requirements,
    wording,
)
from elearn.competency.editions import Edition
from elearn.database import transaction
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.people.access import actor, exported, require
from elearn.people.permissions import Permission
from elearn.planning import framework_sheet, requirement_sheet, uses
from elearn.reports import branch, filters, sending
from elearn.standards.forms import (
    Asked,
    CompetencyForm,
    PositionRequirementForm,
    ReasonForm,
    RequirementForm,
    RetirementForm,
)

blueprint = Blueprint("standards", __name__)
FRAMEWORK = "/hr/framework"
CHANGED = Permission.FRAMEWORK_CHANGE


# --- the framework --------------------------------------------------------------------------------


@blueprint.get("/competencies")
@require(Permission.RECORD_OWN)
def show_competencies() -> str:
    """Show everybody the competencies by family."""
    return _list_page("standards/competencies.html")


@blueprint.get(FRAMEWORK)
@require(Permission.REPORT_READ)
def show_framework() -> str:
    """Show the competencies by family, with how many courses support each."""
    return _list_page("standards/framework.html", courses=uses.counts())


def _list_page(template: str, **more: Any) -> str:
    found = framework.competencies()
    return render_template(template, found=found, today=clock.today(), **more)


@blueprint.get(f"{FRAMEWORK}.<any(csv, xlsx):kind>")
@require(Permission.REPORT_READ)
@exported("export:framework")
def export_framework(kind: str) -> Response:
    """Send the framework as it reads now."""
    return sending.saved(framework_sheet.sheet(), kind)


@blueprint.get(f"{FRAMEWORK}/new")
@require(CHANGED, seen_with=Permission.REPORT_READ)
def show_new() -> str:
    return _form_page(None, CompetencyForm.of(None, 0))


@blueprint.post(f"{FRAMEWORK}/new")
@require(CHANGED, seen_with=Permission.REPORT_READ)
def add_competency() -> Response:
    """Add a technical competency of the agency."""
    form = CompetencyForm.of(None, 0, request.form)
    if form.validate():
        try:
            with transaction():
                editions.add(actor().id, form.code.data, form.wording(), form.why())
        except Invalid as problem:
            form.place(problem)
        else:
            flash(_("Kompetensi ditambahkan. Kursus dan jabatan kini dapat memakainya."), "ok")
            return _to(form.code.data)
    return make_response(_form_page(None, form), Invalid.status)


def _to(code: str) -> Response:
    return redirect(url_for("standards.show_one", code=code), 303)


def _form_page(code: str | None, form: CompetencyForm, theirs: Edition | None = None) -> str:
    changes = wording.differences(theirs.wording, form.wording()) if theirs else []
    return render_template(
        "standards/edit.html",
        competency=editions.competency(code) if code else None,
        form=form,
        scale=framework.scale(),
        theirs=theirs,
        changes=changes,
    )


@blueprint.get(f"{FRAMEWORK}/<code>")
@require(Permission.REPORT_READ)
def show_one(code: str) -> str:
    """Show a competency, what names it, and its history."""
    return render_template(
        "standards/competency.html",
        described=framework.described(code),
        uses=uses.of(code),
        is_used=uses.is_used(code),
        history=editions.history(code),
        form=ReasonForm(data={"edition": editions.competency(code).edition}),
    )


@blueprint.get(f"{FRAMEWORK}/<code>/edit")
@require(CHANGED, seen_with=Permission.REPORT_READ)
def show_edit(code: str) -> str:
    found = _own(code)
    return _form_page(code, CompetencyForm.of(editions.current(code), found.edition))


def _own(code: str) -> Any:
    """A competency whose wording is the agency's. Raises NotFound, and NotAllowed."""
    found = editions.competency(code)
    if found.is_national:
        raise NotAllowed
    return found


@blueprint.post(f"{FRAMEWORK}/<code>/edit")
@require(CHANGED, seen_with=Permission.REPORT_READ)
def reword(code: str) -> Response:
    """Keep another wording as the next edition; who comes second is told what the first changed."""
    found = _own(code)
    form = CompetencyForm.of(editions.current(code), found.edition, request.form)
    theirs, status = None, Invalid.status
    if form.validate():
        try:
            with transaction():
                editions.reword(actor().id, code, form.seen, form.wording(), form.why())
        except Invalid as problem:
            form.place(problem)
        except Conflict as problem:
            theirs, status = editions.history(code)[0], problem.status
            form.move_on(theirs.number)
        else:
            flash(_("Rumusan disimpan. Yang lama tetap tersimpan dalam riwayat."), "ok")
            return _to(code)
    return make_response(_form_page(code, form, theirs), status)


@blueprint.get(f"{FRAMEWORK}/<code>/editions/<int(max=9999):number>")
@require(Permission.REPORT_READ)
def show_edition(code: str, number: int) -> str:
    """Show an edition beside the one before it."""
    history = {edition.number: edition for edition in editions.history(code)}
    if number not in history:
        raise NotFound
    here, before = history[number], history.get(number - 1)
    return render_template(
        "standards/edition.html",
        competency=editions.competency(code),
        here=here,
        before=before,
        changes=wording.differences(before.wording, here.wording) if before else [],
        scale=framework.scale(),
        newest=max(history),
    )


@blueprint.get(f"{FRAMEWORK}/<code>/retire")
@require(CHANGED, seen_with=Permission.REPORT_READ)
def show_retire(code: str) -> str:
    found = _own(code)
    filled = {"edition": found.edition, "valid_from": clock.today()}
    return _retire_page(code, RetirementForm(data=filled))


def _retire_page(code: str, form: RetirementForm) -> str:
    found = editions.competency(code)
    return render_template("standards/retire.html", competency=found, uses=uses.of(code), form=form)


@blueprint.post(f"{FRAMEWORK}/<code>/retire")
@require(CHANGED, seen_with=Permission.REPORT_READ)
def retire(code: str) -> Response:
    """Let nothing ask for a competency from a day on."""
    _own(code)
    form, status = RetirementForm(request.form), Invalid.status
    if form.validate():
        try:
            with transaction():
                editions.retire(actor().id, code, form.seen, form.why())
        except Invalid as problem:
            form.place(problem)
        except Conflict as problem:
            status = problem.status
            _tell_of(form, code)
        else:
            flash(_("Kompetensi tidak dipakai lagi sejak tanggal itu."), "ok")
            return _to(code)
    return make_response(_retire_page(code, form), status)


def _tell_of(form: ReasonForm, code: str) -> None:
    """Say that somebody else was faster; the next try goes on from there."""
    form.form_errors.append(_("Kompetensi ini baru saja diubah rekan Anda. Periksa, lalu ulangi."))
    form.edition.data = str(editions.competency(code).edition)


@blueprint.post(f"{FRAMEWORK}/<code>/restore")
@require(CHANGED, seen_with=Permission.REPORT_READ)
def restore(code: str) -> Response:
    """Take a retired competency up again."""
    form = ReasonForm(request.form)
    try:
        with transaction():
            editions.restore(actor().id, code, form.seen, form.reason.data or "")
    except (Invalid, Conflict):
        flash(_("Belum dipakai kembali: isi alasannya, lalu ulangi."), "warn")
    else:
        flash(_("Kompetensi dipakai kembali."), "ok")
    return _to(code)


@blueprint.post(f"{FRAMEWORK}/<code>/remove")
@require(CHANGED, seen_with=Permission.REPORT_READ)
def remove(code: str) -> Response:
    """Delete a competency that nothing ever named."""
    try:
        with transaction():
            found = uses.remove(actor().id, code)
    except Conflict:
        flash(_("Kompetensi ini sudah dipakai; yang dipakai hanya dapat dihentikan."), "warn")
        return _to(code)
    flash(_("%(name)s dihapus.", name=found.name), "ok")
    return redirect(url_for("standards.show_framework"), 303)


# --- the matrix of required levels ----------------------------------------------------------------

MATRIX = "/hr/gaps/requirements"
POSITIONS = f"{MATRIX}/positions"
ONE_POSITION = f"{POSITIONS}/<int(max=2147483647):id>"
MAX_SEARCH = 100
MOST_PAGES = 10_000


@blueprint.get(MATRIX)
@require(Permission.REPORT_READ)
def show_requirements() -> str:
    """Show the matrix of position classes by competencies as it holds today."""
    return render_template(
        "standards/requirements.html",
        classes=framework.classes(),
        names=framework.names_in_use(),
        matrix=framework.matrix(),
    )


@blueprint.get(f"{MATRIX}.<any(csv, xlsx):kind>")
@require(Permission.REPORT_READ)
@exported("export:requirements")
def export_requirements(kind: str) -> Response:
    """Send the matrix with its history."""
    return sending.saved(requirement_sheet.sheet(), kind)


@blueprint.get(POSITIONS)
@require(Permission.REPORT_READ)
def show_positions() -> str:
    """Show the positions, those that ask something in the place of their class first."""
    text = request.args.get("q", "").strip()[:MAX_SEARCH]
    page = filters.number_of(request.args, "page", MOST_PAGES) or 1
    found, total = position_requirements.listed(text, page)
    pages = branch.pages(total)
    if page > pages:
        found, total = position_requirements.listed(text, pages)
    listed = branch.Page(found, min(page, pages), pages, total)
    return render_template("standards/positions.html", page=listed, text=text)


@blueprint.get(ONE_POSITION)
@require(Permission.REPORT_READ)
def show_position(id: int) -> str:
    """Show what one position asks, with a form for those who may change it."""
    return _position_page(id, _position_form(id))


def _position_form(id: int, sent: Any = None) -> PositionRequirementForm:
    held = position_requirements.position(id)
    asked = Asked(framework.requirements(held.position_class), position_requirements.own(id))
    return PositionRequirementForm.of_position(framework.names_in_use(), asked, sent)


def _position_page(id: int, form: PositionRequirementForm) -> str:
    held = position_requirements.position(id)
    return render_template(
        "standards/position.html",
        position=held,
        class_name={row.key: row.name for row in framework.classes()}.get(held.position_class),
        names=framework.names(),
        levels=framework.requirements_of(held),
        own=position_requirements.own(id),
        history=position_requirements.history(id),
        form=form,
        today=clock.today(),
    )


@blueprint.post(ONE_POSITION)
@require(CHANGED, seen_with=Permission.REPORT_READ)
def change_position(id: int) -> Response:
    """Let one position ask other levels than its class from a day on."""
    form = _position_form(id, request.form)
    if form.validate():
        try:
            with transaction():
                count = position_requirements.change(actor().id, id, form.wish())
        except Invalid as problem:
            form.place(problem)
        else:
            _tell_how_many(count)
            return redirect(url_for("standards.show_position", id=id), 303)
    return make_response(_position_page(id, form), Invalid.status)


def _tell_how_many(count: int) -> None:
    flash(_("%(count)s level diubah. Riwayatnya tersimpan.", count=count), "ok")


@blueprint.get(f"{MATRIX}/<key>")
@require(Permission.REPORT_READ)
def show_class(key: str) -> str:
    """Show what one class asks, with a form for those who may change it."""
    asked = framework.requirements(key)
    return _class_page(key, RequirementForm.of(framework.names_in_use(), asked))


def _class_page(key: str, form: RequirementForm) -> str:
    return render_template(
        "standards/class.html",
        row=requirements.position_class(key),
        names=framework.names(),
        levels=framework.requirements(key),
        history=requirements.history(key),
        form=form,
        today=clock.today(),
    )


@blueprint.post(f"{MATRIX}/<key>")
@require(CHANGED, seen_with=Permission.REPORT_READ)
def change_class(key: str) -> Response:
    """Let a class ask other levels from a day on."""
    requirements.position_class(key)
    form = RequirementForm.of(framework.names_in_use(), {}, request.form)
    if form.validate():
        try:
            with transaction():
                count = requirements.change(actor().id, key, form.wish())
        except Invalid as problem:
            form.place(problem)
        else:
            _tell_how_many(count)
            return redirect(url_for("standards.show_class", key=key), 303)
    return make_response(_class_page(key, form), Invalid.status)
