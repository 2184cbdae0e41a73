"""Pages of the roster: bring a file, look at what it would do, decide, apply, take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    get_template_attribute,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.wrappers import Response as AnyResponse

from elearn import clock, demo_mark, downloads, jobs
from elearn.competency import framework
from elearn.database import transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.people import directory, passwords, units
from elearn.people.access import actor, require
from elearn.people.actors import EVERYWHERE
from elearn.people.forms import PersonByHandForm
from elearn.people.permissions import Permission
from elearn.reports import filters
from elearn.roster import (
    adding,
    applying,
    codes,
    deciding,
    imports,
    listing,
    said_units,
    sample,
    sheets,
    undoing,
)
from elearn.roster.columns import Field
from elearn.roster.forms import RosterForm
from elearn.roster.imports import About
from elearn.roster.models import RosterImport, State
from elearn.roster.problems import Problem
from elearn.tables.reading import MAX_BYTES

blueprint = Blueprint("roster", __name__)
HERE = "/hr/people/import"
ID = "<int(max=2147483647):import_id>"
FORM_BYTES = 100_000
FIRST_PROBLEMS = 20
INDENT = "\u2003"


@blueprint.url_value_preprocessor
def _allow_large(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A roster is larger than any form."""
    if endpoint == "roster.read_file":
        request.max_content_length = MAX_BYTES + FORM_BYTES


# --- the file ------------------------------------------------------------------------------------


def _form() -> RosterForm:
    sent: list[MultiDict[str, Any]] = [request.form, request.files]
    form = RosterForm(
        CombinedMultiDict(sent) if request.form else None, data={"as_of": clock.today()}
    )
    nodes = [node for node in units.tree_in_reach(actor()) if actor().acts_in(node.path)]
    whole = _("Seluruh instansi") if EVERYWHERE in actor().acting_paths else _("Semua unit saya")
    indented = {node.id: INDENT * node.depth + node.name for node in nodes}
    form.unit_id.choices = {"": whole, **indented}
    return form


@blueprint.get(HERE)
@require(Permission.ROSTER_IMPORT)
def show_imports() -> str:
    return _start_page(_form())


def _start_page(form: RosterForm) -> str:
    return render_template("roster/start.html", form=form, imports=imports.recent(actor()))


@blueprint.get(f"{HERE}/template.xlsx")
@require(Permission.ROSTER_IMPORT)
def take_template() -> AnyResponse:
    """Send the empty sheet."""
    classes = [known.name for known in framework.classes()]
    return downloads.attachment(sheets.template(classes), "templat-pegawai.xlsx", downloads.XLSX)


@blueprint.get(f"{HERE}/sample.xlsx")
@require(Permission.ROSTER_IMPORT)
def take_sample() -> AnyResponse:
    """Send a file with seven problems, in a demo: to try the check with."""
    if not demo_mark.is_demo():
        raise NotFound
    content = sample.sample(actor())
    return downloads.attachment(content, "contoh-pegawai.xlsx", downloads.XLSX)


@blueprint.post(HERE)
@require(Permission.ROSTER_IMPORT)
def read_file() -> AnyResponse:
    """Take in a file; nothing is changed before it is confirmed."""
    form, upload = _form(), request.files.get("file")
    if form.validate():
        content = upload.read() if upload else b""
        name = upload.filename or "" if upload else ""
        try:
            with transaction():
                import_id = imports.start(actor(), form.asked(name, content))
        except Invalid as problem:
            form.place(problem)
        else:
            return _to(import_id)
    return make_response(_start_page(form), Invalid.status)


def _to(import_id: int) -> AnyResponse:
    return redirect(url_for("roster.show_import", import_id=import_id), 303)


# --- what it would do ----------------------------------------------------------------------------


@blueprint.get(f"{HERE}/{ID}")
@require(Permission.ROSTER_IMPORT)
def show_import(import_id: int) -> str:
    return _import_page(imports.of_id(actor(), import_id))


def _import_page(row: RosterImport, **refused: Any) -> str:
    about = About.of(row)
    is_ready = row.state == State.READY
    shown: dict[str, Any] = {
        "row": row,
        "about": about,
        "fields": list(Field),
        "is_own": row.asked_by == actor().id,
        "percent": jobs.standing(about.values.get("job", "")).percent,
        "has_failed": jobs.standing(about.values.get("job", "")).has_failed,
        "problems": listing.find(row.id, listing.PROBLEMS).entries[:FIRST_PROBLEMS],
        "asks_sure": is_ready and applying.closes_many(row),
        "left": listing.find(row.id, listing.LEFT).total if row.state == State.UNDONE else 0,
    }
    if is_ready:
        shown["twins"] = deciding.twins(row.id)
        shown["units"] = said_units.offered(actor(), row)
        shown["nodes"] = said_units.choices(actor()) if shown["units"] else []
    return render_template("roster/import.html", **(shown | refused))


