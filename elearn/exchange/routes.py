"""Pages for questions in and out: upload or paste, confirm, look at the report, take the file."""

from __future__ import annotations

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
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.wrappers import Response as AnyResponse

from elearn import clock, pdf
from elearn.content import catalogue, draft_list, drafts, teachers
from elearn.content.building import slug_of
from elearn.content.course import Quiz
from elearn.content.formats.exchange import Unreadable
from elearn.content.formats.known import FORMATS, XLSX, Name
from elearn.content.formats.pasted import read_pasted
from elearn.content.formats.sheet_writer import template
from elearn.content.outline import QuizSummary
from elearn.content.teachers import OwnCourse
from elearn.database import transaction
from elearn.errors import Conflict, DomainError, Invalid, NotFound
from elearn.exchange import conversion, drafting, paper_pdf
from elearn.exchange.conversion import Conversion
from elearn.exchange.drafting import Place, Prepared
from elearn.exchange.forms import LABELS, ConfirmForm, PasteForm, QuestionForm, TakeForm, UploadForm
from elearn.exchange.paper import paper_of
from elearn.people.access import actor, part_of, require
from elearn.people.permissions import Permission
from elearn.settings import Switch

blueprint = Blueprint("exchange", __name__)
# No course can be called so: a slug has no underscore.
BANK = "/teach/question_bank"
UNPROCESSABLE = 422
# Two forms stand on one page, so that the names of one differ.
PASTE = "paste-"


@blueprint.get(BANK)
@require(Permission.COURSE_TEACH)
@part_of(Switch.EXCHANGE)
def show_bank() -> str:
    """Offer to upload or paste questions, and to print quizzes."""
    return _start(UploadForm(), PasteForm(prefix=PASTE))


def _start(upload: UploadForm, paste: PasteForm) -> str:
    return render_template("exchange/bank.html", upload=upload, paste=paste, papers=_papers())


def _papers() -> list[tuple[OwnCourse, list[QuizSummary]]]:
    """The quizzes of one's courses that may be printed."""
    courses = {c.latest_version_id: c for c in teachers.own_courses(actor().id)}
    courses.pop(None, None)
    outlines = catalogue.outlines_of(version_id for version_id in courses if version_id)
    return [
        (course, [quiz for lesson in outlines[version_id].lessons for quiz in lesson.quizzes])
        for version_id, course in courses.items()
        if version_id
    ]


@blueprint.post(BANK)
@require(Permission.COURSE_TEACH)
@part_of(Switch.EXCHANGE)
def import_file() -> str | Response:
    """Read an uploaded file and report, before anything is kept anywhere."""
    form = UploadForm(CombinedMultiDict([request.form, request.files]))
    if form.validate():
        title, name = form.title.data or "", Name(form.format.data)
        try:
            return _result(conversion.read(form.file.data.read(), name, title), title)
        except Unreadable as problem:
            form.file.errors = [*form.file.errors, _capital(problem.reason)]
    return _refused(_start(form, PasteForm(prefix=PASTE)))


@blueprint.post(f"{BANK}/paste")
@require(Permission.COURSE_TEACH)
@part_of(Switch.EXCHANGE)
def paste_text() -> str | Response:
    """Read pasted questions into fields to be confirmed one by one."""
    form = PasteForm(request.form, prefix=PASTE)
    if form.validate():
        pasted = read_pasted(form.text.data or "")
        if pasted.questions:
            typed = [QuestionForm.typed(fields) for fields in pasted.questions]
            confirm = ConfirmForm(data={"title": form.title.data, "questions": typed})
            return _confirm(confirm, is_cut=pasted.is_cut)
        form.text.errors = [
            *form.text.errors,
            _("Tidak ada soal bernomor. Mulai tiap soal dengan 1., 2., dan seterusnya."),
        ]
    return _refused(_start(UploadForm(), form))


def _confirm(form: ConfirmForm, *, is_cut: bool = False) -> str:
    _place_complaints(form)
    return render_template("exchange/confirm.html", form=form, is_cut=is_cut)


def _place_complaints(form: ConfirmForm) -> bool:
    """Put beside each kept question why it is none yet; whether all are well."""
    well = True
    for entry in form.questions:
        reason = conversion.complaint(entry.form.fields()) if entry.form.keep.data else ""
        if reason:
            place = entry.form.key if entry.form.text.data else entry.form.text
            place.errors = [_capital(reason)]
            well = False
    return well


@blueprint.post(f"{BANK}/confirm")
@require(Permission.COURSE_TEACH)
@part_of(Switch.EXCHANGE)
def confirm_questions() -> str | Response:
    """Take the confirmed questions; what is no question yet is shown again."""
    form = ConfirmForm(request.form)
    if not (form.validate() & _place_complaints(form)):
        return _refused(_confirm(form))
    kept = [
        (number, entry.form.fields())
        for number, entry in enumerate(form.questions, 1)
        if entry.form.keep.data
    ]
    return _result(conversion.from_fields(kept, form.title.data or ""), form.title.data or "")


