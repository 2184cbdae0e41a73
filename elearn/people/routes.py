"""Pages of people: sign-in, account, inbox, one-time codes, administration."""

from __future__ import annotations

from collections.abc import Callable
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
    url_for,
)
from flask import session as browser_session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from elearn.database import transaction
from elearn.errors import Invalid, NotAllowed, NotFound, TooManyTries
from elearn.people import (
    accounts,
    audit,
    brake,
    directory,
    entering,
    notices,
    passwords,
    proving,
    refusals,
    second_factor,
    staffing,
    supervisors,
    units,
)
from elearn.people.access import (
    actor,
    audited,
    forget_token,
    is_signed_in,
    local_path,
    public,
    require,
)
from elearn.people.accounts import Way
from elearn.people.audit import Action
from elearn.people.forms import (
    MAX_PAGE,
    FactsForm,
    Filter,
    FirstPasswordForm,
    LoginForm,
    MoveForm,
    NewPersonForm,
    NipForm,
    PasswordForm,
    PeopleForm,
    RescueForm,
    RoleForm,
    offered,
    unit_choices,
)
from elearn.people.permissions import Permission, Role

blueprint = Blueprint("people", __name__)
ID = "<int(max=2147483647):person_id>"
NOT_ALLOWED_NOW = 422


@blueprint.get("/login")
@public
def show_login() -> str | AnyResponse:
    target = local_path(request.args.get("next", "/"))
    if is_signed_in():
        return redirect(target)
    return render_template("people/login.html", form=_login_form(next=target))


@blueprint.post("/login")
@public
def login() -> AnyResponse:
    form = _login_form()
    entered = _let_in(form) if form.validate() else None
    return entered or _refused("people/login.html", form=form)


def _login_form(**held: str) -> LoginForm:
    return LoginForm(**held) if _has_passwords() else RescueForm(**held)


def _let_in(form: LoginForm) -> AnyResponse | None:
    """Count the try, then look at the secret, then go on; None when refused."""
    account, address = form.digits(), request.remote_addr or ""
    try:
        with transaction():
            brake.take(account, address)
        verified = accounts.authenticate(account, form.password.data)
        if not _has_passwords():
            verified = accounts.rescued(verified)
        return entering.enter(verified, remember=form.remember.data, target=form.next.data or "/")
    except TooManyTries as problem:
        form.make_wait(problem.wait_seconds)
    except Invalid as problem:
        form.place(problem)
        with transaction():
            brake.count_failure(address)
            refusals.note(account)
    return None


def _has_passwords() -> bool:
    """Whether people sign in with passwords here; else with the agency's account alone."""
    return bool(current_app.config["PASSWORD_SIGN_IN"])


@blueprint.post("/logout")
@require(Permission.ACCOUNT_OWN)
def logout() -> AnyResponse:
    me = actor()
    with transaction():
        accounts.sign_out(me.stamp)
        audit.record(me.id, Action.SIGNED_OUT, me.id)
    browser_session.clear()
    after = "sign_on.show_signed_out" if me.way is Way.AGENCY else "people.show_login"
    response = redirect(url_for(after), 303)
    forget_token(response)
    return response


@blueprint.get("/forgot")
@public
def show_help() -> str:
    """Name the HR of a unit: nobody is asked who they are, and nothing is told of anybody."""
    unit_id = Filter(request.args).number("unit")
    unit = units.unit_of(unit_id) if unit_id else None
    contacts = units.hr_of(unit.id) if unit else []
    tree = unit_choices(units.tree())
    return render_template("people/forgot.html", unit=unit, contacts=contacts, units=tree)


@blueprint.get("/account")
@require(Permission.ACCOUNT_OWN)
def show_account() -> str:
    me = actor()
    return render_template(
        "people/account.html",
        person=directory.person_of(me.id),
        devices=accounts.devices(me.id),
        before=audit.sign_in_before(me.id),
        stamp=me.stamp,
        leads=bool(supervisors.team(me.id)),
        factor_is_on=second_factor.is_on(me.id),
        factor_due_ms=me.factor_due_ms,
    )