@blueprint.get(f"{HERE}/{ID}/list/<which>")
@require(Permission.ROSTER_IMPORT)
def show_list(import_id: int, which: str) -> str:
    """Who is new, moved, changed, gone; or which rows have to be mended."""
    row = imports.of_id(actor(), import_id)
    if which not in listing.LISTS:
        raise NotFound
    page = listing.find(row.id, which, filters.whole(request.args.get("page", "")) or 1)
    return render_template("roster/list.html", row=row, which=which, page=page)


@blueprint.get(f"{HERE}/{ID}/problems.xlsx")
@require(Permission.ROSTER_IMPORT)
def take_problems(import_id: int) -> AnyResponse:
    """Send every problem by row and column, to be mended beside the file."""
    row = imports.of_id(actor(), import_id)
    words = get_template_attribute("roster/_words.html", "problem_words")

    def told(problem: Problem) -> str:
        return str(words(problem)).strip()

    content = sheets.report(listing.every(row.id, listing.PROBLEMS), told)
    return downloads.attachment(content, f"perlu-dibetulkan-{row.id}.xlsx", downloads.XLSX)


# --- what only a person can say ------------------------------------------------------------------


@blueprint.post(f"{HERE}/{ID}/columns")
@require(Permission.ROSTER_IMPORT)
def name_columns(import_id: int) -> AnyResponse:
    sent = {field: filters.whole(request.form.get(field.name, "")) for field in Field}
    columns = {field: at - 1 for field, at in sent.items() if at}
    try:
        with transaction():
            imports.name_columns(actor(), import_id, columns)
    except Invalid as problem:
        flash(_("Pilih kolom untuk %(field)s dahulu.", field=problem.field), "warn")
        row = imports.of_id(actor(), import_id)
        return make_response(_import_page(row, chosen=columns), Invalid.status)
    except Conflict:
        return _moved_on(import_id)
    return _to(import_id)


def _moved_on(import_id: int) -> AnyResponse:
    flash(_("Keadaannya sudah berubah: lihat yang terbaru di bawah ini."), "warn")
    return _to(import_id)


def _decide(import_id: int, decide: Callable[[], None]) -> AnyResponse:
    try:
        with transaction():
            decide()
    except Conflict:
        return _moved_on(import_id)
    return _to(import_id)


@blueprint.post(f"{HERE}/{ID}/units")
@require(Permission.ROSTER_IMPORT)
def say_units(import_id: int) -> AnyResponse:
    """Remember what units a file means, and make the new ones."""
    said = said_units.read(actor(), request.form)
    if isinstance(said, said_units.Wrong):
        return _units_again(import_id, said)
    try:
        return _decide(import_id, lambda: deciding.say_units(actor(), import_id, said))
    except Invalid as problem:
        return _units_again(import_id, said_units.Wrong(int(problem.field), problem.reason))


def _units_again(import_id: int, wrong: said_units.Wrong) -> AnyResponse:
    row = imports.of_id(actor(), import_id)
    page = _import_page(row, wrong=wrong, sent=request.form)
    return make_response(page, Invalid.status)


@blueprint.post(f"{HERE}/{ID}/twins")
@require(Permission.ROSTER_IMPORT)
def say_twins(import_id: int) -> AnyResponse:
    numbers = [filters.whole(name.removeprefix("row-")) for name in request.form]
    same = {
        number: request.form[f"row-{number}"] == "same"
        for number in numbers
        if number and request.form.get(f"row-{number}") in {"same", "other"}
    }
    return _decide(import_id, lambda: deciding.say_twins(actor(), import_id, same))


@blueprint.post(f"{HERE}/{ID}/leavers")
@require(Permission.ROSTER_IMPORT)
def keep_leaver(import_id: int) -> AnyResponse:
    person_id = filters.whole(request.form.get("person", "")) or 0
    keep = request.form.get("keep") == "1"
    try:
        with transaction():
            deciding.keep_leaver(actor(), import_id, person_id, is_kept=keep)
    except Conflict:
        return _moved_on(import_id)
    back: dict[str, Any] = {
        "import_id": import_id,
        "which": "leaver",
        "page": request.form.get("page", "1"),
    }
    return redirect(url_for("roster.show_list", **back), 303)