def _result(done: Conversion, title: str, form: TakeForm | None = None, **more: DomainError) -> str:
    take = form or TakeForm(data={"title": title, "bank": done.bank, "format": "markdown"})
    return render_template(
        "exchange/result.html", done=done, form=take, labels=LABELS, trees=_places(), **more
    )


def _places() -> list[tuple[str, list[Place]]]:
    """The places of one's own drafts, each course by its title."""
    trees = draft_list.authored_by(actor().id)
    return [(tree.title, drafting.places_in(tree.slug, tree.paths)) for tree in trees]


@blueprint.post(f"{BANK}/file")
@require(Permission.COURSE_TEACH)
@part_of(Switch.EXCHANGE)
def take_file() -> str | Response:
    """Send the bank in the wanted format."""
    form = TakeForm(request.form)
    title = form.title.data or ""
    done = _whole(form)
    if form.errors:
        return _refused(_result(done, title, form))
    chosen = FORMATS[Name(form.format.data)]
    content = done.bank.encode()
    if Name(form.format.data) is not Name.MARKDOWN:
        content = chosen.write(done.questions, conversion.LANGUAGE).content
    return _file(content, f"{slug_of(title) or 'soal'}.{chosen.ending}", chosen.media_type)


def _whole(form: TakeForm) -> Conversion:
    """The bank as it was sent, every word of it a question; if not, the form holds errors."""
    title, bank = form.title.data or "", form.bank.data or ""
    unread = Conversion(bank, (), ())
    if not form.validate():
        return unread
    try:
        done = conversion.read(bank.encode(), Name.MARKDOWN, title)
    except Unreadable as problem:
        form.bank.errors = [_capital(problem.reason)]
        return unread
    if any(note.left_out for note in done.notes) or not done.questions:
        form.bank.errors = [_("Sebagian isi tidak terbaca sebagai soal; lihat laporan di atas.")]
    return done


@blueprint.post(f"{BANK}/draft")
@require(Permission.COURSE_TEACH)
@part_of(Switch.EXCHANGE)
def keep_in_draft() -> str | AnyResponse:
    """Put the bank into a draft of one's own, all of it or nothing."""
    form = TakeForm(request.form)
    title, done = form.title.data or "", _whole(form)
    if form.errors:
        return _refused(_result(done, title, form))
    try:
        place = Place.of(form.place.data or "")
        draft = drafts.authored(actor().id, place.slug)
        file = drafting.prepare(draft, place, title, done.questions)
        with transaction():
            drafting.keep(draft, file, actor().id)
    except (Invalid, Conflict) as problem:
        return make_response(_result(done, title, form, refused=problem), problem.status)
    _report(file, len(done.questions), draft.title)
    return redirect(url_for("editing.show_form", slug=draft.slug, path=file.path), 303)


def _report(file: Prepared, count: int, title: str) -> None:
    if not file.is_new:
        flash(_("Soal yang sama sudah ada di %(path)s.", path=file.path), "ok")
        return
    words = ngettext("%(num)s soal", "%(num)s soal", count)
    flash(
        _("%(words)s disimpan ke %(path)s di rancangan %(title)s.",
          words=words, path=file.path, title=title),
        "ok",
    )  # fmt: skip
    if file.renamed:
        names = ", ".join(file.renamed)
        flash(_("Nama soal yang sudah dipakai diganti: %(names)s.", names=names), "ok")


@blueprint.get(f"{BANK}/template.xlsx")
@require(Permission.COURSE_TEACH)
@part_of(Switch.EXCHANGE)
def take_template() -> Response:
    """Send the Excel template."""
    return _file(template(), "templat-soal.xlsx", XLSX)


@blueprint.get("/teach/<slug>/quizzes/<key>/paper")
@require(Permission.COURSE_TEACH)
@part_of(Switch.EXCHANGE)
def show_paper(slug: str, key: str) -> str:
    """Show a quiz of the newest edition as it is printed, with its sheet of keys."""
    course, quiz = _newest(slug, key)
    return render_template("exchange/paper.html", course=course, quiz=quiz, parts=paper_of(quiz))


@blueprint.get("/teach/<slug>/quizzes/<key>/paper.pdf")
@require(Permission.COURSE_TEACH)
@part_of(Switch.EXCHANGE)
def take_paper(slug: str, key: str) -> Response:
    """Send a quiz of the newest edition as a PDF to print, with its sheet of keys."""
    course, quiz = _newest(slug, key)
    content = paper_pdf.render(quiz, course.title, clock.now_ms())
    return _file(content, f"{slug}-{slug_of(quiz.title) or 'kuis'}.pdf", pdf.MEDIA_TYPE)


def _newest(slug: str, key: str) -> tuple[OwnCourse, Quiz]:
    course = teachers.own_course(actor().id, slug)
    if course.latest_version_id is None:
        raise NotFound
    return course, catalogue.quiz(course.latest_version_id, key)


def _file(content: bytes, name: str, media_type: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _refused(page: str) -> Response:
    return make_response(page, UNPROCESSABLE)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
