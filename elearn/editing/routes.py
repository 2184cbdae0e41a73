"""Pages of the editor: files as text and as forms, their history, preview, publishing."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any, NamedTuple

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask import send_file as send
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from elearn.content import draft_history, draft_moves, draft_zip, drafts, publishing
from elearn.content.assets import media_type_of
from elearn.content.course import Category, Shape
from elearn.content.draft_models import Act
from elearn.content.draft_zip import MAX_ZIP_BYTES, BadSource
from elearn.content.drafts import Change, Draft, File
from elearn.database import transaction
from elearn.editing import (
    form_edits,
    form_fields,
    head_fields,
    naming,
    new_files,
    new_parts,
    pages,
    pictures,
    preview,
    settings_fields,
)
from elearn.editing.shape_forms import SHAPE_FORMS, SURVEY_FORMS
from elearn.errors import Conflict, Invalid, NotFound
from elearn.learning import checks
from elearn.people.access import actor, require
from elearn.people.permissions import Permission

blueprint = Blueprint("editing", __name__)
LARGE = {
    "editing.upload_zip": MAX_ZIP_BYTES,
    "editing.add_picture": pictures.MAX_UPLOAD_BYTES,
}
EDIT = "/teach/<slug>/edit"
Answer = str | AnyResponse | tuple[str | AnyResponse, int]


@blueprint.url_value_preprocessor
def _allow_large(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A zip may be larger than any form; it is read by nobody who may not edit."""
    if endpoint in LARGE:
        request.max_content_length = LARGE[endpoint]


def _draft(slug: str) -> Draft:
    return drafts.authored(actor().id, slug)


# --- a new course ----------------------------------------------------------------------------


@blueprint.get("/teach/new")
@require(Permission.COURSE_TEACH)
def show_new_course() -> str:
    return _new_course({}, "")


def _new_course(typed: dict[str, str], complaint: str) -> str:
    return render_template(
        "editing/new_course.html",
        typed=typed,
        complaint=complaint,
        categories=list(Category),
    )


@blueprint.post("/teach/new")
@require(Permission.COURSE_TEACH)
def create_course() -> Answer:
    """Begin a course from the template; what was typed is kept when it cannot be."""
    typed = {name: request.form.get(name, "").strip() for name in ("title", "summary", "slug")}
    typed["category"] = request.form.get("category", "")
    try:
        slug, contents = new_files.of_course(**typed)
        with transaction():
            drafts.begin(slug, contents, actor().id)
    except (Invalid, Conflict) as problem:
        return _new_course(typed, problem.reason), problem.status
    flash(_("Kursus dibuat. Isi pelajaran dan kuisnya, lalu terbitkan."), "ok")
    return redirect(url_for("editing.show_draft", slug=slug), 303)


# --- the tree --------------------------------------------------------------------------------


@blueprint.get(EDIT)
@require(Permission.COURSE_TEACH)
def show_draft(slug: str) -> str:
    return _tree(_draft(slug))


def _tree(draft: Draft, **more: Any) -> str:
    files = drafts.tree(draft.course_id)
    done = preview.compiled(draft) if files else None
    titles = preview.titles(done) if done else {}
    return render_template(
        "editing/draft.html",
        course=draft,
        files=files,
        done=done,
        titles=titles,
        **more,
    )


def _number(name: str) -> int:
    text = request.form.get(name, "")
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise NotFound
    return int(text)


# --- one file as text ------------------------------------------------------------------------


@blueprint.get(f"{EDIT}/files/<path:path>")
@require(Permission.COURSE_TEACH)
def show_file(slug: str, path: str) -> str:
    return _text_page(_draft(slug), path)


def _text_page(draft: Draft, path: str, **more: Any) -> str:
    file = drafts.load(draft.course_id, path)
    done = preview.compiled(draft)
    return render_template(
        "editing/file.html",
        course=draft,
        file=file,
        files=drafts.tree(draft.course_id),
        titles=preview.titles(done),
        problems=preview.of_file(done, path).problems,
        examples=form_edits.examples(),
        is_picture=media_type_of(file.content).startswith("image/"),
        **more,
    )


