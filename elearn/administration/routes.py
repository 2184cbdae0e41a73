"""Pages of the administrator's desk: settings and their history, the environment, their file."""

from __future__ import annotations

import os

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn import clock
from elearn.administration import desk, environment, transfer
from elearn.administration.forms import (
    BackForm,
    BringInForm,
    ChangeForm,
    back_form,
    change_form,
)
from elearn.administration.transfer import Planned, Taking, Verdict
from elearn.database import transaction
from elearn.downloads import attachment
from elearn.errors import Invalid, NotFound
from elearn.people import setting_changes
from elearn.people.access import actor, exported, require
from elearn.people.permissions import Permission
from elearn.settings import Known

blueprint = Blueprint("administration", __name__)
HERE = "/admin/settings"
CHANGE = f"{HERE}/<key>/changes/<int(max=2147483647):change_id>"
TAKEN_AWAY = "setting:taken_away"


@blueprint.get(HERE)
@require(Permission.SETTING_READ)
def show_settings() -> str:
    """Show every setting as it holds this year."""
    year = clock.today().year
    return render_template(
        "administration/settings.html", sections=desk.overview(actor()), year=year
    )


@blueprint.get(f"{HERE}/<key>")
@require(Permission.SETTING_READ)
def show_setting(key: str) -> str:
    """Show one setting with its history, and the form of it to those who change it."""
    line = desk.line_of(key, actor())
    if not line.may_change or line.known.own_page:
        return _setting_page(key, None)
    shown = {"from_year": clock.today().year, "seen": setting_changes.newest_change(key)}
    return _setting_page(key, change_form(line.known, line.value, **shown))


def _setting_page(key: str, form: ChangeForm | None) -> str:
    line, changes = desk.line_of(key, actor()), setting_changes.changes(key)
    return render_template("administration/setting.html", line=line, changes=changes, form=form)


@blueprint.post(f"{HERE}/<key>")
@require(Permission.SETTING_READ)
def change_setting(key: str) -> Response:
    known = setting_changes.refuse(actor(), key)
    if known.own_page:
        raise NotFound
    form = change_form(known, sent=request.form)
    if form.validate():
        try:
            with transaction():
                changed = setting_changes.change(actor().id, key, form.wish(known))
        except Invalid as problem:
            form.place(problem)
        else:
            return _changed(key, changed=changed)
    return make_response(_setting_page(key, form), Invalid.status)


def _changed(key: str, *, changed: bool) -> Response:
    if changed:
        flash(_("Pengaturan diubah. Riwayatnya tersimpan."), "ok")
    else:
        flash(_("Nilai itu sudah berlaku; tidak ada yang diubah."), "warn")
    return redirect(url_for("administration.show_setting", key=key), 303)


@blueprint.get(CHANGE)
@require(Permission.SETTING_READ)
def show_back(key: str, change_id: int) -> str:
    """Ask for the reason before what held earlier is put back."""
    known = _to_put_back(key)
    form = back_form(known, seen=setting_changes.newest_change(key))
    return _back_page(key, change_id, form)


def _to_put_back(key: str) -> Known:
    known = setting_changes.refuse(actor(), key)
    if known.asks_proof:
        raise NotFound
    return known


def _back_page(key: str, change_id: int, form: BackForm) -> str:
    line, change = desk.line_of(key, actor()), setting_changes.change_of(key, change_id)
    return render_template("administration/back.html", line=line, change=change, form=form)


@blueprint.post(CHANGE)
@require(Permission.SETTING_READ)
def put_back(key: str, change_id: int) -> Response:
    known = _to_put_back(key)
    form = back_form(known, request.form)
    if form.validate():
        try:
            with transaction():
                changed = setting_changes.take_back(actor().id, key, change_id, form.wish())
        except Invalid as problem:
            form.place(problem)
        else:
            return _changed(key, changed=changed)
    return make_response(_back_page(key, change_id, form), Invalid.status)


@blueprint.get("/admin/environment")
@require(Permission.SETTING_CHANGE, seen_with=Permission.SETTING_READ)
def show_environment() -> str:
    """Show what comes from the environment, without its secrets."""
    return render_template(
        "administration/environment.html", variables=environment.found(os.environ)
    )


@blueprint.get("/admin/settings.json")
@require(Permission.SETTING_READ)
@exported(TAKEN_AWAY)
def take_settings() -> Response:
    """Send what is set as a file."""
    name = f"pengaturan-{clock.today()}.json"
    return attachment(transfer.written().encode(), name, "application/json")


@blueprint.get("/admin/settings-file")
@require(Permission.SETTING_CHANGE, seen_with=Permission.SETTING_READ)
def show_bring_in() -> str:
    return _file_page(BringInForm(), [])


def _file_page(form: BringInForm, planned: list[Planned]) -> str:
    refused = [each for each in planned if each.verdict is Verdict.REFUSED]
    return render_template(
        "administration/file.html", form=form, planned=planned, refused=len(refused)
    )


@blueprint.post("/admin/settings-file")
@require(Permission.SETTING_CHANGE, seen_with=Permission.SETTING_READ)
def bring_in() -> Response:
    """Look at a file, or bring in what it says where that was asked for."""
    form = BringInForm(request.form)
    planned: list[Planned] = []
    if form.validate():
        taking = Taking(actor(), form.confirmed.data, form.reason.data)
        try:
            planned = transfer.plan(transfer.read(form.text.data), taking)
            if request.form.get("act") != "apply":
                return make_response(_file_page(form, planned))
            with transaction():
                count = transfer.bring_in(form.text.data, taking)
        except Invalid as problem:
            form.place(problem)
        else:
            flash(_("%(count)s nilai diubah menurut berkas.", count=count), "ok")
            return redirect(url_for("administration.show_settings"), 303)
    return make_response(_file_page(form, planned), Invalid.status)
