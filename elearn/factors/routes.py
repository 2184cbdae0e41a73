"""Pages of the second factor: the code when signing in, the app, recovery, resets, the rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as browser_session
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from elearn import qr_codes
from elearn.database import transaction
from elearn.errors import Invalid, NotAllowed, TooManyTries
from elearn.factors import checking, enrolling, passkeys, recovery, requiring, resets, totp
from elearn.factors.enrolling import Enrolment
from elearn.factors.forms import (
    AnswerForm,
    CodeForm,
    ConfirmForm,
    FactorForm,
    PasskeyForm,
    ProofForm,
    RecoveryForm,
    RuleForm,
)
from elearn.factors.passkeys import PasskeyProof, Site
from elearn.people import accounts, brake, directory, entering, proving, refusals, second_factor
from elearn.people.access import actor, public, require
from elearn.people.half import Half
from elearn.people.permissions import Permission
from elearn.public_url import public_url

Shown = TypeVar("Shown")
blueprint = Blueprint("factors", __name__)
ID = "<int(max=2147483647):person_id>"
PASSKEY = "<int(max=2147483647):passkey_id>"
OFFER = "factor_offer"  # in the browser's session, sealed
CHALLENGE = "passkey_challenge"  # in the browser's session
RECOVERY = "recovery"


# --- signing in: the second step -----------------------------------------------------------------


@blueprint.get("/login/code")
@public
def show_code() -> str | AnyResponse:
    return _code_page(_code_form(None)) if entering.half_way() else _begin_again()


@blueprint.post("/login/code")
@public
def check_code() -> AnyResponse:
    half, form = entering.half_way(), _code_form(request.form)
    if half is None:
        return _begin_again()
    entered = _let_in(half, form) if form.validate() else None
    return entered or _refused(_code_page(form), form)


def _let_in(half: Half, form: CodeForm) -> AnyResponse | None:
    person_id = half.verified.person_id
    entered = _entered(
        half, form, lambda: checking.prove(person_id, form.code.data), checking.spend
    )
    trusts = entered and form.trust.data and second_factor.may_trust()
    return _trusting(entered, half) if entered and trusts else entered


def _entered(
    half: Half,
    form: FactorForm,
    prove: Callable[[], Shown],
    spend: Callable[[Shown], None],
) -> AnyResponse | None:
    """Count the try, then look at what is shown, then sign in; None when refused."""
    person_id, address = half.verified.person_id, request.remote_addr or ""
    try:
        with transaction():
            brake.take(checking.subject_of(person_id), address)
        shown = prove()
        with transaction():
            spend(shown)
            brake.clear(checking.subject_of(person_id))
        return entering.finish(half)
    except TooManyTries as problem:
        form.make_wait(problem.wait_seconds)
        with transaction():
            checking.warn(person_id)
    except Invalid as problem:
        form.place(problem)
        with transaction():
            brake.count_failure(address)
            refusals.note(directory.person_of(person_id).nip)
    return None


def _trusting(response: AnyResponse, half: Half) -> AnyResponse:
    with transaction():
        token = checking.trust(half.verified.person_id, entering.device())
    entering.trust(response, token)
    return response


def _code_form(typed: Any) -> CodeForm:
    return RecoveryForm(typed) if request.args.get("with") == RECOVERY else CodeForm(typed)


def _code_page(form: CodeForm, refused: AnswerForm | None = None) -> str:
    half = entering.half_way()
    asks = half and passkeys.of(half.verified.person_id)
    return render_template(
        "factors/code.html",
        form=form,
        answer=refused or AnswerForm(),
        asking=passkeys.asking_options(half.verified.person_id, _site(), _new_challenge())
        if half and asks
        else "",
        by_recovery=isinstance(form, RecoveryForm),
        may_trust=second_factor.may_trust(),
    )


def _begin_again() -> AnyResponse:
    flash(_("Waktu untuk mengetik kode habis. Silakan masuk kembali."), "warn")
    return redirect(url_for("people.show_login"), 303)


@blueprint.post("/login/passkey")
@public
def check_passkey() -> AnyResponse:
    half, form = entering.half_way(), AnswerForm(request.form)
    if half is None:
        return _begin_again()
    if form.validate():
        entered = _entered(half, form, lambda: _prove_passkey(half, form), passkeys.spend)
        if entered:
            return entered
    return _refused(_code_page(_code_form(None), form), form)


def _prove_passkey(half: Half, form: AnswerForm) -> PasskeyProof:
    person_id = half.verified.person_id
    return passkeys.prove(person_id, _site(), _asked_challenge(), form.answer.data)


# --- one's own ------------------------------------------------------------------------------------


@blueprint.get("/account/factor")
@require(Permission.ACCOUNT_OWN)
def show_factor() -> str:
    return _factor_page(ProofForm())


@blueprint.get("/account/factor/new")
@require(Permission.ACCOUNT_OWN)
def show_new() -> str:
    return _new_page(ConfirmForm())


@blueprint.post("/account/factor/again")
@require(Permission.ACCOUNT_OWN)
def ask_again() -> AnyResponse:
    """Go on where no role needs it any more: one may have ended since the sign-in began."""
    with transaction():
        second_factor.tell_sign_ins(actor().id)
    return redirect("/", 303)


@blueprint.post("/account/factor/new")
@require(Permission.ACCOUNT_OWN)
def turn_on() -> AnyResponse:
    form = ConfirmForm(request.form)
    enrolment = _confirmed(form) if form.validate() and proving.is_proven(form) else None
    if enrolment is None:
        return _refused(_new_page(form), form)
    with transaction():
        enrolling.turn_on(enrolment, keep_stamp=actor().stamp)
        brake.clear(checking.subject_of(actor().id))
    browser_session.pop(OFFER, None)
    return _codes_page([code.text for code in enrolment.codes], is_new=True)


@blueprint.post("/account/factor/codes")
@require(Permission.ACCOUNT_OWN)
def renew_codes() -> AnyResponse:
    form = ProofForm(request.form)
    if not (form.validate() and proving.is_proven(form)):
        return _refused(_factor_page(form), form)
    codes = recovery.new_codes()
    with transaction():
        enrolling.renew_codes(actor().id, codes)
    return _codes_page([code.text for code in codes], is_new=False)


@blueprint.get("/account/factor/off")
@require(Permission.ACCOUNT_OWN)
def show_off() -> str:
    _refuse_where_required()
    return render_template("factors/off.html", form=ProofForm(), asks=proving.asks())


@blueprint.post("/account/factor/off")
@require(Permission.ACCOUNT_OWN)
def turn_off() -> AnyResponse:
    _refuse_where_required()
    form = ProofForm(request.form)
    if not (form.validate() and proving.is_proven(form)):
        page = render_template("factors/off.html", form=form, asks=True)
        return _refused(page, form)
    with transaction():
        enrolling.turn_off(actor().id, keep_stamp=actor().stamp)
    flash(_("Verifikasi dua langkah dimatikan. Perangkat lain sudah dikeluarkan."), "ok")
    return redirect(url_for("factors.show_factor"), 303)


@blueprint.get("/account/factor/passkeys/new")
@require(Permission.ACCOUNT_OWN)
def show_new_passkey() -> str:
    _refuse_without_app()
    return _passkey_page(PasskeyForm())


@blueprint.post("/account/factor/passkeys/new")
@require(Permission.ACCOUNT_OWN)
def add_passkey() -> AnyResponse:
    _refuse_without_app()
    form = PasskeyForm(request.form)
    if not (form.validate() and proving.is_proven(form) and _added(form)):
        return _refused(_passkey_page(form), form)
    flash(_("Passkey ditambahkan. Perangkat lain sudah dikeluarkan."), "ok")
    return redirect(url_for("factors.show_factor"), 303)


def _added(form: PasskeyForm) -> bool:
    try:
        new = passkeys.made(_site(), _asked_challenge(), form.answer.data)
        with transaction():
            passkeys.add(actor().id, new, form.name.data, keep_stamp=actor().stamp)
    except Invalid as problem:
        form.place(problem)
        return False
    return True


@blueprint.get(f"/account/factor/passkeys/{PASSKEY}/remove")
@require(Permission.ACCOUNT_OWN)
def show_remove_passkey(passkey_id: int) -> str:
    return _remove_page(passkey_id, ProofForm())


@blueprint.post(f"/account/factor/passkeys/{PASSKEY}/remove")
@require(Permission.ACCOUNT_OWN)
def remove_passkey(passkey_id: int) -> AnyResponse:
    form = ProofForm(request.form)
    passkeys.of_id(actor().id, passkey_id)
    if not (form.validate() and proving.is_proven(form)):
        return _refused(_remove_page(passkey_id, form), form)
    with transaction():
        passkeys.remove(actor().id, passkey_id, keep_stamp=actor().stamp)
    flash(_("Passkey dihapus. Perangkat lain sudah dikeluarkan."), "ok")
    return redirect(url_for("factors.show_factor"), 303)


def _passkey_page(form: PasskeyForm) -> str:
    me = actor()
    making = passkeys.making_options(me.id, me.full_name, _site(), _new_challenge())
    return render_template("factors/passkey.html", form=form, making=making, asks=proving.asks())


def _remove_page(passkey_id: int, form: ProofForm) -> str:
    passkey = passkeys.of_id(actor().id, passkey_id)
    return render_template(
        "factors/passkey_remove.html", passkey=passkey, form=form, asks=proving.asks()
    )


def _refuse_without_app() -> None:
    if not second_factor.is_on(actor().id):
        raise NotAllowed


def _site() -> Site:
    address = urlsplit(public_url(""))
    return Site(address.hostname or "", f"{address.scheme}://{address.netloc}", totp.ISSUER)


def _new_challenge() -> bytes:
    """A challenge for this browser; the one before it is void."""
    challenge = passkeys.new_challenge()
    browser_session[CHALLENGE] = challenge.hex()
    return challenge


def _asked_challenge() -> bytes:
    return bytes.fromhex(browser_session.pop(CHALLENGE, ""))


def _refuse_where_required() -> None:
    me = actor().id
    if not second_factor.is_on(me) or second_factor.required_ms(me) is not None:
        raise NotAllowed


def _confirmed(form: ConfirmForm) -> Enrolment | None:
    try:
        with transaction():
            brake.take(checking.subject_of(actor().id), "")
        return enrolling.prepare(actor().id, browser_session.get(OFFER, ""), form.code.data)
    except TooManyTries as problem:
        form.make_wait(problem.wait_seconds)
    except Invalid as problem:
        form.place(problem)
    return None


def _factor_page(form: ProofForm) -> str:
    me = actor().id
    return render_template(
        "factors/factor.html",
        form=form,
        asks=proving.asks(),
        factor=enrolling.standing(me),
        passkeys=passkeys.of(me),
        required_ms=second_factor.required_ms(me),
    )


def _new_page(form: ConfirmForm) -> str:
    secret = _offered_secret()
    address = totp.address(secret, actor().full_name)
    return render_template(
        "factors/new.html",
        form=form,
        asks=proving.asks(),
        qr=qr_codes.svg(address),
        address=address,
        secret=totp.grouped(secret),
        is_on=second_factor.is_on(actor().id),
        is_asked=second_factor.required_ms(actor().id) is not None,
    )


def _offered_secret() -> str:
    """The secret on offer in this browser: the same when the page is loaded again."""
    try:
        return enrolling.offered(actor().id, browser_session.get(OFFER, ""))
    except Invalid:
        browser_session[OFFER] = enrolling.offer(actor().id)
        return enrolling.offered(actor().id, browser_session[OFFER])


def _codes_page(codes: list[str], *, is_new: bool) -> Response:
    """Show the codes once; no cache keeps them."""
    page = render_template("factors/codes.html", codes=codes, is_new=is_new)
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


# --- for others -----------------------------------------------------------------------------------


@blueprint.get(f"/hr/people/{ID}/factor")
@require(Permission.PERSON_RESET, seen_with=Permission.PERSON_READ)
def show_reset(person_id: int) -> str:
    accounts.resettable(actor(), person_id)
    person = directory.person_of(person_id)
    return render_template(
        "factors/reset.html",
        person=person,
        is_on=second_factor.is_on(person_id),
        form=ProofForm(),
        asks=proving.asks(),
    )


@blueprint.post(f"/hr/people/{ID}/factor")
@require(Permission.PERSON_RESET, seen_with=Permission.PERSON_READ)
def reset(person_id: int) -> AnyResponse:
    accounts.resettable(actor(), person_id)
    form = ProofForm(request.form)
    if not (form.validate() and proving.is_proven(form)):
        person = directory.person_of(person_id)
        page = render_template(
            "factors/reset.html", person=person, is_on=True, form=form, asks=True
        )
        return _refused(page, form)
    with transaction():
        resets.reset(actor(), person_id)
    flash(_("Verifikasi dua langkah pegawai ini sudah diatur ulang."), "ok")
    place = "/hr/people" if actor().may(Permission.PERSON_READ) else "/admin/people"
    return redirect(f"{place}/{person_id}", 303)


# --- the rule of the agency -----------------------------------------------------------------------


@blueprint.get("/admin/second-factor")
@require(Permission.SETTING_CHANGE)
def show_rule() -> str:
    rule = second_factor.rule()
    form = RuleForm(
        formdata=None,
        roles=[role.value for role in rule.roles],
        since=rule.since,
        grace_days=rule.grace_days,
        may_trust=second_factor.may_trust(),
    )
    return _rule_page(form)


@blueprint.post("/admin/second-factor")
@require(Permission.SETTING_CHANGE)
def change_rule() -> AnyResponse:
    form = RuleForm(request.form)
    changed = _changed(form) if form.validate() and proving.is_proven(form) else None
    if changed is None:
        return _refused(_rule_page(form), form)
    flash(_("Aturan tersimpan.") if changed else _("Tidak ada yang berubah."), "ok")
    return redirect(url_for("factors.show_rule"), 303)


def _changed(form: RuleForm) -> bool | None:
    try:
        with transaction():
            return requiring.change(actor().id, form.rule(), may_trust=form.may_trust.data)
    except Invalid as problem:
        form.place(problem)
        return None


def _rule_page(form: RuleForm) -> str:
    return render_template(
        "factors/rule.html", form=form, asks=proving.asks(), coverage=requiring.coverage()
    )


def _refused(page: str, form: FactorForm) -> Response:
    """The page again, with what was typed and what is wrong with it."""
    response = make_response(page, form.refusal_status)
    if form.wait_seconds:
        response.headers["Retry-After"] = str(form.wait_seconds)
    return response
