"""Pages of privacy: the notice, who looked at one's record, and what the agency keeps of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
)
from flask import url_for as address
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from elearn import clock
from elearn.database import transaction
from elearn.downloads import ZIP, attachment
from elearn.errors import Invalid
from elearn.people import accounts, brake, directory
from elearn.people.access import actor, is_signed_in, public, require
from elearn.people.permissions import Permission
from elearn.privacy import copies, looks, notice
from elearn.privacy.forms import NoticeForm, OfficerForm, PasswordForm
from elearn.reports import filters, queries

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


# --- a copy of one's data ------------------------------------------------------------------------


@blueprint.get("/account/data")
@require(Permission.ACCOUNT_OWN)
def show_copy() -> str:
    return _copy_page(PasswordForm())


def _copy_page(form: PasswordForm) -> str:
    return render_template(
        "privacy/data.html",
        form=form,
        standing=copies.standing(actor().id),
        asks=not accounts.has_just_signed_in(actor().stamp),
    )


@blueprint.post("/account/data")
@require(Permission.ACCOUNT_OWN)
def take_copy() -> AnyResponse:
    """Send the copy, or begin to make what it needs; who signed in long ago shows who they are."""
    form = PasswordForm(request.form)
    if not _is_proven(form):
        return _refused(_copy_page(form))
    me = actor().id
    if not copies.standing(me).is_ready:
        with transaction():
            copies.ask(me)
        return redirect(address("privacy.show_copy"), 303)
    with transaction():
        copies.note(me)
    copy = copies.of(me)
    return attachment(copies.pieces(copy, _readable(copy)), _copy_name(), ZIP)


def _is_proven(form: PasswordForm) -> bool:
    if accounts.has_just_signed_in(actor().stamp):
        return True
    if not form.validate():
        return False
    subject = f"password:{actor().id}"
    with transaction():
        brake.take(subject, "")
    try:
        accounts.confirm(actor().id, form.password.data)
    except Invalid as problem:
        form.place(problem)
        return False
    with transaction():
        brake.clear(subject)
    return True


def _copy_name() -> str:
    return f"data-saya-{clock.today().isoformat()}.zip"


def _readable(copy: copies.Copy) -> str:
    """The copy as a page that needs nothing beside it; its style stands in it."""
    style = (Path(current_app.root_path) / "static" / "css" / "copy.css").read_text("utf-8")
    return render_template(
        "privacy/copy.html",
        style=Markup(f"<style>{style}</style>"),  # noqa: S704  # our own file
        copy=copy,
        record=queries.record_of(directory.person_of(copy.person_id)),
    )