# --- apply and take back -------------------------------------------------------------------------


@blueprint.post(f"{HERE}/{ID}/confirm")
@require(Permission.ROSTER_IMPORT)
def confirm(import_id: int) -> AnyResponse:
    closes = request.form.get("leavers") == "close"
    is_sure = bool(request.form.get("sure"))
    try:
        with transaction():
            applying.confirm(actor(), import_id, closes=closes, is_sure=is_sure)
    except Invalid:
        row = imports.of_id(actor(), import_id)
        return make_response(_import_page(row, unsure=True), Invalid.status)
    except Conflict:
        return _moved_on(import_id)
    return _to(import_id)


@blueprint.post(f"{HERE}/{ID}/drop")
@require(Permission.ROSTER_IMPORT)
def drop(import_id: int) -> AnyResponse:
    try:
        with transaction():
            imports.drop(actor(), import_id)
    except Conflict:
        return _moved_on(import_id)
    flash(_("Berkas dibuang; tidak ada yang berubah."), "ok")
    return redirect(url_for("roster.show_imports"), 303)


@blueprint.get(f"{HERE}/{ID}/undo")
@require(Permission.ROSTER_IMPORT)
def show_undo(import_id: int) -> str | AnyResponse:
    row = imports.of_id(actor(), import_id)
    if row.state != State.APPLIED:
        return _moved_on(import_id)
    return render_template("roster/undo.html", row=row, about=About.of(row))


@blueprint.post(f"{HERE}/{ID}/undo")
@require(Permission.ROSTER_IMPORT)
def undo(import_id: int) -> AnyResponse:
    return _decide(import_id, lambda: undoing.ask(actor(), import_id))


# --- one person by hand --------------------------------------------------------------------------


@blueprint.get("/hr/people/new")
@require(Permission.PERSON_CHANGE, seen_with=Permission.PERSON_READ)
def show_new_person() -> str:
    return _new_person_page(_new_person_form())


@blueprint.post("/hr/people/new")
@require(Permission.PERSON_CHANGE, seen_with=Permission.PERSON_READ)
def add_person() -> Response:
    """Add a person and show the code once, to be printed; no cache keeps it."""
    form = _new_person_form()
    if not form.validate():
        return make_response(_new_person_page(form), Invalid.status)
    position, chosen = form.position.data or "", form.position_class.data or ""
    wanted = adding.Wanted(form.new_person(), position, chosen)
    code = passwords.new_code()
    try:
        with transaction():
            added = adding.add(actor(), wanted, code)
    except Invalid as problem:
        form.place(problem)
        return make_response(_new_person_page(form, _known(problem, form)), Invalid.status)
    return _shown_once("roster/added.html", added=added, sheet=added.sheet)


def _known(problem: Invalid, form: PersonByHandForm) -> adding.Known | None:
    """Who has the number, where that is what was refused."""
    if problem.reason != "nip_taken":
        return None
    with transaction():
        return adding.known(actor(), form.nip.data)


def _new_person_form() -> PersonByHandForm:
    form = PersonByHandForm()
    classes = ((row.key, row.name) for row in framework.classes())
    form.offer(units.open_tree_of(actor()), classes)
    return form


def _new_person_page(form: PersonByHandForm, known: adding.Known | None = None) -> str:
    posts = sorted({name for _id, name in directory.positions()})
    return render_template("roster/new_person.html", form=form, known=known, posts=posts)


# --- sign-in codes -------------------------------------------------------------------------------


@blueprint.get("/hr/people/codes")
@require(Permission.ROSTER_IMPORT)
def show_codes() -> str:
    return render_template("roster/codes.html", waiting=codes.waiting(actor()), most=codes.MOST)


@blueprint.post("/hr/people/codes/<int(max=2147483647):unit_id>")
@require(Permission.ROSTER_IMPORT)
def print_codes(unit_id: int) -> AnyResponse | Response:
    """Show the codes once, to be printed; no cache keeps them."""
    prepared = codes.prepare(actor(), unit_id)
    with transaction():
        sheet = codes.give(actor(), prepared)
    if not sheet.slips:
        flash(_("Tidak ada pegawai yang memerlukan kode di unit itu."), "warn")
        return redirect(url_for("roster.show_codes"), 303)
    return _shown_once("roster/slips.html", sheet=sheet)


def _shown_once(template: str, **values: Any) -> Response:
    """A page with codes in words."""
    address = current_app.config["PUBLIC_URL"]
    response = make_response(render_template(template, address=address, **values))
    response.headers["Cache-Control"] = "no-store"
    return response
