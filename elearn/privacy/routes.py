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
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.wrappers import Response as AnyResponse

from elearn import clock, files, settings, staged
from elearn.competency import papers
from elearn.competency.papers import Paper
from elearn.database import transaction
from elearn.downloads import ZIP, attachment, private
from elearn.errors import Conflict, Invalid, NotFound
from elearn.people import audit, directory, grades, proving, units
from elearn.people.access import actor, audited, exported, is_signed_in, part_of, public, require
from elearn.people.models import Person, Status
from elearn.people.permissions import Permission
from elearn.privacy import (
    analysis,
    breaches,
    copies,
    looks,
    notice,
    queue,
    rectifications,
    retention,
)
from elearn.privacy.forms import (
    STEPS,
    WISHES,
    AnalysisForm,
    AnswerForm,
    BreachEntryForm,
    BreachForm,
    GradeWishForm,
    NoticeForm,
    OfficerForm,
    PasswordForm,
    PositionWishForm,
    RetentionForm,
    UnitWishForm,
    WishForm,
)
from elearn.privacy.models import About, Rectification, RectificationState, Step
from elearn.reports import filters, queries, sending
from elearn.reports.export import Sheet
from elearn.settings import Switch

blueprint = Blueprint("privacy", __name__)
ID = "<int(max=2147483647):id>"
HUB = "/admin/privacy"
VIEWED = "person:viewed"
INDENT = "\u2003"


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
        "privacy/notice.html",
        notice=shown,
        earlier=earlier,
        periods=_periods(),
        signed_in=is_signed_in(),
    )


def _periods() -> list[tuple[str, str]]:
    """How long each kind is kept by the rules that hold, in words."""
    labels = RetentionForm()
    return [
        (
            labels[kind].label.text,
            _("%(months)s bulan", months=months) if months else _("seterusnya"),
        )
        for kind, months in retention.rules().items()
    ]


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


# --- how long what is kept -----------------------------------------------------------------------


@blueprint.get(f"{HUB}/retention")
@require(Permission.PRIVACY_MANAGE)
def show_retention() -> str:
    return _retention_page(RetentionForm.of(retention.rules()))


def _retention_page(form: RetentionForm) -> str:
    return render_template("privacy/retention.html", form=form, due=retention.due())


@blueprint.post(f"{HUB}/retention")
@require(Permission.PRIVACY_MANAGE)
def change_retention() -> AnyResponse:
    form = RetentionForm(request.form)
    if not form.validate():
        return _refused(_retention_page(form))
    with transaction():
        changed = retention.change(actor().id, form.months())
    flash(_("Masa simpan tersimpan.") if changed else _("Tidak ada yang berubah."), "ok")
    return redirect(address("privacy.show_retention"), 303)


@blueprint.post(f"{HUB}/retention/apply")
@require(Permission.PRIVACY_MANAGE)
def apply_retention() -> AnyResponse:
    with transaction():
        is_new = retention.ask(actor().id)
    told = _("Penghapusan dijalankan; hasilnya tertulis di jejak audit.")
    flash(
        told if is_new else _("Penghapusan hari ini sudah dijalankan."), "ok" if is_new else "warn"
    )
    return redirect(address("privacy.show_retention"), 303)


# --- data for analysis ---------------------------------------------------------------------------

ANALYSIS = "export:analysis"


@blueprint.get(f"{HUB}/analysis")
@require(Permission.ANALYSIS_TAKE)
@part_of(Switch.ANALYSIS)
def show_analysis() -> str:
    return _analysis_page(AnalysisForm(data={"subject": analysis.Subject.COMPLETIONS}))


def _analysis_page(form: AnalysisForm) -> str:
    taken = audit.find(audit.Wanted(action=ANALYSIS)).entries
    return render_template("privacy/analysis.html", form=form, taken=taken)