@blueprint.post(f"{EDIT}/files/<path:path>")
@require(Permission.COURSE_TEACH)
def save_file(slug: str, path: str) -> Answer:
    """Keep the text; when another has saved meanwhile, both texts are shown and nothing is lost."""
    draft = _draft(slug)
    typed = request.form.get("text", "").replace("\r\n", "\n")
    act = Act.AUTOSAVED if request.form.get("act") == Act.AUTOSAVED else Act.SAVED
    try:
        old = drafts.load(draft.course_id, path)
    except NotFound:
        return _save_gone(draft, path, typed)
    content = form_edits.like(old.content, typed)
    if act is Act.SAVED:
        content = naming.with_ids(draft.course_id, old, content)
    change = Change(path, content, _number("based_on"), act)
    try:
        with transaction():
            number = drafts.save(draft.course_id, change, actor().id)
    except Conflict:
        return _conflict(draft, path, typed)
    except Invalid as problem:
        return _text_page(draft, path, typed=typed, complaint=problem.reason), problem.status
    if _wants_json():
        return jsonify({"number": number})
    flash(_("Tersimpan."), "ok")
    return redirect(url_for("editing.show_file", slug=slug, path=path), 303)


def _save_gone(draft: Draft, path: str, typed: str) -> Answer:
    """What was typed into a file that was renamed or deleted meanwhile is not lost."""
    gone = draft_moves.gone(draft.course_id, path)
    if gone.other_path:
        return _conflict(draft, draft_moves.now_at(draft.course_id, path), typed, path)
    if _wants_json():
        told = {"reason": "moved", "number": gone.number, "by": gone.saved_by, "text": ""}
        return jsonify(told), Conflict.status
    if _number("based_on") != gone.number:
        page = render_template("editing/gone.html", course=draft, path=path, gone=gone, typed=typed)
        return page, Conflict.status
    with transaction():
        change = Change(path, typed.encode(), gone.number)
        drafts.save(draft.course_id, change, actor().id)
    flash(_("Berkas ada kembali."), "ok")
    return redirect(url_for("editing.show_file", slug=draft.slug, path=path), 303)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _conflict(draft: Draft, path: str, typed: str, moved_from: str = "") -> Answer:
    file = drafts.load(draft.course_id, path)
    if _wants_json():
        told = {"reason": "moved", "number": file.number, "by": file.saved_by, "text": file.text}
        return jsonify(told), Conflict.status
    rows = draft_history.difference(file.text, typed)
    page = render_template(
        "editing/conflict.html",
        course=draft,
        file=file,
        typed=typed,
        rows=rows,
        moved_from=moved_from,
    )
    return page, Conflict.status


@blueprint.post(f"{EDIT}/pictures/<path:path>")
@require(Permission.COURSE_TEACH)
def add_picture(slug: str, path: str) -> Answer:
    """Keep a picture among the assets; without a script it goes to the end of the text."""
    draft = _draft(slug)
    file = drafts.load(draft.course_id, path)
    upload = request.files.get("picture")
    try:
        alt = pictures.alt_of(request.form.get("alt", ""))
        ending, content = pictures.clean(upload.read() if upload else b"")
        asset = pictures.path_of(alt, ending, content)
        markdown = pictures.markdown_of(alt, asset, path)
        with transaction():
            drafts.ensure(draft.course_id, asset, content, actor().id)
            if not _wants_json():
                longer = form_edits.with_block(file, markdown)
                change = Change(path, longer, _number("based_on"))
                drafts.save(draft.course_id, change, actor().id)
    except Invalid as problem:
        if _wants_json():
            return jsonify({"reason": problem.reason}), problem.status
        return _text_page(draft, path, complaint=problem.reason), problem.status
    if _wants_json():
        return jsonify({"markdown": markdown})
    flash(_("Gambar ditambahkan di akhir teks."), "ok")
    back = "editing.show_form" if "form" in request.form else "editing.show_file"
    return redirect(url_for(back, slug=slug, path=path), 303)


