"""Pages of privacy: the notice, who looked at one's record, and what the agency keeps of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask import url_for as address
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from elearn import clock
from elearn.database import transaction
from elearn.errors import Invalid
from elearn.people.access import actor, is_signed_in, public, require
from elearn.people.permissions import Permission
from elearn.privacy import looks, notice
from elearn.privacy.forms import NoticeForm, OfficerForm
from elearn.reports import filters

blueprint = Blueprint("privacy", __name__)
ID = "<int(max=2147483647):id>"
HUB = "/admin/privacy"


# --- the notice ----------------------------------------------------------------------------------


@blueprint.get("/privacy")
@public
def show_notice() -> str:
    return _notice_page(notice.present())


@blueprint.get(f"/privacy/{ID}")
@public
def show_edition(id: int) -> str:
    return _notice_page(notice.edition(id))


def _notice_page(shown: notice.Notice) -> str:
    today = clock.today()
    earlier = [one for one in notice.editions() if one.from_day <= today and one.id != shown.id]
    return render_template(
        "privacy/notice.html", notice=shown, earlier=earlier, signed_in=is_signed_in()
    )


@blueprint.get(HUB)
@require(Permission.PRIVACY_MANAGE)
def show_manage() -> str:
    form = NoticeForm(data={"text": notice.text_now(), "from_day": clock.today()})
    return _manage_page(form, OfficerForm(data=notice.present().officer))


def _manage_page(form: NoticeForm, officer: OfficerForm, preview: str = "") -> str:
    return render_template(
        "privacy/manage.html",
        form=form,
        officer=officer,
        preview=preview,
        editions=notice.editions(),
        today=clock.today(),
    )


@blueprint.post(f"{HUB}/notice")
@require(Permission.PRIVACY_MANAGE)
def write_notice() -> AnyResponse:
    form = NoticeForm(request.form)
    preview = ""
    if form.validate():
        try:
            preview = notice.preview(form.text.data)
            if request.form.get("act") != "preview":
                return _written(form)
        except Invalid as problem:
            form.place(problem)
    status = 200 if preview and not form.errors else Invalid.status
    officer = OfficerForm(data=notice.present().officer)
    return make_response(_manage_page(form, officer, preview), status)


def _written(form: NoticeForm) -> AnyResponse:
    with transaction():
        row = notice.write(actor().id, form.text.data, form.from_day.data)
    since = row.from_day.strftime("%d-%m-%Y")
    flash(_("Naskah pemberitahuan tersimpan dan berlaku mulai %(day)s.", day=since), "ok")
    return redirect(address("privacy.show_manage"), 303)


@blueprint.post(f"{HUB}/officer")
@require(Permission.PRIVACY_MANAGE)
def change_officer() -> AnyResponse:
    officer = OfficerForm(request.form)
    if not officer.validate():
        form = NoticeForm(data={"text": notice.text_now(), "from_day": clock.today()})
        return _refused(_manage_page(form, officer))
    with transaction():
        changed = notice.change_officer(actor().id, officer.name.data, officer.contact.data)
    flash(_("Kontak petugas tersimpan.") if changed else _("Tidak ada yang berubah."), "ok")
    return redirect(address("privacy.show_manage"), 303)


def _refused(page: Any) -> Response:
    return make_response(page, Invalid.status)


# --- who looked ----------------------------------------------------------------------------------


@blueprint.get("/account/looks")
@require(Permission.ACCOUNT_OWN)
def show_looks() -> str:
    number = filters.number_of(request.args, "page", filters.MAX_PAGE) or 1
    return render_template("privacy/looks.html", page=looks.of(actor().id, number))
