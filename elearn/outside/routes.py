"""Pages of learning elsewhere: one's own submissions, and what HR checks, enters, takes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.wrappers import Response as AnyResponse

from elearn import downloads, files, spreadsheets, staged
from elearn.competency import corrections, framework, outside, papers, submissions
from elearn.competency.outside_models import OutsideLearning, OutsideState
from elearn.competency.papers import Paper
from elearn.competency.submissions import Asked, Outcome
from elearn.database import transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.outside import bringing, queue, sheet
from elearn.outside.bringing import Plan
from elearn.outside.forms import (
    PAPER_TYPES,
    ApprovalForm,
    CorrectionForm,
    LearningForm,
    ReasonForm,
    SheetForm,
    WithdrawForm,
)
from elearn.people import directory, units
from elearn.people.access import actor, audited, part_of, require
from elearn.people.actors import Actor
from elearn.people.permissions import Permission
from elearn.reports import filters
from elearn.settings import Switch

blueprint = Blueprint("outside", __name__)
Decide = Callable[[Actor, Asked, str], OutsideLearning]
VIEWED = "person:viewed"
ID = "<int(max=2147483647):id>"
PERSON = "<int(max=2147483647):person_id>"
OWN = "/record/outside-learning"
HR = "/hr/completions/outside"
# The purposes of what is kept: while a form is shown again, until a sheet is confirmed.
PAPER, SHEET = "paper", "outside sheet"
PROPOSE = "propose"
MOST_AT_ONCE = 200
KEPT_FILTERS = ("unit", "state", "status", "q", "person", "sort", "page")
LARGE = frozenset({"outside.submit", "outside.resubmit", "outside.enter"})


@blueprint.url_value_preprocessor
def _allow_large(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A photo from a phone may be larger than any form."""
    if endpoint in LARGE:
        request.max_content_length = papers.MAX_UPLOAD_BYTES


# --- the form of a certificate -----------------------------------------------------------------


def _learning_form(row: OutsideLearning | None = None) -> LearningForm:
    sent: list[MultiDict[str, Any]] = [request.form, request.files]
    posted = CombinedMultiDict(sent)
    form = LearningForm(posted if request.form else None, obj=row)
    form.kind.choices = {"": _("Pilih bentuknya")} | _kinds()
    return form


def _kinds() -> dict[str, str]:
    return {kind.id: kind.name for kind in framework.training_kinds()}


def _is_ready(form: LearningForm) -> bool:
    """Whether the form may go on to its use case: it is well-formed, and its JP are known."""
    return not _is_asking() and form.validate() and form.jp.data is not None


def _is_asking() -> bool:
    return request.form.get("act") == PROPOSE


def _paper_in(form: LearningForm) -> Paper | None:
    upload = request.files.get(form.paper.name)
    before = staged.find(actor().id, PAPER, form.kept.data or "")
    return form.read_paper(upload.read() if upload else b"", before)


def _keep(form: LearningForm, paper: Paper | None) -> None:
    """A page cannot fill in a file again, so what came with a refused form is kept a day."""
    if paper is not None and (request.files.get(form.paper.name) or not form.kept.data):
        with transaction():
            form.kept.data = staged.keep(actor().id, PAPER, paper.content)


def _again(form: LearningForm, paper: Paper | None) -> dict[str, Any]:
    """The values of the page of a form that is shown again, with the JP that are proposed."""
    _keep(form, paper)
    proposal = form.proposal()
    if proposal is not None and _is_asking():
        form.fill_in(proposal)
    elif proposal is not None and form.jp.data is None:
        form.fill_in(proposal)
        form.jp.errors = [*form.jp.errors, _("Periksa JP yang kami usulkan, lalu kirim.")]
    return {"proposal": proposal, "kept": paper}


def _status() -> int:
    return 200 if _is_asking() else Invalid.status


# --- one's own ---------------------------------------------------------------------------------


@blueprint.get(f"{OWN}/new")
@require(Permission.RECORD_OWN)
@part_of(Switch.OUTSIDE_SUBMISSION)
def show_new_submission() -> str:
    return _submission_page(_learning_form(), None)


def _submission_page(form: LearningForm, row: OutsideLearning | None, **more: Any) -> str:
    form.paper.flags.required = row is None and more.get("kept") is None
    return render_template(
        "outside/submission_form.html", form=form, row=row, types=PAPER_TYPES, **more
    )