# --- the preview -----------------------------------------------------------------------------


@blueprint.get(f"{EDIT}/preview/<path:path>")
@require(Permission.COURSE_TEACH)
def show_preview(slug: str, path: str) -> str:
    """A saved file as learners see it; questions are answered in the address, nothing is kept."""
    draft = _draft(slug)
    drafts.load(draft.course_id, path)
    page = preview.of_file(preview.compiled(draft), path)
    fields = request.args.to_dict(flat=False)
    state = preview.check_state(page, request.args.get(checks.KEY, ""), fields)
    part = request.headers.get("X-Part") == "check" and state
    name = "editing/_preview_check.html" if part else "editing/preview.html"
    return render_template(
        name, course=draft, page=page, check_state=state, path=path, as_check=preview.as_check
    )


@blueprint.post(f"{EDIT}/preview/<path:path>")
@require(Permission.COURSE_TEACH)
def preview_typed(slug: str, path: str) -> Response:
    """What is being typed, rendered; its problems by line; and who else has the file open."""
    draft = _draft(slug)
    old = drafts.load(draft.course_id, path)
    typed = request.form.get("text", "").replace("\r\n", "\n")
    done = preview.compiled(draft, {path: form_edits.like(old.content, typed)})
    page = preview.of_file(done, path)
    with transaction():
        others = draft_history.visit(draft.course_id, path, actor().id)
    html = render_template(
        "editing/_preview.html",
        course=draft,
        page=page,
        check_state=None,
        path=path,
        as_check=preview.as_check,
    )
    told = [
        {"line": p.line, "column": p.column, "message": p.message, "severity": str(p.severity)}
        for p in page.problems
    ]
    return jsonify({"html": html, "problems": told, "others": others, "number": old.number})


# --- history ---------------------------------------------------------------------------------


@blueprint.get(f"{EDIT}/history/<path:path>")
@require(Permission.COURSE_TEACH)
def show_history(slug: str, path: str) -> str:
    draft = _draft(slug)
    revisions = draft_history.of(draft.course_id, path)
    asked = request.args.get("revision", type=int)
    chosen = asked if asked in {r.number for r in revisions} else revisions[0].number
    before = next((r.number for r in revisions if r.number < chosen), 0)
    new = draft_history.at(draft.course_id, path, chosen)
    old = draft_history.at(draft.course_id, path, before).text if before else ""
    return render_template(
        "editing/history.html",
        course=draft,
        path=path,
        revisions=revisions,
        chosen=chosen,
        is_text=path.endswith(".md"),
        rows=draft_history.difference(old, new.text) if path.endswith(".md") else [],
    )


@blueprint.post(f"{EDIT}/history/<path:path>")
@require(Permission.COURSE_TEACH)
def bring_back(slug: str, path: str) -> AnyResponse:
    draft = _draft(slug)
    number, based_on = _number("revision"), _number("based_on")
    with transaction():
        draft_history.bring_back(draft.course_id, path, number, based_on, actor().id)
    flash(_("Isi lama dikembalikan sebagai versi terbaru."), "ok")
    return redirect(url_for("editing.show_history", slug=slug, path=path), 303)


# --- one file as forms -----------------------------------------------------------------------


@blueprint.get(f"{EDIT}/form/<path:path>")
@require(Permission.COURSE_TEACH)
def show_form(slug: str, path: str) -> str:
    return _form_page(_draft(slug), path)


def _form_page(draft: Draft, path: str, **more: Any) -> str:
    file = drafts.load(draft.course_id, path)
    if not path.endswith(".md"):
        raise NotFound
    contents = drafts.contents(draft.course_id)
    done = preview.compiled(draft)
    return render_template(
        "editing/form.html",
        course=draft,
        file=file,
        files=drafts.tree(draft.course_id),
        titles=preview.titles(done),
        problems=preview.of_file(done, path).problems,
        page=pages.page_of(file, contents, draft, done),
        rooms=form_edits.rooms(file),
        shapes=SHAPE_FORMS,
        survey_shapes=SURVEY_FORMS,
        label_of=form_edits.label_of,
        **more,
    )


