"""Pages of competency: certificates and their check, competencies and levels, rules of JP."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn import clock, pdf, pictures, qr_codes, settings, signing
from elearn.competency import (
    certificate_pdf,
    certificates,
    editions,
    evidence,
    file_check,
    framework,
    hour_settings,
    level_corrections,
    photos,
)
from elearn.competency.certificates import Paper
from elearn.competency.forms import (
    LEVELS,
    AssessedLevelForm,
    CheckForm,
    FileForm,
    FormNumbersForm,
    LevelCorrectionForm,
    PhotoForm,
    RuleForm,
)
from elearn.database import transaction
from elearn.errors import Conflict, Invalid, NotFound, TooManyTries
from elearn.people import brake, directory, units
from elearn.people.access import (
    actor,
    audited,
    paced,
    part_of,
    public,
    require,
    spend_allowance,
    told_to_wait,
)
from elearn.people.permissions import Permission
from elearn.public_url import public_url
from elearn.settings import Switch

blueprint = Blueprint("competency", __name__)
VIEWED = "person:viewed"
LOOKS_A_FORM = 10  # what is sent costs more than what is looked at
LARGE = {
    "competency.check_file": file_check.MOST_BYTES,
    "competency.keep_photo": pictures.MAX_UPLOAD_BYTES,
}


@blueprint.get("/certificates/<id>")
@require(Permission.RECORD_OWN)
def show_certificate(id: str) -> Any:
    paper = certificates.own(actor(), id)
    return _certificate_page(person_id=paper.person_id, paper=paper)


@audited(VIEWED)
def _certificate_page(*, person_id: int, paper: Paper) -> str:
    address = verify_address(paper.id)
    return render_template(
        "competency/certificate.html",
        paper=paper,
        address=address,
        qr=qr_codes.svg(address),
        kin=certificates.kin(paper),
        is_own=person_id == actor().id,
    )


@blueprint.get("/certificates/<id>.pdf")
@require(Permission.RECORD_OWN)
def take_certificate(id: str) -> Any:
    """Send the PDF, which is the same file each time."""
    paper = certificates.own(actor(), id)
    return _certificate_file(person_id=paper.person_id, paper=paper)


@audited(VIEWED)
def _certificate_file(*, person_id: int, paper: Paper) -> Response:  # noqa: ARG001  # audited
    try:
        content = certificate_pdf.final_of(paper)
    except Conflict:  # the page says what is wrong with it
        return redirect(url_for("competency.show_certificate", id=paper.id), 303)
    response = make_response(content)
    response.mimetype = pdf.MEDIA_TYPE
    name = certificate_pdf.file_name(paper.number)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


PHOTO = "/account/photo"


@blueprint.get(PHOTO)
@require(Permission.ACCOUNT_OWN)
def show_photo() -> str:
    return _photo_page(PhotoForm())


def _photo_page(form: PhotoForm) -> str:
    return render_template(
        "competency/photo.html",
        form=form,
        has_photo=photos.of(actor().id) is not None,
        is_wanted=settings.value("certificate_photo", clock.today().year),
    )


@blueprint.get(f"{PHOTO}/image")
@require(Permission.ACCOUNT_OWN)
def show_photo_image() -> Response:
    photo = photos.of(actor().id)
    if photo is None:
        raise NotFound
    response = make_response(photo.content)
    response.mimetype = photo.media_type
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post(PHOTO)
@require(Permission.ACCOUNT_OWN)
def keep_photo() -> Response:
    """Keep a photo made anew, or take it away."""
    if "remove" in request.form:
        with transaction():
            photos.forget(actor().id)
        flash(_("Foto dihapus. Sertifikat yang sudah terbit tidak berubah."), "ok")
        return redirect(PHOTO, 303)
    sent = request.files.get("picture")
    try:
        picture = photos.made_anew(sent.read() if sent else b"")
    except Invalid as problem:
        form = PhotoForm()
        form.place(problem)
        return make_response(_photo_page(form), problem.status)
    with transaction():
        photos.keep(actor().id, picture)
    flash(_("Foto tersimpan dan dipakai pada sertifikat berikutnya."), "ok")
    return redirect(PHOTO, 303)


def verify_address(id: str) -> str:
    """Where anybody can check a certificate, with the public host."""
    return public_url(url_for("competency.show_check", id=id))


@blueprint.get("/verify")
@public
@paced()
def show_check_form() -> str:
    return _check_page(CheckForm(), FileForm())


@blueprint.post("/verify")
@public
def check() -> Response:
    form = CheckForm(request.form)
    try:
        spend_allowance(LOOKS_A_FORM)
        if form.validate():
            return redirect(url_for("competency.show_check", id=_found(form)), 303)
    except Invalid as problem:
        form.place(problem)
    except TooManyTries as problem:
        form.make_wait(problem.wait_seconds)
        return told_to_wait(_check_page(form, FileForm()), problem)
    return make_response(_check_page(form, FileForm()), Invalid.status)


def _check_page(form: CheckForm, file_form: FileForm) -> str:
    checks_files = settings.is_on(Switch.FILE_CHECK)
    return render_template(
        "competency/check_form.html", form=form, file_form=file_form if checks_files else None
    )


def _found(form: CheckForm) -> str:
    """Digits are soon tried out, so wrong ones slow down the next for the same number."""
    code, number = form.code.data or "", (form.number.data or "").strip()
    guarded = f"certificate:{number}" if number and not code.strip() else ""
    if guarded:
        with transaction():
            brake.take(guarded, "")
    found = certificates.find(code, number, form.last_digits.data or "")
    if guarded:
        with transaction():
            brake.clear(guarded)
    return found


@blueprint.url_value_preprocessor
def _allow_pdf(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A PDF or a photo may be larger than any form."""
    if endpoint in LARGE:
        request.max_content_length = LARGE[endpoint]