@blueprint.post(f"{OWN}/new")
@require(Permission.RECORD_OWN)
@part_of(Switch.OUTSIDE_SUBMISSION)
def submit() -> AnyResponse:
    form = _learning_form()
    paper = _paper_in(form)
    if not form.paper.errors and _is_ready(form):
        try:
            with transaction():
                row = submissions.submit(_me(), form.learning(), _needed(paper))
                staged.drop(actor().id, form.kept.data or "")
        except Invalid as problem:
            form.place(problem)
        else:
            flash(_("%(title)s diajukan dan menunggu verifikasi.", title=row.title), "ok")
            return redirect(url_for("outside.show_submission", id=row.id), 303)
    return make_response(_submission_page(form, None, **_again(form, paper)), _status())


def _me() -> Any:
    return directory.person_of(actor().id)


def _needed(paper: Paper | None) -> Paper:
    if paper is None:
        raise Invalid("paper_missing", "paper")
    return paper


@blueprint.get(f"{OWN}/{ID}")
@require(Permission.RECORD_OWN)
def show_submission(id: int) -> str:
    row = _own(id)
    return render_template("outside/submission.html", row=row, kinds=_kinds())


def _own(id: int) -> OutsideLearning:
    row = outside.seen_by(actor(), id)
    if row.person_id != actor().id:
        raise NotFound
    return row


@blueprint.get(f"{OWN}/{ID}/edit")
@require(Permission.RECORD_OWN)
def show_resubmission(id: int) -> str | AnyResponse:
    row = _own(id)
    if not (row.is_open and row.is_submitted):
        return _moved_on(id)
    return _submission_page(_learning_form(row), row)


def _moved_on(id: int) -> AnyResponse:
    flash(_("Keadaannya sudah berubah: lihat yang terbaru di bawah ini."), "warn")
    return redirect(url_for("outside.show_submission", id=id), 303)


@blueprint.post(f"{OWN}/{ID}/edit")
@require(Permission.RECORD_OWN)
def resubmit(id: int) -> AnyResponse:
    row, form = _own(id), _learning_form()
    paper = _paper_in(form)
    if not form.paper.errors and _is_ready(form):
        try:
            with transaction():
                submissions.resubmit(_me(), _asked(id, form.revision.data), form.learning(), paper)
                staged.drop(actor().id, form.kept.data or "")
        except Invalid as problem:
            form.place(problem)
        except Conflict:
            return _moved_on(id)
        else:
            flash(_("Perubahan diajukan dan menunggu verifikasi."), "ok")
            return redirect(url_for("outside.show_submission", id=id), 303)
    return make_response(_submission_page(form, row, **_again(form, paper)), _status())


def _asked(id: int, revision: str | None) -> Asked:
    return Asked(id, filters.whole(revision or "") or 0)


@blueprint.post(f"{OWN}/{ID}/withdraw")
@require(Permission.RECORD_OWN)
def take_back(id: int) -> AnyResponse:
    try:
        with transaction():
            row = submissions.take_back(actor().id, id)
    except Conflict:
        return _moved_on(id)
    flash(_("Pengajuan %(title)s dibatalkan.", title=row.title), "ok")
    return redirect(url_for("reports.show_record"), 303)


@blueprint.get(f"/outside-learning/{ID}/paper")
@require(Permission.RECORD_OWN)
def show_paper(id: int) -> Any:
    """Send the photo or PDF to its person, to HR within reach and to an auditor."""
    row = outside.seen_by(actor(), id)
    return _paper(person_id=row.person_id, row=row)


@audited(VIEWED)
def _paper(*, person_id: int, row: OutsideLearning) -> Response:  # noqa: ARG001  # for the log
    if row.paper_digest is None:
        raise NotFound
    file = files.load(row.paper_digest)
    name = f"sertifikat-{row.id}.{papers.ENDINGS[file.media_type]}"
    return downloads.private(file.content, name, file.media_type)


# --- what HR checks ----------------------------------------------------------------------------


@blueprint.get(HR)
@require(Permission.PERSON_READ)
def show_queue() -> str:
    """List what waits, the longest waiting first; other states on request."""
    nodes = units.tree_in_reach(actor())
    wanted = filters.read(request.args, nodes)
    asked = request.args.get("state", "")
    state = asked if asked in queue.STATES else OutsideState.WAITING.value
    page = queue.find(actor(), wanted, state)
    return render_template("outside/queue.html", page=page, wanted=wanted, nodes=nodes, state=state)