@blueprint.post("/account/devices")
@require(Permission.ACCOUNT_OWN)
def sign_out_device() -> AnyResponse:
    with transaction():
        accounts.sign_out_device(actor().id, request.form.get("stamp", ""))
    flash(_("Perangkat itu sudah dikeluarkan."), "ok")
    return redirect(url_for("people.show_account"), 303)


@blueprint.post("/account/devices/others")
@require(Permission.ACCOUNT_OWN)
def sign_out_others() -> AnyResponse:
    with transaction():
        accounts.sign_out_others(actor().id, actor().stamp)
    flash(_("Semua perangkat lain sudah dikeluarkan."), "ok")
    return redirect(url_for("people.show_account"), 303)


def _password_form() -> PasswordForm:
    person = directory.person_of(actor().id)
    if not _has_passwords():
        raise NotFound
    if person.must_change_password and not actor().must_change_password:
        raise NotAllowed  # came with the agency's account, and has no password to change
    form = FirstPasswordForm() if actor().must_change_password else PasswordForm()
    form.username = person.nip
    return form


@blueprint.get("/account/password")
@require(Permission.ACCOUNT_OWN)
def show_password() -> str:
    return render_template("people/password.html", form=_password_form())


@blueprint.post("/account/password")
@require(Permission.ACCOUNT_OWN)
def change_password() -> AnyResponse:
    form = _password_form()
    if not (form.validate() and _set_password(form)):
        return _refused("people/password.html", form=form)
    flash(_("Kata sandi baru berlaku. Perangkat lain sudah dikeluarkan."), "ok")
    return redirect("/", 303)


def _set_password(form: PasswordForm) -> bool:
    me = actor()
    subject = f"password:{me.id}"
    try:
        with transaction():
            brake.take(subject, "")
        change = accounts.prepare_password(me.id, form.old_secret(), form.new.data)
        with transaction():
            accounts.change_password(change, keep_stamp=me.stamp)
            brake.clear(subject)
    except TooManyTries as problem:
        form.make_wait(problem.wait_seconds)
        return False
    except Invalid as problem:
        form.place(problem)
        return False
    return True


@blueprint.get("/inbox")
@require(Permission.ACCOUNT_OWN)
def show_inbox() -> str:
    page = notices.inbox(actor().id, _page_number())
    return render_template("people/inbox.html", page=page)


@blueprint.post("/inbox")
@require(Permission.ACCOUNT_OWN)
def mark_inbox_read() -> AnyResponse:
    with transaction():
        notices.mark_read(actor().id)
    return redirect(url_for("people.show_inbox"), 303)


@blueprint.post(f"/hr/people/{ID}/code")
@require(Permission.PERSON_RESET, seen_with=Permission.PERSON_READ)
def issue_code(person_id: int) -> Response:
    """Show the code once; no cache keeps it."""
    if not _has_passwords():
        raise NotFound  # such a code opens nothing; an admin's comes from the console
    accounts.resettable(actor(), person_id)
    code = passwords.new_code()
    with transaction():
        person = accounts.issue_code(actor(), person_id, code)
    response = make_response(render_template("people/code.html", person=person, code=code.text))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/admin")
@require(Permission.ROLE_GRANT)
def show_admin() -> str:
    return render_template("people/admin.html", counts=directory.counts())


@blueprint.get("/admin/people")
@require(Permission.ROLE_GRANT)
def list_people() -> str:
    narrowed = Filter(request.args)
    wanted = directory.Wanted(
        name=narrowed.text("q"),
        unit_id=narrowed.number("unit"),
        state=narrowed.text("state"),
        sort=narrowed.text("sort") or "name",
    )
    page = directory.find(wanted, _page_number())
    tree = unit_choices(units.tree())
    return render_template("people/people.html", wanted=wanted, page=page, units=tree)