@blueprint.post("/verify/file")
@public
@part_of(Switch.FILE_CHECK)
def check_file() -> Response:
    """Say whether an uploaded PDF is the one that was issued; it is not kept."""
    sent, form = request.files.get("pdf"), FileForm()
    try:
        spend_allowance(LOOKS_A_FORM)
        found = file_check.of(sent.read() if sent else b"")
    except Invalid as problem:
        form.place(problem)
        return make_response(_check_page(CheckForm(), form), problem.status)
    except TooManyTries as problem:
        waiting = CheckForm()
        waiting.make_wait(problem.wait_seconds)
        return told_to_wait(_check_page(waiting, form), problem)
    return make_response(render_template("competency/checked_file.html", found=found))


@blueprint.get("/verify/offline")
@public
@paced()
def show_offline_check() -> str:
    """The page that a browser keeps: it checks the record of a QR code with these keys."""
    keys = {key.id: key.raw.hex() for key in signing.ring().public()}
    return render_template(
        "competency/offline_check.html",
        keys=keys,
        taken=certificates.taken_back(),
        now_ms=clock.now_ms(),
    )


@blueprint.get("/verify-worker.js")
@public
def take_worker() -> Response:
    """The script that keeps that page; at the root, as its address bounds what it may serve."""
    return send_from_directory("static", "js/verify_worker.js", max_age=0)


@blueprint.get("/verify/<id>")
@public
@paced()
def show_check(id: str) -> Any:
    try:
        paper = certificates.public(id)
    except NotFound:
        page = render_template("competency/unknown_certificate.html")
        return make_response(page, NotFound.status)
    return render_template("competency/check.html", paper=paper, kin=certificates.kin(paper))


@blueprint.get("/competencies/<code>")
@require(Permission.RECORD_OWN)
def show_competency(code: str) -> str:
    day = clock.day_asked(request.args.get("on", ""))
    described = framework.described(code, day)
    required = framework.requirements_of(directory.person_of(actor().id).position).get(code)
    held = evidence.held(actor().id).get(code)
    support = [item for item in evidence.of(actor().id) if item.code == code]
    return render_template(
        "competency/competency.html",
        described=described,
        required=required,
        held=held,
        support=support,
        on=day if day and described.wording != editions.current(code) else None,
    )


@blueprint.get("/hr/people/<int:person_id>/levels")
@require(Permission.OUTSIDE_LEARNING_ENTER)
@audited(VIEWED)
def show_levels(person_id: int) -> str:
    return _levels_page(person_id, _level_form())


@blueprint.post("/hr/people/<int:person_id>/levels")
@require(Permission.OUTSIDE_LEARNING_ENTER)
def enter_level(person_id: int) -> Response:
    form = _level_form()
    if form.validate():
        try:
            with transaction():
                units.person_to_act_on(actor(), person_id)
                evidence.assess(actor().id, person_id, form.assessment())
        except Invalid as problem:
            form.place(problem)
        else:
            flash(_("Level hasil penilaian tercatat."), "ok")
            return redirect(url_for("competency.show_levels", person_id=person_id), 303)
    return make_response(_levels_page(person_id, form), Invalid.status)


@blueprint.get("/hr/levels/<int(max=2147483647):id>/correction")
@require(Permission.OUTSIDE_LEARNING_ENTER)
def show_level_correction(id: int) -> str:
    return _correction_page(id, LevelCorrectionForm())