@blueprint.post(f"{HUB}/analysis")
@require(Permission.ANALYSIS_TAKE)
@part_of(Switch.ANALYSIS)
def take_analysis() -> AnyResponse:
    """Send a file under pseudonyms; for what it is taken stands in the audit log."""
    form = AnalysisForm(request.form)
    if not form.validate():
        return _refused(_analysis_page(form))
    subject, linked = analysis.Subject(form.subject.data), bool(form.linked.data)
    try:
        sheet = analysis.sheet(subject, linked=linked)
    except Conflict:
        form.place(Invalid("too_few", "subject"))
        return _refused(_analysis_page(form))
    with transaction():
        why = form.purpose.data
        audit.record(actor().id, ANALYSIS, None, part=subject, reason=why, linked=linked)
    return sending.saved(sheet, form.kind.data)


# --- breaches ------------------------------------------------------------------------------------

BREACHES = f"{HUB}/breaches"


@blueprint.get(BREACHES)
@require(Permission.PRIVACY_MANAGE)
def show_breaches() -> str:
    return _breaches_page(BreachForm(data={"found_at": clock.now().replace(tzinfo=None)}))


def _breaches_page(form: BreachForm) -> str:
    found = [(row, row.found_ms + breaches.LIMIT_MS) for row in breaches.everything()]
    return render_template("privacy/breaches.html", form=form, found=found, steps=STEPS)


@blueprint.post(BREACHES)
@require(Permission.PRIVACY_MANAGE)
def open_breach() -> AnyResponse:
    form = BreachForm(request.form)
    if form.validate():
        try:
            with transaction():
                row = breaches.begin(actor().id, form.title.data, form.found_at.data)
        except Invalid as problem:
            form.place(problem)
        else:
            return redirect(address("privacy.show_breach", id=row.id), 303)
    return _refused(_breaches_page(form))


@blueprint.get(f"{BREACHES}/{ID}")
@require(Permission.PRIVACY_MANAGE)
def show_breach(id: int) -> str:
    return _breach_page(id, BreachEntryForm(data={"done_at": clock.now().replace(tzinfo=None)}))


def _breach_page(id: int, form: BreachEntryForm) -> str:
    return render_template(
        "privacy/breach.html",
        handling=breaches.handling(id),
        form=form,
        steps=STEPS,
        timed=breaches.TIMED,
        names=settings.of_year(clock.today().year),
    )


@blueprint.post(f"{BREACHES}/{ID}")
@require(Permission.PRIVACY_MANAGE)
def note_breach(id: int) -> AnyResponse:
    breaches.handling(id)
    form = BreachEntryForm(request.form)
    if form.validate():
        try:
            with transaction():
                step = Step(form.step.data)
                breaches.note(actor().id, id, step, form.words.data, form.done_at.data)
        except Invalid as problem:
            form.place(problem)
        else:
            flash(_("Tercatat."), "ok")
            return redirect(address("privacy.show_breach", id=id), 303)
    return _refused(_breach_page(id, form))


@blueprint.post(f"{BREACHES}/{ID}/close")
@require(Permission.PRIVACY_MANAGE)
def close_breach(id: int) -> AnyResponse:
    try:
        with transaction():
            breaches.close(actor().id, id)
    except Conflict:
        flash(
            _("Catat dahulu pemberitahuan kepada orang yang terdampak dan kepada lembaga."), "warn"
        )
    else:
        flash(_("Insiden ditutup; catatannya tetap tersimpan."), "ok")
    return redirect(address("privacy.show_breach", id=id), 303)


@blueprint.get(f"{BREACHES}/{ID}.csv")
@require(Permission.PRIVACY_MANAGE)
@exported("export:breach")
def export_breach(id: int) -> Response:
    """Send the log of a breach, for whoever checks how it was handled."""
    log = breaches.handling(id).log
    header = [
        _("Dilakukan"),
        _("Langkah"),
        _("Apa yang dilakukan"),
        _("Dicatat oleh"),
        _("Dicatat"),
    ]
    lines = [
        (_written_at(e.done_ms), str(STEPS[e.step]), e.words, e.by, _written_at(e.noted_ms))
        for e in log
    ]
    return sending.saved(Sheet(f"insiden-{id}", header, lines), "csv")


def _written_at(moment_ms: int) -> str:
    return f"{clock.from_ms(moment_ms):%Y-%m-%d %H:%M}"


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
        asks=proving.asks(),
    )