@blueprint.post(f"{HR}/approve")
@require(Permission.OUTSIDE_LEARNING_ENTER, seen_with=Permission.PERSON_READ)
def approve_chosen() -> AnyResponse:
    """Approve what was ticked; each is looked at again, and what changed since is told."""
    asked = _chosen(request.form.getlist("chosen"))
    with transaction():
        outcome = submissions.approve_all(actor(), asked)
    _tell(outcome)
    sent = request.form
    kept: dict[str, Any] = {name: sent[name] for name in KEPT_FILTERS if sent.get(name)}
    return redirect(url_for("outside.show_queue", **kept), 303)


def _chosen(values: list[str]) -> list[Asked]:
    """What was ticked, "id:revision" each; anything else was sent by no page of ours."""
    pairs = [value.partition(":") for value in values[:MOST_AT_ONCE]]
    return [
        Asked(filters.whole(id) or 0, filters.whole(revision) or 0) for id, _sign, revision in pairs
    ]


def _tell(outcome: Outcome) -> None:
    done = len(outcome.approved)
    if done:
        told = ngettext("%(num)s sertifikat disetujui.", "%(num)s sertifikat disetujui.", done)
        flash(told, "ok")
    for skipped in outcome.skipped:
        flash(
            _("Dilewati: %(title)s. %(why)s", title=skipped.title, why=_why(skipped.reason)), "warn"
        )
    if not done and not outcome.skipped:
        flash(_("Centang dahulu sertifikat yang akan disetujui."), "warn")


def _why(reason: str) -> str:
    words: dict[str, str] = {
        "changed_since": _("Berubah sejak halaman dibuka; periksa lagi."),
        "already_entered": _("Sudah dicatat untuk pegawai ini."),
        "notallowed": _("Pengajuan sendiri diperiksa oleh orang lain."),
    }
    other: str = _("Tidak dapat diperiksa oleh Anda.")
    return words.get(reason, other)


@blueprint.get(f"{HR}/{ID}")
@require(Permission.PERSON_READ)
def show_check(id: int) -> Any:
    row = _in_reach(id)
    return _check_page(person_id=row.person_id, row=row)


def _in_reach(id: int) -> OutsideLearning:
    row = outside.seen_by(actor(), id)
    units.person_in_reach(actor(), row.person_id)
    return row


@audited(VIEWED)
def _check_page(*, person_id: int, row: OutsideLearning, **forms: Any) -> Any:
    person = units.person_in_reach(actor(), person_id)
    decides = actor().acts_in(person.unit.path) and person_id != actor().id
    shown = {
        "approval": ApprovalForm(data={"jp": row.jp, "revision": row.revision}),
        "returning": ReasonForm(data={"revision": row.revision}, prefix="return-"),
        "refusal": ReasonForm(data={"revision": row.revision}, prefix="refuse-"),
    }
    return render_template(
        "outside/check.html",
        row=row,
        person=person,
        kinds=_kinds(),
        decides=decides and row.state == OutsideState.WAITING,
        is_own=person_id == actor().id,
        by=directory.person_of(row.entered_by).full_name,
        decided_by=directory.person_of(row.decided_by).full_name if row.decided_by else "",
        proposal=queue.proposal_of(row),
        twins=queue.twins_of(actor(), [row.id]).get(row.id, []),
        paper_type=files.media_type_of(row.paper_digest),
        **(shown | forms),
    )


@blueprint.post(f"{HR}/{ID}/approve")
@require(Permission.OUTSIDE_LEARNING_ENTER, seen_with=Permission.PERSON_READ)
def approve(id: int) -> AnyResponse:
    form = ApprovalForm(request.form)
    if not form.validate():
        return _refused(id, approval=form)
    try:
        with transaction():
            row = submissions.approve(
                actor(), _asked(id, form.revision.data), form.jp.data, form.reason.data or ""
            )
    except Invalid as problem:
        form.place(problem)
        return _refused(id, approval=form)
    except Conflict:
        return _changed(id)
    return _decided(_("%(title)s disetujui, %(jp)s JP.", title=row.title, jp=row.jp))