@blueprint.post("/hr/levels/<int(max=2147483647):id>/correction")
@require(Permission.OUTSIDE_LEARNING_ENTER)
def correct_level(id: int) -> Response:
    """Withdraw a wrong level; the right one, if any, takes its day."""
    form = LevelCorrectionForm(request.form)
    if form.validate():
        try:
            with transaction():
                person_id = level_corrections.correct(actor(), id, form.correction())
        except Invalid as problem:
            form.place(problem)
        else:
            flash(_("Level dibetulkan. Yang lama tetap tersimpan dalam riwayat."), "ok")
            return redirect(url_for("competency.show_levels", person_id=person_id), 303)
    return make_response(_correction_page(id, form), Invalid.status)


def _correction_page(id: int, form: LevelCorrectionForm) -> str:
    row = evidence.level_of(id)
    return render_template(
        "competency/level_correction.html",
        row=row,
        person=units.person_to_act_on(actor(), row.person_id),
        name=framework.names()[row.code],
        form=form,
    )


def _level_form() -> AssessedLevelForm:
    form = AssessedLevelForm(request.form)
    form.code.choices = {"": _("Pilih kompetensi")} | framework.names()
    form.level.choices = {"": _("Pilih level")} | LEVELS
    return form


def _levels_page(person_id: int, form: AssessedLevelForm) -> str:
    person = units.person_to_act_on(actor(), person_id)
    return render_template(
        "competency/levels.html",
        person=person,
        form=form,
        assessments=evidence.assessments(person.id),
        names=framework.names(),
    )


@blueprint.get("/hr/jp-rules")
@require(Permission.REPORT_READ)
def show_rules() -> str:
    """Show what JP follow: settings and forms of learning, as they hold this year."""
    year = clock.today().year
    return render_template(
        "competency/rules.html",
        rules=hour_settings.rules(year),
        terms=hour_settings.TERM_KEYS,
        forms=hour_settings.forms(year),
        year=year,
    )


@blueprint.get("/hr/jp-rules/<key>")
@require(Permission.HOUR_RULE_CHANGE, seen_with=Permission.REPORT_READ)
def show_rule(key: str) -> str:
    rule = hour_settings.rule(key, clock.today().year)
    form = RuleForm.of(rule.known, rule.value)
    form["from_year"].data = clock.today().year
    return _rule_page(key, form)


def _rule_page(key: str, form: RuleForm) -> str:
    rule = hour_settings.rule(key, clock.today().year)
    return render_template("competency/rule.html", rule=rule, form=form, touched=_touched(form))


def _touched(form: RuleForm | FormNumbersForm) -> int:
    """How many people have JP in a closed year that somebody wants to change; else 0."""
    year = form["from_year"].data
    closed = year is not None and hour_settings.is_closed(year)
    return hour_settings.people_with_hours(year) if closed else 0


@blueprint.post("/hr/jp-rules/<key>")
@require(Permission.HOUR_RULE_CHANGE, seen_with=Permission.REPORT_READ)
def change_rule(key: str) -> Response:
    held = hour_settings.rule(key, clock.today().year)
    form = RuleForm.of(held.known, held.value, request.form)
    if form.validate():
        try:
            with transaction():
                hour_settings.change(actor().id, key, form.wish(held.known))
        except Invalid as problem:
            form.place(problem)
        else:
            return _rules_changed()
    return make_response(_rule_page(key, form), Invalid.status)


def _rules_changed() -> Response:
    flash(_("Aturan JP diubah. Riwayatnya tersimpan."), "ok")
    return redirect(url_for("competency.show_rules"), 303)


@blueprint.get("/hr/jp-rules/forms/<kind>")
@require(Permission.HOUR_RULE_CHANGE, seen_with=Permission.REPORT_READ)
def show_form_rule(kind: str) -> str:
    held = hour_settings.form_of(kind, clock.today().year)
    form = FormNumbersForm(obj=held.form)
    form.from_year.data = clock.today().year
    return _form_rule_page(kind, form)


def _form_rule_page(kind: str, form: FormNumbersForm) -> str:
    held = hour_settings.form_of(kind, clock.today().year)
    return render_template(
        "competency/form_rule.html",
        held=held,
        form=form,
        history=hour_settings.conversion_history(),
        touched=_touched(form),
    )


@blueprint.post("/hr/jp-rules/forms/<kind>")
@require(Permission.HOUR_RULE_CHANGE, seen_with=Permission.REPORT_READ)
def change_form_rule(kind: str) -> Response:
    hour_settings.form_of(kind, clock.today().year)
    form = FormNumbersForm(request.form)
    if form.validate():
        try:
            with transaction():
                hour_settings.change_form(actor().id, kind, form.wish())
        except Invalid as problem:
            form.place(problem)
        else:
            return _rules_changed()
    return make_response(_form_rule_page(kind, form), Invalid.status)