@blueprint.post("/account/data")
@require(Permission.ACCOUNT_OWN)
def take_copy() -> AnyResponse:
    """Send the copy, or begin to make what it needs; who signed in long ago shows who they are."""
    form = PasswordForm(request.form)
    if not proving.is_proven(form):
        return make_response(_copy_page(form), form.refusal_status)
    me = actor().id
    if not copies.standing(me).is_ready:
        with transaction():
            copies.ask(me)
        return redirect(address("privacy.show_copy"), 303)
    with transaction():
        copies.note(me)
    copy = copies.of(me)
    return attachment(copies.pieces(copy, _readable(copy)), _copy_name(), ZIP)


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


# --- putting one's data right --------------------------------------------------------------------

OWN_REQUESTS = "/account/rectifications"
HR_REQUESTS = "/hr/rectifications"
PAPER = "rectification paper"  # what is kept while a form is shown again
PAPER_TYPES = "image/*,application/pdf"
LARGE = frozenset({"privacy.ask_rectification"})


@blueprint.url_value_preprocessor
def _allow_large(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A photo from a phone may be larger than any form."""
    if endpoint in LARGE:
        request.max_content_length = papers.MAX_UPLOAD_BYTES


@blueprint.get(OWN_REQUESTS)
@require(Permission.ACCOUNT_OWN)
def show_rectifications() -> str:
    return render_template(
        "privacy/rectifications.html",
        found=[(row, rectifications.due_ms(row)) for row in rectifications.of(actor().id)],
    )


@blueprint.get(f"{OWN_REQUESTS}/new")
@require(Permission.ACCOUNT_OWN)
def show_new_rectification() -> str:
    about = _about(request.args.get("about", ""))
    if about is None:
        return render_template("privacy/new_rectification.html", kinds=list(About))
    person = directory.person_of(actor().id)
    return _wish_page(about, _wish_form(about, person))


def _about(word: str) -> About | None:
    return About(word) if word in set(About) else None


def _wish_form(about: About, person: Person) -> WishForm:
    sent: list[MultiDict[str, Any]] = [request.form, request.files]
    posted = CombinedMultiDict(sent) if request.method == "POST" else None
    form = WISHES.get(about, WishForm)(posted, data=rectifications.present(person, about))
    match form:
        case UnitWishForm():
            form.unit_id.choices = {n.id: INDENT * n.depth + n.name for n in units.tree()}
        case PositionWishForm():
            form.position_id.choices = dict(directory.positions())
        case GradeWishForm():
            form.grade.choices = {grade: grade for grade in grades.of(Status(person.status))}
    return form


def _wish_page(about: About, form: WishForm, kept: Paper | None = None) -> str:
    return render_template(
        "privacy/wish.html", about=about, form=form, kept=kept, types=PAPER_TYPES
    )


@blueprint.post(f"{OWN_REQUESTS}/new")
@require(Permission.ACCOUNT_OWN)
def ask_rectification() -> AnyResponse:
    about = _about(request.args.get("about", ""))
    if about is None:
        raise NotFound
    person = directory.person_of(actor().id)
    form = _wish_form(about, person)
    paper = _paper_in(form)
    if not form.paper.errors and form.validate():
        try:
            with transaction():
                rectifications.ask(person, about, form.wanted(), form.words.data, paper)
                staged.drop(actor().id, form.kept.data or "")
        except Invalid as problem:
            form.place(problem)
        else:
            flash(_("Permintaan terkirim; kepegawaian menjawab dalam 3 × 24 jam."), "ok")
            return redirect(address("privacy.show_rectifications"), 303)
    _keep(form, paper)
    return _refused(_wish_page(about, form, paper))


def _paper_in(form: WishForm) -> Paper | None:
    upload = request.files.get(form.paper.name)
    before = staged.find(actor().id, PAPER, form.kept.data or "")
    return form.read_paper(upload.read() if upload else b"", before)


def _keep(form: WishForm, paper: Paper | None) -> None:
    """A page cannot fill in a file again, so what came with a refused form is kept a day."""
    if paper is not None and (request.files.get(form.paper.name) or not form.kept.data):
        with transaction():
            form.kept.data = staged.keep(actor().id, PAPER, paper.content)


@blueprint.get(f"{OWN_REQUESTS}/{ID}")
@require(Permission.ACCOUNT_OWN)
def show_rectification(id: int) -> str:
    row = rectifications.seen_by(actor(), id)
    if row.person_id != actor().id:
        raise NotFound
    return render_template("privacy/rectification.html", **_told(row))


def _told(row: Rectification) -> dict[str, Any]:
    """A request in words: what stands now, what is wanted, who answered."""
    person = directory.person_of(row.person_id)
    return {
        "row": row,
        "person": person,
        "due_ms": rectifications.due_ms(row),
        "wanted": rectifications.wanted_of(row),
        "units": {node.id: node.name for node in units.tree()},
        "positions": dict(directory.positions()),
        "decided_by": directory.person_of(row.decided_by).full_name if row.decided_by else "",
    }


@blueprint.post(f"{OWN_REQUESTS}/{ID}/withdraw")
@require(Permission.ACCOUNT_OWN)
def withdraw_rectification(id: int) -> AnyResponse:
    try:
        with transaction():
            rectifications.withdraw(actor().id, id)
    except Conflict:
        flash(_("Permintaan ini sudah dijawab."), "warn")
    else:
        flash(_("Permintaan dibatalkan."), "ok")
    return redirect(address("privacy.show_rectification", id=id), 303)


@blueprint.get(f"/rectifications/{ID}/paper")
@require(Permission.ACCOUNT_OWN)
def show_request_paper(id: int) -> Any:
    """Send the paper to its person, to HR within reach and to an auditor."""
    row = rectifications.seen_by(actor(), id)
    return _paper(person_id=row.person_id, row=row)


@audited(VIEWED)
def _paper(*, person_id: int, row: Rectification) -> Response:  # noqa: ARG001  # for the log
    if row.paper_digest is None:
        raise NotFound
    file = files.load(row.paper_digest)
    name = f"perbaikan-{row.id}.{papers.ENDINGS[file.media_type]}"
    return private(file.content, name, file.media_type)


@blueprint.get(HR_REQUESTS)
@require(Permission.PERSON_READ)
def show_requests() -> str:
    """List what waits, the one due first on top; other states on request."""
    nodes = units.tree_in_reach(actor())
    wanted = filters.read(request.args, nodes)
    asked = request.args.get("state", "")
    state = asked if asked in queue.STATES else RectificationState.WAITING.value
    page = queue.find(actor(), wanted, state)
    return render_template("privacy/queue.html", page=page, wanted=wanted, nodes=nodes, state=state)


@blueprint.get(f"{HR_REQUESTS}/{ID}")
@require(Permission.PERSON_READ)
def show_request(id: int) -> Any:
    row = rectifications.seen_by(actor(), id)
    units.person_in_reach(actor(), row.person_id)
    return _request_page(person_id=row.person_id, row=row, form=AnswerForm())


@audited(VIEWED)
def _request_page(*, person_id: int, row: Rectification, form: AnswerForm) -> Any:
    told = _told(row)
    return render_template(
        "privacy/request.html",
        form=form,
        decides=rectifications.may_decide(actor(), row, told["person"]),
        is_own=person_id == actor().id,
        is_simple=row.about in rectifications.SIMPLE,
        **told,
    )


@blueprint.post(f"{HR_REQUESTS}/{ID}/<any(approve, refuse):act>")
@require(Permission.RECTIFICATION_DECIDE, seen_with=Permission.PERSON_READ)
def decide_request(id: int, act: str) -> AnyResponse:
    form = AnswerForm(request.form)
    decide = rectifications.approve if act == "approve" else rectifications.refuse
    if form.validate():
        try:
            with transaction():
                decide(actor(), id, form.answer.data)
        except Invalid as problem:
            form.place(Invalid(problem.reason, "answer"))
        except Conflict:
            flash(_("Permintaan ini sudah dijawab atau dibatalkan."), "warn")
            return redirect(address("privacy.show_request", id=id), 303)
        else:
            flash(_("Jawaban terkirim kepada pegawai."), "ok")
            return redirect(address("privacy.show_requests"), 303)
    row = rectifications.seen_by(actor(), id)
    return _refused(_request_page(person_id=row.person_id, row=row, form=form))