@blueprint.post(f"{HR}/{ID}/return")
@require(Permission.OUTSIDE_LEARNING_ENTER, seen_with=Permission.PERSON_READ)
def send_back(id: int) -> AnyResponse:
    form = ReasonForm(request.form, prefix="return-")
    if not form.validate():
        return _refused(id, returning=form)
    told = _("Sertifikat dikembalikan untuk diperbaiki.")
    return _with_reason(id, form, submissions.send_back, told)


@blueprint.post(f"{HR}/{ID}/refuse")
@require(Permission.OUTSIDE_LEARNING_ENTER, seen_with=Permission.PERSON_READ)
def refuse(id: int) -> AnyResponse:
    form = ReasonForm(request.form, prefix="refuse-")
    if not form.validate():
        return _refused(id, refusal=form)
    return _with_reason(id, form, submissions.refuse, _("Sertifikat ditolak."))


def _with_reason(id: int, form: ReasonForm, decide: Decide, told: str) -> AnyResponse:
    try:
        with transaction():
            decide(actor(), _asked(id, form.revision.data), form.reason.data)
    except Conflict:
        return _changed(id)
    return _decided(told)


def _refused(id: int, **forms: Any) -> AnyResponse:
    row = outside.of_id(actor(), id)
    page = _check_page(person_id=row.person_id, row=row, **forms)
    return make_response(page, Invalid.status)


def _changed(id: int) -> AnyResponse:
    flash(_("Berubah sejak halaman dibuka; periksa lagi yang terbaru di bawah ini."), "warn")
    return redirect(url_for("outside.show_check", id=id), 303)


def _decided(told: str) -> AnyResponse:
    flash(told, "ok")
    return redirect(url_for("outside.show_queue"), 303)


# --- what HR brings in as a spreadsheet ----------------------------------------------------------


@blueprint.get(f"{HR}/import")
@require(Permission.OUTSIDE_LEARNING_ENTER)
def show_import() -> str:
    return render_template("outside/import.html", form=SheetForm())


@blueprint.get(f"{HR}/import/template.xlsx")
@require(Permission.OUTSIDE_LEARNING_ENTER)
def take_template() -> AnyResponse:
    """Send the empty sheet."""
    content = sheet.template(list(_kinds().values()))
    return downloads.attachment(content, "templat-pembelajaran-di-luar.xlsx", downloads.XLSX)


@blueprint.post(f"{HR}/import")
@require(Permission.OUTSIDE_LEARNING_ENTER)
def read_import() -> AnyResponse:
    """Look at an uploaded sheet; nothing is brought in before it is confirmed."""
    upload = request.files.get("file")
    content = upload.read() if upload else b""
    form = SheetForm()
    try:
        found = _plan(content)
    except Invalid as problem:
        form.place(problem)
        page = render_template("outside/import.html", form=form)
        return make_response(page, Invalid.status)
    with transaction():
        token = staged.keep(actor().id, SHEET, content) if found.may_be_applied else ""
    return _report(found, token)


def _plan(content: bytes) -> Plan:
    """What a sheet would do. Raises Invalid with the field ``file``."""
    try:
        return bringing.plan(actor(), spreadsheets.read(content, sheet.MAX_ROWS))
    except spreadsheets.Unreadable as problem:
        raise Invalid(f"sheet_{problem.fault.value}", "file") from problem
    except sheet.NoHeader as problem:
        raise Invalid("sheet_header", "file") from problem
    except sheet.TooManyLines as problem:
        raise Invalid("sheet_large", "file") from problem


def _report(found: Plan, token: str) -> AnyResponse:
    page = render_template("outside/import_report.html", plan=found, token=token)
    return make_response(page, Invalid.status if found.wrong else 200)


@blueprint.post(f"{HR}/import/confirm")
@require(Permission.OUTSIDE_LEARNING_ENTER)
def confirm_import() -> AnyResponse:
    """Bring in what was looked at, all of it or nothing."""
    token = request.form.get("token", "")
    content = staged.find(actor().id, SHEET, token)
    if content is None:
        flash(_("Berkas itu sudah dipakai atau lewat sehari. Unggah lagi."), "warn")
        return redirect(url_for("outside.show_import"), 303)
    with transaction():
        found = _plan(content)
        count = bringing.apply(actor(), found) if found.may_be_applied else 0
        staged.drop(actor().id, token)
    if not count:  # something changed since it was looked at
        return _report(found, "")
    told = ngettext("%(num)s pembelajaran tercatat.", "%(num)s pembelajaran tercatat.", count)
    flash(told, "ok")
    return redirect(url_for("outside.show_queue", state=OutsideState.APPROVED.value), 303)


