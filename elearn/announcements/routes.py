"""Pages of announcements: for everybody to read, for HR and administrators to write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice

from elearn import clock
from elearn.announcements import desk, shown
from elearn.announcements.forms import AnnouncementForm
from elearn.announcements.models import Announcement
from elearn.database import transaction
from elearn.errors import Conflict, Invalid
from elearn.people import units
from elearn.people.access import actor, part_of, require
from elearn.people.forms import MAX_PAGE, Filter
from elearn.people.permissions import Permission
from elearn.settings import Switch

blueprint = Blueprint("announcements", __name__)
ID = "<int(max=2147483647):announcement_id>"
# HR and admins each stay in their own area.
DESK = "/<any(hr, admin):area>/announcements"
REFUSED = 422
SHOWN_DAYS = 7
INDENT = "\u2003"
Page = tuple[str, int]
ACTS: dict[str, Callable[[Any, int], None]] = {
    "publish": desk.publish,
    "withdraw": desk.withdraw,
    "delete": desk.delete_draft,
}


@blueprint.get("/announcements")
@require(Permission.ACCOUNT_OWN)
@part_of(Switch.ANNOUNCEMENTS)
def list_announcements() -> str:
    page = shown.all_for(actor(), _page_number())
    return render_template("announcements/list.html", page=page)


@blueprint.get(f"/announcements/{ID}")
@require(Permission.ACCOUNT_OWN)
@part_of(Switch.ANNOUNCEMENTS)
def show_announcement(announcement_id: int) -> str:
    one = shown.one_for(actor(), announcement_id)
    return render_template("announcements/one.html", one=one)


@blueprint.post(f"/announcements/{ID}/dismiss")
@require(Permission.ACCOUNT_OWN)
@part_of(Switch.ANNOUNCEMENTS)
def dismiss(announcement_id: int) -> AnyResponse:
    with transaction():
        shown.dismiss(actor(), announcement_id)
    return redirect("/", 303)


@blueprint.get(DESK)
@require(Permission.ANNOUNCEMENT_READ)
@part_of(Switch.ANNOUNCEMENTS)
def show_desk(area: str) -> str:
    page = desk.find(actor(), _page_number())
    return render_template("announcements/desk.html", area=area, page=page)


@blueprint.get(f"{DESK}/new")
@require(Permission.ANNOUNCEMENT_MANAGE, seen_with=Permission.ANNOUNCEMENT_READ)
@part_of(Switch.ANNOUNCEMENTS)
def show_new(area: str) -> str:
    today = clock.today()
    form = AnnouncementForm(data={"first": today, "last": today + timedelta(days=SHOWN_DAYS)})
    return _form_page(area, form)


@blueprint.post(f"{DESK}/new")
@require(Permission.ANNOUNCEMENT_MANAGE, seen_with=Permission.ANNOUNCEMENT_READ)
@part_of(Switch.ANNOUNCEMENTS)
def write(area: str) -> Page | AnyResponse:
    form = _offered(AnnouncementForm(request.form))
    if "preview" in request.form:
        return _previewed(area, form)
    made = _applied(form, lambda wish: desk.write(actor(), wish).id)
    if made is None:
        return _form_page(area, form), REFUSED
    flash(_("Draf tersimpan. Periksa, lalu umumkan."), "ok")
    return _to(area, made)


@blueprint.get(f"{DESK}/{ID}")
@require(Permission.ANNOUNCEMENT_READ)
@part_of(Switch.ANNOUNCEMENTS)
def show_managed(area: str, announcement_id: int) -> str:
    row = desk.seen(actor(), announcement_id)
    return render_template(
        "announcements/managed.html",
        area=area,
        row=row,
        unit=units.unit_of(row.unit_id).name if row.unit_id else "",
        changes=desk.history(announcement_id),
    )


@blueprint.get(f"{DESK}/{ID}/edit")
@require(Permission.ANNOUNCEMENT_MANAGE, seen_with=Permission.ANNOUNCEMENT_READ)
@part_of(Switch.ANNOUNCEMENTS)
def show_edit(area: str, announcement_id: int) -> str:
    row = desk.managed(actor(), announcement_id)
    days = {"first": clock.day_of(row.starts_ms), "last": clock.day_of(row.ends_ms - 1)}
    return _form_page(area, AnnouncementForm(obj=row, data=days), row)


@blueprint.post(f"{DESK}/{ID}/edit")
@require(Permission.ANNOUNCEMENT_MANAGE, seen_with=Permission.ANNOUNCEMENT_READ)
@part_of(Switch.ANNOUNCEMENTS)
def change(area: str, announcement_id: int) -> Page | AnyResponse:
    row = desk.managed(actor(), announcement_id)
    form = _offered(AnnouncementForm(request.form))
    if "preview" in request.form:
        return _previewed(area, form, row)
    if _applied(form, lambda wish: desk.change(actor(), row.id, wish)) is None:
        return _form_page(area, form, row), REFUSED
    flash(_("Perubahan tersimpan."), "ok")
    return _to(area, row.id)


@blueprint.get(f"{DESK}/{ID}/<any(withdraw, delete):act>")
@require(Permission.ANNOUNCEMENT_MANAGE, seen_with=Permission.ANNOUNCEMENT_READ)
@part_of(Switch.ANNOUNCEMENTS)
def show_act(area: str, announcement_id: int, act: str) -> str:
    row = desk.managed(actor(), announcement_id)
    return render_template("announcements/act.html", area=area, row=row, act=act)


@blueprint.post(f"{DESK}/{ID}/<any(publish, withdraw, delete):act>")
@require(Permission.ANNOUNCEMENT_MANAGE, seen_with=Permission.ANNOUNCEMENT_READ)
@part_of(Switch.ANNOUNCEMENTS)
def do_act(area: str, announcement_id: int, act: str) -> AnyResponse:
    try:
        with transaction():
            ACTS[act](actor(), announcement_id)
    except Conflict:
        flash(_("Keadaannya sudah berubah; periksa yang sekarang."), "warn")
    except Invalid:
        flash(_("Hari terakhirnya sudah lewat. Ubah dahulu, lalu umumkan."), "warn")
    else:
        flash(_told(act), "ok")
        if act == "delete":
            return redirect(url_for("announcements.show_desk", area=area), 303)
    return _to(area, announcement_id)


def _told(act: str) -> str:
    words = {
        "publish": _("Diumumkan. Pegawai melihatnya di Beranda dan di Pesan."),
        "withdraw": _("Pengumuman ditarik; isinya tidak terlihat lagi."),
        "delete": _("Draf dihapus."),
    }
    return str(words[act])


def _applied(form: AnnouncementForm, run: Callable[[Any], Any]) -> Any:
    """What a use case made of a valid form; None when something was refused."""
    if not form.validate():
        return None
    try:
        with transaction():
            return run(form.wish())
    except Invalid as problem:
        form.place(problem)
        return None


def _offered(form: AnnouncementForm) -> AnnouncementForm:
    """The form with the units one may write to."""
    nodes = desk.branches(actor())
    whole = [SelectChoice("", _("Semua unit"))] if desk.is_for_whole(actor()) else []
    named = (SelectChoice(node.id, INDENT * node.depth + node.name) for node in nodes)
    form.unit_id.choices = [*whole, *named]
    return form


def _previewed(area: str, form: AnnouncementForm, row: Announcement | None = None) -> Page:
    html = ""
    if form.validate():
        try:
            html = desk.preview(form.text.data)
        except Invalid as problem:
            form.place(problem)
    return _form_page(area, form, row, html), 200 if html else REFUSED


def _form_page(
    area: str, form: AnnouncementForm, row: Announcement | None = None, html: str = ""
) -> str:
    return render_template(
        "announcements/form.html", area=area, form=_offered(form), row=row, html=html
    )


def _to(area: str, announcement_id: int) -> AnyResponse:
    target = url_for("announcements.show_managed", area=area, announcement_id=announcement_id)
    return redirect(target, 303)


def _page_number() -> int:
    return Filter(request.args).number("page", MAX_PAGE) or 1