@blueprint.post("/admin/people/find")
@require(Permission.ROLE_GRANT)
def find_person() -> AnyResponse:
    """Find by NIP; it is posted, as no NIP may stand in an address."""
    try:
        person_id = directory.by_nip(request.form.get("nip", ""))
    except NotFound:
        flash(_("Tidak ada pegawai dengan NIP itu."), "warn")
        return redirect(url_for("people.list_people"), 303)
    return _to_person(person_id)


def _new_person_form() -> NewPersonForm:
    form = NewPersonForm()
    form.offer_positions(directory.positions())
    form.unit_id.choices = offered(unit_choices(units.open_tree()))
    return form


@blueprint.get("/admin/people/new")
@require(Permission.ROLE_GRANT)
def show_new_person() -> str:
    return _form_page(_new_person_form(), _l("Pegawai baru"))


@blueprint.post("/admin/people/new")
@require(Permission.ROLE_GRANT)
def create_person() -> AnyResponse:
    form = _new_person_form()
    made = _apply(form, lambda: staffing.create_person(form.new_person(), actor_id=actor().id))
    if made is None:
        return _refused_form(form, _l("Pegawai baru"))
    flash(_("Pegawai sudah dicatat. Buatkan kode masuk agar dapat masuk."), "ok")
    return _to_person(made.id)


@blueprint.get(f"/admin/people/{ID}")
@require(Permission.ROLE_GRANT)
@audited(Action.PERSON_VIEWED)
def show_person(person_id: int) -> str:
    return _profile_page(person_id, _role_form())


def _role_form() -> RoleForm:
    form = RoleForm()
    form.offer_units(units.open_tree())
    return form


def _profile_page(person_id: int, form: RoleForm) -> str:
    profile = directory.profile(person_id)
    return render_template(
        "people/person.html",
        profile=profile,
        person=profile.person,
        form=form,
        asks=proving.asks(),
        factor_is_on=second_factor.is_on(person_id),
    )


def _facts_form(person_id: int) -> FactsForm:
    form = FactsForm(obj=directory.person_of(person_id))
    form.offer_positions(directory.positions())
    return form


@blueprint.get(f"/admin/people/{ID}/edit")
@require(Permission.ROLE_GRANT)
def show_edit(person_id: int) -> str:
    return _form_page(_facts_form(person_id), _l("Ubah data pegawai"), person_id)


@blueprint.post(f"/admin/people/{ID}/edit")
@require(Permission.ROLE_GRANT)
def edit_person(person_id: int) -> AnyResponse:
    form, person = _facts_form(person_id), directory.person_of(person_id)
    if not _apply(form, lambda: staffing.edit(actor().id, person_id, form.facts(person))):
        return _refused_form(form, _l("Ubah data pegawai"), person_id)
    flash(_("Perubahan tersimpan."), "ok")
    return _to_person(person_id)


def _move_form() -> MoveForm:
    form = MoveForm()
    form.unit_id.choices = offered(unit_choices(units.open_tree()))
    return form


@blueprint.get(f"/admin/people/{ID}/move")
@require(Permission.ROLE_GRANT)
def show_move(person_id: int) -> str:
    return _form_page(_move_form(), _l("Mutasi ke unit lain"), person_id)


@blueprint.post(f"/admin/people/{ID}/move")
@require(Permission.ROLE_GRANT)
def move_person(person_id: int) -> AnyResponse:
    form = _move_form()
    moved = _apply(
        form, lambda: staffing.move(actor().id, person_id, form.unit_id.data, form.at_ms())
    )
    if not moved:
        return _refused_form(form, _l("Mutasi ke unit lain"), person_id)
    flash(_("Mutasi tercatat. Periksa apakah perannya masih sesuai."), "ok")
    return _to_person(person_id)


@blueprint.get(f"/admin/people/{ID}/nip")
@require(Permission.ROLE_GRANT)
def show_nip(person_id: int) -> str:
    return _form_page(NipForm(formdata=None), _l("Ganti NIP"), person_id)


