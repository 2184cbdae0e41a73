"""Pages of a draft's files: their order, their names, and a question before one is deleted."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.arranging import order, renaming
from elearn.content import draft_moves, drafts, moves
from elearn.content.compiler import COURSE_FILE, MODULE_FILE
from elearn.content.drafts import Draft
from elearn.database import transaction
from elearn.editing import new_files
from elearn.errors import Conflict, Invalid, NotFound
from elearn.people.access import actor, require
from elearn.people.permissions import Permission

blueprint = Blueprint("arranging", __name__)
EDIT = "/teach/<slug>/edit"
STEPS = {"up": -1, "down": 1}
Answer = str | Response | tuple[str | Response, int]


def _draft(slug: str) -> Draft:
    return drafts.authored(actor().id, slug)


# --- the order -------------------------------------------------------------------------------


@blueprint.get(f"{EDIT}/order")
@require(Permission.COURSE_TEACH)
def show_order(slug: str) -> str:
    return _order(_draft(slug))


def _order(draft: Draft, complaint: str = "", typed: dict[str, str] | None = None) -> str:
    return render_template(
        "arranging/order.html",
        course=draft,
        order=order.shown(draft.course_id),
        deleted=draft_moves.deleted(draft.course_id),
        complaint=complaint,
        old=typed or {},
    )


@blueprint.post(f"{EDIT}/order")
@require(Permission.COURSE_TEACH)
def move(slug: str) -> Answer:
    """Put a lesson or module a place up or down."""
    draft, sent = _draft(slug), request.form
    path, steps = sent.get("path", ""), STEPS.get(sent.get("direction", ""))
    if steps is None:
        raise NotFound
    try:
        with transaction():
            order.step(draft.course_id, path, steps, sent.get("token", ""), actor().id)
    except Conflict as problem:
        return _order(draft, problem.reason), problem.status
    flash(_("Urutan diubah."), "ok")
    return redirect(url_for("arranging.show_order", slug=slug), 303)


@blueprint.post(f"{EDIT}/files")
@require(Permission.COURSE_TEACH)
def create_file(slug: str) -> Answer:
    """A new module, lesson, quiz, survey or bank, with something to begin from."""
    draft = _draft(slug)
    typed = {name: request.form.get(name, "").strip() for name in ("kind", "title", "folder")}
    paths = [entry.path for entry in drafts.tree(draft.course_id)]
    try:
        path, content = new_files.of_kind(paths=paths, **typed)
        with transaction():
            drafts.create(draft.course_id, path, content, actor().id)
    except (Invalid, Conflict) as problem:
        return _order(draft, problem.reason, typed), problem.status
    return redirect(url_for("editing.show_form", slug=slug, path=path), 303)


@blueprint.post(f"{EDIT}/heads")
@require(Permission.COURSE_TEACH)
def create_head(slug: str) -> Answer:
    """Give a module that is only a folder a title and an introduction of its own."""
    draft, folder = _draft(slug), request.form.get("folder", "")
    title = order.item(draft.course_id, folder).title
    paths = [entry.path for entry in drafts.tree(draft.course_id)]
    try:
        path, content = new_files.of_head(folder, title, paths)
        with transaction():
            drafts.create(draft.course_id, path, content, actor().id)
    except (Invalid, Conflict) as problem:
        return _order(draft, problem.reason), problem.status
    return redirect(url_for("editing.show_form", slug=slug, path=path), 303)


# --- names -----------------------------------------------------------------------------------


@blueprint.get(f"{EDIT}/rename/<path:path>")
@require(Permission.COURSE_TEACH)
def show_rename(slug: str, path: str) -> str:
    return _rename(_draft(slug), path)


def _rename(draft: Draft, path: str, complaint: str = "", typed: str | None = None) -> str:
    item = order.item(draft.course_id, path)
    if path == COURSE_FILE or path.endswith(f"/{MODULE_FILE}"):
        raise NotFound
    paths = [entry.path for entry in drafts.tree(draft.course_id)]
    folder = path.rpartition("/")[0]
    return render_template(
        "arranging/rename.html",
        course=draft,
        item=item,
        name=renaming.name_of(path) if typed is None else typed,
        modules=moves.modules(paths) if path in moves.lessons(paths, folder) else [],
        folder=folder,
        token=order.token_of(paths),
        links=order.links_to(draft.course_id, path),
        complaint=complaint,
    )


@blueprint.post(f"{EDIT}/rename/<path:path>")
@require(Permission.COURSE_TEACH)
def rename(slug: str, path: str) -> Answer:
    """Give a file or module another name; the links to it follow."""
    draft, sent = _draft(slug), request.form
    wanted = order.Wanted(sent.get("name", "").strip(), sent.get("folder", ""))
    try:
        with transaction():
            new, named = order.rename(
                draft.course_id, path, wanted, sent.get("token", ""), actor().id
            )
    except (Conflict, Invalid) as problem:
        return _rename(draft, path, problem.reason, wanted.name), problem.status
    if new != path:
        flash(_("Kini bernama %(path)s. Tautan ke sana ikut diperbaiki.", path=new), "ok")
    if named:
        files = ", ".join(named)
        flash(_("Nama lama masih disebut dalam teks %(files)s. Periksalah.", files=files), "warn")
    return redirect(url_for("arranging.show_order", slug=slug), 303)


# --- deleting --------------------------------------------------------------------------------


@blueprint.get(f"{EDIT}/delete/<path:path>")
@require(Permission.COURSE_TEACH)
def confirm_delete(slug: str, path: str) -> str:
    return _confirm(_draft(slug), path)


def _confirm(draft: Draft, path: str, complaint: str = "") -> str:
    item = order.item(draft.course_id, path)
    paths = [entry.path for entry in drafts.tree(draft.course_id)]
    return render_template(
        "arranging/delete.html",
        course=draft,
        item=item,
        inside=order.inside(draft.course_id, path),
        links=order.links_to(draft.course_id, path),
        token=order.token_of(paths),
        complaint=complaint,
    )


@blueprint.post(f"{EDIT}/delete/<path:path>")
@require(Permission.COURSE_TEACH)
def delete(slug: str, path: str) -> Answer:
    """Take a file or module away after the question was answered."""
    draft = _draft(slug)
    try:
        with transaction():
            if order.item(draft.course_id, path).number:
                order.delete_file(draft.course_id, path, _number("based_on"), actor().id)
            else:
                token = request.form.get("token", "")
                order.delete_module(draft.course_id, path, token, actor().id)
    except (Conflict, Invalid) as problem:
        return _confirm(draft, path, problem.reason), problem.status
    flash(_("%(path)s dihapus. Isinya tetap ada di riwayat.", path=path), "ok")
    return redirect(url_for("arranging.show_order", slug=slug), 303)


def _number(name: str) -> int:
    text = request.form.get(name, "")
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise NotFound
    return int(text)