# --- what HR enters and takes back -------------------------------------------------------------


@blueprint.get(f"/hr/people/{PERSON}/outside-learning")
@require(Permission.OUTSIDE_LEARNING_ENTER)
@audited(VIEWED)
def show_entries(person_id: int) -> str:
    return _entries_page(person_id, _learning_form())


@blueprint.post(f"/hr/people/{PERSON}/outside-learning")
@require(Permission.OUTSIDE_LEARNING_ENTER)
def enter(person_id: int) -> AnyResponse:
    form = _learning_form()
    units.person_to_act_on(actor(), person_id)
    paper = _paper_in(form)
    if not form.paper.errors and _is_ready(form):
        try:
            with transaction():
                person = units.person_to_act_on(actor(), person_id)
                row = outside.enter(actor(), person, form.learning(), paper)
                staged.drop(actor().id, form.kept.data or "")
        except Invalid as problem:
            form.place(problem)
        else:
            flash(_("%(title)s tercatat, %(jp)s JP.", title=row.title, jp=row.jp), "ok")
            return redirect(_entries_address(person_id), 303)
    return make_response(_entries_page(person_id, form, **_again(form, paper)), _status())


def _entries_page(person_id: int, form: LearningForm, **more: Any) -> str:
    person = units.person_to_act_on(actor(), person_id)
    return render_template(
        "outside/entries.html",
        person=person,
        form=form,
        is_own=person_id == actor().id,
        entries=outside.of(person.id),
        kinds=_kinds(),
        types=PAPER_TYPES,
        **more,
    )


def _entries_address(person_id: int) -> str:
    return url_for("outside.show_entries", person_id=person_id)


@blueprint.get(f"{HR}/{ID}/correct")
@require(Permission.OUTSIDE_LEARNING_ENTER, seen_with=Permission.PERSON_READ)
def show_correction(id: int) -> str:
    row = outside.of_id(actor(), id)
    return _correction_page(row, CorrectionForm(obj=row))


def _correction_page(row: OutsideLearning, form: CorrectionForm) -> str:
    person = units.person_to_act_on(actor(), row.person_id)
    return render_template("outside/correction.html", row=row, person=person, form=form)


@blueprint.post(f"{HR}/{ID}/correct")
@require(Permission.OUTSIDE_LEARNING_ENTER, seen_with=Permission.PERSON_READ)
def correct(id: int) -> AnyResponse:
    form = CorrectionForm(request.form)
    if form.validate():
        try:
            with transaction():
                corrections.correct(actor(), id, form.words(), form.reason.data or "")
        except Invalid as problem:
            form.place(problem)
        except Conflict:
            return _changed(id)
        else:
            flash(_("Tulisan dibetulkan; JP-nya tetap."), "ok")
            return redirect(url_for("outside.show_check", id=id), 303)
    page = _correction_page(outside.of_id(actor(), id), form)
    return make_response(page, Invalid.status)


@blueprint.get(f"{HR}/{ID}/withdraw")
@require(Permission.OUTSIDE_LEARNING_ENTER)
def show_withdrawal(id: int) -> str:
    return _withdrawal_page(id, WithdrawForm())


@blueprint.post(f"{HR}/{ID}/withdraw")
@require(Permission.OUTSIDE_LEARNING_ENTER)
def withdraw(id: int) -> AnyResponse:
    form = WithdrawForm(request.form)
    if not form.validate():
        return make_response(_withdrawal_page(id, form), Invalid.status)
    with transaction():
        row = outside.withdraw(actor(), id, form.reason.data)
    flash(_("%(title)s ditarik; JP-nya tidak lagi dihitung.", title=row.title), "ok")
    return redirect(_entries_address(row.person_id), 303)


def _withdrawal_page(id: int, form: WithdrawForm) -> str:
    row = outside.of_id(actor(), id)
    person = units.person_to_act_on(actor(), row.person_id)
    back = _entries_address(person.id)
    return render_template("outside/withdrawal.html", row=row, person=person, form=form, back=back)