class Typed(NamedTuple):
    """What was sent from one form of a page, to be shown again when it is refused."""

    kind: str
    position: int
    value: Any


def _edited(
    draft: Draft, path: str, edit: Callable[[File], bytes], typed: Typed | None = None
) -> Answer:
    """Keep what an edit makes of a file; refused, the page shows again what was typed."""
    based_on = _number("based_on")
    if not path.endswith(".md"):
        raise NotFound
    try:
        file = drafts.load(draft.course_id, path)
    except NotFound:
        path = draft_moves.now_at(draft.course_id, path)
        return _form_page(draft, path, typed=typed, complaint="renamed"), Conflict.status
    try:
        content = edit(file)
        with transaction():
            drafts.save(draft.course_id, Change(path, content, based_on), actor().id)
    except (Conflict, Invalid) as problem:
        page = _form_page(draft, path, typed=typed, complaint=problem.reason)
        return page, problem.status
    flash(_("Tersimpan."), "ok")
    anchor = f"{ANCHORS[typed.kind]}-{typed.position}" if typed else None
    return redirect(url_for("editing.show_form", slug=draft.slug, path=path, _anchor=anchor), 303)


ANCHORS = {
    pages.QUESTION: "soal",
    pages.HEAD: "bagian",
    pages.TEXT: "teks",
    pages.SETTINGS: "pengaturan",
}


@blueprint.post(f"{EDIT}/form/<path:path>")
@require(Permission.COURSE_TEACH)
def save_question(slug: str, path: str) -> Answer:
    """Write one question back; every other byte of the file stays as it is."""
    draft, index = _draft(slug), _number("question")
    fields = form_fields.read(request.form)
    taken = form_edits.ids_of(drafts.contents(draft.course_id))
    typed = Typed(pages.QUESTION, index, fields)
    return _edited(
        draft, path, lambda file: form_edits.with_question(file, index, fields, taken), typed
    )


@blueprint.post(f"{EDIT}/settings/<path:path>")
@require(Permission.COURSE_TEACH)
def save_settings(slug: str, path: str) -> Answer:
    """Write back the title and the settings that were changed."""
    draft = _draft(slug)
    title = request.form.get("title")
    sent = settings_fields.read(path, request.form.to_dict(flat=False))
    typed = Typed(pages.SETTINGS, 0, {"title": title, **sent})
    return _edited(draft, path, lambda file: pages.with_settings(file, title, sent), typed)


@blueprint.post(f"{EDIT}/text/<path:path>")
@require(Permission.COURSE_TEACH)
def save_text(slug: str, path: str) -> Answer:
    """Write back one stretch of text."""
    draft, index = _draft(slug), _number("part")
    text = request.form.get("text", "").replace("\r\n", "\n")
    typed = Typed(pages.TEXT, index, text)
    return _edited(draft, path, lambda file: pages.with_text(file, index, text), typed)


@blueprint.post(f"{EDIT}/head/<path:path>")
@require(Permission.COURSE_TEACH)
def save_head(slug: str, path: str) -> Answer:
    """Write back the settings of a quiz, pool, survey or reflection."""
    draft, index = _draft(slug), _number("part")
    fields = head_fields.read(request.form)
    banks = pages.banks_of(drafts.contents(draft.course_id))
    typed = Typed(pages.HEAD, index, fields)
    return _edited(draft, path, lambda file: pages.with_head(file, index, fields, banks), typed)