@blueprint.post(f"/admin/people/{ID}/nip")
@require(Permission.ROLE_GRANT)
def change_nip(person_id: int) -> AnyResponse:
    form = NipForm()
    if not _apply(form, lambda: staffing.change_nip(actor().id, person_id, form.nip.data)):
        return _refused_form(form, _l("Ganti NIP"), person_id)
    flash(_("NIP sudah diganti. Riwayat belajar tetap utuh."), "ok")
    return _to_person(person_id)


@blueprint.post(f"/admin/people/{ID}/roles")
@require(Permission.ROLE_GRANT)
def grant_role(person_id: int) -> AnyResponse:
    form = _role_form()
    granted = (
        form.validate()
        and proving.is_proven(form)
        and _apply(
            form,
            lambda: staffing.grant(
                actor().id, person_id, Role(form.role.data), form.unit_id.data, form.period()
            ),
        )
    )
    if not granted:
        return make_response(_profile_page(person_id, form), NOT_ALLOWED_NOW)
    flash(_("Peran sudah diberikan."), "ok")
    return _to_person(person_id)


@blueprint.post(f"/admin/people/{ID}/roles/<int(max=2147483647):grant_id>/revoke")
@require(Permission.ROLE_GRANT)
def revoke_role(person_id: int, grant_id: int) -> AnyResponse:
    with transaction():
        staffing.revoke(actor().id, person_id, grant_id)
    flash(_("Peran sudah dicabut."), "ok")
    return _to_person(person_id)


@blueprint.get(f"/admin/people/{ID}/deactivate")
@require(Permission.ROLE_GRANT)
def show_deactivate(person_id: int) -> str:
    return render_template("people/deactivate.html", person=directory.person_of(person_id))


@blueprint.post(f"/admin/people/{ID}/deactivate")
@require(Permission.ROLE_GRANT)
def deactivate_person(person_id: int) -> AnyResponse:
    with transaction():
        accounts.deactivate(actor().id, person_id)
    flash(_("Akun ditutup. Catatannya tetap tersimpan."), "ok")
    return _to_person(person_id)


@blueprint.post(f"/admin/people/{ID}/reactivate")
@require(Permission.ROLE_GRANT)
def reactivate_person(person_id: int) -> AnyResponse:
    with transaction():
        accounts.reactivate(actor().id, person_id)
    flash(_("Akun dibuka kembali."), "ok")
    return _to_person(person_id)


@blueprint.get("/admin/audit")
@require(Permission.AUDIT_READ)
def list_audit() -> str:
    wanted = audit.read(request.args)
    return render_template(
        "people/audit.html",
        wanted=wanted,
        page=audit.find(wanted, _page_number()),
        actions=audit.actions(),
        units={unit.id: unit.name for unit in units.tree()},
    )


def _apply(form: PeopleForm, change: Callable[[], Any]) -> Any:
    """Run a change with a valid form: what it made, or True. None when something was refused."""
    if not form.validate():
        return None
    try:
        with transaction():
            return change() or True
    except Invalid as problem:
        form.place(problem)
        return None


def _form_page(form: PeopleForm, title: object, person_id: int | None = None) -> str:
    person = directory.person_of(person_id) if person_id is not None else None
    return render_template("people/form.html", form=form, title=title, person=person)


def _refused_form(form: PeopleForm, title: object, person_id: int | None = None) -> Response:
    return make_response(_form_page(form, title, person_id), NOT_ALLOWED_NOW)


def _refused(template: str, *, form: PeopleForm) -> Response:
    """The page again, with what was typed and what is wrong with it."""
    response = make_response(render_template(template, form=form), form.refusal_status)
    if form.wait_seconds:
        response.headers["Retry-After"] = str(form.wait_seconds)
    return response


def _to_person(person_id: int) -> AnyResponse:
    return redirect(url_for("people.show_person", person_id=person_id), 303)


def _page_number() -> int:
    return Filter(request.args).number("page", MAX_PAGE) or 1