@blueprint.post(f"{EDIT}/parts/<path:path>")
@require(Permission.COURSE_TEACH)
def add_part(slug: str, path: str) -> Answer:
    """A stretch of text or a reflection at the end, or a pool in a quiz."""
    draft, sent = _draft(slug), request.form
    kind, title = sent.get("kind", ""), sent.get("title", "")
    if kind != "pool":
        return _edited(draft, path, lambda file: new_parts.with_part(file, kind, title))
    quiz = _number("quiz")
    banks = pages.banks_of(drafts.contents(draft.course_id))
    bank = sent.get("bank", "")
    return _edited(draft, path, lambda file: new_parts.with_pool(file, quiz, title, bank, banks))


@blueprint.post(f"{EDIT}/parts/remove/<path:path>")
@require(Permission.COURSE_TEACH)
def remove_part(slug: str, path: str) -> Answer:
    """Take a quiz, pool, survey or reflection away with all its questions."""
    draft, index = _draft(slug), _number("part")
    return _edited(draft, path, lambda file: new_parts.without_head(file, index))


@blueprint.post(f"{EDIT}/add/<path:path>")
@require(Permission.COURSE_TEACH)
def add_question(slug: str, path: str) -> AnyResponse:
    """Put a filled example of a shape at the end of what asks, or of the file."""
    draft = _draft(slug)
    shape = request.form.get("shape", "")
    if shape not in list(Shape):
        raise NotFound
    file = drafts.load(draft.course_id, path)
    taken = form_edits.ids_of(drafts.contents(draft.course_id))
    content, index = form_edits.with_new(file, Shape(shape), request.form.get("room", ""), taken)
    with transaction():
        change = Change(path, content, _number("based_on"))
        drafts.save(draft.course_id, change, actor().id)
    return redirect(url_for("editing.show_form", slug=slug, path=path, _anchor=f"soal-{index}"))


@blueprint.post(f"{EDIT}/remove/<path:path>")
@require(Permission.COURSE_TEACH)
def remove_question(slug: str, path: str) -> AnyResponse:
    draft = _draft(slug)
    file = drafts.load(draft.course_id, path)
    content = form_edits.without(file, _number("question"))
    with transaction():
        change = Change(path, content, _number("based_on"))
        drafts.save(draft.course_id, change, actor().id)
    flash(_("Soal dihapus. Riwayat berkas dapat mengembalikannya."), "ok")
    return redirect(url_for("editing.show_form", slug=slug, path=path), 303)


# --- in and out ------------------------------------------------------------------------------


@blueprint.get(f"{EDIT}/course.zip")
@require(Permission.COURSE_TEACH)
def download_zip(slug: str) -> Response:
    draft = _draft(slug)
    content = draft_zip.pack(draft.slug, drafts.contents(draft.course_id))
    name = f"{slug}.zip"
    return send(BytesIO(content), "application/zip", as_attachment=True, download_name=name)


@blueprint.post(f"{EDIT}/zip")
@require(Permission.COURSE_TEACH)
def upload_zip(slug: str) -> Answer:
    """Let the working copy be what the zip holds; what was there stays in the history."""
    draft = _draft(slug)
    upload = request.files.get("zip")
    try:
        contents = draft_zip.unpack(slug, upload.read() if upload else b"")
        with transaction():
            drafts.take_over(draft.course_id, contents, actor().id)
    except BadSource as problem:
        page = _tree(draft, complaint=problem.reason, zip_problems=problem.problems)
        return page, problem.status
    except Invalid as problem:
        return _tree(draft, complaint=problem.reason), problem.status
    flash(_("%(count)s berkas diunggah.", count=len(contents)), "ok")
    return redirect(url_for("editing.show_draft", slug=slug), 303)


@blueprint.post(f"{EDIT}/publish")
@require(Permission.COURSE_TEACH)
def publish(slug: str) -> Answer:
    """Make the working copy an edition, and show whom it would touch before it is given out."""
    draft = _draft(slug)
    with transaction():
        naming.name_all(draft.course_id, actor().id)
    course = preview.compiled(draft).course
    if course is None:
        return _tree(draft, complaint="not_sound"), Invalid.status
    with transaction():
        staged = publishing.stage(course, actor().id)
    address = url_for("authoring.show_version", slug=slug, number=staged.number)
    return redirect(address, 303)
